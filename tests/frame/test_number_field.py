"""Boxes and tables of numbers: what is typed is read or refused in its place, and what the box shows is what counts."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.explore.number_table import read_cells
from tests.kit.numbers import number


def page() -> None:
    """A box that the session keeps, one that its page keeps, and what they come to."""
    import streamlit as st

    from pages.frame.number_field import number_field

    kept = number_field("Seed", 0, 9999, 7, key="seed", steps=True)
    st.session_state.setdefault("value", 0.5)
    shown = number_field(
        "Value", -1e6, 1e6, st.session_state["value"], key="box", whole=False, on_change=lambda new: st.session_state.update(value=new)
    )
    st.text(f"{kept} {shown}")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page, default_timeout=60).run()


def come_to(app: AppTest) -> str:
    return str(app.text[0].value)


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("1,024", 1024), ("1 024", 1024), ("3.0", 3), ("", 7)])
def test_a_whole_number_is_taken(app: AppTest, text: str, value: int) -> None:
    number(app, "Seed").set_value(text).run()
    assert come_to(app) == f"{value} 0.5" and number(app, "Seed").text == str(value)


@pytest.mark.parametrize("text", ["3.7", "1.024", "seven", "-1", "10000"])
def test_what_cannot_be_stays_in_its_box_with_the_reason_until_it_is_mended(app: AppTest, text: str) -> None:
    number(app, "Seed").set_value(text).run()
    assert come_to(app) == "7 0.5" and number(app, "Seed").text == text
    assert any("Seed needs a whole number from 0 to 9,999" in each.value for each in app.markdown)
    number(app, "Seed").set_value("8").run()
    assert come_to(app) == "8 0.5" and not app.markdown


def test_a_decimal_comma_reaches_the_page_that_keeps_the_number(app: AppTest) -> None:
    number(app, "Value").set_value("0,25").run()
    assert come_to(app) == "7 0.25" and number(app, "Value").text == "0.25"
    number(app, "Value").set_value("1,500").run()
    assert come_to(app) == "7 0.25" and number(app, "Value").text == "1,500"


def test_buttons_go_to_the_number_before_and_the_next_within_the_limits(app: AppTest) -> None:
    app.button(key="seed more").click().run()
    assert come_to(app) == "8 0.5"
    number(app, "Seed").set_value("0").run()
    assert app.button(key="seed less").disabled and not app.button(key="seed more").disabled


@pytest.mark.parametrize(("typed", "value", "told"), [("0,5", 0.5, 0), ("1,500", 2.0, 1), (None, 2.0, 0), ("x", 2.0, 1), ("99", 2.0, 1)])
def test_a_cell_is_read_as_a_box_is(typed: Any, value: float, told: int) -> None:
    values = np.array([[1.0, 2.0]])
    made, refused = read_cells(values, [["1", "2"]], np.array([["1", typed]], object), ["a", "b"], [(0, 9), (0, 9)])
    assert made.tolist() == [[1.0, value]] and len(refused) == told
