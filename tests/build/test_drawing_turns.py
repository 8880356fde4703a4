"""Pages are drawn in turns, so that edits need not share the interpreter with forty of them."""

import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.frame.turns import AT_ONCE, DRAWING

BUILD = Path(__file__).resolve().parents[2] / "pages" / "1_build.py"


def opened() -> AppTest:
    page = AppTest.from_file(str(BUILD), default_timeout=60)
    page.session_state["_owner"] = "session-me"
    return page


def test_a_page_waits_while_as_many_are_drawn_as_may_be_at_once(home: Path) -> None:
    for _ in range(AT_ONCE):
        assert DRAWING.acquire(timeout=5)
    page = opened()
    drawn = threading.Thread(target=page.run)
    drawn.start()
    drawn.join(2)
    assert drawn.is_alive()
    for _ in range(AT_ONCE):
        DRAWING.release()
    drawn.join(60)
    assert not drawn.is_alive() and page.segmented_control


def test_a_page_that_cannot_be_drawn_gives_its_turn_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.build.canvas.picture", lambda *_: 1 / 0)
    for _ in range(AT_ONCE + 1):
        assert opened().run().exception
    monkeypatch.undo()
    assert not opened().run().exception
