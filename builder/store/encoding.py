"""Serialisation (JSON, zlib) and sanitising of names: bounded, clean, and with names that no one has yet."""

import base64
import json
import math
import secrets
import unicodedata
import zlib
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from builder.errors import BuilderError
from builder.network.records import FORMAT_VERSION, Network

MOST_LETTERS = 80  # of a name
MOST_NETWORK = 2 * 1024**2  # bytes of JSON
MOST_CHOICES = 64 * 1024  # bytes of JSON
NETWORKS = TypeAdapter(dict[str, Network])


def fresh_id(size: int) -> str:
    """Random identifier: `size` bytes as base32 in lower case, safe in an address, a file name and a command line."""
    return base64.b32encode(secrets.token_bytes(size)).decode().rstrip("=").lower()


def clean_name(name: str, what: str) -> str:
    """Sanitised name: without control characters, surplus spaces and surrogates.

    Raises:
        BuilderError: nothing is left of it, or it is too long.
    """
    text = " ".join("".join(" " if unicodedata.category(letter) in {"Cc", "Cs"} else letter for letter in str(name)).split())
    if not text:
        raise BuilderError(what, "at least one letter", "none")
    if len(text) > MOST_LETTERS:
        raise BuilderError(what, f"at most {MOST_LETTERS} letters", f"{len(text):,}")
    return text


def unique_name(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where it is taken: `lenet5`, `lenet5 2`, `lenet5 3`."""
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        tail = f" {number}"
        candidate = name[: MOST_LETTERS - len(tail)] + tail
    return candidate


def encode_network(network: Network) -> bytes:
    """A network as the bytes that are stored."""
    return zlib.compress(_text(network), 1)


def pack_networks(networks: Mapping[str, Network]) -> bytes:
    """The networks of a run by their roles, as the bytes that are stored."""
    texts = (json.dumps(role).encode() + b":" + _text(network) for role, network in networks.items())
    return zlib.compress(b"{" + b",".join(texts) + b"}", 1)


def _text(network: Network) -> bytes:
    text = network.model_dump_json().encode()
    if len(text) > MOST_NETWORK:
        raise BuilderError(f"The network {network.name}", "at most 2 MiB of text", f"{len(text) / 1024**2:.1f} MiB")
    return text


@lru_cache(maxsize=128)
def decode_network(content: bytes) -> Network:
    """The network that `encode_network` stored; cached (LRU)."""
    try:
        return Network.model_validate_json(zlib.decompress(content))
    except (ValidationError, zlib.error) as error:
        raise _unreadable() from error


@lru_cache(maxsize=128)
def unpack_networks(content: bytes) -> Mapping[str, Network]:
    """The networks that `pack_networks` stored, by their roles; cached (LRU)."""
    try:
        return NETWORKS.validate_json(zlib.decompress(content))
    except (ValidationError, zlib.error) as error:
        raise _unreadable() from error


def _unreadable() -> BuilderError:
    needed = f"to be in format {FORMAT_VERSION}"
    return BuilderError("A stored network", needed, "something this program cannot read", "Update Layerloom.")


def as_json(value: Any, what: str, most: int = MOST_CHOICES) -> str:
    """JSON text of a bounded length.

    Raises:
        BuilderError: the value is no JSON (NaN is none), or too long.
    """
    try:
        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise BuilderError(what, "values that JSON can hold", str(error)[:200]) from error
    if len(text) > most:
        raise BuilderError(what, f"at most {most:,} bytes", f"{len(text):,}")
    return text


def finite(value: Any) -> Any:
    """The same JSON value without its NaN and infinite numbers: JSON has none, and a chart shows them as a gap."""
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items() if not (isinstance(each, float) and not math.isfinite(each))}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
