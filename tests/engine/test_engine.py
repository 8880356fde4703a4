"""Kernels: Keras in processes of its own, which may die, hang or grow without anyone losing anything."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from builder import zoo
from builder.engine import calls, kernel, messages, process
from builder.errors import BuilderError
from builder.network.records import Edge, Network, Node
from builder.web.descriptors import raise_limit

ROOT = Path(__file__).resolve().parents[2]
START = 90  # seconds that a kernel may take on a busy test machine


def network(units: int) -> Network:
    nodes = (Node(name="input", layer="Input", params={"shape": [4]}), Node(name="dense", layer="Dense", params={"units": units}))
    return Network(name="small", nodes=nodes, edges=(Edge(source="input", target="dense"),))


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Both kernels, loaded; the folder they log to."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUILDER_HOME", str(home))
        calls.warm_up()
        for kind in ("analysis", "probes"):
            calls.call(kind, "ping", {}, timeout=START)
        yield home
        calls.shut_down()


def pid(kind: str) -> int:
    found = calls._kernels[kind].pid
    assert found
    return found


def test_values_and_arrays_arrive_as_they_left(kernels: Path) -> None:
    arrays = {"image": np.arange(6, dtype="float32").reshape(2, 3), "nothing": np.zeros((0, 4), "int64"), "one": np.float64(3.5)}
    values, back = calls.call("probes", "ping", {"text": "ü", "list": [1, None, 2.5]}, arrays, timeout=START)
    assert values == {"text": "ü", "list": [1, None, 2.5]}
    for name, array in arrays.items():
        assert back[name].dtype == np.asarray(array).dtype
        np.testing.assert_array_equal(back[name], array)


def test_probes_go_behind_whatever_trains_on_the_same_cores(kernels: Path) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    steps = {kind: os.getpriority(os.PRIO_PROCESS, pid(kind)) - own for kind in ("analysis", "probes")}
    assert steps == {"analysis": 0, "probes": min(kernel.NICE, 19 - own)}
    shared_out = Path(f"/proc/{pid('probes')}/autogroup")  # by session, where the system does that
    assert not shared_out.exists() or not shared_out.read_text() or shared_out.read_text().split()[-1] == str(kernel.NICE)


def test_an_analysis_comes_back_as_a_record_and_the_app_stays_without_keras(kernels: Path) -> None:
    analysis = calls.analyse(network(3), timeout=START)
    assert (analysis.name, analysis.total_params, analysis.layers[1].output_shape) == ("small", 15, (3,))
    code = "import sys; from builder.engine import calls; sys.exit(bool({'keras', 'tensorflow', 'sklearn', 'h5py'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_network_that_was_analysed_before_needs_no_kernel(kernels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = calls.analyse(network(5), timeout=START)
    monkeypatch.setattr(calls, "call", lambda *_, **__: pytest.fail("asked the kernel"))
    assert calls.analyse(network(5)) == first
    assert calls.analyse(network(5).model_copy(update={"name": "renamed"})).name == "renamed"


def test_what_the_longer_look_finds_stays_found_by_the_quick_one(kernels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = (Node(name="input", layer="Input", params={"shape": [4]}), Node(name="softmax", layer="Softmax", params={"axis": 4}))
    broken = Network(nodes=nodes, edges=(Edge(source="input", target="softmax"),))
    assert not calls.analyse(broken, timeout=START).problems
    [problem] = calls.analyse(broken, deep=True, timeout=START).problems
    assert problem.node == "softmax"
    monkeypatch.setattr(calls, "call", lambda *_, **__: pytest.fail("asked the kernel"))
    assert calls.analyse(broken).problems == (problem,)


def test_many_threads_may_analyse_and_only_so_many_analyses_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_kernel: str, _op: str, arguments: dict[str, Any], **_: object) -> Any:
        units = arguments["network"]["nodes"][1]["params"]["units"]
        return {"analysis": {"name": "small", "total_params": units}}, {}

    monkeypatch.setattr(calls, "call", answer)
    monkeypatch.setattr(calls, "_kept", OrderedDict())
    with ThreadPoolExecutor(8) as threads:
        asked = [units for units in range(1, 3 * calls.KEPT) for _ in range(4)]
        found = list(threads.map(lambda units: calls.analyse(network(units), deep=units % 2 == 0).total_params, asked))
    assert found == asked
    assert len(calls._kept) == calls.KEPT


def test_a_kernel_killed_while_it_works_gives_a_sentence_and_the_next_call_works(kernels: Path) -> None:
    victim = pid("analysis")
    os.kill(victim, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()
    with pytest.raises(BuilderError, match=r"ended.*once more"):
        calls.call("analysis", "ping", {}, timeout=START)
    assert calls.call("analysis", "ping", {"again": 1}, timeout=START)[0] == {"again": 1}
    assert pid("analysis") != victim


def test_a_kernel_killed_while_it_rests_is_not_even_noticed(kernels: Path) -> None:
    victim = psutil.Process(pid("analysis"))
    victim.kill()
    calls._kernels["analysis"]._process.popen.wait(10)
    assert calls.call("analysis", "ping", {"again": 2}, timeout=START)[0] == {"again": 2}
    assert not victim.is_running()


def test_a_call_that_overruns_ends_with_its_kernel_and_the_next_one_works(kernels: Path) -> None:
    victim = psutil.Process(pid("probes"))
    victim.suspend()
    with pytest.raises(BuilderError, match=r"within 0\.5 s"):
        calls.call("probes", "ping", {}, timeout=0.5)
    assert not victim.is_running()
    with pytest.raises(BuilderError, match="still loading"):
        calls.call("probes", "ping", {}, timeout=0.05)
    assert calls.call("probes", "ping", {"again": 3}, timeout=START)[0] == {"again": 3}


def test_a_slow_probe_delays_no_edit(kernels: Path) -> None:
    calls.call("analysis", "ping", {}, timeout=START)
    slow = psutil.Process(pid("probes"))
    slow.suspend()
    try:
        waiting = threading.Thread(target=lambda: calls.call("probes", "ping", {}, timeout=START))
        waiting.start()
        calls.analyse(network(7), timeout=5)
        assert waiting.is_alive()
    finally:
        slow.resume()
    waiting.join()


def test_a_long_second_look_lets_edits_pass(kernels: Path) -> None:
    deep = threading.Thread(target=lambda: calls.analyse(zoo.network("resnet50"), deep=True, timeout=START))
    deep.start()
    answered = 0
    while deep.is_alive():
        calls.analyse(network(20 + answered), timeout=5)
        answered += deep.is_alive()
    assert answered >= 2, "the second look kept the edits waiting"
    assert not calls.analyse(zoo.network("resnet50"), deep=True).problems


def test_many_threads_may_call_and_each_gets_its_own_answer(kernels: Path) -> None:
    answers: dict[int, int] = {}

    def ask(number: int) -> None:
        answers[number] = calls.call("analysis", "ping", {"number": number}, timeout=START)[0]["number"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: number for number in range(24)}


def test_a_bug_in_an_operation_is_a_calm_sentence_and_a_traceback_in_the_log(kernels: Path) -> None:
    with pytest.raises(BuilderError, match=r"unexpected KeyError.*log"):
        calls.call("analysis", "analyse", {}, timeout=START)
    assert "KeyError: 'network'" in (kernels / "logs" / "kernel-analysis.log").read_text()
    assert calls.call("analysis", "ping", {}, timeout=START) == ({}, {})


def test_status_names_the_device(kernels: Path) -> None:
    assert calls.status()["ready"]
    assert calls.call("probes", "ping", {}, timeout=START) == ({}, {})
    assert calls.status()["looks"]
    assert any(word in calls.status()["device"] for word in ("CPU", "NVIDIA", "GPU"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_kernels_end_with_the_app_that_started_them(how: signal.Signals, tmp_path: Path) -> None:
    code = "import time; from builder.engine import calls; calls.warm_up(); print(*[k.pid for k in calls._kernels.values()], flush=True); time.sleep(60)"
    environment = {**os.environ, "BUILDER_HOME": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout
        left = [psutil.Process(int(each)) for each in app.stdout.readline().split()]
        assert len(left) == 2
        app.send_signal(how)
    _, alive = psutil.wait_procs(left, timeout=20)
    assert not alive


class Pretender(process._Process):
    """A kernel without Keras: a thread that says hello and answers every call with its own number; the first one has grown too large."""

    made: list["Pretender"]
    silent: tuple[int, ...] = ()  # those that never say hello

    def __init__(self, kind: str) -> None:
        self.pipe, self.theirs = socket.socketpair()
        self.popen = subprocess.Popen(["sleep", "60"])
        self.device, self.started = "", time.monotonic()
        self.number = len(self.made)
        self.made.append(self)
        if self.number not in self.silent:
            threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        messages.send(self.theirs, {"device": "pretended"})
        try:
            while True:
                messages.receive(self.theirs)
                messages.send(self.theirs, {"result": {"number": self.number}, "restart_wanted": self.number == 0})
        except messages.Closed:
            self.theirs.close()

    def die(self) -> None:
        """End as a process does that the system ends."""
        self.popen.kill()
        self.popen.wait()
        self.theirs.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Iterator[process.Kernel]:
    """A kernel whose processes are pretended, and none of them is left afterwards."""
    monkeypatch.setattr(Pretender, "made", [], raising=False)
    monkeypatch.setattr(process, "_Process", Pretender)
    kernel = process.Kernel("analysis")
    yield kernel
    kernel.stop()
    assert all(each.popen.poll() is not None for each in Pretender.made)


def comes_to_answer(kernel: process.Kernel, number: int) -> bool:
    """Whether calls are answered by the process of this number once those that were begun have had time to load."""
    for _ in range(500):
        if kernel.call("ping", {}, {}, 5)[0] == {"number": number}:
            return True
        time.sleep(0.01)
    return False


def test_a_server_with_more_than_1024_descriptors_gets_a_kernel(pretended: process.Kernel) -> None:
    raise_limit()
    more = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        assert pretended.call("ping", {}, {}, 5)[0] == {"number": 0}
    finally:
        for each in more:
            os.close(each)


def test_a_kernel_that_has_grown_too_large_is_replaced_between_two_calls(pretended: process.Kernel) -> None:
    assert pretended.call("ping", {}, {}, 5)[0] == {"number": 0}
    assert comes_to_answer(pretended, 1)
    assert Pretender.made[0].popen.poll() is not None


def test_a_successor_that_dies_while_it_loads_is_replaced(pretended: process.Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pretender, "silent", (1,))
    assert pretended.call("ping", {}, {}, 5)[0] == {"number": 0}
    Pretender.made[1].die()
    assert comes_to_answer(pretended, 2)
    assert Pretender.made[0].popen.poll() is not None


def test_a_successor_that_dies_once_it_has_loaded_takes_no_call_with_it(pretended: process.Kernel) -> None:
    assert pretended.call("ping", {}, {}, 5)[0] == {"number": 0}
    assert select.select([Pretender.made[1].pipe], [], [], 5)[0], "no hello"
    Pretender.made[1].die()
    assert comes_to_answer(pretended, 2)


def test_a_successor_that_never_gets_to_load_is_replaced(pretended: process.Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pretender, "silent", (1,))
    assert pretended.call("ping", {}, {}, 5)[0] == {"number": 0}
    Pretender.made[1].started -= process.LONGEST_START + 1
    assert comes_to_answer(pretended, 2)
    assert Pretender.made[1].popen.poll() is not None


def test_a_kernel_that_ends_while_its_successor_loads_is_followed_by_it(pretended: process.Kernel) -> None:
    assert pretended.call("ping", {}, {}, 5)[0] == {"number": 0}
    Pretender.made[0].die()
    assert comes_to_answer(pretended, 1)
    assert len(Pretender.made) == 2
