"""The model of a run that an address names is loaded while the browser still loads the page."""

import threading
from contextlib import suppress
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from builder.engine import calls
from builder.errors import BuilderError
from builder.runs import folder
from builder.store import default_store

PAGE = "/explore"
PATIENCE = 60  # seconds

_busy = threading.Lock()  # one at a time: whoever comes meanwhile asks for a model of his own a moment later anyway


class Ahead:
    """ASGI middleware: who asks for a page that looks into a run has its model loaded meanwhile."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].rstrip("/") == PAGE and calls.status()["ready"]:
            run = parse_qs(scope["query_string"].decode("latin-1")).get("run", [""])[0]
            if run:
                threading.Thread(target=load, args=(run,), daemon=True).start()
        await self.app(scope, receive, send)


def load(run_id: str) -> None:
    """Have the probes kernel load a run's model; where it cannot, the page itself will say why."""
    if not _busy.acquire(blocking=False):
        return
    try:
        with suppress(BuilderError):
            calls.probe(str(folder(default_store().run(run_id).id)), "load", timeout=PATIENCE)
    finally:
        _busy.release()
