"""Our own routes beside Streamlit's, and what every answer and request goes through."""

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from . import assets, catalogue, decoding, edits, events, watching
from .ahead import Ahead
from .guard import Guard
from .root import Root

ROUTES: list[BaseRoute] = [*assets.ROUTES, *catalogue.ROUTES, *decoding.ROUTES, *edits.ROUTES, *events.ROUTES, *watching.ROUTES]
MIDDLEWARE = [Middleware(Guard), Middleware(Root), Middleware(Ahead)]

__all__ = ["MIDDLEWARE", "ROUTES"]
