"""GET /api/runs/RUN/files/NAME: what a person takes home of a run, sent from the disk."""

import csv
import io
import re
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from builder import code
from builder.engine import calls
from builder.errors import Unavailable
from builder.runs import RunSummary, folder
from builder.runs.first_weights import FILE as FIRST_WEIGHTS
from builder.runs.run_folder import epoch_path, history, last_path
from builder.store import default_store
from builder.training.model_file import model_of_play

from .answers import Refused, answering, run_or_404
from .editing import analysed

WAIT = 60  # seconds, for a kernel that is still loading
BYTES = "application/octet-stream"
FILES = {
    "program.py": "text/x-python; charset=utf-8",
    "notebook.ipynb": "application/x-ipynb+json",
    FIRST_WEIGHTS: BYTES,
    "model.keras": BYTES,
    "history.csv": "text/csv; charset=utf-8",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins with one of these


def safe_cell(text: str) -> str:
    """Free text for a cell that no spreadsheet takes for a formula: an apostrophe goes before what looks like one."""
    return f"'{text}" if text.startswith(FORMULA) else text


def history_csv(name: str, kept: dict[str, list[Any]]) -> str:
    """One row an epoch: run, epoch, then every metric under Keras's name."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["run", "epoch", *map(safe_cell, kept)])
    for epoch, values in enumerate(zip(*kept.values(), strict=False), start=1):
        table.writerow([safe_cell(name), epoch, *values])
    return text.getvalue()


def file_name(run: RunSummary, name: str) -> str:
    """What the browser calls the file: the run's name in plain letters."""
    stem = re.sub(r"[^A-Za-z0-9]+", "_", run.name).strip("_") or "run"
    return f"{stem}.{name.rpartition('.')[2]}"


def downloads(run: RunSummary) -> list[str]:
    """The files that a run has so far."""
    place = folder(run.id)
    there = {
        "program.py": (place / "program.py").exists(),
        "notebook.ipynb": (place / "program.py").exists(),
        FIRST_WEIGHTS: run.goes_on and epoch_path(place, 0).exists(),
        "model.keras": (place / "model.keras").exists() or (last_path(place).exists() and not run.status.alive),
        "history.csv": (place / "history.json").exists(),
    }
    return [name for name in FILES if there[name]]


def file_response(run_id: str, name: str) -> Response:
    """One of a run's files; 404 where it has none."""
    run = run_or_404(run_id)
    if name not in downloads(run):
        raise Refused(404, "The run has no such file.")
    place, called = folder(run.id), file_name(run, name)
    if name == FIRST_WEIGHTS:  # under the name that the program looks for
        return FileResponse(epoch_path(place, 0), media_type=FILES[name], filename=name)
    if name in ("program.py", "model.keras"):
        if not (place / name).exists():
            calls.probe(str(place), model_of_play, timeout=WAIT)
        return FileResponse(place / name, media_type=FILES[name], filename=called)
    text = history_csv(run.name, history(place)) if name == "history.csv" else notebook(run_id)
    attachment = {"Content-Disposition": f'attachment; filename="{called}"', "Cache-Control": "no-store"}
    return Response(text, media_type=FILES[name], headers=attachment)


def notebook(run_id: str) -> str:
    """A run's program as a notebook."""
    run = default_store().run(run_id)
    found = analysed(run.network)
    if found.pending:
        raise Unavailable("The notebook", "the shapes of the network", "a Keras that is still loading", "Try again in a moment.")
    return code.notebook(run.network, run.settings, code.Ends.of(run.network, found), run.lineage)


@answering
async def get_file(request: Request) -> Response:
    """A run's id is its key: whoever has it may look, and take what they see."""
    return await run_in_threadpool(file_response, request.path_params["run"], request.path_params["name"])


ROUTES: list[BaseRoute] = [Route("/api/runs/{run}/files/{name}", get_file)]
