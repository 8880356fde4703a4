"""Prefetch middleware: what a link's page will ask of the probes kernel is computed while the browser still loads the page."""

import threading
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from builder.engine import calls
from builder.errors import BuilderError
from builder.probes.layers import overview
from builder.runs import folder
from builder.store import default_store

PAGE = "/explore"
PATIENCE = 60  # seconds

_busy = threading.Lock()  # one at a time: whoever comes meanwhile asks a moment later anyway


class Prefetch:
    """ASGI middleware: who asks for the page that looks into a run has its model loaded and run once meanwhile."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].rstrip("/") == PAGE:
            asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
            if "run" in asked:
                threading.Thread(target=look, args=(asked,), daemon=True).start()
        await self.app(scope, receive, send)


def look(asked: dict[str, str]) -> None:
    """Have the kernel look at what an address names; what it computed stays there. Where it cannot, the page itself will say why."""
    if not _busy.acquire(blocking=False):
        return
    try:
        with suppress(BuilderError, ValueError):
            place = folder(default_store().run(asked["run"]).id)
            view: dict[str, Any] = {"epoch": int(asked["epoch"]) if "epoch" in asked else None, "sample": int(asked.get("sample", 0))}
            calls.probe(str(place), overview.overview, timeout=PATIENCE, part=asked.get("part", "test"), **view)
    finally:
        _busy.release()
