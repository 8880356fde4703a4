"""What-if (weight editing): weights as pictures; one of them is set by hand, and what that does is seen at once."""

from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.probes import neurons as probes
from builder.probes.neurons.weights import MOST_ROWS
from builder.runs import Run
from builder.words import format_number, format_shape
from pages.explore import drawing
from pages.explore import html as marks
from pages.explore import view as data
from pages.explore.neurons import effect
from pages.frame import state
from pages.frame.number_field import number_field
from pages.frame.words import plain

KEY = "dense_weights"
EDITS = "dense_edits"  # the steps so far, the newest last: (layer, array, place, value)
RUN = "dense_edits_run"
NOTE = (
    "Blue weights are below zero, orange ones above. A picture shows what a neuron adds and takes away, not what it stands for: only "
    "the layers after it decide that."
)
Step = tuple[str, int, tuple[int, ...], float]


def show(run: Run, view: data.View, dataset: Dataset) -> None:
    """Pictures of the weights at the left, the chosen one at the right, its effect below."""
    if st.session_state.get(RUN) != run.id:
        st.session_state[RUN], st.session_state[EDITS] = run.id, []
    st.html(marks.note(NOTE))
    answer, arrays = looked(view)
    wide, right = st.columns([2.6, 1.5], gap="medium")
    with wide:
        pictures(answer, arrays)
    with right:
        editor(view, answer)
    effect.show(view, dataset, steps(), wide, right)


def looked(view: data.View) -> data.Inspection:
    """The chosen array of the chosen layer; the first where what was chosen elsewhere has no weights."""
    known = {
        each["name"]: each for each in drawing.asked(view._replace(sample=0, given=None), probes.weights.layer_weights).answer["layers"]
    }
    chosen = str(state.chosen("layer"))
    layer = chosen if chosen in known else next(iter(known))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.session_state["dense_layer"] = layer
        st.selectbox("Layer", list(known), key="dense_layer", on_change=_layer, width=220)
        arrays = known[layer]["arrays"]
        array = st.selectbox(
            "Numbers",
            range(len(arrays)),
            key=f"dense_array {layer}",
            persist_state="session",
            format_func=lambda at: _named(arrays[at]),
            width=240,
        )
        first, row = _window(drawing.asked(view, probes.weights.layer_weights, layer=layer, array=array).answer)
    place = st.session_state.get(f"dense_place {layer} {array}", ())
    return drawing.asked(view, probes.weights.layer_weights, layer=layer, array=array, first=first, row=row, place=place)


def _layer() -> None:
    state.choose(layer=st.session_state["dense_layer"])


def _named(array: dict[str, Any]) -> str:
    return f"{array['name']}, {format_shape(array['shape'])}"


def _window(answer: dict[str, Any]) -> tuple[int, int]:
    """Which neurons are drawn, and of a tall matrix which inputs."""
    shape, most = answer["shape"], answer["shown"]
    units, rows = (shape[-1], int(np.prod(shape[:-1]))) if shape else (1, 1)
    key, first, row = f"{answer['layer']} {answer['array']}", 0, 0
    if units > most:
        first = number_field(f"First of {units:,} units", 0, units - 1, 0, key=f"dense_first {key}", width=170)
    if rows > MOST_ROWS and answer["kind"] == "matrix":
        row = number_field(f"First of {rows:,} inputs", 0, rows - 1, 0, key=f"dense_row {key}", width=190)
    return first, row


def pictures(answer: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """The weights; a press chooses one."""
    told = {name: answer[name] for name in ("layer", "array", "shape", "kind", "picture", "first", "row", "names", "axes", "largest")}
    told |= {"values": arrays["values"], "chosen": answer["place"]}
    drawing.draw("explore/neurons/weights", KEY, told, on_asked_change=_take)
    drawing.badges(answer["checks"])
    drawing.download({answer["layer"]: arrays.get("whole", arrays["values"])}, f"weights {answer['layer']}", "dense_weights_npz")


def _take() -> None:
    asked = getattr(st.session_state[KEY], "asked", None)
    if asked:
        st.session_state[f"dense_place {asked['layer']} {asked['array']}"] = tuple(map(int, asked["place"]))


def steps() -> list[Step]:
    """The edits of weights in session state, the newest last."""
    return list(st.session_state.get(EDITS, []))


def editor(view: data.View, answer: dict[str, Any]) -> None:
    """The chosen weight: a slider and a field for its value, and the way back."""
    at, layer, array, own = tuple(answer["place"]), answer["layer"], answer["array"], answer["value"]
    st.markdown(f"**{plain(weight_name(answer, at))}**")
    _places(answer, at)
    now = next((value for *where, value in reversed(steps()) if tuple(where) == (layer, array, at)), own or 0.0)
    most = _reach(answer["largest"] or 0.0, now)
    slider, typed = f"dense_slider {layer} {array} {at}", f"dense_value {layer} {array} {at}"
    st.session_state[slider] = min(max(now, -most), most)
    st.slider("Value", -most, most, step=most / 200, key=slider, format="%.3f", on_change=_slid, args=(slider, layer, array, at))
    number_field("Or type it", -1e6, 1e6, now, key=typed, whole=False, digits=4, on_change=_set, args=(layer, array, at))
    st.html(
        marks.note(f"In epoch {view.epoch} of the run it is {format_number(own)}. What you set is tried on a copy; the run stays as it is.")
    )
    with st.container(horizontal=True, gap="small"):
        count = len(steps())
        st.button("Undo", icon=":material/undo:", key="dense_undo", disabled=not count, on_click=_undo)
        st.button(f"Undo all {count}" if count > 1 else "Undo all", key="dense_undo_all", disabled=count < 2, on_click=_undo_all)


def weight_name(answer: dict[str, Any], at: tuple[int, ...]) -> str:
    """Which weight it is: dense_1 · kernel · input 3, unit 5."""
    name = next(each for each in answer["layers"] if each["name"] == answer["layer"])["arrays"][answer["array"]]["name"]
    where = [", ".join(f"{axis} {place}" for axis, place in zip(answer["axes"], at, strict=True))] if at else []
    return " · ".join([answer["layer"], name, *where])


def _places(answer: dict[str, Any], at: tuple[int, ...]) -> None:
    """The weight's index, one field an axis."""
    shape, layer, array = answer["shape"], answer["layer"], answer["array"]
    with st.container(horizontal=True, gap="small"):
        for axis, (name, length) in enumerate(zip(answer["axes"], shape, strict=True)):
            key = f"dense_axis {layer} {array} {axis}"
            number_field(name.capitalize(), 0, length - 1, at[axis], key=key, on_change=_moved, args=(layer, array, at, axis), width=120)


def _moved(layer: str, array: int, at: tuple[int, ...], axis: int, place: int) -> None:
    st.session_state[f"dense_place {layer} {array}"] = (*at[:axis], place, *at[axis + 1 :])


def _reach(largest: float, now: float) -> float:
    """How far the slider goes: three times the largest weight, a round number, and at least to the present value."""
    most = max(3 * largest, abs(now), 1.0)
    return float(f"{most:.1g}") if float(f"{most:.1g}") >= most else float(f"{1.5 * most:.1g}")


def _slid(key: str, layer: str, array: int, at: tuple[int, ...]) -> None:
    _set(layer, array, at, st.session_state[key])


def _set(layer: str, array: int, at: tuple[int, ...], value: float) -> None:
    """Add an edit of the weight; moving the same one on is still the same step."""
    known = steps()
    if known and known[-1][:3] == (layer, array, at):
        known.pop()
    st.session_state[EDITS] = [*known, (layer, array, at, float(value))][-100:]


def _undo() -> None:
    st.session_state[EDITS] = steps()[:-1]


def _undo_all() -> None:
    st.session_state[EDITS] = []
