"""Security middleware (Host, Origin, cookie, headers): known host names only, our cookie, headers that keep answers inert."""

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .owner import COOKIE, fresh_cookie
from .preload import link

LOCAL = ("localhost", "127.0.0.1", "::1")


def allowed_hosts() -> tuple[str, ...]:
    """Host names we answer to; empty: any. Bound to this machine alone, another name means DNS rebinding."""
    from streamlit import config

    listed = tuple(config.get_option("server.allowedHosts") or ())
    if (config.get_option("server.address") or "") not in LOCAL:
        return listed
    return (*LOCAL, *listed)


def host_matches(host: str, allowed: Iterable[str]) -> bool:
    """Whether a Host header's name, its port ignored, is one of these; `*.example.org` stands for every name below it."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").lower().rstrip(".")
    except ValueError:
        return False
    return any(each == "*" or name == each or (each.startswith("*.") and name.endswith(each[1:])) for each in allowed)


def same_origin(connection: HTTPConnection) -> bool:
    """Whether a request was sent by a page of ours: its Origin names the host that it came to."""
    origin = connection.headers.get("origin", "")
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and parts.netloc.lower() == connection.headers.get("host", "").lower()


def has_cookie(headers: Headers) -> bool:
    """Whether the browser already holds our cookie."""
    try:
        return COOKIE in SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return False


class Guard:
    """ASGI middleware: unknown hosts are refused, HTML answers bring the cookie, nothing is sniffed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        allowed = allowed_hosts()
        if allowed and not host_matches(headers.get("host", ""), allowed):
            await refuse(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message), headers, scope)
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer an unknown host: 421 for a request, a closed door for a socket."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse("This address is not one that Layerloom answers to.", 421)(scope, receive, send)


def add_headers(answer: MutableHeaders, asked: Headers, scope: Scope) -> None:
    """Set what every answer carries, and on a page the cookie where the browser has none."""
    answer["X-Content-Type-Options"] = "nosniff"
    answer.setdefault("Referrer-Policy", "same-origin")  # a project's address is its key: other sites don't learn it
    if answer.get("content-type", "").startswith("text/html"):
        answer["X-Frame-Options"] = "SAMEORIGIN"
        answer.append("Link", link(scope["path"]))
        if not has_cookie(asked):
            secure = scope.get("scheme") == "https" or asked.get("x-forwarded-proto") == "https"
            answer.append("Set-Cookie", fresh_cookie(secure=secure))
