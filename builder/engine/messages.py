"""Wire protocol (length-prefixed messages) between the app and a kernel: JSON and arrays over a stream socket.

8 bytes     length of the head, big-endian
head        JSON: {"body": {...}, "arrays": [[name, length in bytes], ...]}
arrays      each as raw .npy bytes, never pickled
"""

import io
import json
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]
Op = Callable[[dict[str, Any], Arrays], tuple[dict[str, Any], Mapping[str, np.ndarray]]]  # arguments and arrays, to JSON values and arrays
LARGEST = 1 << 31  # bytes of one part of a message


class Closed(Exception):
    """The other end is gone."""


def send(pipe: socket.socket, body: Mapping[str, Any], arrays: Mapping[str, np.ndarray] | None = None) -> None:
    """Write one message. Raises Closed when nobody reads."""
    packed = {name: _pack(array) for name, array in (arrays or {}).items()}
    head = json.dumps({"body": body, "arrays": [[name, len(data)] for name, data in packed.items()]}).encode()
    try:
        for part in (len(head).to_bytes(8, "big"), head, *packed.values()):
            pipe.sendall(part)
    except TimeoutError:
        raise
    except OSError as error:
        raise Closed from error


def receive(pipe: socket.socket, deadline: float | None = None) -> tuple[dict[str, Any], Arrays]:
    """Read one message. Raises Closed when the other end is gone, TimeoutError at `deadline` (of time.monotonic)."""
    head = json.loads(_read(pipe, int.from_bytes(_read(pipe, 8, deadline), "big"), deadline))
    return head["body"], {name: _unpack(_read(pipe, length, deadline)) for name, length in head["arrays"]}


def _pack(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array), allow_pickle=False)
    return buffer.getvalue()


def _unpack(data: bytes) -> np.ndarray:
    return np.load(io.BytesIO(data), allow_pickle=False)


def _read(pipe: socket.socket, length: int, deadline: float | None) -> bytes:
    if length > LARGEST:
        raise Closed
    data = bytearray(length)
    view, done = memoryview(data), 0
    while done < length:
        pipe.settimeout(None if deadline is None else max(deadline - time.monotonic(), 0.001))
        try:
            got = pipe.recv_into(view[done:])
        except TimeoutError:
            raise
        except OSError as error:
            raise Closed from error
        if not got:
            raise Closed
        done += got
    return bytes(data)
