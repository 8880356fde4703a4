"""What a press tells comes when the page is drawn: a callback draws nothing, for in a fragment that would stand in another element's place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGES = sorted((Path(__file__).resolve().parents[2] / "pages").rglob("*.py"))
# what of Streamlit a callback may use: it draws nothing; a spinner does, over the whole page, and its callbacks are of no fragment
SILENT = {"session_state", "query_params", "context", "spinner"}


def callbacks(tree: ast.Module) -> Iterator[ast.AST]:
    """What a module hands to its fields as callbacks, and what of the module these call."""
    known = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    given = [
        word.value for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords if (word.arg or "").startswith("on_")
    ]
    given += [
        value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and str(key.value).startswith("on_")
    ]
    seen: set[str] = set()
    while given:
        here = given.pop()
        yield here
        names = {each.id for each in ast.walk(here) if isinstance(each, ast.Name) and each.id in known}
        given += [known[name] for name in names - seen]
        seen |= names


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_callback_draws(path: Path) -> None:
    used = [node for each in callbacks(ast.parse(path.read_text())) for node in ast.walk(each) if isinstance(node, ast.Attribute)]
    drawn = {node.attr for node in used if isinstance(node.value, ast.Name) and node.value.id == "st"} - SILENT
    assert not drawn


def test_what_was_told_is_shown_once_and_as_it_was_written() -> None:
    def page() -> None:
        import streamlit as st

        from pages.frame import toasts

        st.button("Press", on_click=toasts.tell, args=("*a* is in the queue", ":material/schedule:"))
        toasts.show()

    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert [toast.value for toast in app.toast] == ["\\*a\\* is in the queue"]
    assert not app.run().toast
