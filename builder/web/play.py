"""Play on Build: what its strip shows of a network, a press on play, and the long poll for whoever watches a run."""

import asyncio
import json
import re
import threading
import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from builder import datasets
from builder.datasets import Dataset, sheets
from builder.engine import calls
from builder.figures import palette
from builder.network import Analysis, Network
from builder.recipes import RECIPES
from builder.runs import RunSummary, Settings, Status, folder, watching
from builder.runs.record import Lineage
from builder.runs.run_folder import epochs, last_path
from builder.runs.watching import PACES, Wish
from builder.store import Project, default_store, may_edit

from .answers import Refused, answer, answering, asker, or_404, read_json, run_or_404
from .broadcast import changes
from .editing import analysed
from .edits import project_of
from .events import newer, own_run, summary
from .network_played import asked_network
from .numbers import whole_number
from .own_sample import MARK
from .previews import preview_path
from .run_pictures import packed
from .starting import start_run

ALIVE = tuple(status for status in Status if status.alive)
PATIENCE = 60.0  # seconds, for a kernel that is still loading
MOST_SAMPLES = 24  # of a strip
WAIT = 1.0  # seconds that a poll waits for news
LOOK_EVERY = 0.03  # seconds between two looks at the run's folder
TOGETHER = 0.2  # seconds that events wait for the frame after the one that is known: the browser draws both at once
SCALES = {
    "light": {"signed": palette.DIVERGING, "rising": palette.RISING},
    "dark": {"signed": palette.DIVERGING_DARK, "rising": palette.RISING_DARK},
}
_starting = threading.Lock()


@answering
async def get_play(request: Request) -> Response:
    """What the strip of a network shows before anything plays: its run that is alive, the dataset of that or the one chosen, colours.

    `chosen` is the title of the dataset that was chosen since that run began, `learned` the name of the last run that has learned; "" for none.
    """

    def look() -> Response:
        project = project_of(request)
        network, settings = asked_network(project, request.query_params.get("network", ""))
        runs = default_store().runs(project_id=project.id)
        run = shown_run(runs, network)
        source = run.settings if run else settings  # another dataset may have been chosen since it began
        words = {"chosen": chosen_since(run, settings), "learned": "" if run else last_learned(runs, network.name)}
        return answer({"dataset": told(datasets.record(source.dataset), source), "run": run and summary(run), "scales": SCALES, **words})

    return await run_in_threadpool(look)


def told(dataset: Dataset, settings: Settings) -> dict[str, Any]:
    """A dataset in words and ranges, with the settings that its parts depend on."""
    shape = ("input_shape", "low", "high", "count", "features", "vocabulary", "pad", "pad_before")
    names = ("name", "title", "kind", *shape, "classes", "target_names", "task", "per_step")
    sheet = sheets.described(dataset) if dataset.kind == "image" else None
    return {each: getattr(dataset, each) for each in names} | {"seed": settings.seed, "share": settings.validation_share, "sheet": sheet}


def chosen_since(run: RunSummary | None, settings: Settings) -> str:
    """The title of the dataset that is chosen, where the run learns from another; else ""."""
    return datasets.record(settings.dataset).title if run and run.settings.dataset != settings.dataset else ""


def last_learned(runs: list[RunSummary], network: str) -> str:
    """The name of the newest run of a network that has learned and is kept; "" for none."""
    return next((run.name for run in runs if run.network_name == network and run.epoch and not run.passing), "")


def shown_run(runs: list[RunSummary], network: Network) -> RunSummary | None:
    """The run of a network that is alive and of the network as it is now; None where there is none."""
    for run in runs:
        if run.status.alive and run.network_name == network.name and plays(run, network):
            return run
    return None


def plays(run: RunSummary, network: Network) -> bool:
    """Whether a run is one of this network as it is now, whatever it was called then."""
    return default_store().run(run.id).network.model_copy(update={"name": network.name}) == network


@answering
async def post_play(request: Request) -> Response:
    """Play: `{network, after, step}` in, `{run, dataset}` out, or `{refused}` with a sentence; `after` is the run to go on from, which is ended."""
    body = await read_json(request, 2000)
    return await run_in_threadpool(play, request, body)


def play(request: Request, body: dict[str, Any]) -> Response:
    """Start a run of the network as it is now; nothing starts where it cannot learn from the dataset."""
    project = project_of(request)
    if not may_edit(project, asker(request)):
        raise Refused(403, "Only the project's owner can play it. Make a copy to go on from here.")
    before = ended(project, str(body.get("after") or ""))
    network, settings = asked_network(project, body.get("network"))
    analysis = analysed(network)
    if analysis.pending:
        return answer({"refused": "Keras is still loading. Try again in a moment.", "later": True})
    if problem := in_the_way(network, settings, analysis):
        return answer({"refused": problem})
    with _starting:
        run = following(project, before, network) or started(project, network, settings, before)
    if body.get("step"):
        default_store().ask(run.id, "step")
    make_room(project, run)
    return answer({"run": summary(run), "dataset": told(datasets.record(run.settings.dataset), run.settings)})


def make_room(project: Project, run: RunSummary) -> None:
    """End the project's other plays, of another network say, that nobody has kept: who presses play looks at this one."""
    for other in default_store().runs(project_id=project.id, status=ALIVE):
        if other.passing and other.id != run.id:
            default_store().ask(other.id, "stop")


def following(project: Project, before: str, network: Network) -> RunSummary | None:
    """The run that goes on from one already, with the same network: several tabs see the same edit. Not one that was asked to stop since."""
    for run in default_store().runs(project_id=project.id, status=ALIVE) if before else ():
        mine = run.lineage and run.lineage.parent == before and run.network_name == network.name
        if mine and plays(run, network) and default_store().asked(run.id) != "stop":
            return run
    return None


def started(project: Project, network: Network, settings: Settings, before: str) -> RunSummary:
    """A new play; whoever has pressed watches it."""
    run = start_run(
        project.id, network, settings, played=True, lineage=Lineage(parent=before, name=run_or_404(before).name) if before else None
    )
    watching.look(folder(run.id), Wish())
    changes.announce(project.id)  # other tabs and visitors follow it
    return run


def ended(project: Project, run_id: str) -> str:
    """Ask the play before to stop, and say whose weights to go on from: its own, or where it never began its parent's; "" for none.

    A run that was started on Train goes on: nothing stops it but its own buttons.
    """
    if not run_id:
        return ""
    run = run_or_404(run_id)
    if run.project != project.id:
        raise Refused(403, "This run is of another project.")
    if run.status.alive and not run.played:
        return ""
    if run.status.alive:
        default_store().ask(run.id, "stop")
    place = folder(run.id)
    began = run.epoch or run.batch or epochs(place) or last_path(place).exists()
    return run.id if began else (run.lineage.parent if run.lineage else "")


def in_the_way(network: Network, settings: Settings, analysis: Analysis) -> str:
    """The first problem that keeps a network from learning; "" where there is none."""
    recipe = RECIPES[settings.recipe]
    ends = datasets.check(datasets.record(settings.dataset), network, analysis, target=recipe.learns, inputs=len(recipe.takes))
    errors = [each for each in (*analysis.problems, *ends) if each.severity == "error"]
    if not errors:
        return "" if network.nodes else "The network has no layers yet."
    first = errors[0]
    return f"{first.node}: {first.message}" if first.node and not first.message.startswith(f"{first.node} ") else first.message


@answering
async def get_live(request: Request) -> Response:
    """Long poll: what a run has told after event `after`, as `events` answers it, and its newest `frame` where that is another than `mark`'s.

    Asking counts as watching; who owns the project wishes for a `sample`, or for the input of its `own` of this mark, a `pace`, and what
    `wires` show, and says by `seen=0` that the page is hidden.
    """
    query = request.query_params
    run = await run_in_threadpool(run_or_404, request.path_params["run"])
    after = whole_number(query.get("after", "0"), 0, high=2**53)
    place = folder(run.id)
    await run_in_threadpool(watch, run, asker(request), dict(query))
    known, deadline = query.get("mark", ""), time.monotonic() + WAIT
    while (now := time.monotonic()) < deadline:
        if (mark := mark_of(place)) != known:
            deadline = min(deadline, now + patience(known, mark, query))
        if now >= deadline:
            break
        await asyncio.sleep(min(LOOK_EVERY, deadline - now))
    return await run_in_threadpool(live, run.id, after, known)


def patience(known: str, mark: str, query: Any) -> float:
    """Seconds that news may wait: events, where somebody sees the frames, for the next of them; else none."""
    alone = known.split("-")[0] == mark.split("-")[0] != "0"
    return TOGETHER if alone and query.get("seen") != "0" else 0.0


def live(run_id: str, after: int, known: str) -> Response:
    """The answer of one poll; the frame is passed on as the worker wrote it: read last, so that of a run that has ended it is the last one."""
    place = folder(run_id)
    mark, told = mark_of(place), newer(run_id, after)
    frame = watching.frame(place) if mark_of(place).split("-")[0] != known.split("-")[0] else None
    body = b'{"mark":%s,"frame":%s,"told":%s}' % (json.dumps(mark).encode(), (frame or "null").encode(), told)
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def mark_of(place: Any) -> str:
    """The mark of the newest frame and the newest event, as text."""
    return "-".join(map(str, watching.mark(place)))


def watch(run: RunSummary, owner: str, query: dict[str, str]) -> None:
    """Note that somebody looks, and what the owner wishes for."""
    if not run.status.alive:
        return
    project = or_404(lambda: default_store().project(run.project or ""), "There is no such project.") if run.project else None
    wish = None
    if project and may_edit(project, owner):
        pace = next((each for each in PACES if each == query.get("pace")), PACES[0])
        own = query.get("own", "")
        wish = Wish(
            sample=whole_number(query.get("sample", "0"), 0),
            pace=pace,
            frames=query.get("seen") != "0",
            own=own if re.fullmatch(f"[0-9a-f]{{{MARK}}}", own) else "",
            gradients=query.get("wires") == "gradient",
        )
    watching.look(folder(run.id), wish)


@answering
async def post_pin(request: Request) -> Response:
    """Keep a play: `{run}` out. It does not give way to others any more, and is not tidied away."""
    await read_json(request, 1000)
    return answer({"run": await run_in_threadpool(pin, request.path_params["run"], asker(request))})


def pin(run_id: str, owner: str) -> dict[str, Any]:
    """Keep a run that was played."""
    run = own_run(run_id, owner)
    return summary(default_store().update_run(run.id, pinned=True))


@answering
async def get_samples(request: Request) -> Response:
    """`{among, x, y}`: the first samples that nothing is learned from; a dataset that would have to be fetched has none yet."""
    name, query = request.path_params["name"], request.query_params
    seed, share = whole_number(query.get("seed", "1"), 1), query.get("share", "0.2")

    def look() -> Response:
        dataset = or_404(lambda: datasets.record(name), "There is no such dataset.")
        if dataset.download and not preview_path(name).exists():
            raise Refused(404, "This dataset is fetched at its first use.")
        asked = {"dataset": dataset.name, "seed": seed, "share": float(share), "count": MOST_SAMPLES}
        found, arrays = calls.call("probes", "samples", asked, timeout=PATIENCE)
        return answer({"among": found["among"], **packed({"samples": arrays})["samples"]})

    try:
        return await run_in_threadpool(look)
    except ValueError as error:
        raise Refused(400, "`share` is a number.") from error


ROUTES: list[BaseRoute] = [
    Route("/api/datasets/{name}/samples", get_samples),
    Route("/api/projects/{project}/play", get_play),
    Route("/api/projects/{project}/play", post_play, methods=["POST"]),
    Route("/api/runs/{run}/live", get_live),
    Route("/api/runs/{run}/pin", post_pin, methods=["POST"]),
]
