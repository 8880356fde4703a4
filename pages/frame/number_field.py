"""Number fields: text boxes whose numbers are read by `builder.typed`, so that a browser never changes what was typed.

A number box of the browser drops the comma of "0,01" and the decimals of "3.7" before anyone sees them.
"""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, NamedTuple

import streamlit as st

from builder.errors import BuilderError
from builder.typed import Number, read_number, written
from builder.words import format_exact
from pages.frame import state
from pages.frame.words import plain

NUMBER: dict[str, Any] = {"autocomplete": "off"}  # by which assets/frame/numbers.js knows the boxes that the arrow keys change


def number_field(
    label: str,
    low: Number,
    high: Number,
    value: Number,
    *,
    key: str,
    whole: bool = True,
    digits: int | None = None,
    on_change: Callable[..., None] | None = None,
    args: tuple[Any, ...] = (),
    steps: bool = False,
    **more: Any,
) -> Any:
    """A number between two limits; what cannot be one stays in the box, with the reason below it.

    Args:
        value: what it shows; without `on_change` what it begins with, and the session keeps the rest.
        digits: what the box rounds to, for the eye only.
        on_change: called with `args` and the new number.
        steps: whether buttons beside it go to the number before and the next.
        more: arguments of the text box.
    """
    now = value if on_change else min(max(st.session_state.get(_kept(key), value), low), high)
    refused = st.session_state.get(_refused(key))
    if refused and refused[1] != now:
        refused = None  # it is about a number that is no longer there
    if not refused:
        state.give(key, written(now, digits))
    told = _Told(key, label, low, high, whole, on_change, args)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall") if steps else nullcontext():
        st.text_input(label, key=key, on_change=_typed, args=(told, now), **NUMBER, **more)
        for sign, name, step in (("−", "less", -1), ("+", "more", 1)) if steps else ():
            st.button(sign, key=f"{key} {name}", disabled=not low <= now + step <= high, on_click=_take, args=(told, now + step))
    if refused:
        st.markdown(f":small[:red[{plain(refused[0])}]]")
    return now


class _Told(NamedTuple):
    """What a box's callback must know."""

    key: str
    label: str
    low: Number
    high: Number
    whole: bool
    on_change: Callable[..., None] | None
    args: tuple[Any, ...]


def _typed(told: _Told, now: Number) -> None:
    """The box's callback: read it, and keep the number or why there is none; an emptied box gets its number back."""
    try:
        number = checked(st.session_state[told.key], told.label, told.low, told.high, whole=told.whole)
    except BuilderError as error:
        st.session_state[_refused(told.key)] = error.sentence, now
        return
    _take(told, now if number is None else number)


def _take(told: _Told, number: Number) -> None:
    """Take a number that is within the limits."""
    st.session_state.pop(_refused(told.key), None)
    if told.on_change:
        told.on_change(*told.args, number)
    else:
        st.session_state[_kept(told.key)] = number


def checked(text: str, label: str, low: Number, high: Number, *, whole: bool) -> Number | None:
    """The number in a text, None in an empty one.

    Raises:
        BuilderError: it is none, or outside the limits.
    """
    kind = "a whole number" if whole else "a number"
    needed = f"{kind} from {format_exact(low)} to {format_exact(high)}"
    number = read_number(text, label, whole=whole, needed=needed)
    if number is not None and not low <= number <= high:
        raise BuilderError(label, needed, format_exact(number))
    return number


def _kept(key: str) -> str:
    return f"{key} number"


def _refused(key: str) -> str:
    return f"{key} refused"
