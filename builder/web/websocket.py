"""WebSocket broadcast, /api/projects/PROJECT/watch: the new picture of a network as soon as it has changed, to every canvas that shows it."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from builder.errors import BuilderError
from builder.store import Project, default_store

from .answers import Refused, or_404
from .broadcast import changes
from .edits import NO_NETWORK, newest, project_of
from .guard import same_origin
from .owner import owner_of

POLICY, BUSY = 1008, 1013  # WebSocket's codes for "not for you" and "try later"


async def watch(socket: WebSocket) -> None:
    """Send the network's picture after each change, to whoever has the link; what the browser sends is ignored."""
    query = socket.query_params
    try:
        project = project_of(socket)
    except Refused as refusal:
        await _closed(socket, refusal)
        return
    if not same_origin(socket) or changes.full:
        await socket.close(BUSY if changes.full else POLICY)
        return
    await socket.accept()
    with changes.watched(project.id, query.get("canvas", "")) as news:
        heard = asyncio.create_task(_until_gone(socket))
        try:
            if await run_in_threadpool(_behind, project, query.get("network", ""), query.get("revision", "")):
                news.set()  # it changed after the page was drawn, or while the server was away
            while await _next(news, heard):
                await socket.send_text(await run_in_threadpool(_picture, socket, query.get("network", "")))
        except (Refused, BuilderError, WebSocketDisconnect, RuntimeError) as end:
            await _closed(socket, end)  # the project or the network is gone or out of reach, or the browser is gone
        finally:
            heard.cancel()


def _behind(project: Project, network: str, revision: str) -> bool:
    """Whether a canvas that shows this revision shows another than the newest."""
    if network not in project.networks:
        return False
    return revision != str(or_404(lambda: default_store().work(project.id, network), NO_NETWORK).revision)


def _picture(socket: WebSocket, network: str) -> str:
    """The newest picture as JSON text."""
    picture = newest(project_of(socket), network, owner_of(socket.cookies))
    return json.dumps(picture, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


async def _next(news: asyncio.Event, heard: "asyncio.Task[None]") -> bool:
    """Wait for a change; False: the browser has gone."""
    waiting = asyncio.create_task(news.wait())
    await asyncio.wait((waiting, heard), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    news.clear()
    return not heard.done()


async def _until_gone(socket: WebSocket) -> None:
    """Return when the browser has closed its end."""
    message: dict[str, Any] = {"type": ""}
    while message["type"] != "websocket.disconnect":
        message = dict(await socket.receive())


async def _closed(socket: WebSocket, end: Exception) -> None:
    """Close with the code that says whether to come again: only what is not there is gone."""
    gone = isinstance(end, Refused) and end.status == 404
    with suppress(RuntimeError):
        await socket.close(POLICY if gone else BUSY)


ROUTES: list[BaseRoute] = [WebSocketRoute("/api/projects/{project}/watch", watch)]
