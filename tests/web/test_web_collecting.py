"""Garbage is collected on a timer of our own, and not after each rerun with everyone waiting."""

import asyncio
import gc
import subprocess
import sys
import weakref

import pytest

from builder.bench.server import APP
from builder.web import collecting


class Knot:
    """An object that only a collection frees: it holds itself."""

    def __init__(self) -> None:
        self.own = self


def test_the_server_s_reruns_collect_nothing() -> None:
    asked = "from streamlit import config; print(config.get_option('runner.postScriptGC'))"
    told = subprocess.run([sys.executable, "-c", asked], cwd=APP.parent, capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "False"


def test_the_timer_frees_what_only_a_collection_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "SHORTEST", 0.01)
    monkeypatch.setattr(collecting, "SHARE", 1.0)
    seen = []

    async def until_free() -> None:
        timer = asyncio.create_task(collecting.collect_on_timer())
        await asyncio.sleep(0)  # it has begun: what is there by now is looked at once, and never again
        seen.extend([gc.get_freeze_count(), knot := weakref.ref(Knot())])
        async with asyncio.timeout(20):
            while knot():
                await asyncio.sleep(0.01)
        timer.cancel()

    usual = gc.get_threshold()
    gc.disable()
    try:
        asyncio.run(until_free())
    finally:
        gc.enable()
        gc.unfreeze()
        gc.set_threshold(*usual)
    assert seen[0] > 10_000 and seen[1]() is None


@pytest.mark.parametrize("seconds", [0.001, 0.1, 0.3, 2.0])
def test_collections_take_a_two_hundredth_of_the_time_at_most(seconds: float) -> None:
    pause = collecting.pause_after(seconds)
    assert pause >= 15 and seconds / pause <= 0.005 + 1e-9
