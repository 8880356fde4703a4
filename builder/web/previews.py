"""GET /api/datasets/NAME/preview: what a dataset looks like, drawn once and then kept on the disk."""

import re
import tempfile
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from builder.datasets import record
from builder.engine import calls
from builder.errors import BuilderError
from builder.figures.previews import dataset_picture
from builder.home import home

from .answers import Refused, answering

WAIT = 60  # seconds, for a kernel that is still loading
KEPT = {"Cache-Control": "private, max-age=3600"}


def preview_path(name: str) -> Path:
    """Where a dataset's preview is kept; only names of datasets become a path."""
    dataset = record(name)
    return home() / "cache" / f"preview-{re.sub('[^a-z0-9_]', '-', dataset.name)}.{'svg' if dataset.kind == 'tokens' else 'png'}"


def draw_preview(name: str, timeout: float = WAIT) -> bytes:
    """A picture of some samples, PNG or SVG.

    Raises:
        BuilderError: there is no such dataset, or it cannot be loaded (no network for a download).
    """
    path = preview_path(name)
    return read_preview(path) if path.exists() else _drawn(name, path, timeout)


@lru_cache(maxsize=32)
def read_preview(path: Path) -> bytes:
    """A preview that was drawn before."""
    return path.read_bytes()


def _drawn(name: str, path: Path, timeout: float) -> bytes:
    dataset = record(name)
    _, found = calls.call("probes", "preview", {"dataset": name}, timeout=timeout)
    picture = dataset_picture(
        dataset.kind, found["x"], found["y"], dataset.low, dataset.high, vocabulary=dataset.vocabulary, classes=dataset.classes
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            file.write(picture)
        Path(file.name).replace(path)
    except OSError:
        pass  # without room on the disk it is drawn again next time
    return picture


@answering
async def get_preview(request: Request) -> Response:
    """The picture; a dataset that would have to be downloaded first has none before a person asks for it."""
    name = request.path_params["name"]

    def look() -> bytes:
        try:
            waits = record(name).download and not preview_path(name).exists()
        except BuilderError as error:
            raise Refused(404, "There is no such dataset.") from error
        if waits:
            raise Refused(404, "This dataset is fetched at its first use.")
        return draw_preview(name)

    picture = await run_in_threadpool(look)
    return Response(picture, media_type="image/svg+xml" if picture.startswith(b"<svg") else "image/png", headers=KEPT)


ROUTES: list[BaseRoute] = [Route("/api/datasets/{name}/preview", get_preview)]
