"""Workers that are small scripts without Keras, and runs for them."""

import time
from collections.abc import Callable
from pathlib import Path

import psutil

from builder import locks as lock_files
from builder.engine import launch
from builder.network.records import Edge, Network, Node
from builder.runs import Run, Settings, Status
from builder.store import default_store

NETWORK = Network(
    name="small",
    nodes=(Node(name="input", layer="Input", params={"shape": [4]}), Node(name="dense", layer="Dense", params={"units": 3})),
    edges=(Edge(source="input", target="dense"),),
)
# What it does is written in its run's name: finish, wait, deaf (obeys nothing), crash, abort, child (has a child of its own), quit (is interrupted).
WORKER = """
import os, signal, subprocess, sys, time
from builder.locks import sign
from builder.runs.record import Status
from builder.store import default_store
run, lock = sys.argv[1], int(sys.argv[2])
os.set_inheritable(lock, False)
sign(lock, pid=os.getpid(), slot=int(os.environ.get("BUILDER_SLOT", "-1")))
store = default_store()
what = store.run(run).name
if what == "crash":
    print("it went wrong"); sys.exit(3)
store.add_events(run, [("status", {"status": "running", "message": ""})], status=Status.running, message=os.environ.get("CUDA_VISIBLE_DEVICES", ""))
if what == "abort":
    os.abort()
if what == "child":
    child = subprocess.Popen(["sleep", "300"]); store.update_run(run, message=str(child.pid))
if what == "quit":
    store.update_run(run, status=Status.interrupted); sys.exit()
deaf = what in ("deaf", "child")
if deaf:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
while what != "finish":
    time.sleep(0.05)
    if store.asked(run) == "stop" and not deaf:
        store.update_run(run, status=Status.stopped); sys.exit()
store.update_run(run, status=Status.finished)
"""


def lives_in(process: psutil.Process, home: Path) -> bool:
    try:
        return process.environ().get("BUILDER_HOME") == str(home)
    except psutil.Error:
        return False


def a_run(name: str) -> Run:
    store = default_store()
    return store.rename_run(store.create_run(None, NETWORK, Settings(dataset="digits")).id, name)


def until(done: Callable[[], bool], tick: Callable[[], object] = lambda: None, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        tick()
        time.sleep(0.05)


def status(run: Run) -> Status:
    return default_store().run(run.id).status


def worker_pid(run: Run) -> int:
    return int(lock_files.holder(launch.lock_of(run.id))["pid"])
