"""Many people watching one run: `python -m builder.bench.watchers URL RUN VIEWERS SECONDS` prints what they saw, as JSON.

A process of its own, on raw sockets, so that the watchers cost the server's machine little beside the server itself.
"""

import asyncio
import json
import sys
from random import random
from time import perf_counter
from urllib.parse import urlsplit


class Viewer:
    """One browser tab: a kept connection, one request a second, each for what is new since the last."""

    def __init__(self, host: str, port: int, run: str) -> None:
        self.host, self.port, self.run = host, port, run
        self.after = 0
        self.events = 0
        self.errors: list[str] = []
        self.took: list[float] = []  # milliseconds

    async def watch(self, seconds: float) -> None:
        """Ask once a second, from a random moment on."""
        await asyncio.sleep(random())
        ends = perf_counter() + seconds
        reader, writer = await asyncio.open_connection(self.host, self.port)
        while (began := perf_counter()) < ends:
            try:
                await self.ask(reader, writer)
            except Exception as error:
                self.errors.append(repr(error))
                reader, writer = await asyncio.open_connection(self.host, self.port)
            self.took.append(1000 * (perf_counter() - began))
            await asyncio.sleep(max(0.0, began + 1 - perf_counter()))
        writer.close()

    async def ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One GET; anything but a 200 with events is an error."""
        path = f"/api/runs/{self.run}/events?after={self.after}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n\r\n".encode())
        await writer.drain()
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        body = await asyncio.wait_for(reader.readexactly(length), 30)
        if " 200 " not in head.split("\r\n")[0] + " ":
            raise RuntimeError(head.split("\r\n")[0])
        answer = json.loads(body)
        self.after = answer["next"]
        self.events += len(answer["events"])


async def watch(url: str, run: str, viewers: int, seconds: float) -> dict[str, object]:
    """Let all of them watch, and add up what they saw."""
    parts = urlsplit(url)
    people = [Viewer(parts.hostname or "localhost", parts.port or 80, run) for _ in range(viewers)]
    await asyncio.gather(*(person.watch(seconds) for person in people))
    took = sorted(ms for person in people for ms in person.took)
    return {
        "requests": len(took),
        "errors": [error for person in people for error in person.errors],
        "events": sum(person.events for person in people),
        "median_ms": round(took[len(took) // 2], 2),
        "p95_ms": round(took[int(len(took) * 0.95)], 2),
    }


if __name__ == "__main__":
    address, run_id, count, duration = sys.argv[1:]
    print(json.dumps(asyncio.run(watch(address, run_id, int(count), float(duration)))))
