"""The main job in a real browser on the real server: build, train, look inside, refresh, restart; nothing is lost."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import expect

from builder.bench.browser import chromium
from builder.bench.server import APP, answers, free_port, start, stop

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(600),
]


class Place:
    """One data folder and one port, on which a server can be started, stopped and started again."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://localhost:{self.port}"
        self.process = start(APP, self.port, home)

    def restart(self) -> None:
        stop(self.process)
        self.process = start(APP, self.port, self.home)

    def processes(self) -> list[psutil.Process]:
        """Whatever runs with this data folder: servers, kernels, supervisors, workers."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("BUILDER_HOME") == str(self.home):
                    found.append(process)
            except psutil.Error:
                continue
        return [process for process in found if process.pid != os.getpid()]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("browser") / "home")
    yield place
    stop(place.process)
    deadline = time.monotonic() + 60
    while place.processes() and time.monotonic() < deadline:
        time.sleep(0.5)
    left = [" ".join(process.cmdline()) for process in place.processes()]
    assert not left, f"processes left after everything was closed: {left}"


@pytest.fixture
def page(chrome: Any, place: Place) -> Iterator[Any]:
    """A tab of a browser without history, and a list of what its console complains of."""
    context = chrome.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)) if answers(place.url) else None)  # a server that restarts is away
    yield page
    context.close()
    assert not complaints


def card(page: Any, name: str) -> Any:
    return page.locator(f'[data-name="{name}"]')


def assert_shows(locator: Any, text: str) -> None:
    """The text comes onto the screen in this place."""
    locator.filter(has_text=text).first.wait_for()


def test_the_first_screen_is_a_working_network_with_its_shapes_and_counts(page: Any, place: Place) -> None:
    page.goto(place.url)
    assert_shows(card(page, "conv_1"), "height 26 · width 26 · channels 32")
    assert_shows(card(page, "conv_1"), "320 parameters")
    assert_shows(card(page, "digits"), "1,290 parameters")
    page.get_by_text("225,034").first.wait_for()
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_a_layer_goes_between_two_others_and_undo_takes_it_out(page: Any, place: Place) -> None:
    page.goto(place.url)
    card(page, "pool_1").wait_for()
    page.get_by_label("Insert a layer between conv_1 and pool_1").click()
    page.keyboard.type("Conv2D")
    page.keyboard.press("Enter")
    assert_shows(card(page, "conv2d"), "height 24 · width 24")
    assert_shows(card(page, "pool_1"), "height 12 · width 12")
    page.keyboard.press("Control+z")
    assert_shows(card(page, "pool_1"), "height 13 · width 13")
    assert card(page, "conv2d").count() == 0


def test_a_number_changed_in_the_form_changes_every_shape_below(page: Any, place: Place) -> None:
    page.goto(place.url)
    card(page, "conv_1").click()
    field = page.get_by_label("filters", exact=True).first
    field.wait_for()
    field.fill("16")
    field.press("Enter")
    assert_shows(card(page, "conv_1"), "channels 16")
    assert_shows(card(page, "pool_1"), "channels 16")
    assert_shows(card(page, "conv_2"), "9,280 parameters")  # (3 x 3 x 16 + 1) x 64
    page.reload()
    assert_shows(card(page, "conv_2"), "9,280 parameters")


def test_who_has_the_link_sees_a_change_as_it_is_made_and_a_restart_in_between(page: Any, chrome: Any, place: Place) -> None:
    page.goto(place.url)
    card(page, "conv_1").click()
    field = page.get_by_label("filters", exact=True).first
    field.wait_for()
    student = chrome.new_context(viewport={"width": 390, "height": 844}).new_page()
    student.goto(page.url)
    assert_shows(card(student, "conv_1"), "26 × 26 × 32")
    field.fill("11")
    field.press("Enter")
    assert_shows(card(student, "conv_1"), "26 × 26 × 11")
    place.restart()
    page.reload()
    card(page, "pool_1").click()
    page.keyboard.press("Delete")
    card(student, "pool_1").wait_for(state="detached")
    student.context.close()


def test_a_digit_network_trains_while_the_app_is_used_and_survives_a_refresh_and_a_restart(page: Any, place: Place) -> None:
    page.goto(place.url)
    card(page, "conv_1").wait_for()
    page.get_by_role("link", name="Train", exact=True).click()
    page.get_by_label("epochs", exact=True).fill("4")
    page.get_by_label("epochs", exact=True).press("Enter")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text(re.compile(r"epoch [1-4] of 4")).first.wait_for(timeout=90_000)
    page.get_by_role("link", name="Build", exact=True).click()  # the app goes on
    card(page, "conv_1").wait_for()
    page.get_by_role("link", name="Train", exact=True).click()
    page.wait_for_url("**/train*")
    page.reload()
    page.get_by_text(re.compile(r"epoch [1-4] of 4|finished", re.I)).first.wait_for()
    place.restart()
    page.goto(page.url)
    page.get_by_text(re.compile("finished", re.I)).first.wait_for(timeout=120_000)
    page.get_by_role("link", name="Explore", exact=True).click()
    page.locator(".ov-card[data-name=conv_1] canvas").first.wait_for()
    expect(page.get_by_text("The run's own output").first).to_be_visible(timeout=60_000)
