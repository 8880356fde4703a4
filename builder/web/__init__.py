"""Our own routes beside Streamlit's, and what every answer and request goes through."""

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from . import assets, catalogue, decoding, edits, events, own_sample, play, websocket
from .guard import Guard
from .prefetch import Prefetch
from .root import Root

ROUTES: list[BaseRoute] = [
    *assets.ROUTES,
    *catalogue.ROUTES,
    *decoding.ROUTES,
    *edits.ROUTES,
    *events.ROUTES,
    *own_sample.ROUTES,
    *play.ROUTES,
    *websocket.ROUTES,
]
MIDDLEWARE = [Middleware(Guard), Middleware(Root), Middleware(Prefetch)]

__all__ = ["MIDDLEWARE", "ROUTES"]
