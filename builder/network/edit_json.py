"""Edits deserialised from JSON values (a closed set of kinds), applied, and labelled for the undo list."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from builder.errors import BuilderError
from builder.network.kinds import Edit
from builder.network.records import Network
from builder.network.whole_kinds import AnyEdit
from builder.network.wires import Layers

from .validity import check_size

_READER: TypeAdapter[Edit] = TypeAdapter(AnyEdit)


def read(edit: Mapping[str, Any]) -> Edit:
    """The edit in JSON values.

    Raises:
        BuilderError: it is none that we know.
    """
    try:
        return _READER.validate_python(edit, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        came = f"{' → '.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ")
        raise BuilderError("An edit", "a kind and its fields", came[:300]) from error


def apply(network: Network, edit: Mapping[str, Any], layers: Layers) -> Network:
    """The network after an edit in JSON values; `layers` is the catalogue, for ports and starting parameters."""
    return check_size(read(edit).apply(network, layers))


def label(edit: Mapping[str, Any]) -> str:
    """An edit as a short sentence for the undo list."""
    return read(edit).label()
