"""The scripts that the browser gets: whole, from here alone, and with nothing that turns text into markup."""

import os
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from builder.web import ROUTES
from builder.web.assets import FOLDER, PLOTLY, Assets
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


@pytest.mark.parametrize(
    ("address", "file"), [("/assets/canvas/editor.js", FOLDER / "canvas" / "editor.js"), ("/assets/plotly.min.js", PLOTLY)]
)
def test_a_script_comes_compressed_to_who_takes_gzip_and_plain_to_others_and_once(address: str, file: Path) -> None:
    with TestClient(Starlette(routes=ROUTES)) as client:
        packed, plain = (client.get(address, headers={"Accept-Encoding": each}) for each in ("gzip", "identity"))
        assert packed.content == plain.content == file.read_bytes()
        assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
        assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) == file.stat().st_size
        assert packed.headers["Content-Type"].startswith("text/javascript")
        known = client.get(address, headers={"If-None-Match": packed.headers["ETag"]})
        assert known.status_code == 304 and not known.content
        assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_script_that_changed_is_sent_anew(tmp_path: Path) -> None:
    script = tmp_path / "a.js"
    with TestClient(Starlette(routes=[Mount("/assets", Assets(directory=tmp_path))])) as client:
        script.write_text("export const a = 1;")
        first = client.get("/assets/a.js")
        script.write_text("export const a = 2;")
        os.utime(script, ns=(1, 1))
        then = client.get("/assets/a.js", headers={"If-None-Match": first.headers["ETag"]})
        assert then.text == "export const a = 2;" and first.headers["Cache-Control"] == "no-cache"
        assert client.get("/assets/../test_web_assets.py").status_code == client.get("/assets/b.js").status_code == 404
