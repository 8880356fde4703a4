"""Garbage is collected on a timer of our own, and not after each rerun with everyone waiting."""

import asyncio
import gc
import sys
import weakref

import pytest
from streamlit.testing.v1 import AppTest

from builder.web import collecting


class Knot:
    """An object that only a collection frees: it holds itself."""

    def __init__(self) -> None:
        self.own = self


def test_a_rerun_of_a_page_collects_nothing() -> None:
    def page() -> None:
        import streamlit as st

        st.text("a page")

    whole: list[str] = []

    def heard(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2 and "script_runner" in sys._getframe(1).f_code.co_filename:
            whole.append(phase)  # other threads of the tests may collect as they like

    app = AppTest.from_function(page).run()
    gc.disable()  # what Python itself decides is not what is asked here
    gc.callbacks.append(heard)
    try:
        app.run().run()
    finally:
        gc.callbacks.remove(heard)
        gc.enable()
    assert not app.exception and whole == []


def test_the_timer_frees_what_only_a_collection_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "SHORTEST", 0.01)
    monkeypatch.setattr(collecting, "SHARE", 1.0)
    knot = weakref.ref(Knot())

    async def until_free() -> None:
        timer = asyncio.create_task(collecting.collect_on_timer())
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
        gc.set_threshold(*usual)


@pytest.mark.parametrize("seconds", [0.001, 0.1, 0.3, 2.0])
def test_collections_take_a_hundredth_of_the_time_at_most(seconds: float) -> None:
    pause = collecting.pause_after(seconds)
    assert pause >= 15 and seconds / pause <= 0.01 + 1e-9
