"""People in the Build page: `python -m builder.bench.visitors URL PEOPLE OVER SECONDS EVERY` prints how long they waited, as JSON.

They come within OVER seconds (0: all at once), and when each has a first screen, each edits every so many seconds. Each speaks as a browser does that has the
page's scripts already: the page and its cookie, Streamlit's WebSocket, the canvas's own as it is drawn, edits by POST, a rerun and a longer look after
each. A process of its own, so that it costs the server's process nothing; without seconds it visits any Streamlit app.
"""

import asyncio
import gzip
import json
import sys
from collections.abc import Coroutine
from random import Random
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from builder.web.owner import COOKIE

from .streamlit_session import PATIENCE, StreamlitSession

KEPT = 4  # seconds that a connection is used again; the server closes it after 5
DEEP_AFTER = 0.3  # seconds from an answer to the canvas's longer look, as in editor.js


class Http:
    """One kept connection (HTTP/1.1 keep-alive), with the browser's headers and cookie; `canvas` is the tab's canvas."""

    def __init__(self, url: str, canvas: str) -> None:
        self.canvas = canvas
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "localhost", parts.port or 80
        self.origin = f"http://{self.host}:{self.port}"
        self.cookie = ""
        self.turn = asyncio.Lock()
        self.used = 0.0
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, body: dict[str, Any] | None = None) -> bytes:
        """One request; anything but a 200 is an error."""
        async with self.turn, asyncio.timeout(PATIENCE):
            if self.ends is None or perf_counter() - self.used > KEPT:
                self.ends = await asyncio.open_connection(self.host, self.port)
            self.used = perf_counter()
            data = json.dumps(body).encode() if body else b""
            self.ends[1].write(self.head("POST" if body else "GET", path, len(data)).encode() + data)
            return await self.answer(self.ends[0])

    def head(self, method: str, path: str, length: int) -> str:
        """The request's first lines."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "Accept-Encoding: gzip"]
        lines += ["Accept: text/html"] if path == "/" else []
        lines += [f"Cookie: {self.cookie}"] if self.cookie else []
        if method == "POST":
            lines += [f"Origin: {self.origin}", "Content-Type: application/json", f"X-Canvas: {self.canvas}", f"Content-Length: {length}"]
        return "\r\n".join([*lines, "", ""])

    async def answer(self, reader: asyncio.StreamReader) -> bytes:
        """The body of the next answer; keeps the cookie that it brings."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        body = await reader.readexactly(int(fields["content-length"]))
        if lines[0].split()[1] != "200":
            raise RuntimeError(f"{lines[0]}: {body[:200]!r}")
        ours = [line.split(": ")[1].split(";")[0] for line in lines if line.lower().startswith(f"set-cookie: {COOKIE}=")]
        self.cookie = ours[0] if ours else self.cookie
        return gzip.decompress(body) if fields.get("content-encoding") == "gzip" else body


class Visitor:
    """One person with one tab: arrives, then edits the dense layer again and again."""

    def __init__(self, url: str, number: int) -> None:
        self.http, self.luck = Http(url, canvas=f"canvas-{number}"), Random(number)
        self.page = StreamlitSession(f"{self.http.origin.replace('http', 'ws')}/_stcore/stream", self.http.origin)
        self.screens: list[float] = []  # milliseconds, as all that follow
        self.edits: list[float] = []
        self.reruns: list[float] = []
        self.errors: list[str] = []

    async def safely(self, step: Coroutine[Any, Any, None]) -> None:
        """Do something; what goes wrong is written down."""
        try:
            await step
        except Exception as error:
            self.errors.append(f"{type(error).__name__}: {error}"[:300])

    async def stay(self, seconds: float, every: float) -> None:
        """Edit every so often, from a moment of one's own on."""
        until = perf_counter() + seconds
        await asyncio.sleep(self.luck.random() * every)
        while perf_counter() < until:
            began = perf_counter()
            await self.edit()
            await asyncio.sleep(max(0.0, began + every - perf_counter()))

    async def arrive(self, over: float) -> None:
        """From asking for the page, at a moment of one's own, to canvas and form."""
        await asyncio.sleep(self.luck.random() * over)
        began = perf_counter()
        await self.http.ask("/")
        for path in ("/_stcore/health", "/_stcore/host-config"):
            await self.http.ask(path)
        async with asyncio.timeout(PATIENCE):
            await self.page.open(self.http.cookie)
            if self.page.canvas:
                await self.http.ask("/api/catalogue")
                await self.page.watch(self.http.canvas)
                await self.page.tell_seen("conv_1")  # the canvas is drawn, and the form comes
        self.screens.append(1000 * (perf_counter() - began))

    async def edit(self) -> None:
        """Another number of units, the rerun that follows, and the longer look."""
        picture = self.page.picture
        project, network = picture["project"], picture["network"]
        change = {"kind": "set", "name": "dense", "params": {"units": self.luck.randint(16, 4096)}}
        body = {"network": network, "revision": picture["revision"], "edit": change}
        began = perf_counter()
        answer = json.loads(await self.http.ask(f"/api/projects/{project}/edits", body))
        answered = perf_counter()
        if answer["problems"] or answer["revision"] != picture["revision"] + 1:
            raise RuntimeError(f"an edit was answered by {answer['problems'] or answer['revision']}")
        self.page.picture = answer
        async with asyncio.timeout(PATIENCE):
            await self.page.tell_seen("dense")
        self.edits.append(1000 * (answered - began))
        self.reruns.append(1000 * (perf_counter() - answered))
        await asyncio.sleep(DEEP_AFTER)
        await self.http.ask(f"/api/projects/{project}/picture?network={network}&deep=1")


async def visit(url: str, people: int, over: float, seconds: float, every: float) -> dict[str, Any]:
    """Let all of them come and stay, and add up how long each waited."""
    visitors = [Visitor(url, number) for number in range(people)]
    await asyncio.gather(*(each.safely(each.arrive(over)) for each in visitors))
    if seconds:
        await asyncio.gather(*(each.safely(each.stay(seconds, every)) for each in visitors))
    await asyncio.gather(*(each.page.leave() for each in visitors))
    found = {what: spread([ms for each in visitors for ms in getattr(each, what)]) for what in ("screens", "edits", "reruns")}
    return {**found, "errors": [error for each in visitors for error in each.errors]}


def spread(times: list[float]) -> dict[str, float]:
    """Number, median, 95th percentile and largest of some milliseconds."""
    ordered = sorted(times) or [float("nan")]
    return {
        "count": len(times),
        "median": round(ordered[len(ordered) // 2], 1),
        "p95": round(ordered[int(len(ordered) * 0.95)], 1),
        "worst": round(ordered[-1], 1),
    }


if __name__ == "__main__":
    address, count, *times = sys.argv[1:]
    print(json.dumps(asyncio.run(visit(address, int(count), *map(float, times)))))
