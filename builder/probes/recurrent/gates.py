"""LSTM and GRU gates, candidate, cell and hidden state at each step, recomputed from a recurrent layer's weights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.network.records import Network
from builder.probes.model.execute import inputs_of, mask_of, run_and_sample, run_graph, traced
from builder.probes.model.loaded import Loaded, first
from builder.probes.model.record import Found, Probe
from builder.probes.model.samples import Sample

Function = Callable[[np.ndarray], np.ndarray]
Step = tuple[Found, tuple[np.ndarray, ...]]  # what a step shows, and the states after it


class LayerIO(NamedTuple):
    """A layer's input (time, features) with its mask (time,) or None, and its output without the batch axis."""

    x: np.ndarray
    mask: np.ndarray | None
    output: np.ndarray


def recurrent_nodes(network: Network) -> tuple[str, ...]:
    """The recurrent layers, by name.

    Raises:
        BuilderError: there are none.
    """
    names = tuple(node.name for node in network.nodes if facts(node.layer).recurrent)
    if not names:
        raise BuilderError("Looking at gates", "a network with a recurrent layer", "one without", "Add an LSTM, a GRU or a SimpleRNN.")
    return names


def chosen(run: Loaded, name: str | None) -> str:
    """The recurrent layer of this name, or the first."""
    names = recurrent_nodes(run.network)
    if name not in (None, *names):
        raise BuilderError("The layer", f"one of {', '.join(names)}", repr(name))
    return name or names[0]


def layer_io(run: Loaded, one: Sample, name: str) -> LayerIO:
    """Forward pass: a layer's input and output for one input of the network."""

    def look(*tensors: Any) -> dict[str, Any]:
        noted: dict[str, Any] = {}

        def hand(layer: Any, given: Any, named: dict[str, Any]) -> Any:
            mask = mask_of(given)
            result = layer(given, **named)
            noted.update({"x": given, "output": first(result)} | ({} if mask is None else {"mask": mask}))
            return result

        run_graph(run, tensors, {name: hand})
        return noted

    found = {key: np.asarray(value)[0] for key, value in traced(run, f"recurrent {name}", look)(*inputs_of(one)).items()}
    return LayerIO(found["x"], found.get("mask"), found["output"])


def function(activation: Any) -> Function:
    """A Keras activation as a function of arrays; the usual ones in numpy, which is faster step by step."""
    usual: dict[str, Function] = {"tanh": np.tanh, "linear": np.asarray, "relu": lambda x: np.maximum(x, 0), "sigmoid": _sigmoid}
    return usual.get(getattr(activation, "__name__", ""), lambda x: np.asarray(activation(x)))


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * x))  # never overflows


def lstm(layer: Any, projected: np.ndarray, states: tuple[np.ndarray, ...], act: Function, gate: Function) -> Step:
    """LSTM: c = f c + i tanh(...), h = o tanh(c) (Hochreiter and Schmidhuber 1997; Keras's order of weights: i, f, c, o)."""
    hidden, cell = states
    i, f, c, o = np.split(projected + hidden @ layer.recurrent, 4)
    i, f, o, c = gate(i), gate(f), gate(o), act(c)
    cell = f * cell + i * c
    hidden = o * act(cell)
    shown = {"hidden": hidden, "cell": cell, "forget_gate": f, "input_gate": i, "candidate": c, "output_gate": o}
    return shown, (hidden, cell)


def gru(layer: Any, projected: np.ndarray, states: tuple[np.ndarray, ...], act: Function, gate: Function) -> Step:
    """GRU: h = z h + (1 - z) tanh(...) (Cho et al. 2014; Keras's order of weights: z, r, h); r acts before or after the multiplication."""
    (hidden,) = states
    units = len(hidden)
    x_z, x_r, x_h = np.split(projected, 3)
    u_z, u_r, u_h = np.split(layer.recurrent, 3, axis=1)
    b_z, b_r, b_h = np.split(layer.recurrent_bias, 3) if layer.recurrent_bias is not None else np.zeros((3, units), "float32")
    z, r = gate(x_z + hidden @ u_z + b_z), gate(x_r + hidden @ u_r + b_r)
    h = act(x_h + (r * (hidden @ u_h + b_h) if layer.reset_after else (r * hidden) @ u_h))
    hidden = z * hidden + (1 - z) * h
    return {"hidden": hidden, "update_gate": z, "reset_gate": r, "candidate": h}, (hidden,)


def simple(layer: Any, projected: np.ndarray, states: tuple[np.ndarray, ...], act: Function, gate: Function) -> Step:
    """SimpleRNN: h = tanh(x W + h U + b)."""
    before = projected + states[0] @ layer.recurrent
    hidden = act(before)
    return {"hidden": hidden, "before_activation": before}, (hidden,)


STEPS = {"lstm": lstm, "gru": gru, "simple": simple}  # by the arithmetic that the layer type's record names


class Weights(NamedTuple):
    """A cell's weights as arrays: kernel (features, gates x units), recurrent (units, gates x units), biases (gates x units,) or None."""

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray | None
    recurrent_bias: np.ndarray | None
    reset_after: bool


def weights_of(layer: Any) -> Weights:
    """The weights of an LSTM, GRU or SimpleRNN; a GRU whose reset acts after the multiplication has two biases."""
    kernel, recurrent, *rest = (np.asarray(weight) for weight in layer.get_weights())
    bias = rest[0] if rest else None
    reset_after = bool(getattr(layer, "reset_after", False))
    second = bias[1] if bias is not None and bias.ndim == 2 else None
    return Weights(kernel, recurrent, bias[0] if second is not None and bias is not None else bias, second, reset_after)


def keras_states(layer: Any) -> tuple[int, ...]:
    """The lengths of the states that a layer carries from step to step."""
    size = layer.cell.state_size
    return tuple(size) if isinstance(size, list | tuple) else (size,)


def read(layer: Any, x: np.ndarray, mask: np.ndarray | None = None) -> Found:
    """Gates and states of an LSTM, GRU or SimpleRNN from its weights: named arrays (time, units), in the order of the input's time.

    At masked steps the states stay as they were, and the gates show what they would have done.
    """
    step, weights = STEPS[facts(type(layer).__name__).arithmetic], weights_of(layer)
    act, gate = function(layer.activation), function(getattr(layer, "recurrent_activation", None))
    projected = x @ weights.kernel + (0 if weights.bias is None else weights.bias)
    states = tuple(np.zeros(len(weights.recurrent), "float32") for _ in keras_states(layer))
    order, found = range(len(x))[:: -1 if layer.go_backwards else 1], []
    for at in order:
        shown, after = step(weights, projected[at], states, act, gate)
        if mask is None or mask[at]:
            states = after
        else:
            shown |= dict(zip(("hidden", "cell"), states, strict=False))
        found.append(shown)
    natural = found[:: -1 if layer.go_backwards else 1]
    return {name: np.stack([each[name] for each in natural]) for name in found[0]}


def output_of(layer: Any, hidden: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """The layer's output for these hidden states: those of all steps in the order that it reads them, or the last."""
    order = hidden[::-1] if layer.go_backwards else hidden
    if not layer.return_sequences:
        return order[-1]
    if mask is not None and layer.zero_output_for_mask:
        return order * (mask[::-1] if layer.go_backwards else mask)[:, None]
    return order


def directions(layer: Any) -> dict[str, Any]:
    """The directions of a recurrent layer: itself, or a Bidirectional's two."""
    if facts(type(layer).__name__).both_ways:
        return {"forward": layer.forward_layer, "backward": layer.backward_layer}
    return {"": layer}


def merged(layer: Any, outputs: list[np.ndarray]) -> np.ndarray:
    """A Bidirectional's output from those of its two layers, as each gives it."""
    if len(outputs) == 1:
        return outputs[0]
    there, back = outputs[0], outputs[1][::-1] if layer.return_sequences else outputs[1]
    ways = {"sum": there + back, "ave": (there + back) / 2, "mul": there * back} if there.shape == back.shape else {}
    return ways[layer.merge_mode] if layer.merge_mode in ways else np.concatenate([there, back], axis=-1)


def gates(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Gates and states of a recurrent layer over time, for one input.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given; `layer` (None: the first recurrent one).

    Returns:
        `layer`, `kind`, `directions` [{name, kind, units: [from, to]}], `checks`; arrays (time, units) `hidden`, for an LSTM
        `cell`, and the gates (as the record names them); a Bidirectional's two directions stand beside each other along the units, or, where
        they are of two kinds, under `forward_...` and `backward_...`; `mask` (time,) where there is one, `input` of the network and
        `layer_input` (time, features).
    """
    run, one = run_and_sample(arguments, arrays)
    name = chosen(run, arguments.get("layer"))
    what, layer = layer_io(run, one, name), run.model.get_layer(run.names[name])
    found = {way: read(each, what.x, what.mask) for way, each in directions(layer).items()}
    made = merged(layer, [output_of(each, found[way]["hidden"], what.mask) for way, each in directions(layer).items()])
    check = {"name": "The gates give the layer's output", "value": float(np.abs(made - what.output).max())}
    kinds = [type(each).__name__ for each in directions(layer).values()]
    starts = np.cumsum([0, *(each["hidden"].shape[1] for each in found.values())]).tolist()
    spans = [
        {"name": way, "kind": kind, "units": [first, last]}
        for way, kind, first, last in zip(found, kinds, starts[:-1], starts[1:], strict=True)
    ]
    rest = {"input": inputs_of(one)[0][0], "layer_input": what.x} | ({} if what.mask is None else {"mask": what.mask})
    answer = {
        "layer": name,
        "kind": kinds[0],
        "names": list(facts(kinds[0]).gates),
        "directions": spans,
        "checks": [check],
        "epoch": run.epoch,
    }
    return answer, {**_beside(found), **rest}


def _beside(found: dict[str, Found]) -> Found:
    """The directions' arrays side by side under one name where all have it, else under the direction's name."""
    every = list(found.values())
    if all(each.keys() == every[0].keys() for each in every):
        return {name: np.concatenate([each[name] for each in every], axis=1) for name in every[0]}
    return {f"{way}_{name}": value for way, each in found.items() for name, value in each.items()}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """`hidden`, `cell` and one array a gate, each (time, units), `input` and `check`."""
    answer, arrays = gates({"run": run_folder, "epoch": epoch, "sample": place, "layer": layer}, {})
    arrays.pop("layer_input")
    return arrays | {"check": np.array([each["value"] for each in answer["checks"]])}


GATES = Probe(
    name="gates",
    title="Gates",
    summary="What each gate of a recurrent layer does at each step, recomputed from its weights.",
    compute=compute,
    kinds=("tokens", "sequence"),
)


OPERATIONS = (gates,)
PROBES = (GATES,)
