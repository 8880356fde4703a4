"""Tokens on the page: spaces and lines' ends are seen in the input, in what the network says, and in what is right."""

from streamlit.testing.v1 import AppTest

from tests.kit.pages import html


def page() -> None:
    """A text's first characters as the left column shows them, and an answer at each step."""
    import numpy as np

    from builder.datasets import record
    from pages.explore.input import choose
    from pages.explore.view import Inspection

    text = record("pydoc")
    tokens = np.array([text.vocabulary.index(letter) for letter in "a b\nc"])
    choose.show_input(text, Inspection({}, {"raw": tokens}))
    said = {"kind": "steps", "classes": list(text.classes), "answer": tokens.tolist(), "target": tokens[::-1].tolist()}
    choose.show_prediction(Inspection({"prediction": said}, {}), text)


def test_a_space_and_a_line_s_end_are_seen() -> None:
    view = AppTest.from_function(page, default_timeout=60).run()
    assert not view.exception
    written = html(view)
    assert written.count("a ␣ b ⏎ c") == 2 and written.count("c ⏎ b ␣ a") == 1
