"""What every route shares: reading a request within limits, and errors as JSON at the right status."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from builder.errors import BuilderError, Missing, Unavailable
from builder.runs import RunSummary
from builder.store import default_store

from .guard import same_origin
from .owner import owner_of

BODY_LIMIT = 4 * 2**20  # bytes: the largest network is 2 MB, as JSON within JSON it can be twice that
RETRY_SECONDS = 2  # said with every 503

Handler = Callable[[Request], Awaitable[Response]]
Found = TypeVar("Found")


class Refused(Exception):
    """A request that is answered with a status and one sentence, before anything is done."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


def answer(data: Any, status: int = 200) -> Response:
    """JSON that is never kept: what is on the screen is always the server's newest. Half a character (a lone surrogate) comes back as ?."""
    body = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode(errors="replace")
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(RETRY_SECONDS)} if status == 503 else {})
    return Response(body, status, media_type="application/json", headers=headers)


def answering(handler: Handler) -> Handler:
    """A route whose refusals and mistakes become JSON `{"error": {...}}`: 422 for a person's mistake, 503 where to try again."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refusal:
            return answer({"error": {"message": refusal.message}}, refusal.status)
        except BuilderError as error:
            return answer({"error": error.as_dict()}, 503 if isinstance(error, Unavailable) else 422)

    return answered


def or_404(find: Callable[[], Found], gone: str) -> Found:
    """What `find` reads from the store; 404 with the sentence `gone` where it is not there, 503 where the store cannot say."""
    try:
        return find()
    except Missing as error:
        raise Refused(404, gone) from error
    except BuilderError as error:
        raise Refused(503, error.sentence) from error


def run_or_404(run_id: str) -> RunSummary:
    """The run of this id; 404 where there is none."""
    return or_404(lambda: default_store().run_summary(run_id), "There is no such run.")


async def read_json(request: Request, limit: int = BODY_LIMIT) -> dict[str, Any]:
    """The JSON object of a POST that one of our own pages sent; 403 from elsewhere, 413 when too long, 400 when unreadable."""
    if not same_origin(request):
        raise Refused(403, "This request did not come from a page of Layerloom.")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise Refused(413, f"This is larger than the {limit / 2**20:.0f} MiB that are accepted.")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "The request is not readable JSON.") from error
    if not isinstance(data, dict):
        raise Refused(400, "The request is not a JSON object.")
    return data


def asker(request: Request) -> str:
    """The owner that the request's cookie stands for; "" for a stranger."""
    return owner_of(request.cookies)
