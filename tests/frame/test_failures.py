"""A page that fails shows a sentence in its place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest


def failing() -> None:
    from builder.errors import BuilderError
    from pages.frame.failures import show_failure

    for error in (BuilderError("The epoch", "a whole number", "`x`"), ZeroDivisionError("secret/path")):
        assert show_failure(error)


def test_a_mistake_of_a_person_is_told_and_a_bug_is_told_calmly_without_its_words() -> None:
    app = AppTest.from_function(failing).run()
    assert not app.exception
    mistake, bug = (error.value for error in app.error)
    assert mistake.replace("\\", "") == "The epoch needs a whole number, but got `x`."
    assert "secret" not in bug
    assert "nothing of them is lost" in bug
    assert [button.label for button in app.button] == ["Try again", "Try again"]


def test_parts_that_fail_alike_each_have_their_own_way_to_try_again() -> None:
    def alike() -> None:
        from builder.errors import BuilderError
        from pages.frame.failures import show_failure

        for _ in range(3):
            show_failure(BuilderError("The kernel", "a moment", "a queue of other calls before it"))

    app = AppTest.from_function(alike).run()
    assert not app.exception and len(app.error) == len(app.button) == 3
    app.button[1].click().run()
    assert not app.exception and len(app.button) == 3


def test_the_log_has_the_traceback_of_a_bug_and_none_of_what_is_meant_for_a_person(caplog: pytest.LogCaptureFixture) -> None:
    from pages.frame.failures import keep_log_of_bugs

    def away() -> None:
        from builder.errors import Unavailable

        raise Unavailable("The database", "its server", "no answer")

    def bug() -> None:
        raise ZeroDivisionError("a bug")

    keep_log_of_bugs()
    for page in (away, bug):
        AppTest.from_function(page).run()
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["a bug"]


MARKDOWN = {"error", "warning", "info", "success", "toast", "caption", "markdown", "write"}


def unescaped(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of a text that are neither written in the program nor switched off by `plain`."""
    if isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper()):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "plain":
        return
    parts = {ast.JoinedStr: ["values"], ast.FormattedValue: ["value"], ast.IfExp: ["body", "orelse"]}.get(type(node))
    if parts is None:
        yield node
    for name in parts or ():
        found = getattr(node, name)
        for each in found if isinstance(found, list) else [found]:
            yield from unescaped(each)


PAGES = sorted((Path(__file__).resolve().parents[2] / "pages").rglob("*.py"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_whatever_is_not_written_in_the_program_is_shown_as_plain_text(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    shown = [call.args[0] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in MARKDOWN and call.args]
    assert [ast.unparse(wrong) for text in shown for wrong in unescaped(text)] == []


def test_the_server_hands_failures_to_the_pages_own_words() -> None:
    import app

    assert app.app._on_script_error is app.show_error
