"""A server over a long time: people come, edit and leave, and its memory, threads and descriptors stay what they were."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from builder.bench.server import APP, ROOT, free_port, start, stop
from builder.bench.viewers import WARM, usage

MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
PEOPLE = int(os.environ.get("SOAK_PEOPLE", "60"))
VISIT = 60.0  # seconds that each group of people stays
FORGET = 130  # seconds after which Streamlit forgets who has left (server.disconnectedSessionTTL) and our timer has collected


def visited(url: str, people: int, seconds: float) -> list[str]:
    """Send a group of people, and wait until they have left; what went wrong."""
    command = [sys.executable, "-m", "builder.bench.visitors", url, str(people), "0", str(seconds), "5"]
    seen = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    return list(seen["errors"])


@pytest.mark.campaign
@pytest.mark.timeout(0)
def test_a_server_that_people_come_to_and_leave_for_long_grows_in_nothing(tmp_path: Path) -> None:
    port = free_port()
    process = start(APP, port, tmp_path / "home")
    server = psutil.Process(process.pid)
    try:
        time.sleep(WARM)
        assert server.rlimit(psutil.RLIMIT_NOFILE)[0] > 1024  # each person takes six
        looks, ends = [], time.monotonic() + 60 * MINUTES
        while time.monotonic() < ends or len(looks) < 4:
            assert visited(f"http://localhost:{port}", PEOPLE, min(VISIT, 15 * MINUTES)) == []
            looks.append(usage(server))
            print(f"{len(looks)} groups of {PEOPLE}: {looks[-1]}", flush=True)
        time.sleep(FORGET)
        visited(f"http://localhost:{port}", 1, 1)  # Streamlit forgets when somebody comes or goes
        time.sleep(20)
        rest = usage(server)
        print(f"at rest: {rest}", flush=True)
    finally:
        stop(process)
    half = looks[len(looks) // 2 :]
    assert half[-1]["mib"] <= 1.1 * half[0]["mib"] + 8
    assert half[-1]["threads"] <= half[0]["threads"] + 8
    assert half[-1]["descriptors"] <= half[0]["descriptors"] + 16
    assert rest["descriptors"] <= 64 and rest["threads"] <= 64
