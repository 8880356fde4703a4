"""Head contributions to a number that was pressed on an attention layer's card, in the view of its heads."""

from typing import Any, NamedTuple

import streamlit as st

from builder.errors import BuilderError
from builder.probes import attention as probes
from builder.words import format_count, format_number
from pages.explore import html as marks
from pages.explore.drawing import asked
from pages.explore.view import Inspection, View
from pages.frame import keys

KEY = "attention_carried"


class TracedNumber(NamedTuple):
    """The number's place in the layer's output, and what each head gives to it."""

    layer: str
    at: tuple[int, ...]
    found: Inspection

    def here(self, layer: str, query: int) -> bool:
        """Whether this layer and query are those that the number belongs to."""
        return self.layer == layer and self.at[0] == query


def carry(layer: str, index: tuple[int, ...] | None) -> None:
    """Session state: take a number along to the attention view, or with no index the layer alone."""
    st.session_state[keys.ATTENTION_TAB] = "This run"
    st.session_state.pop(KEY, None)
    if index:
        st.session_state[KEY] = {"layer": layer, "index": index, "fresh": True}


def choose(head: int = 0, query: int = 0) -> None:
    """Go to a head and a query, as a weight that was pressed belongs to them."""
    st.session_state.update(attention_tab="This run", attention_head=head, attention_query=query)
    st.session_state.pop(KEY, None)


def look(view: View, layers: list[dict[str, Any]]) -> TracedNumber | None:
    """The number that was brought, None where there is none; at first its query and its largest head are chosen."""
    carried = st.session_state.get(KEY)
    if not carried or carried["layer"] not in {layer["name"] for layer in layers}:
        return None
    fresh = carried.pop("fresh", False)
    if fresh:
        st.session_state[keys.ATTENTION_QUERY] = carried["index"][0]
    try:
        found = asked(view, probes.head_parts.head_parts, layer=carried["layer"], index=carried["index"])
    except BuilderError:  # padding, or positions along several axes: no head is better than another
        return None
    if fresh:
        st.session_state[keys.ATTENTION_HEAD] = found.answer["head"]
    return TracedNumber(carried["layer"], carried["index"], found)


def show(brought: TracedNumber | None, layer: str, head: int, query: int) -> None:
    """Head contributions in a sentence, as long as the number's query is looked at and its layer has several heads."""
    if not brought or not brought.here(layer, query) or brought.found.answer["heads"] == 1:
        return
    answer, parts = brought.found.answer, brought.found.arrays["parts"]
    number, best = format_number, answer["head"]
    other = "" if head == best else f", head {head} gives {number(parts[head])}"
    st.html(
        marks.note(
            f"The number that was pressed, {layer} [{', '.join(map(str, brought.at))}] = {number(answer['value'])}, adds up what all "
            f"Through the output projection {format_count(answer['heads'], 'head')} and the bias give to it: "
            f"head {best} gives the most, {number(parts[best])}{other}."
        )
    )


def checks(brought: TracedNumber | None, layer: str, query: int) -> list[dict[str, Any]]:
    """Checks that the head contributions add up, where they are shown."""
    told = brought and brought.here(layer, query) and brought.found.answer["heads"] > 1
    return list(brought.found.answer["checks"]) if brought and told else []
