"""A page that fails shows a sentence in its place."""

from streamlit.testing.v1 import AppTest


def failing() -> None:
    from builder.errors import BuilderError
    from pages.frame.failures import calm

    for error in (BuilderError("The epoch", "a whole number", "`x`"), ZeroDivisionError("secret/path")):
        assert calm(error)


def test_a_mistake_of_a_person_is_told_and_a_bug_is_told_calmly_without_its_words() -> None:
    app = AppTest.from_function(failing).run()
    assert not app.exception
    mistake, bug = (error.value for error in app.error)
    assert mistake.replace("\\", "") == "The epoch needs a whole number, but got `x`."
    assert "secret" not in bug
    assert "nothing of them is lost" in bug
    assert [button.label for button in app.button] == ["Try again", "Try again"]


def test_the_server_hands_failures_to_the_pages_own_words() -> None:
    import app

    assert app.app._on_script_error is app.told
