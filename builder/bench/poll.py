"""Load test of polling: 100 viewers of a live run on one server; no error, and an edit meanwhile within twice its quiet time."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from builder import zoo
from builder.runs.record import Settings

from .server import ROOT, serving

VIEWERS, SECONDS, EDITS = 100, 30, 20
SECRET = "a-bench-of-its-own"


class Editor:
    """A person who edits through the route the canvas uses, with one kept connection's worth of patience."""

    def __init__(self, url: str, project: str) -> None:
        self.url, self.project, self.units = url, project, 128
        self.revision = self.ask(f"/api/projects/{project}/picture?network=digit_cnn")["revision"]

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request as the owner's browser sends it."""
        headers = {"Cookie": f"layerloom={SECRET}", "Origin": self.url, "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, headers), timeout=30) as answer:
            return dict(json.load(answer))

    def edit(self) -> float:
        """Change the dense layer's units; milliseconds until the new picture is here."""
        self.units = 129 if self.units == 128 else 128
        edit = {"kind": "set", "name": "dense", "params": {"units": self.units}}
        began = time.perf_counter()
        body = {"network": "digit_cnn", "revision": self.revision, "edit": edit}
        self.revision = self.ask(f"/api/projects/{self.project}/edits", body)["revision"]
        return 1000 * (time.perf_counter() - began)

    def edits(self) -> list[float]:
        """A series of edits, about one a second."""
        times = []
        for _ in range(EDITS):
            times.append(self.edit())
            time.sleep(0.7)
        return times


def run() -> list[dict[str, Any]]:
    """Rows `errors of 100 viewers` and `edit beside 100 viewers`; a real training goes on during both halves."""
    with TemporaryDirectory(prefix="layerloom-") as folder:
        home = Path(folder) / "home"
        before = os.environ.get("BUILDER_HOME")
        os.environ["BUILDER_HOME"] = str(home)
        try:
            with serving(home=home) as url:
                return _measure(url)
        finally:
            os.environ.pop("BUILDER_HOME") if before is None else os.environ.update(BUILDER_HOME=before)


def _measure(url: str) -> list[dict[str, Any]]:
    from builder.engine.launch import launch
    from builder.store import default_store
    from builder.web.owner import owner_of

    store = default_store()
    project = store.create_project(owner_of({"layerloom": SECRET}), "Bench", [zoo.network("digit_cnn")])
    live = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28", epochs=10_000))
    launch(live)
    while store.run(live.id).epoch < 1:
        time.sleep(0.2)
    editor = Editor(url, project.id)
    for _ in range(3):
        editor.edit()
    quiet = editor.edits()
    command = [sys.executable, "-m", "builder.bench.watchers", url, live.id, str(VIEWERS), str(SECONDS)]
    crowd = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    time.sleep(3)
    busy = editor.edits()
    seen = json.loads(crowd.communicate(timeout=SECONDS + 60)[0])
    store.ask(live.id, "stop")
    while store.run(live.id).status.alive:
        time.sleep(0.2)
    ratio = median(busy) / median(quiet)
    return [
        {
            "name": f"errors of {VIEWERS} viewers",
            "ratio": len(seen["errors"]),
            "ours": len(seen["errors"]),
            "theirs": 0,
            "unit": "errors",
            "limit": 0,
        }
        | {"requests": seen["requests"], "events": seen["events"], "median_ms": seen["median_ms"], "p95_ms": seen["p95_ms"]},
        {
            "name": f"edit beside {VIEWERS} viewers",
            "ratio": round(ratio, 3),
            "ours": round(median(busy), 2),
            "theirs": round(median(quiet), 2),
        }
        | {"unit": "ms", "limit": 2.0, "worst_ms": round(max(busy), 2)},
    ]
