"""Form fields (widgets) for each kind of hyperparameter: the limits, choices and help of the catalogue as Streamlit widgets.

A field starts from the network and writes back to it. What cannot be stored stays in the field as it was typed, with
the reason below it; a field that is emptied and may not be gets its value back.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from builder.catalogue import LAYERS, REQUIRED, Layer, Param
from builder.errors import BuilderError
from builder.typed import read_number, written
from pages.build.values import as_stored, as_typed, choice_text, curve_of, parsed
from pages.frame import keys, state
from pages.frame.number_field import NUMBER
from pages.frame.words import plain

Change = dict[str, Any]  # {parameter: new value}, null for Keras's default


class Form:
    """The fields of one layer's parameters.

    Args:
        prefix: what makes the widgets' keys unique: project, network and layer.
        layer: the catalogue's record of the layer.
        params: the layer's parameters, those that differ from the default.
        send: stores a change; raises BuilderError where it cannot be.
    """

    def __init__(
        self, prefix: str, layer: Layer, params: Mapping[str, Any], send: Callable[[Change], Any], *, disabled: bool = False
    ) -> None:
        self.prefix, self.layer, self.params, self.send, self.disabled = prefix, layer, params, send, disabled

    def field(self, param: Param) -> None:
        """Draw a parameter's field, and below it why its last value was refused."""
        FIELDS[param.kind](self, param, self.current(param))
        if refused := self.refusals.get(self.key(param)):
            st.markdown(f":small[:red[{plain(refused)}]]")

    def current(self, param: Param) -> Any:
        """A parameter's value in the network: what was set, or Keras's default."""
        return self.params.get(param.name, None if param.default is REQUIRED else param.default)

    def given(self, param: Param, value: Any) -> Any:
        """What was typed, or what stood in a field that was emptied and may not be empty."""
        return self.current(param) if value is None and not param.optional else value

    def key(self, param: Param, part: object = "") -> str:
        """The key of a parameter's widget."""
        return f"{self.prefix}/{param.name}/{part}"

    @property
    def refusals(self) -> dict[str, str]:
        """Validation errors: why a field's last value was refused, by the field's key."""
        return dict(st.session_state.get(keys.REFUSED, {}))

    def fallback(self, param: Param) -> list[Any]:
        """Placeholders: the fallback for each number of an `ints` that is left empty."""
        value = self.layer.value(self.params, param.name) if param.falls_back else None
        return list(value) if isinstance(value, list | tuple) else [value] * (param.size or 0)

    def start(self, key: str, value: Any, param: Param) -> None:
        """Let a widget begin with the network's value, unless it holds one that was refused."""
        if self.key(param) not in self.refusals:
            state.give(key, value)

    def store(self, param: Param, read: Callable[[], Any]) -> None:
        """A widget's callback: read it and send the change.

        The browser keeps the values of fields that are no longer drawn and sends them again, each as if it had just been
        changed: only a field of the form on the screen counts, and only a value that is new.
        """
        if not self.prefix.startswith(st.session_state.get(keys.FORM) or "?"):
            return
        refused: dict[str, str] = st.session_state.setdefault(keys.REFUSED, {})
        refused.pop(self.key(param), None)
        try:
            value = read()
            if as_stored(value) == as_stored(self.current(param)):
                return
            default = param.default is not REQUIRED and value == param.default and type(value) is type(param.default)
            self.send({param.name: None if default else value})
        except BuilderError as error:
            refused[self.key(param)] = error.sentence

    def arguments(self, param: Param, key: str) -> dict[str, Any]:
        """The arguments that every widget gets."""
        return {"key": key, "disabled": self.disabled, "help": plain(param.help), "on_change": self.store}


def typed(param: Param, key: str) -> int | float | None:
    """The number in a widget, None in an empty one."""
    return read_number(st.session_state[key], param.name, whole=param.kind in ("int", "ints"), needed=param.needed)


def number_arguments(form: Form, param: Param, key: str) -> dict[str, Any]:
    """The arguments of a widget for a number, which the arrow keys change."""
    return {**form.arguments(param, key), **NUMBER}


def int_field(form: Form, param: Param, value: Any) -> None:
    """A whole number; empty where None is allowed."""
    key = form.key(param)
    form.start(key, written(value), param)
    st.text_input(param.name, **number_arguments(form, param, key), args=(param, lambda: form.given(param, typed(param, key))))


def float_field(form: Form, param: Param, value: Any) -> None:
    """A number."""
    key = form.key(param)
    form.start(key, written(None if value is None else float(value)), param)
    st.text_input(param.name, **number_arguments(form, param, key), args=(param, lambda: form.given(param, typed(param, key))))


def bool_field(form: Form, param: Param, value: Any) -> None:
    """On or off."""
    key = form.key(param)
    form.start(key, bool(value), param)
    st.toggle(param.name, **form.arguments(param, key), args=(param, lambda: st.session_state[key]))


def choice_field(form: Form, param: Param, value: Any) -> None:
    """One of the catalogue's choices; beside an activation its curve."""
    key = form.key(param)
    choices = list(param.choices)
    if param.optional and param.default is None and None not in choices:
        choices.insert(0, None)
    if value not in choices:
        choices.append(value)
    form.start(key, value, param)
    drawn = curve_of(value) if param.name.endswith("activation") else ""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"row {key}"):
        st.selectbox(
            param.name,
            choices,
            format_func=choice_text,
            placeholder=choice_text(None),
            **form.arguments(param, key),
            args=(param, lambda: st.session_state[key]),
        )
        if drawn:
            st.html(drawn, width=58)


def ints_field(form: Form, param: Param, value: Any) -> None:
    """A row of whole numbers where their count is known, else a list with commas."""
    flat = value if isinstance(value, list | tuple) else [value] * (param.size or 0)
    if not param.size or len(flat) != param.size or not all(each is None or isinstance(each, int) for each in flat):
        list_field(form, param, value)
        return
    keys = [form.key(param, at) for at in range(param.size)]
    instead = form.fallback(param)

    def read() -> Any:
        numbers = [typed(param, key) for key in keys]
        if set(numbers) == {None}:
            return form.given(param, None)
        emptied = instead if param.optional else flat
        numbers = [other if each is None else each for each, other in zip(numbers, emptied, strict=True)]
        return numbers[0] if param.scalar and not isinstance(value, list | tuple) and len(set(numbers)) == 1 else numbers

    with st.container(key=f"label {form.key(param)}"):
        order = f" First {', then '.join(param.axes)}." if param.axes and param.axes[0] not in param.help.lower() else ""
        st.markdown(plain(param.name), help=plain(param.help + order))
    with st.container(horizontal=True, gap="small", key=f"row {form.key(param)}"):
        for at, key in enumerate(keys):
            form.start(key, written(flat[at]), param)
            axis = param.axes[at] if at < len(param.axes) else str(at + 1)
            arguments = {**number_arguments(form, param, key), "help": None, "label_visibility": "collapsed"}
            shown = None if instead[at] is None else str(instead[at])
            st.text_input(f"{param.name} {axis}", placeholder=shown, **arguments, args=(param, read))


def list_field(form: Form, param: Param, value: Any) -> None:
    """Numbers with commas between them."""
    key = form.key(param)
    form.start(key, as_typed(value), param)
    st.text_input(
        param.name,
        placeholder="28, 28, 1",
        **form.arguments(param, key),
        args=(param, lambda: form.given(param, parsed(param, st.session_state[key]))),
    )


def text_field(form: Form, param: Param, value: Any) -> None:
    """Free text."""
    key = form.key(param)
    form.start(key, "" if value is None else str(value), param)
    st.text_input(param.name, **form.arguments(param, key), args=(param, lambda: form.given(param, st.session_state[key] or None)))


def layer_field(form: Form, param: Param, value: Any) -> None:
    """A layer within the layer: which one, and its own fields."""
    key = form.key(param)
    names = [name for name in param.choices if name in LAYERS]
    inner = value or {}
    form.start(key, inner.get("layer"), param)

    def read() -> Any:
        chosen = st.session_state[key]
        return {"layer": chosen, "params": LAYERS[chosen].start()} if chosen else form.given(param, None)

    st.selectbox(
        param.name,
        [None, *names] if param.optional else names,
        format_func=choice_text,
        placeholder=choice_text(None),
        **form.arguments(param, key),
        args=(param, read),
    )
    if inner.get("layer") not in LAYERS:
        return
    params = inner.get("params", {})

    def send(change: Change) -> None:
        merged = {name: each for name, each in {**params, **change}.items() if each is not None}
        form.send({param.name: {**inner, "params": merged}})

    with st.container(key=f"nested {key}", border=True):
        nested = Form(key, LAYERS[inner["layer"]], params, send, disabled=form.disabled)
        for each in LAYERS[inner["layer"]].params:
            if not each.more:
                nested.field(each)


FIELDS: dict[str, Callable[[Form, Param, Any], None]] = {
    "int": int_field,
    "float": float_field,
    "bool": bool_field,
    "choice": choice_field,
    "ints": ints_field,
    "floats": list_field,
    "text": text_field,
    "layer": layer_field,
}
