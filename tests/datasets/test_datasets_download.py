"""Datasets that are downloaded: without a network there is one sentence, soon, that says what to use instead."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
from builder.datasets import downloads, record
from builder.errors import BuilderError
downloads.PATIENCE = 2
for name in ("mnist", "fashion_mnist", "cifar10"):
    try:
        record(name).load()
    except BuilderError as error:
        print(error.sentence)
"""


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("way", ["closed", "silent"])
def test_without_a_network_a_download_is_a_clear_sentence_and_never_hangs(way: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Every way out leads to a proxy that refuses, or that takes the connection and says nothing."""
    proxy = request.getfixturevalue(way)
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    environment = {key: value for key, value in os.environ.items() if key.lower() != "no_proxy"}
    environment |= dict.fromkeys(names, proxy) | {"KERAS_HOME": str(tmp_path), "CUDA_VISIBLE_DEVICES": ""}
    before = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=True
    )
    sentences = [line for line in done.stdout.splitlines() if "needs a download" in line]
    assert len(sentences) == 3, done.stdout + done.stderr
    assert all("use digits28" in line and "Traceback" not in line and "://" not in line for line in sentences)
    assert time.monotonic() - before < 150
