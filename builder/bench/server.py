"""A Streamlit server of a bench's or a test's own: a free port, an empty data folder, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent.parent
APP = ROOT / "app.py"

# The yardstick: a stock app in a folder of its own, so that none of our settings reaches it.
EMPTY_APP = """
import streamlit as st

@st.fragment
def fragment():
    st.session_state["count"] = st.session_state.get("count", 0) + bool(st.button("Press"))
    st.text(f"pressed {st.session_state['count']}")

fragment()
"""


def free_port() -> int:
    """A port nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether the server says that it is healthy."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def start(script: Path, port: int, home: Path, **environment: str) -> subprocess.Popen[bytes]:
    """Start one server; returns once it answers."""
    variables = os.environ | {"BUILDER_HOME": str(home), "STREAMLIT_SERVER_HEADLESS": "true", "BUILDER_LINGER": "2"} | environment
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env=variables, cwd=script.parent, stdout=log, stderr=log, start_new_session=True)
    deadline = time.monotonic() + 60
    while not answers(f"http://localhost:{port}"):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(process)
            raise RuntimeError(f"the server did not start:\n{(home / 'server.log').read_text()[-3000:]}")
        time.sleep(0.02)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server as Ctrl+C would, or by force after 10 s."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def serving(script: Path = APP, home: Path | None = None, **environment: str) -> Iterator[str]:
    """A running server's address, for as long as the block lasts."""
    with TemporaryDirectory(prefix="layerloom-") as folder:
        port = free_port()
        process = start(script, port, home or Path(folder) / "home", **environment)
        try:
            yield f"http://localhost:{port}"
        finally:
            stop(process)


@contextmanager
def empty_app() -> Iterator[Path]:
    """The stock app's script, in a folder of its own."""
    with TemporaryDirectory(prefix="stock-") as folder:
        script = Path(folder) / "stock.py"
        script.write_text(EMPTY_APP)
        yield script
