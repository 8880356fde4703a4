"""A server and a browser that tests share."""

from collections.abc import Iterator
from typing import Any

import pytest

from builder.bench.browser import browser
from builder.bench.server import serving

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")  # a green picture with a disc in it


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a running app; who comes without a cookie is there for the first time."""
    with serving() as url:
        yield url


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """A running browser. One at a time: a test with this fixture opens none of its own."""
    with browser(*CAMERA) as opened:
        yield opened
