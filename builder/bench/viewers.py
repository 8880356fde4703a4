"""300 people in the Build page on one server: they come within a minute and each edits every 10 s for 3 minutes; and all at once, beside a stock app."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from .server import APP, ROOT, empty_app, free_port, start, stop

PEOPLE, SECONDS, EVERY = 300, 180, 10
OVER = 60  # seconds within which people come, who were told an address together
SCREEN_LIMIT, EDIT_LIMIT = 3000, 300  # ms
WARM = 30  # seconds until the kernels of a fresh server have loaded


def run(people: int = PEOPLE, seconds: float = SECONDS, every: float = EVERY) -> list[dict[str, Any]]:
    """Rows `first screens` within a minute and at once, `edits` and `errors` of so many people."""
    with empty_app() as stock:
        theirs, _ = measured(stock, people, 0, 0, every, warm=2)
    at_once, _ = measured(APP, people, 0, 0, every, warm=WARM)
    ours, server = measured(APP, people, OVER, seconds, every, warm=WARM)
    screens, edits = ours["screens"], ours["edits"]
    errors = at_once["errors"] + ours["errors"]
    for error, count in Counter(errors).most_common(5):
        print(f"{count} times: {error}", file=sys.stderr)
    named = f"of {people} people"
    return [
        row(
            f"first screens {named} in {OVER} s, p95", screens["p95"], SCREEN_LIMIT, median_ms=screens["median"], worst_ms=screens["worst"]
        ),
        row(f"first screens {named} at once, p95, beside a stock app's", at_once["screens"]["p95"], theirs["screens"]["p95"]),
        row(f"edits {named}, p95", edits["p95"], EDIT_LIMIT, median_ms=edits["median"], worst_ms=edits["worst"], edits=edits["count"]),
        row(
            f"reruns {named}, p95", ours["reruns"]["p95"], EDIT_LIMIT, median_ms=ours["reruns"]["median"], worst_ms=ours["reruns"]["worst"]
        ),
        row(f"errors {named}", len(errors), 0, "errors", **server),
    ]


def row(name: str, ours: float, theirs: float, unit: str = "ms", **more: Any) -> dict[str, Any]:
    """A row against a limit or a yardstick; where that is 0, the ratio is the number itself."""
    return {"name": name, "ratio": round(ours / (theirs or 1), 3), "ours": ours, "theirs": theirs, "unit": unit, **more}


def measured(script: Path, people: int, over: float, seconds: float, every: float, warm: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the people of a server of its own have met, and what the server has needed."""
    with TemporaryDirectory(prefix="layerloom-") as folder:
        port = free_port()
        process = start(script, port, Path(folder) / "home")
        try:
            time.sleep(warm)
            seen, used = visited(psutil.Process(process.pid), f"http://localhost:{port}", people, over, seconds, every)
        finally:
            stop(process)
    return seen, used


def visited(
    server: psutil.Process, url: str, people: int, over: float, seconds: float, every: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Send the people, and watch the server meanwhile: its share of a core, its largest memory, threads and descriptors."""
    command = [sys.executable, "-m", "builder.bench.visitors", url, str(people), str(over), str(seconds), str(every)]
    began, before = time.monotonic(), sum(server.cpu_times()[:2])
    crowd = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    looks = [usage(server)]
    while crowd.poll() is None:
        time.sleep(1)
        looks.append(usage(server))
    seen = json.loads(crowd.communicate()[0])
    cores = (sum(server.cpu_times()[:2]) - before) / (time.monotonic() - began)
    most = {name: max(look[name] for look in looks) for name in looks[0]}
    return seen, {"server_cores": round(cores, 2), **most, "machine_load": round(median(look["load"] for look in looks), 1)}


def usage(server: psutil.Process) -> dict[str, float]:
    """What a process has now."""
    return {
        "mib": server.memory_info().rss >> 20,
        "threads": server.num_threads(),
        "descriptors": server.num_fds(),
        "load": os.getloadavg()[0],
    }
