"""The form of the chosen layer, made from its catalogue record: fields, problems, and the arithmetic of its figures."""

import html
from typing import Any

import streamlit as st

from builder.catalogue import LAYERS, Layer, explain
from builder.errors import BuilderError
from builder.network import Analysis, LayerReport, Node, Problem
from builder.web.broadcast import changes
from builder.web.editing import analysed, make_edit
from pages.build import canvas
from pages.build.fields import Form
from pages.frame import keys, state, toasts
from pages.frame.words import plain


def show(now: state.Current, analysis: Analysis) -> None:
    """Draw the form; every change is an edit of the network."""
    name = canvas.chosen_layer(now)
    if st.session_state.get(keys.FORM) != prefix_of(now, name):
        st.session_state[keys.REFUSED] = {}
    st.session_state[keys.FORM] = prefix_of(now, name)
    if not name:
        st.caption("Add a layer, and its settings appear here.")
        return
    node = now.work.network.node(name)
    layer = LAYERS.get(node.layer)
    report = next((each for each in analysis.layers if each.name == name), LayerReport(name=name, layer=node.layer))
    st.html(f'<div class="layer-title"><b>{html.escape(node.layer)}</b> <span>{html.escape(node.name)}</span></div>')
    if layer is None:
        st.caption("This layer comes from elsewhere: it is shown as it is.")
        return
    st.caption(plain(layer.summary))
    fields(now, node, layer, report)
    problems(now, [problem for problem in analysis.problems if problem.node == name])
    sums(node, report, is_output=node in now.work.network.outputs)


def prefix_of(now: state.Current, name: str) -> str:
    """What begins the keys of a layer's widgets."""
    return f"{now.project.id}/{now.network_name}/{name}/"


def fields(now: state.Current, node: Node, layer: Layer, report: LayerReport) -> None:
    """The parameters, the rarer ones under More, with the layer's name and what can be done with it."""
    prefix = prefix_of(now, node.name)
    form = Form(
        prefix,
        layer,
        node.params,
        lambda change: edit(now, {"kind": "set", "name": node.name, "params": change}),
        disabled=not now.editable,
    )
    for param in layer.params:
        if not param.more:
            form.field(param)
    with st.expander("More", key=f"more {prefix}", on_change="rerun") as more:
        if more.open:  # a closed one draws none of its fields: an edit then has half as much to send
            rarer(now, node, layer, report, form)
    if now.editable:
        with st.container(horizontal=True, gap="small"):
            st.button("Duplicate", icon=":material/content_copy:", width="stretch", on_click=duplicate, args=(now, node.name))
            st.button("Delete", icon=":material/delete:", width="stretch", on_click=delete, args=(now, node.name))


def rarer(now: state.Current, node: Node, layer: Layer, report: LayerReport, form: Form) -> None:
    """What is changed less often: the name, whether it trains, and the rarer parameters."""
    prefix = prefix_of(now, node.name)
    rename_key = f"{prefix} name"
    refused = st.session_state.get(keys.REFUSED, {}).get(rename_key)
    if not refused:
        state.give(rename_key, node.name)
    st.text_input("name", key=rename_key, max_chars=60, disabled=not now.editable, on_change=rename, args=(now, node.name, rename_key))
    if refused:
        st.markdown(f":small[:red[{plain(refused)}]]")
    if report.params:
        train_key = f"{prefix} trainable"
        state.give(train_key, node.trainable)
        st.toggle(
            "trainable",
            key=train_key,
            disabled=not now.editable,
            help="Off: training leaves this layer's weights as they are.",
            on_change=freeze,
            args=(now, node.name, train_key),
        )
    for param in layer.params:
        if param.more:
            form.field(param)


def edit(now: state.Current, change: dict[str, Any]) -> set[str]:
    """Make an edit of the open network; the names of the layers that are new."""
    before = {node.name for node in now.work.network.nodes}
    work = make_edit(now.project.id, now.network_name, None, change)
    analysed(work.network)  # kept: the canvas and the page that follow ask for the same
    changes.announce(now.project.id)
    return {node.name for node in work.network.nodes} - before


def rename(now: state.Current, name: str, key: str) -> None:
    """Give a layer the name in a field; one that cannot be stays there, with the reason below it."""
    if st.session_state.get(keys.FORM) != prefix_of(now, name):
        return
    refused: dict[str, str] = st.session_state.setdefault(keys.REFUSED, {})
    refused.pop(key, None)
    typed = st.session_state[key].strip()
    if typed in ("", name):
        return
    try:
        made = edit(now, {"kind": "rename", "name": name, "to": typed})
    except BuilderError as error:
        refused[key] = error.sentence
        return
    if made:
        state.choose(layer=made.pop())


def freeze(now: state.Current, name: str, key: str) -> None:
    """Set a layer's trainable flag from a field."""
    if st.session_state.get(keys.FORM) == prefix_of(now, name):
        attempt(now, {"kind": "trainable", "name": name, "value": st.session_state[key]})


def duplicate(now: state.Current, name: str) -> None:
    """Add a second layer like this one after it, and go there."""
    attempt(now, {"kind": "duplicate", "name": name}, follow=True)


def delete(now: state.Current, name: str) -> None:
    """Delete a layer, and go to the one before it."""
    feeds = now.work.network.inputs_of(name)
    attempt(now, {"kind": "delete", "name": name})
    state.choose(layer=feeds[0].source if feeds else "")


def attempt(now: state.Current, change: dict[str, Any], follow: bool = False) -> None:
    """Make an edit, or say why it cannot be made; `follow` goes to the layer that it made."""
    try:
        made = edit(now, change)
    except BuilderError as error:
        toasts.tell(error.sentence)
        return
    if follow and made:
        state.choose(layer=made.pop())


def problems(now: state.Current, found: list[Problem]) -> None:
    """What is wrong with the layer, each with its buttons."""
    for number, problem in enumerate(found):
        box = st.error if problem.severity == "error" else st.warning
        box(plain(problem.message), icon=":material/error:" if problem.severity == "error" else ":material/warning:")
        for at, fix in enumerate(problem.fixes if now.editable else ()):
            st.button(plain(fix.label), key=f"fix {number} {at}", width="stretch", on_click=attempt, args=(now, fix.edit))


def sums(node: Node, report: LayerReport, is_output: bool) -> None:
    """The arithmetic of parameters and sizes, with the person's own numbers."""
    if report.output_shape is None:
        return
    found = explain(node.layer, node.params, report.input_shapes, report.output_shape)
    rows = [
        f"<dt>{html.escape(each.label)}</dt><dd>{html.escape(each.text)} = <b>{html.escape(f'{each.value:,}')}</b></dd>" for each in found
    ]
    if rows:
        st.html(f'<dl class="sums">{"".join(rows)}</dl>')
