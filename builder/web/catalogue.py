"""GET /api/catalogue: what the palette and the layer picker list."""

from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from builder.catalogue import FAMILIES, LAYERS
from builder.network.names import snake_case

from .answers import answer


@cache
def listing() -> dict[str, Any]:
    """Families in their order with colour and icon, and every layer with its summary and ports."""
    used = {layer.family for layer in LAYERS.values()} | {"block"}
    families = [{"name": name, **family._asdict()} for name, family in FAMILIES.items() if name in used]
    layers = [
        {
            "name": name,
            "base": snake_case(name),  # the name of a network's first layer of it
            "family": layer.family,
            "summary": layer.summary,
            "terms": layer.terms,
            "ports": [port.model_dump() for port in layer.inputs],
        }
        for name, layer in LAYERS.items()
    ]
    return {"families": families, "layers": layers}


async def get_catalogue(_: Request) -> Response:
    """The listing, which changes only with the program."""
    return answer(listing())


ROUTES: list[BaseRoute] = [Route("/api/catalogue", get_catalogue)]
