"""What a person sees whose tab is there before Keras is: the Train page waits without a word against the network, and comes back by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builder import zoo
from builder.bench.browser import chromium
from builder.bench.server import serving
from builder.store import Project, default_store
from builder.web.owner import COOKIE, owner_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(400)]

SECRET = "the-owner-s-own-cookie"
FIRST = "() => ['.live-root', '.st-key-recipe'].map((part) => document.querySelector(part).getBoundingClientRect().top).every((top, at, all) => top >= all[0])"
INSIDE = "(element) => { const { top, bottom } = element.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; }"


@pytest.fixture
def project(home: Path) -> Project:
    return default_store().create_project(owner_of({COOKIE: SECRET}), "Lesson", [zoo.network("lenet5")])


@pytest.fixture
def tab(project: Project, home: Path, chrome: Any) -> Iterator[Any]:
    """A tab on Train that was opened as soon as the server answered."""
    with serving(home=home) as url:
        context = chrome.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": COOKIE, "value": SECRET, "url": url}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{url}/train?project={project.id}")
        yield page
        context.close()


def test_train_waits_for_keras_follows_an_edit_made_elsewhere_and_every_tab_has_its_name(tab: Any, project: Project) -> None:
    tab.get_by_text("Keras is loading; what this network needs follows in a moment.").wait_for()
    assert tab.get_by_test_id("stAlert").count() == 0 and tab.locator(".train-before").count() == 0
    tab.get_by_text("61,706 parameters").wait_for(timeout=180_000)  # nobody has pressed anything
    assert tab.get_by_test_id("stAlert").count() == 0 and tab.get_by_role("button", name="Train", exact=True).is_enabled()
    assert tab.title() == "Train · lenet5 · Lesson · Layerloom"
    assert tab.locator("h1").all_inner_texts() == ["Train: lenet5, Lesson"]

    other = tab.context.new_page()  # the same network in another tab
    other.set_default_timeout(60_000)
    other.goto(tab.url.replace("/train", "/"))
    other.locator("[data-name=conv_1]").wait_for()
    assert other.title() == "Build · lenet5 · Lesson · Layerloom"
    answer = other.evaluate(
        """async ([project, edit]) => (await fetch(`/api/projects/${project}/edits`, { method: "POST",
           headers: { "Content-Type": "application/json" }, body: JSON.stringify({ network: "lenet5", revision: 0, edit }) })).status""",
        [project.id, {"kind": "set", "name": zoo.network("lenet5").outputs[0].name, "params": {"units": 11}}],
    )
    assert answer == 200
    tab.get_by_text("61,791 parameters").wait_for()  # 84 weights and a bias more

    tab.set_viewport_size({"width": 1024, "height": 768})
    proposed, help = (
        tab.locator(".train-proposed").bounding_box(),
        tab.locator(".st-key-loss [data-testid=stTooltipIcon]").first.bounding_box(),
    )
    assert proposed["x"] + proposed["width"] <= help["x"]  # neither lies over the other
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.wait_for_function(FIRST)  # a phone shows the run before the form of the next one

    other.locator(".st-key-project_menu button").first.click()
    upload = other.get_by_role("button", name="Upload", exact=True)
    upload.wait_for()
    assert upload.evaluate(INSIDE)
    assert other.get_by_text("MB per file").locator("visible=true").count() == 0  # a label says MiB
    other.get_by_role("button", name="Delete project").click()
    other.get_by_role("dialog").get_by_text("will be gone for good").wait_for()
    assert other.get_by_label("Project name").locator("visible=true").count() == 0  # the menu does not lie over the question
