"""The live curves in a real browser: the test plays the worker, so nothing is trained and every moment is known."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from builder import zoo
from builder.bench.browser import browser, chromium
from builder.bench.server import serving
from builder.engine.launch import lock_of
from builder.locks import take
from builder.runs import Settings, Status
from builder.store import default_store
from builder.web.owner import COOKIE, owner_of
from tests.kit.acting import Worker

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH")]

SECRET = "the-owner-s-own-cookie"
RANGES = "() => [...document.querySelectorAll('.live-plot')].map((plot) => plot.layout.xaxis.range)"
POINTS = "() => (document.querySelector('.live-plot')?.data ?? []).map((trace) => trace.x.length)"


@pytest.fixture
def worker(home: Path) -> Iterator[Worker]:
    store = default_store()
    project = store.create_project(owner_of({COOKIE: SECRET}), "mine", [zoo.network("digit_cnn")])
    worker = Worker(store, project.id, 12)
    worker.learn(3)
    yield worker
    worker.end(Status.stopped)


@pytest.fixture
def page(worker: Worker, home: Path) -> Iterator[Any]:
    """The owner's tab on the Train page, its curves drawn; nothing may go wrong in its console."""
    with serving(home=home) as url, browser() as chrome:
        context = chrome.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": COOKIE, "value": SECRET, "url": url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}/train?project={worker.run.project}")
        page.wait_for_function(f"() => document.querySelectorAll('.live-plot .scatterlayer').length === 2 && ({POINTS})()[1] === 3")
        yield page
        assert not complaints


def line(page: Any, text: str) -> None:
    """The run's line says this within a few seconds."""
    page.locator(".live-line").filter(has_text=text).wait_for(timeout=15_000)


def test_curves_grow_and_a_zoom_stays(page: Any, worker: Worker) -> None:
    line(page, "epoch 4 of 12 · 1,840 images a second · 6 s left")
    place = page.query_selector(".live-plot .nsewdrag").bounding_box()
    page.mouse.move(place["x"] + 0.3 * place["width"], place["y"] + 80)
    page.mouse.down()
    page.mouse.move(place["x"] + 0.7 * place["width"], place["y"] + 84, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Reset zoom").first.wait_for()
    zoomed = page.evaluate(RANGES)
    assert zoomed[0] == zoomed[1] and zoomed[0][0] > 0  # both charts show the same epochs
    worker.learn(4)
    page.wait_for_function(f"() => ({POINTS})().join() === '28,7,7'")
    assert page.evaluate(RANGES) == zoomed
    page.get_by_role("button", name="Reset zoom").first.click()
    page.wait_for_function(f"() => ({RANGES})().every((range) => range[1] >= 7)")


def test_pause_resume_and_stop_answer_at_once_and_then_tell_the_truth(page: Any, worker: Worker) -> None:
    page.get_by_role("button", name="Pause").click()
    line(page, "pausing in epoch 4 of 12")
    worker.hear("pause")
    worker.tell(Status.paused)
    line(page, "paused in epoch 4 of 12")
    page.get_by_role("button", name="Resume").click()
    worker.hear("resume")
    worker.tell(Status.running)
    line(page, "epoch 4 of 12")
    page.get_by_role("button", name="Stop").click()
    worker.hear("stop")
    worker.end(Status.stopped)
    line(page, "stopped in epoch 4 of 12")
    expect(page.get_by_role("button", name="Test on 270 unseen samples")).to_be_visible(timeout=15_000)  # the end refreshed the page


def test_a_run_that_is_resumed_after_an_interruption_is_followed_again(page: Any, worker: Worker) -> None:
    other = Worker(worker.store, str(worker.run.project), 2)  # keeps the one slot, so that nothing really starts
    page.locator(".live-runs").get_by_role("button", name=worker.run.name).click()
    page.wait_for_function(f"location.search.includes('{worker.run.id}')")
    worker.end(Status.interrupted)
    line(page, "interrupted in epoch 4 of 12")
    page.get_by_role("button", name="Resume").click()
    line(page, "next in the queue")
    worker.lock = take(lock_of(worker.run.id))
    worker.tell(Status.running)
    worker.learn(1)
    line(page, "epoch 5 of 12")
    page.wait_for_function(f"() => ({POINTS})()[1] === 4")
    assert page.evaluate(POINTS)[1] == 4
    other.end(Status.stopped)


def test_a_run_in_the_queue_names_the_paused_one_it_waits_for(page: Any, worker: Worker) -> None:
    second = worker.store.create_run(str(worker.run.project), zoo.network("digit_cnn"), Settings(dataset="digits28"))
    worker.tell(Status.paused)
    page.locator(".live-runs tr", has_text=worker.run.name).filter(has_text="0.700 val_accuracy, epoch 3").wait_for()
    page.reload()
    page.locator(".live-runs").get_by_role("button", name=second.name).click()
    waits = f"next in the queue · waits for {worker.run.name}, which is paused"
    expect(page.locator(".live-line").filter(has_text=waits)).to_be_visible(timeout=15_000)


def test_a_second_run_is_overlaid_by_a_tick_and_shown_by_a_press(page: Any, worker: Worker) -> None:
    other = Worker(worker.store, str(worker.run.project), 2)
    other.learn(2)
    other.end(Status.finished)
    worker.store.rename_run(other.run.id, "<b>other</b>")
    page.reload()
    page.get_by_label("Overlay the curves of <b>other</b>").click(timeout=30_000)
    page.wait_for_function(f"() => ({POINTS})().join() === '2,2,12,3,3'")
    page.locator(".live-runs").get_by_role("button", name="<b>other</b>").click()
    page.locator(".live-title h2").filter(has_text="<b>other</b>").wait_for()
    expect(page).to_have_url(re.compile(other.run.id), timeout=60_000)
