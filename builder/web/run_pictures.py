"""GET /api/runs/RUN/pictures: what a run shows of itself while it trains, as the browser draws it."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from builder import datasets, files
from builder.engine import calls
from builder.errors import Missing
from builder.runs import RunSummary, folder
from builder.training.pictures import KINDS, check
from builder.training.pictures.folder import flat, pictured, read_picture, read_probe

from .answers import Refused, answer, answering, run_or_404
from .numbers import whole_number

WAIT = 60  # seconds, for a kernel that is still loading
KINDS_BY_NAME = {kind.name: kind for kind in KINDS}


@answering
async def get_pictures(request: Request) -> Response:
    """`{epochs, newest, about}`: the epochs after N that have a picture, the last one's, and with N = -1 what is the same at all of them."""
    after = whole_number(request.query_params.get("after", "-1"), None, low=-1)
    if after is None:
        raise Refused(400, "`after` is the number of an epoch.")
    return await run_in_threadpool(newer, request.path_params["run"], after)


def newer(run_id: str, after: int) -> Response:
    """What a run has shown after an epoch."""
    run = run_or_404(run_id)
    epochs = [epoch for epoch in pictured(folder(run.id)) if epoch > after]
    newest = {"epoch": epochs[-1], "kinds": packed(read_picture(folder(run.id), epochs[-1]))} if epochs else None
    return answer({"epochs": epochs, "newest": newest, **({"about": about(run)} if after < 0 and epochs else {})})


def about(run: RunSummary) -> dict[str, Any]:
    """The kinds with their titles, the `past` ones that are drawn no more, the dataset's words, and the samples chosen before training."""
    fixed = read_probe(folder(run.id))
    kinds = [KINDS_BY_NAME[name] for name in fixed if name in KINDS_BY_NAME]
    seen = {kind.name: {name: value for name, value in fixed[kind.name].items() if name not in kind.inner} for kind in kinds}
    past = [name for name in fixed if name not in KINDS_BY_NAME]
    told = [{"name": kind.name, "title": kind.title} for kind in kinds]
    return {"kinds": told, "past": past, "dataset": labels(run), "fixed": packed(seen)}


def labels(run: RunSummary) -> dict[str, Any]:
    """What the dataset calls its classes and tokens, and its range; a table that was deleted has no words any more."""
    try:
        known = datasets.record(run.settings.dataset)
    except Missing:
        return {"kind": "table", "classes": [], "vocabulary": [], "features": [], "low": 0.0, "high": 1.0}
    return {name: getattr(known, name) for name in ("kind", "classes", "vocabulary", "features", "low", "high")}


def packed(found: dict[str, dict[str, np.ndarray]]) -> dict[str, Any]:
    """Arrays by kind and name as `{shape, data}`: base64 of bytes for pictures, else of float32."""
    return {kind: {name: _packed(value) for name, value in arrays.items()} for kind, arrays in found.items()}


def _packed(value: np.ndarray) -> dict[str, Any]:
    small = value.dtype == np.uint8
    data = np.ascontiguousarray(value, "u1" if small else "<f4").tobytes()
    return {"shape": list(value.shape), "data": b64encode(data).decode(), **({"bytes": True} if small else {})}


def asked_epoch(request: Request) -> int:
    """The epoch in a route's path; 404 where it is no number."""
    epoch = whole_number(request.path_params["epoch"], None, low=-1)
    if epoch is None or epoch < 0:
        raise Refused(404, "An epoch is a whole number.")
    return epoch


@answering
async def get_picture(request: Request) -> Response:
    """One epoch's picture."""

    def look() -> Response:
        run, epoch = run_or_404(request.path_params["run"]), asked_epoch(request)
        return answer({"epoch": epoch, "kinds": packed(read_picture(folder(run.id), epoch))})

    return await run_in_threadpool(look)


@answering
async def get_numbers(request: Request) -> Response:
    """One epoch's picture and the samples that it is of, as `.npz`."""

    def look() -> Response:
        run, epoch = run_or_404(request.path_params["run"]), asked_epoch(request)
        file = BytesIO()
        files.pack(file, flat(read_probe(folder(run.id))) | flat(read_picture(folder(run.id), epoch)))
        attachment = {"Content-Disposition": f'attachment; filename="picture_{epoch}.npz"', "Cache-Control": "no-store"}
        return Response(file.getvalue(), media_type="application/octet-stream", headers=attachment)

    return await run_in_threadpool(look)


@answering
async def get_check(request: Request) -> Response:
    """`{checks}`: the picture of an epoch held against the weights that were kept of it."""

    def look() -> Response:
        run, epoch = run_or_404(request.path_params["run"]), asked_epoch(request)
        found, _ = calls.probe(str(folder(run.id)), check.pictured, epoch=epoch, timeout=WAIT)
        return answer(found)

    return await run_in_threadpool(look)


ROUTES: list[BaseRoute] = [
    Route("/api/runs/{run}/pictures", get_pictures),
    Route("/api/runs/{run}/pictures/{epoch}", get_picture),
    Route("/api/runs/{run}/pictures/{epoch}/numbers.npz", get_numbers),
    Route("/api/runs/{run}/pictures/{epoch}/check", get_check),
]
