"""POST /api/projects/PROJECT/play/sample: an input of a person's own, drawn or typed, for the network that plays."""

from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from builder import datasets
from builder.datasets import Dataset, own
from builder.datasets.typed_tokens import Room, room_of
from builder.engine import calls
from builder.errors import BuilderError
from builder.network import Network
from builder.probes.input.previews import small
from builder.runs import folder, watching
from builder.store import may_edit

from .answers import Refused, answer, answering, asker, read_json, run_or_404
from .edits import project_of
from .network_played import asked_network
from .run_pictures import packed

LARGEST = 400_000  # bytes: a sheet in colour has 113 KB
PATIENCE = 60.0  # seconds, for a kernel that is still loading
MARK = 16  # letters


@answering
async def post_sample(request: Request) -> Response:
    """`{network, run, way, sent}` in, `way` one of drawn, text and numbers; `{mark, x, steps}` out: what a wish calls it, and how it looks.

    With a `run` that is alive its worker gets it; a wish for this mark then asks for its frames.
    """
    body = await read_json(request, LARGEST)
    return await run_in_threadpool(take, request, body)


def take(request: Request, body: dict[str, Any]) -> Response:
    """Check it, and hand it over."""
    project = project_of(request)
    if not may_edit(project, asker(request)):
        raise Refused(403, "Only the project's owner can show it something else.")
    network, settings = asked_network(project, body.get("network"))
    dataset = datasets.record(settings.dataset)
    raw, last, steps = read(dataset, network, str(body.get("way")), body.get("sent"))
    mark = blake2b(raw.tobytes() + str((raw.shape, last)).encode(), digest_size=MARK // 2).hexdigest()
    if body.get("run"):
        run = run_or_404(str(body["run"]))
        if run.project != project.id:
            raise Refused(403, "This run is of another project.")
        if run.status.alive and run.settings.dataset == dataset.name:
            watching.put_own(folder(run.id), mark, raw, last)
    shown = small(raw[None], dataset.low, dataset.high) if dataset.kind == "image" else raw[None]
    return answer({"mark": mark, "steps": steps, **packed({"own": {"x": shown}})["own"]})


def read(dataset: Dataset, network: Network, way: str, sent: Any) -> tuple[np.ndarray, int, tuple[str, ...]]:
    """An input in the dataset's shape, the place of its last token, and the steps that led there.

    Raises:
        BuilderError: it is none.
    """
    if way == "drawn":
        made = own.from_sheet(dataset, sent)
        return made.values, -1, made.steps
    if way == "text":
        raw, last = own.from_text(dataset, sent, room(network, dataset))
        return raw, last, ()
    if way == "numbers":
        return own.from_numbers(dataset, sent, ranges(dataset.name)), -1, ()
    raise BuilderError("The input", "to be drawn or typed", "something else")


def room(network: Network, dataset: Dataset) -> Room:
    """How many tokens the network takes; where its input is none for tokens it plays nothing yet, so the dataset's samples say it."""
    fits = network.inputs and len(network.inputs[0].params["shape"]) == 1
    return room_of(network, dataset) if fits else Room(dataset.input_shape[0], dataset.pad, dataset.pad_before)


@lru_cache(maxsize=16)
def ranges(dataset: str) -> own.Range:
    """The range of each feature of a dataset, cached."""
    found = calls.call("probes", "ranges", {"dataset": dataset}, timeout=PATIENCE)[1]
    return own.Range(found["low"], found["high"])


ROUTES: list[BaseRoute] = [Route("/api/projects/{project}/play/sample", post_sample, methods=["POST"])]
