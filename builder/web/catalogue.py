"""GET /api/catalogue: what the palette and the layer picker list."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from builder import zoo
from builder.catalogue import FAMILIES, LAYERS, Layer
from builder.network.names import snake_case

from .answers import answer


@cache
def listing() -> dict[str, Any]:
    """Families in their order with colour and icon, and every layer with its summary and ports."""
    used = {layer.family for layer in LAYERS.values()} | {"block"}
    families = [{"name": name, **family._asdict()} for name, family in FAMILIES.items() if name in used]
    after = followers()
    layers = [
        {
            "name": name,
            "base": snake_case(name),  # the name of a network's first layer of it
            "family": layer.family,
            "summary": layer.summary,
            "terms": layer.terms,
            "ports": [port.model_dump() for port in layer.inputs],
            "takes": settings(layer),
            "after": after[name],
        }
        for name, layer in LAYERS.items()
    ]
    return {"families": families, "layers": layers}


def settings(layer: Layer) -> list[dict[str, Any]]:
    """The parameters that the form shows at once, as far as a person may type them behind a layer's name."""
    fields = {"name", "kind", "size", "choices"}
    shown = [param for param in layer.params if not param.more and param.kind in ("int", "float", "ints", "choice")]
    return [param.model_dump(include=fields, exclude_defaults=True) for param in shown]


def followers() -> Mapping[str, Mapping[str, int]]:
    """In how many of the zoo's networks each layer type stands right after another: {type: {type before it: networks}}."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in zoo.ZOO:
        network = zoo.network(name)
        kinds = {node.name: node.layer for node in network.nodes}
        for before, after in {(kinds[edge.source], kinds[edge.target]) for edge in network.edges}:
            found[after][before] += 1
    return found


async def get_catalogue(_: Request) -> Response:
    """The listing, which changes only with the program."""
    return answer(listing())


ROUTES: list[BaseRoute] = [Route("/api/catalogue", get_catalogue)]
