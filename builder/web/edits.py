"""POST /api/projects/PROJECT/edits and GET /api/projects/PROJECT/picture, .../network: the canvas's way to the truth."""

from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from builder.errors import BuilderError, Stale, Unavailable
from builder.store import NetworkState, Project, default_store, may_edit

from .answers import Refused, answer, answering, asker, or_404, read_json
from .broadcast import changes
from .canvas_picture import picture
from .editing import analysed, make_edit
from .heads import with_head

# Longer looks wait for each other here, and not in the threads that edits, pages and files need: a course asks for many at once.
_longer_looks = CapacityLimiter(2)
NO_NETWORK = "The project has no network of this name."


def project_of(request: HTTPConnection) -> Project:
    """The project in the address; 404 where there is none, whatever the id looks like."""
    return or_404(lambda: default_store().project(request.path_params["project"]), "There is no such project.")


def work_of(project: Project, network: str) -> NetworkState:
    """A network as it is now; 404 where the project has none of this name."""
    if network not in project.networks:
        raise Refused(404, NO_NETWORK)
    return or_404(lambda: default_store().work(project.id, network), NO_NETWORK)


def newest(project: Project, network: str, owner: str) -> dict[str, Any]:
    """The picture of a network as it is now."""
    return pictured(project, work_of(project, network), owner)


def pictured(project: Project, work: NetworkState, owner: str, deep: bool = False) -> dict[str, Any]:
    """The picture of a network's work, after the analysis of it."""
    found = with_head(analysed(work.network, deep), work.network, project.choices)
    return picture(project, work, found, may_edit(project, owner))


@answering
async def get_picture(request: Request) -> Response:
    """The newest picture of one of a project's networks, with `deep=1` after the longer look; whoever has the link may look."""

    deep = request.query_params.get("deep") == "1"

    def look() -> dict[str, Any]:
        with default_store().snapshot():
            project = project_of(request)
            work = work_of(project, request.query_params.get("network", project.networks[0]))
        return pictured(project, work, asker(request), deep)

    return answer(await to_thread.run_sync(look, limiter=_longer_looks if deep else None))


@answering
async def get_network(request: Request) -> Response:
    """A network as it is saved, with its revision: what its layers are copied from; whoever has the link may look."""

    def read() -> dict[str, Any]:
        project = project_of(request)
        work = work_of(project, request.query_params.get("network", ""))
        return {"revision": work.revision, "definition": work.network.model_dump(mode="json")}

    return answer(await run_in_threadpool(read))


@answering
async def post_edit(request: Request) -> Response:
    """Make one edit: `{network, revision, edit}` in, the new picture out, or why it was refused; 409 with the newest picture for a stale one."""
    body = await read_json(request)
    network, revision, edit = body.get("network"), body.get("revision"), body.get("edit")
    if not isinstance(network, str) or not isinstance(revision, int) or not isinstance(edit, dict):
        raise Refused(400, "An edit is {network, revision, edit}.")

    def make() -> Response:
        project, owner = project_of(request), asker(request)
        if not may_edit(project, owner):
            raise Refused(403, "Only the project's owner can change it. Make a copy to go on from here.")
        if network not in project.networks:
            raise Refused(404, NO_NETWORK)
        try:
            work = make_edit(project.id, network, revision, edit)
        except Stale:
            return answer({"picture": newest(project, network, owner)}, 409)
        except Unavailable:
            raise
        except BuilderError as error:
            return answer({"refused": error.as_dict()})  # an answer like another: a 4xx is an error in the browser's console
        found = with_head(analysed(work.network), work.network, project.choices)
        changes.announce(project.id, request.headers.get("x-canvas", ""))
        return answer(picture(project, work, found, True))

    return await run_in_threadpool(make)


ROUTES: list[BaseRoute] = [
    Route("/api/projects/{project}/picture", get_picture),
    Route("/api/projects/{project}/network", get_network),
    Route("/api/projects/{project}/edits", post_edit, methods=["POST"]),
]
