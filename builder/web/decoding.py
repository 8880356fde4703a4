"""POST /api/runs/RUN/decode: what an autoencoder's decoder makes of codes, quick enough to follow a pointer that is dragged."""

from base64 import b64encode

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from builder.engine import calls
from builder.probes.autoencoder import latent
from builder.runs import folder

from .answers import Refused, answer, answering, read_json, run_or_404

MOST_POINTS = 64  # codes in one request
LIMIT = 200_000  # bytes of a request
WAIT = 30  # seconds, for a kernel that is still loading


@answering
async def post_decode(request: Request) -> Response:
    """`{epoch, layer, codes}` in, `{shape, data}` out: base64 of float32 (points, ...). Whoever has the run's id may look."""
    body = await read_json(request, LIMIT)
    return await run_in_threadpool(decode_response, request.path_params["run"], body.get("epoch"), body.get("layer"), body.get("codes"))


def decode_response(run_id: str, epoch: object, layer: object, codes: object) -> Response:
    """Ask the probes kernel."""
    run = run_or_404(run_id)
    try:
        points = np.array(codes, "float32")
    except (TypeError, ValueError) as error:
        raise Refused(400, "`codes` are rows of numbers.") from error
    if not isinstance(epoch, int) or points.ndim != 2 or not 0 < len(points) <= MOST_POINTS:
        raise Refused(400, f"`epoch` is a number, and `codes` are 1 to {MOST_POINTS} rows of numbers.")
    asked = {"epoch": epoch, "layer": layer if isinstance(layer, str) else None}
    _, found = calls.probe(str(folder(run.id)), latent.decode, arrays={"codes": points}, timeout=WAIT, **asked)
    made = np.ascontiguousarray(found["decoded"], "<f4")
    return answer({"shape": list(made.shape), "data": b64encode(made.tobytes()).decode()})


ROUTES: list[BaseRoute] = [Route("/api/runs/{run}/decode", post_decode, methods=["POST"])]
