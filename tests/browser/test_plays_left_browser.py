"""What plays on Build leave to the other pages, in a real browser: their runs, their place at work, and a project that is gone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from builder import zoo
from builder.bench.browser import browser, chromium
from builder.bench.server import serving
from builder.engine.shipped import install
from builder.runs import Settings, Status
from builder.store import Project, default_store
from builder.web.owner import COOKIE, owner_of
from tests.kit.acting import Worker

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(400)]

SECRET = "the-owner-s-own-cookie"
LONG = 90_000  # ms, for a page that loads on a busy machine
SIZES = [(1440, 900), (390, 844)]


@pytest.fixture
def project(home: Path) -> Project:
    """A project with the run that ships and ten plays that nobody has kept."""
    store = default_store()
    project = store.create_project(owner_of({COOKIE: SECRET}), "mine", [zoo.network("digit_cnn")])
    install(project.id)
    for _ in range(10):
        store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"), played=True, status=Status.stopped)
    return project


@pytest.fixture
def tabs(home: Path, project: Project) -> Iterator[Any]:
    """Opens tabs at an address of the app, as the project's owner or as a visitor; nothing may go wrong in their scripts."""
    complaints: list[str] = []
    with serving(home=home) as url, browser() as chrome:

        def tab(path: str, owner: bool = True, size: tuple[int, int] = SIZES[0]) -> Any:
            context = chrome.new_context(viewport={"width": size[0], "height": size[1]})
            if owner:
                context.add_cookies([{"name": COOKIE, "value": SECRET, "url": url}])
            page = context.new_page()
            page.set_default_timeout(LONG)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{url}/{path}")
            return page

        yield tab
    assert not complaints


def log(home: Path) -> str:
    return (home / "server.log").read_text()


def test_a_new_run_that_waits_for_a_play_starts_with_one_press_and_plays_do_not_bury_runs(tabs: Any, project: Project, home: Path) -> None:
    store = default_store()
    play = Worker(store, project.id, 12, played=True)
    play.learn(2)
    page = tabs(f"train?project={project.id}&run={play.run.id}")
    rows = page.locator(".live-runs tbody tr")
    expect(rows).to_have_count(2, timeout=LONG)  # the play that is shown, and the run that ships
    folded = page.get_by_role("button", name="Plays on Build (10)")
    folded.click()
    expect(rows).to_have_count(12)
    folded.click()
    expect(rows).to_have_count(2)

    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_enabled(timeout=LONG)
    train.click()
    waits = page.locator(".live-ahead")
    expect(waits).to_contain_text(re.compile(f"digit_cnn 13 waits: {play.run.name}, played on Build, is still learning"), timeout=LONG)
    expect(page.get_by_text(re.compile("is in the queue behind")).first).to_be_visible(timeout=LONG)
    page.get_by_role("button", name=f"End {play.run.name}").click()
    play.hear("stop")
    expect(page.locator(".live h2")).to_have_text("digit_cnn 13", timeout=LONG)
    play.end(Status.stopped)
    expect(waits).to_be_hidden(timeout=LONG)
    page.locator(".live-line", has_text=re.compile("epoch|starting")).wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator(".live-line", has_text="stopped").wait_for()
    assert "Warning" not in log(home) and "Traceback" not in log(home)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_runs_of_explore_s_list_can_be_read_whole(tabs: Any, project: Project, size: tuple[int, int]) -> None:
    store = default_store()
    (run, *_) = [each for each in store.runs(project.id) if not each.played]
    store.rename_run(run.id, "digits, a wider first convolution, half dropped")
    page = tabs(f"explore?project={project.id}", size=size)
    option = page.get_by_role("option", name="digits, a wider first convolution, half dropped · 0.977 val_accuracy at epoch 12")
    for _ in range(10):  # what the page still draws closes the list
        page.locator(".st-key-explore_run").get_by_role("combobox").click()
        page.wait_for_timeout(1000)
        if option.is_visible():
            break
    expect(option).to_be_visible()
    box = option.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]
    cut = "(e) => [e, ...e.querySelectorAll('*')].some((each) => each.clientWidth > 0 && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1))"
    assert not option.evaluate(cut)


def test_a_project_that_is_deleted_says_so_to_whoever_looks_on(tabs: Any, project: Project, home: Path) -> None:
    visitors = [tabs(f"{path}?project={project.id}", owner=False) for path in ("", "train", "explore")]
    for page, there in zip(visitors, (".st-key-stage", ".live h2", ".st-key-explore_run"), strict=True):
        page.locator(there).first.wait_for()
        page.wait_for_timeout(1500)  # until it listens
    owner = tabs(f"?project={project.id}")
    owner.locator(".st-key-project_menu button").first.click()
    owner.get_by_role("button", name="Delete project").click()
    owner.get_by_role("dialog").get_by_role("button", name="Delete project").click()
    for page in visitors:
        expect(page.get_by_text("This project is no longer here")).to_be_visible(timeout=LONG)
        page.get_by_role("button", name="Open my own project").click()
        expect(page.get_by_text("This project is no longer here")).to_be_hidden(timeout=LONG)
        expect(page.locator(".st-key-project_menu")).to_be_visible(timeout=LONG)
    late = tabs(f"explore?project={project.id}", owner=False)
    expect(late.get_by_text("There is no project at this address")).to_be_visible(timeout=LONG)
    assert "Traceback" not in log(home)
