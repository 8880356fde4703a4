"""Grad-CAM: where in a picture or a sequence a layer found what speaks for a class (arXiv 1610.02391)."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.network import Network
from builder.probes.model.hooks import hooked, squashing
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe
from builder.probes.model.samples import asked_sample, sample
from builder.probes.model.scoring import entry, forward, one_score, traced

from .randomising import agreement
from .target import Target, target_of


class Cam(NamedTuple):
    """Grad-CAM's map: `heat` over the layer's places, (height, width) or (steps,), not below 0; `weights` (channels,); the layer's path."""

    heat: np.ndarray
    weights: np.ndarray
    layer: str


def grad_cam(run: Loaded, asked: Target, layer: str | None = None) -> Cam:
    """Grad-CAM: heat = relu(sum over k of w_k · A_k), w_k = mean over places of dF/dA_k.

    Args:
        layer: a node's name, or `NODE/INNER` of a nested model; None: the last convolution, or the last one with places.

    Raises:
        BuilderError: the layer is unknown or has no places.
    """
    path = layer or first_choice(run)
    places, slope = layer_slope(run, asked, path)
    weights = slope.reshape(-1, slope.shape[-1]).mean(axis=0)
    return Cam(np.nan_to_num(np.maximum(places @ weights, 0)), weights, path)


def layer_slope(run: Loaded, asked: Target, path: str) -> tuple[np.ndarray, np.ndarray]:
    """A layer's activations for the input and the score's gradient there, both (places..., channels)."""
    found = find(run, path)
    if not has_places(found):
        raise BuilderError(path, "an output with places, such as (height, width, channels)", str(tuple(found.output.shape[1:])))
    key = f"gradcam:{path}"
    if key not in run.functions:
        run.functions[key] = _function(run, found)
    values = run.functions[key](asked.x, asked.point[None], asked.index, asked.sign, *asked.more)
    first = getattr(found, "data_format", None) == "channels_first"
    maps, slope = (np.moveaxis(np.asarray(each)[0], 0, -1) if first else np.asarray(each)[0] for each in values)
    return maps, slope


def _function(run: Loaded, layer: Any) -> Any:
    import tensorflow as tf

    def slope(x: Any, points: Any, index: Any, sign: Any, *more: Any) -> Any:
        seen: list[Any] = []
        with tf.GradientTape(watch_accessed_variables=False) as tape:

            def watch(value: Any) -> Any:
                tape.watch(value)
                seen.append(value)
                return value

            with hooked(layer, watch):
                score = one_score(forward(run, x, points, more), index, sign)
        return seen[-1], tape.gradient(score, seen[-1], unconnected_gradients=tf.UnconnectedGradients.ZERO)

    return traced(slope)


def find(run: Loaded, path: str) -> Any:
    """The Keras layer of a node, or inside a nested model by `NODE/INNER`."""
    node = max((each for each in run.names if f"{path}/".startswith(f"{each}/")), key=len, default=None)
    if node is None:
        raise BuilderError("The layer", f"one of {', '.join(run.names)}", repr(path))
    layer = run.model.get_layer(run.names[node])
    for name in path.removeprefix(node).split("/")[1:]:
        known = [each.name for each in getattr(layer, "layers", [])]
        if name not in known:
            raise BuilderError("The layer", f"one of {', '.join(known) or 'no nested layers'}", repr(path))
        layer = layer.get_layer(name)
    return layer


def has_places(layer: Any) -> bool:
    """Whether a layer's output has places beside its channels: (height, width, channels) or (steps, features)."""
    shape = layer.output[0].shape if isinstance(layer.output, list | tuple) else layer.output.shape
    return len(shape) >= 3 and any(size != 1 for size in shape[1:-1])


def first_choice(run: Loaded) -> str:
    """The path of the last convolution with places, as in the paper; without one that of the last layer with places."""
    paths = with_places(run)
    if not paths:
        raise BuilderError("Grad-CAM", "a layer with places, such as a convolution", "a network of rows of numbers")
    return next((path for path in reversed(paths) if family(find(run, path)) == "convolution"), paths[-1])


def with_places(run: Loaded) -> list[str]:
    """The paths of the layers with places before the one that gives the scores, in order, inside nested models too.

    Of a network with a decoder those that see its first input alone: only their places are that input's.
    """
    nodes = {layer: node for node, layer in run.names.items()}
    left_out = {run.network.outputs[0].name, *(node.name for node in run.network.inputs), *fed_from_elsewhere(run.network)}
    last = squashing(run)
    left_out |= {nodes[last.name]} if last is not None else set()
    found = []
    for layer in run.model.layers:
        if layer.name in nodes and nodes[layer.name] not in left_out:
            inner = [f"{nodes[layer.name]}/{each.name}" for each in getattr(layer, "layers", [])[1:] if has_places(each)]
            found += inner or ([nodes[layer.name]] if has_places(layer) else [])
    return found


def fed_from_elsewhere(network: Network) -> set[str]:
    """The layers that any input but the first leads to, those inputs included."""
    reached = {node.name for node in network.inputs[1:]}
    while more := {edge.target for edge in network.edges if edge.source in reached} - reached:
        reached |= more
    return reached


def family(layer: Any) -> str:
    """The catalogue's family of a Keras layer, "" for one that it does not have."""
    known = LAYERS.get(type(layer).__name__)
    return known.family if known else ""


def gradcam(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Grad-CAM of a score.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given, `target` (None: the predicted),
            `step`, `layer` (None: the last convolution), `check` False leaves the randomisation test out.

    Returns:
        `target`, `score`, the `layer`, and all `layers` that could be asked for.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    one = asked_sample(run, arguments, arrays)
    asked = target_of(run, one, arguments.get("target"), arguments.get("step"))
    cam = grad_cam(run, asked, arguments.get("layer"))
    answer: dict[str, Any] = {"target": asked.target, "score": asked.score, "layer": cam.layer, "epoch": run.epoch}
    answer["layers"] = with_places(run)
    if arguments.get("check", True):
        answer["check"] = {"name": "Rank correlation with the map of randomised weights", "value": randomised(run, asked, cam)}
    return answer, found_arrays(run, one.x[0], cam)


def found_arrays(run: Loaded, x: np.ndarray, cam: Cam) -> Found:
    """Grad-CAM's `attribution` at the layer's own places, and where the input is a picture `overlay` at the input's."""
    found = {"input": x, "attribution": cam.heat, "weights": cam.weights}
    if x.ndim == 3 and cam.heat.ndim == 2 and entry(run) is None:
        found["overlay"] = enlarged(cam.heat, x.shape[:2])
    return found


def enlarged(heat: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Bilinear resizing of a heat map (height, width) to another size."""
    from builder.datasets.resizing import resize

    return resize(heat[None, ..., None].astype("float32"), *shape)[0, ..., 0]


def randomised(run: Loaded, asked: Target, cam: Cam) -> float:
    """Sanity check, how alike the map stays when the weights are random: near 0 where it shows what was learned (arXiv 1810.03292)."""
    return agreement(run, lambda: grad_cam(run, asked, cam.layer).heat, cam.heat)


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Grad-CAM's `attribution` of the predicted class's score for a sample of the test part."""
    run = loaded(run_folder, epoch)
    one = sample(run, "test", place)
    asked = target_of(run, one)
    cam = grad_cam(run, asked, layer)
    return {**found_arrays(run, one.x[0], cam), "check": np.array(randomised(run, asked, cam))}


GRADCAM = Probe(
    name="gradcam",
    title="Grad-CAM",
    summary="Where the network found what speaks for its answer.",
    compute=compute,
)


OPERATIONS = (gradcam,)
PROBES = (GRADCAM,)
