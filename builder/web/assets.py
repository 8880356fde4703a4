"""GET /assets/PATH: our scripts, styles and pictures, and plotly.js from the installed package."""

from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).resolve().parent.parent.parent / "assets"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


class Assets(StaticFiles):
    """Files that the browser keeps but asks about each time, so that an update is never half old."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file, with its validators and no-cache."""
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


async def plotly_js(_: Request) -> Response:
    """plotly.js as the installed package ships it; 4 MB, so it is kept for a day."""
    return FileResponse(PLOTLY, media_type="text/javascript", headers={"Cache-Control": "public, max-age=86400"})


ROUTES: list[BaseRoute] = [Route("/assets/plotly.min.js", plotly_js), Mount("/assets", Assets(directory=FOLDER))]
