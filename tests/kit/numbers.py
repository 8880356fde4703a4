"""A number's text box on a page under test, as a number."""

from typing import Any

from builder.typed import read_number, written


class NumberBox:
    """A box that shows a number; `set` types one, or any text."""

    def __init__(self, widget: Any) -> None:
        self.widget = widget
        self.disabled = widget.disabled

    @property
    def text(self) -> str:
        return str(self.widget.value)

    @property
    def value(self) -> float | None:
        return read_number(self.text, "it")

    def set_value(self, value: float | str | None) -> Any:
        return self.widget.set_value(value if isinstance(value, str) else written(value))


def number(page: Any, label: str = "", key: str = "") -> NumberBox:
    """The box with this label or key."""
    if key:
        return NumberBox(page.text_input(key=key))
    found = [widget for widget in page.text_input if widget.label.replace("\\", "") == label]
    assert found, [widget.label for widget in page.text_input]
    return NumberBox(found[0])
