"""The scripts that the browser gets: whole, from here alone, and with nothing that turns text into markup."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from builder.web import ROUTES
from builder.web.assets import FOLDER
from builder.web.preload import PAGES, link

SCRIPTS = sorted(FOLDER.rglob("*.js"))
NAMES = [str(path.relative_to(FOLDER)) for path in SCRIPTS]


@pytest.mark.parametrize("script", SCRIPTS, ids=NAMES)
def test_a_script_makes_no_markup_from_text(script: Path) -> None:
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script.read_text())


@pytest.mark.parametrize("script", SCRIPTS, ids=NAMES)
def test_a_script_asks_no_other_server(script: Path) -> None:
    addresses = re.findall(r"https?://[^\s\"'`]+", script.read_text())
    assert [address for address in addresses if not address.startswith("http://www.w3.org/")] == []  # a namespace, no request


@pytest.mark.parametrize("script", SCRIPTS, ids=NAMES)
def test_every_import_leads_to_a_name_that_is_there(script: Path) -> None:
    for names, module in re.findall(r"^import \{([^}]*)\} from \"(\.[^\"]+)\"", script.read_text(), re.MULTILINE):
        text = (script.parent / module).read_text()
        for name in (each.strip() for each in names.split(",")):
            assert re.search(rf"export (async )?(const|function|class) {name}\b", text), f"{module} has no {name}"


def test_the_first_page_tells_of_every_module_it_needs() -> None:
    header = link("/")
    for path in FOLDER.glob("canvas/*.js"):
        assert f"</assets/canvas/{path.name}>; rel=modulepreload" in header
    assert re.search(r"/static/js/BidiComponent\.[\w-]+\.js", header)


@pytest.mark.parametrize("page", [*PAGES, "/train/", "/elsewhere"])
def test_everything_that_a_page_is_told_to_fetch_is_there(page: str) -> None:
    addresses = re.findall(r"<([^>]+)>", link(page))
    assert "/assets/frame/frame.js" in addresses
    with TestClient(Starlette(routes=ROUTES)) as client:
        assert {client.get(each).status_code for each in addresses if not each.startswith("/static/")} == {200}


def test_each_page_is_told_of_its_own_modules_alone() -> None:
    assert "/assets/explore/layers/overview-world.js" in link("/explore") and "/assets/canvas/editor.js" not in link("/explore")
    assert "/assets/train/charts.js" in link("/train") and "/assets/explore/layers/overview.js" not in link("/")


def test_a_person_who_prefers_less_motion_gets_none() -> None:
    style = (FOLDER / "canvas" / "canvas.css").read_text()
    assert "animation:" not in style
    assert "transition:" not in style
    for script in SCRIPTS:
        text = (FOLDER / "canvas" / "editor.js" if script.name == "world.js" else script).read_text()  # the editor lets the world slide
        assert ".animate(" not in script.read_text() or "calm()" in text, script.name
