"""Our routes with a page beside them, as a browser asks for them."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from builder.network import Analysis, LayerReport, Network, Problem
from builder.web import MIDDLEWARE, ROUTES

HOST = "http://localhost:8501"
ORIGIN = {"Origin": HOST, "Host": HOST.removeprefix("http://")}


async def page(_: object) -> HTMLResponse:
    return HTMLResponse("<p>Layerloom</p>")


@contextmanager
def visitor() -> Iterator[TestClient]:
    """A client that has not asked for anything yet, and so has no cookie."""
    with TestClient(Starlette(routes=[*ROUTES, Route("/", page)], middleware=MIDDLEWARE), base_url=HOST) as opened:
        yield opened


def small(network: Network, deep: bool = False, timeout: float = 10) -> Analysis:
    """An analysis without Keras: ten parameters a layer, and a problem at every Dropout."""
    layers = tuple(LayerReport(name=node.name, layer=node.layer, output_shape=(4,), params=10) for node in network.nodes)
    problems = tuple(Problem(node=node.name, message="It drops.") for node in network.nodes if node.layer == "Dropout")
    return Analysis(name=network.name, total_params=10 * len(layers), layers=layers, problems=problems)
