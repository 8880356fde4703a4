"""A page below the root says where its server is, so that no request goes astray."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from builder.web.root import HEAD, TOLD, Root

PAGE = "<html><head></head><body>" + "x" * 2000 + "</body></html>"


def client() -> TestClient:
    routes = [Route("/train", lambda _: HTMLResponse(PAGE)), Route("/text", lambda _: PlainTextResponse(PAGE))]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Root), Middleware(GZipMiddleware)]))


def test_a_page_that_a_browser_asks_for_is_told_its_server() -> None:
    answer = client().get("/train", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert answer.content == PAGE.encode().replace(HEAD, TOLD)
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_anything_else_stays_as_it_is() -> None:
    assert client().get("/text", headers={"Accept": "*/*"}).text == PAGE
