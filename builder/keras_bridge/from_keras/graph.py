"""Keras's configuration of a Sequential or functional model as a Network; models inside models are laid out flat."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from builder.catalogue import LAYERS, check_params
from builder.errors import BuilderError
from builder.keras_bridge.from_keras.values import REFUSED, Config, params_of
from builder.keras_bridge.from_keras.wires import Tensor, arriving, call_of, history, listed
from builder.network.records import Edge, Network, Node
from builder.network.validity import check

MODELS = ("Functional", "Model", "Sequential")
INPUTS = ("InputLayer", "Input")
DEEPEST = 8  # models inside one another


class Opened(NamedTuple):
    """A network from a file, and in words what of the file it does not have."""

    network: Network
    notes: tuple[str, ...]


class Reading:
    """The nodes, wires and notes that have been read so far."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.notes: list[str] = []
        self.names: set[str] = set()
        self.outputs: dict[str, tuple[str, ...]] = {}  # each node's ports

    def name(self, wanted: str) -> str:
        """A name of its own that networks allow."""
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "_", wanted).strip("_.-")[:70] or "layer"
        name, number = plain, 2
        while name in self.names:
            name, number = f"{plain}_{number}", number + 1
        self.names.add(name)
        return name


def network_of(config: Config, name: str) -> Opened:
    """The network that a configuration describes.

    Raises:
        BuilderError: it is a model of one's own class, shares layers, or brings code along.
    """
    kind = str(config.get("class_name"))
    if kind not in MODELS or not isinstance(config.get("config"), Mapping):
        raise BuilderError(
            name, "a Sequential or functional model", f"a model of the class {kind}"[:80], "A class of one's own exists only as code."
        )
    reading = Reading()
    inside = config["config"]
    refuse_code(inside, name)
    lay_out(reading, kind, inside, None, True, 0)
    titled = Network(name=reading_name(inside.get("name"), name), nodes=tuple(reading.nodes), edges=tuple(reading.edges))
    return Opened(check(titled), tuple(reading.notes[:50]))


def reading_name(own: Any, file: str) -> str:
    """The model's own name, or the file's."""
    plain = re.sub(r"[^A-Za-z0-9 _.-]+", "_", own if isinstance(own, str) else file)[:60].strip()
    return plain or "network"


def refuse_code(value: Any, where: str) -> None:
    """Refuse the whole file where anything in it is code."""
    if isinstance(value, Mapping):
        if value.get("class_name") in REFUSED:
            raise BuilderError(
                where, "layers that are data", f"a {value['class_name'].strip('_')} with code inside", "Such files are not opened."
            )
        for each in value.values():
            refuse_code(each, where)
    elif isinstance(value, list):
        for each in value:
            refuse_code(each, where)


def lay_out(reading: Reading, kind: str, config: Config, fed: list[Tensor] | None, trainable: bool, depth: int) -> list[Tensor]:
    """Add a model's layers; `fed` are the tensors for its inputs where it is called inside another. Its outputs."""
    if depth > DEEPEST:
        raise BuilderError("The file", f"at most {DEEPEST} models inside one another", "more")
    layers = config.get("layers")
    if not isinstance(layers, list) or not all(isinstance(each, Mapping) for each in layers):
        raise BuilderError("The file", "a list of layers", "none")
    trainable = trainable and config.get("trainable", True) is not False
    walk = _chain if kind == "Sequential" else _graph
    return walk(reading, config, layers, fed, trainable, depth)


def _chain(reading: Reading, config: Config, layers: list[Config], fed: list[Tensor] | None, trainable: bool, depth: int) -> list[Tensor]:
    """Layers one after another."""
    if fed is None and not (layers and layers[0].get("class_name") in INPUTS):
        first = layers[0].get("config", {}) if layers else {}
        shape = first.get("batch_shape") or first.get("batch_input_shape") or config.get("build_input_shape")
        fed = [_input(reading, "input", shape, first.get("dtype"))]
    for layer in layers:
        if layer.get("class_name") in INPUTS:
            fed = fed or [_input(reading, *_of_input(layer))]
        else:
            fed = _layer(reading, layer, [("", each) for each in fed or []], {}, trainable, depth)
    return fed or []


def _graph(reading: Reading, config: Config, layers: list[Config], fed: list[Tensor] | None, trainable: bool, depth: int) -> list[Tensor]:
    """Layers with their wires, in an order in which each follows what it reads."""
    made: dict[str, list[Tensor]] = {}
    entries = [history(each) for each in listed(config.get("input_layers"))]
    if fed is not None:
        made = {entry.layer: [tensor] for entry, tensor in zip(entries, fed, strict=False)}
    waiting = [layer for layer in layers if str(layer.get("name")) not in made]
    while waiting:
        ready = [layer for layer in waiting if all(each.layer in made for _, each in arriving(layer))]
        if not ready:
            raise BuilderError(str(waiting[0].get("name")), "inputs from layers of the model", "a circle, or a layer that is missing")
        for layer in ready:
            name = str(layer.get("name"))
            if layer.get("class_name") in INPUTS:
                made[name] = [_input(reading, *_of_input(layer))]
                continue
            tensors = [(port, made[each.layer][min(each.output, len(made[each.layer]) - 1)]) for port, each in arriving(layer)]
            made[name] = _layer(reading, layer, tensors, call_of(layer), trainable, depth)
        done = {str(layer.get("name")) for layer in ready}
        waiting = [layer for layer in waiting if str(layer.get("name")) not in done]
    ends = [history(each) for each in listed(config.get("output_layers"))]
    return [made[each.layer][min(each.output, len(made[each.layer]) - 1)] for each in ends if each.layer in made]


def _layer(reading: Reading, layer: Config, fed: list[tuple[str, Tensor]], call: Config, trainable: bool, depth: int) -> list[Tensor]:
    """One layer, or the layers of a model inside."""
    kind, config = str(layer.get("class_name")), layer.get("config")
    config = config if isinstance(config, Mapping) else {}
    own = str(layer.get("name") or config.get("name") or kind)
    if kind in MODELS and _is_keras(layer):
        return lay_out(reading, kind, config, [tensor for _, tensor in fed], trainable, depth + 1)
    name = reading.name(own)
    trainable = trainable and config.get("trainable", True) is not False
    if kind in LAYERS and _is_layer(layer):
        params, notes = params_of(kind, config, name)
        at_call = {param.name for param in LAYERS[kind].params if param.in_call}
        params |= {key: value for key, value in call.items() if key in at_call and value}
        check_params(LAYERS[kind], params)
        reading.notes += notes
    else:  # it stays, says what it is, and only it has no shape
        kind, params = (kind if kind not in LAYERS else f"{layer.get('module')}.{kind}"), {}
        reading.notes.append(f"{name}: {kind} is not a layer that is known here")
    reading.nodes.append(Node(name=name, layer=kind, params=params, trainable=trainable))
    ports = [port.name for port in LAYERS[kind].inputs] if kind in LAYERS else ["inputs"]
    many = kind not in LAYERS or LAYERS[kind].inputs[0].many
    for place, (port, tensor) in enumerate(fed):
        if place and port and port not in ports and kind in LAYERS:
            raise BuilderError(
                name,
                f"inputs at its ports ({', '.join(ports)})",
                f"one for {port}",
                "Layers here have no such input; leave it out of the model.",
            )
        target = port if port in ports else ports[0] if many else ports[min(place, len(ports) - 1)]
        reading.edges.append(
            Edge(source=tensor.layer, target=name, target_port=target, source_port=reading.outputs[tensor.layer][tensor.output])
        )
    reading.outputs[name] = LAYERS[kind].outputs(params) if kind in LAYERS else ("output",)
    return [Tensor(name, 0, output) for output in range(len(reading.outputs[name]))]


def _input(reading: Reading, name: str, shape: Any, dtype: Any) -> Tensor:
    """An Input node from a shape with its batch axis."""
    if not isinstance(shape, list | tuple):
        hint = "Give the model a keras.Input, or call it once before it is saved."
        raise BuilderError(name, "the shape of one sample", "none in the file", hint)
    params: dict[str, Any] = {"shape": list(shape[1:])}
    if isinstance(dtype, str) and dtype != "float32":
        params["dtype"] = dtype
    own = reading.name(name)
    reading.nodes.append(Node(name=own, layer="Input", params=params))
    reading.outputs[own] = ("output",)
    return Tensor(own, 0, 0)


def _of_input(layer: Config) -> tuple[str, Any, Any]:
    config = layer.get("config", {})
    return str(config.get("name", "input")), config.get("batch_shape") or config.get("batch_input_shape"), config.get("dtype")


def _is_keras(layer: Config) -> bool:
    """Whether the class is Keras's own: one that was registered, or comes from elsewhere, only has the same name."""
    module = layer.get("module")
    return not layer.get("registered_name") and (module is None or str(module).split(".")[0] == "keras")


def _is_layer(layer: Config) -> bool:
    """The same for layers: an operation on tensors may be called Add as well."""
    module = layer.get("module")
    own = str(module).startswith("builder.keras_bridge.own.")
    return own or (_is_keras(layer) and (module is None or "layers" in str(module)))
