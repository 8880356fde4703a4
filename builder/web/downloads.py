"""GET /api/runs/RUN/files/NAME: what a person takes home of a run, sent from the disk."""

import csv
import io
import re
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from builder.runs import RunSummary, folder
from builder.runs.run_folder import history

from .answers import Refused, answering, run_or_404

FILES = {"program.py": "text/x-python; charset=utf-8", "model.keras": "application/octet-stream", "history.csv": "text/csv; charset=utf-8"}
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
    return [name for name in FILES if (folder(run.id) / name.replace(".csv", ".json")).exists()]


def file_response(run_id: str, name: str) -> Response:
    """One of a run's files; 404 where it has none."""
    run = run_or_404(run_id)
    if name not in downloads(run):
        raise Refused(404, "The run has no such file.")
    if name != "history.csv":
        return FileResponse(folder(run.id) / name, media_type=FILES[name], filename=file_name(run, name))
    attachment = {"Content-Disposition": f'attachment; filename="{file_name(run, name)}"', "Cache-Control": "no-store"}
    return Response(history_csv(run.name, history(folder(run.id))), media_type=FILES[name], headers=attachment)


@answering
async def get_file(request: Request) -> Response:
    """A run's id is its key: whoever has it may look, and take what they see."""
    return await run_in_threadpool(file_response, request.path_params["run"], request.path_params["name"])


ROUTES: list[BaseRoute] = [Route("/api/runs/{run}/files/{name}", get_file)]
