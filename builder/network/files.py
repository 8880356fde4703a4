"""A network as JSON text and back. What comes from a file is data, held against every limit before it is used."""

import json
from typing import Any, NoReturn

from pydantic import ValidationError

from builder.errors import BuilderError
from builder.network.records import FORMAT_VERSION, Network

from .validity import check

MOST_BYTES = 2 * 1024**2


def dump(network: Network) -> str:
    """The network as JSON text, with its format's version."""
    return network.model_dump_json(indent=1) + "\n"


def load(text: str | bytes) -> Network:
    """The network in JSON text.

    Raises:
        BuilderError: it is too long, no JSON, of a newer version, or no sound network.
    """
    size = len(text) if isinstance(text, bytes) else len(text.encode(errors="replace"))
    if size > MOST_BYTES:
        raise _unreadable("at most 2 MiB of text", f"{size / 1024**2:.1f} MiB")
    return from_json(_parse(text))


def from_json(data: Any) -> Network:
    """The network in JSON values; see `load`."""
    version = data.get("version", FORMAT_VERSION) if isinstance(data, dict) else FORMAT_VERSION
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise _unreadable(f"format {FORMAT_VERSION}", f"format {version}", "Open it with a newer Layerloom.")
    try:
        return check(Network.model_validate(_tuples(data), strict=True))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = " → ".join(map(str, first["loc"])) or "its outermost value"
        raise _unreadable("nodes and edges as Layerloom writes them", f"at {place}: {first['msg']}"[:300]) from error


def _parse(text: str | bytes) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError as error:
        raise _unreadable("a few lists inside one another", "thousands") from error
    except ValueError as error:
        raise _unreadable("JSON text", f"something else ({error})"[:300]) from error


def _tuples(data: Any) -> Any:
    """Lists of nodes and edges as the tuples that the strict records want."""
    if not isinstance(data, dict):
        return data
    return {key: tuple(value) if key in ("nodes", "edges") and isinstance(value, list) else value for key, value in data.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _unreadable("each key once", "one of them twice")
    return found


def _no_number(word: str) -> NoReturn:
    raise _unreadable("finite numbers", word)


def _unreadable(needed: str, came: str, hint: str = "") -> BuilderError:
    return BuilderError("The network's file", needed, came, hint)
