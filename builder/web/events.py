"""GET /api/runs/RUN/events and POST /api/runs/RUN/control: what the live curves ask for, and the buttons that steer a run."""

import json
from functools import partial
from hashlib import blake2b
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from builder.engine.launch import launch
from builder.runs import RunSummary, Status
from builder.store import Event, default_store, may_edit

from . import downloads, previews, run_pictures
from .answers import Refused, answer, answering, asker, or_404, read_json, run_or_404
from .numbers import whole_number

MOST_EVENTS = 2000  # in one answer; `more` says that the next request has work at once
MOST_POINTS = 1500  # of a batch line in a page's first paint
ACTIONS: dict[str, set[Status]] = {
    "pause": {Status.running},
    "step": {Status.running, Status.paused},
    "resume": {Status.paused, Status.interrupted},
    "stop": {Status.queued, Status.running, Status.paused},
}


# of a run's record
SHOWN = (
    "id",
    "name",
    "status",
    "epoch",
    "epochs",
    "batch",
    "batches",
    "rate",
    "seconds_left",
    "best_epoch",
    "queue_place",
    "message",
    "params",
    "created",
    "played",
    "pinned",
)


def summary(run: RunSummary) -> dict[str, Any]:
    """What a viewer sees of a run, as JSON values; `ahead` is the project's own run that a waiting one waits for."""
    lineage = run.lineage and run.lineage.model_dump(mode="json")
    return {key: getattr(run, key) for key in SHOWN} | {"message": run.message[:1000], "lineage": lineage, "ahead": ahead_of(run)}


def ahead_of(run: RunSummary) -> dict[str, Any] | None:
    """Name and status of the run of the same project that is at work while this one is next in the queue; None where there is none."""
    if run.status != Status.queued or run.queue_place != 1 or not run.project:
        return None
    at_work = default_store().runs(project_id=run.project, status=[Status.running, Status.paused])
    return {"name": at_work[-1].name, "status": at_work[-1].status} if at_work else None


def packed(events: list[Event]) -> list[dict[str, Any]]:
    """Events as JSON values."""
    return [{"n": event.n, "kind": event.kind, "data": event.data} for event in events]


def history(run_id: str) -> list[dict[str, Any]]:
    """All events of a run, its batches downsampled (thinned) to what a chart can show."""
    return packed(default_store().history(run_id, MOST_POINTS))


@answering
async def get_events(request: Request) -> Response:
    """`{run, events, next, more}` after event N; 304 where nothing moved. A run's id is its key: whoever has it may look."""
    after = whole_number(request.query_params.get("after", "0"), None, high=2**53)
    if after is None:
        raise Refused(400, "`after` is the number of an event.")
    body = await run_in_threadpool(newer, request.path_params["run"], after)
    mark = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"Cache-Control": "no-cache", "ETag": mark}
    if request.headers.get("if-none-match") == mark:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def newer(run_id: str, after: int) -> bytes:
    """What a run has told after one of its events, as JSON."""
    store = default_store()
    run = run_or_404(run_id)
    events = store.events(run_id, after, MOST_EVENTS)
    data = {
        "run": summary(run),
        "events": packed(events),
        "next": events[-1].n if events else after,
        "more": len(events) == MOST_EVENTS,
    }
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode()


@answering
async def post_control(request: Request) -> Response:
    """Pause, step, resume or stop: `{action}` in, `{run}` out; 403 for whoever does not own its project, 409 where it cannot."""
    body = await read_json(request, 1000)
    action = str(body.get("action"))
    if action not in ACTIONS:
        raise Refused(400, "An action is pause, step, resume or stop.")
    return await run_in_threadpool(steer, request.path_params["run"], action, asker(request))


def own_run(run_id: str, owner: str) -> RunSummary:
    """The run of this id; 403 for whoever does not own its project."""
    run = run_or_404(run_id)
    if not run.project or not may_edit(or_404(partial(default_store().project, run.project), "There is no such project."), owner):
        raise Refused(403, "Only the project's owner can steer its runs.")
    return run


def steer(run_id: str, action: str, owner: str) -> Response:
    """Ask for one action; the worker obeys within a batch."""
    run, store = own_run(run_id, owner), default_store()
    if run.status not in ACTIONS[action]:
        raise Refused(409, f"The run is {run.status.value}, so there is nothing to {action}.")
    if run.status == Status.interrupted:
        launch(run)
    else:
        store.ask(run_id, action)
    return answer({"run": summary(run_or_404(run_id))})


ROUTES: list[BaseRoute] = [
    Route("/api/runs/{run}/events", get_events),
    Route("/api/runs/{run}/control", post_control, methods=["POST"]),
    *downloads.ROUTES,
    *run_pictures.ROUTES,
    *previews.ROUTES,
]
