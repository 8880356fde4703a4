"""GET /assets/PATH: our scripts, styles and pictures, and plotly.js from the installed package; texts from memory, compressed once (gzip)."""

import gzip
import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import plotly
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).resolve().parent.parent.parent / "assets"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
TEXTS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}


@lru_cache(maxsize=512)
def packed(path: str, changed: int) -> tuple[bytes, str]:
    """Cache of a file's bytes, compressed (gzip), and of its ETag; a file that changed, at another time in ns, is read again."""
    content = Path(path).read_bytes()
    return gzip.compress(content, mtime=0), f'"{sha256(content).hexdigest()[:32]}"'


def text_response(path: str, changed: int, asked: Headers, keep: str) -> Response:
    """A text file, compressed for whoever takes gzip, with its validator and how long to `keep` it (Cache-Control); 304 where it is known."""
    content, tag = packed(path, changed)
    headers = {"ETag": tag, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if tag in (each.strip().removeprefix("W/") for each in asked.get("if-none-match", "").split(",")):
        return NotModifiedResponse(Headers(headers))
    if "gzip" in asked.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, media_type=TEXTS[Path(path).suffix], headers=headers)


class Assets(StaticFiles):
    """Files that the browser keeps but asks about each time, so that an update is never half old."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """One file, with its validators and no-cache."""
        if Path(full_path).suffix in TEXTS:
            return text_response(str(full_path), stat_result.st_mtime_ns, Headers(scope=scope), "no-cache")
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


async def plotly_js(request: Request) -> Response:
    """plotly.js as the installed package ships it; 4 MB, so it is kept for a day."""
    return await run_in_threadpool(text_response, str(PLOTLY), PLOTLY.stat().st_mtime_ns, request.headers, "public, max-age=86400")


ROUTES: list[BaseRoute] = [Route("/assets/plotly.min.js", plotly_js), Mount("/assets", Assets(directory=FOLDER))]
