"""What Python computes for the tests in tests/js: by the name of a test, a function that gives its cases as JSON values."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
from sklearn.metrics import precision_score, recall_score

from builder import zoo
from builder.catalogue import LAYERS
from builder.engine.shipped import SHIPPED
from builder.errors import BuilderError
from builder.network import Analysis, Network, Node, apply
from builder.network.validity import MOST_LETTERS
from builder.probes.convolution.kernel_by_hand import Kernel, over, padded, reach
from builder.probes.layers.lenses import lenses
from builder.typed import read_number
from builder.web.canvas_picture import cards_and_wires
from builder.web.catalogue import listing
from builder.words import format_count
from pages.explore.drawing import sendable
from tests.test_typed import NOT_WHOLE, READ, REFUSED, WHOLE

RANDOM = np.random.default_rng(7)
LARGEST = 60  # layers of a network whose every edit is tried


def drawn(network: Network) -> dict[str, Any]:
    """A network as the canvas gets it, before Keras has looked at it."""
    return cards_and_wires(network, Analysis(name=network.name, total_params=0))


def guess() -> dict[str, Any]:
    """Edits of networks, with the names and wires that each leads to."""
    return {"listing": listing(), "cases": [*new_layers(), *changes(), *names()]}


def search() -> dict[str, Any]:
    """The layers among which a person searches."""
    return listing()


def fits() -> dict[str, Any]:
    """The layer types, and for those that Keras itself gives a rank that rank without the batch."""
    import keras

    ranks = {}
    for name, layer in LAYERS.items():
        made = getattr(keras.layers, name, None) and keras_layer(name, layer.start())
        spec = getattr(made, "input_spec", None)
        if isinstance(spec, keras.layers.InputSpec) and (rank := spec.ndim or (spec.min_ndim if name.startswith("Conv") else None)):
            ranks[name] = rank - 1
    return {"listing": listing(), "ranks": ranks}


def keras_layer(name: str, params: dict[str, Any]) -> Any:
    """A layer of Keras with its starting parameters; None where those are not all that it needs."""
    import keras

    try:
        return getattr(keras.layers, name)(**params)
    except (TypeError, ValueError):
        return None


def new_layers() -> Iterator[dict[str, Any]]:
    """Every layer type after a layer and on a wire of a network that has some of them."""
    network = zoo.network("digit_cnn")
    source, target = network.edges[1].source, network.edges[1].target
    for layer in LAYERS:
        yield from case(network, {"kind": "add_after", "after": source, "layer": layer})
        yield from case(network, {"kind": "insert", "source": source, "target": target, "layer": layer})


def changes() -> Iterator[dict[str, Any]]:
    """Every layer of the zoo's small networks deleted, duplicated, and moved to a place some rows away."""
    for entry in zoo.ZOO.values():
        network = zoo.network(entry.name)
        if len(network.nodes) > LARGEST:
            continue
        names = [node.name for node in network.nodes]
        for place, name in enumerate(names):
            yield from case(network, {"kind": "delete", "name": name})
            yield from case(network, {"kind": "duplicate", "name": name})
            yield from case(network, {"kind": "move", "name": name, "after": names[(place + 3) % len(names)]})
            yield from case(network, {"kind": "move", "name": name, "after": names[place - 3]})


def names() -> Iterator[dict[str, Any]]:
    """Copies of layers whose names are long, or end in a number."""
    for name in ("a" * MOST_LETTERS, "conv_1", "conv_007", "conv_99999", "conv_100000", "conv_", "conv.2", "7_7"):
        network = Network(name="one", nodes=(Node(name="conv_7", layer="Dense"), Node(name=name, layer="Dense")))
        yield from case(network, {"kind": "duplicate", "name": name})


def case(network: Network, edit: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One edit that Python makes; those that it refuses are left out."""
    try:
        after = apply(network, edit, LAYERS)
    except BuilderError:
        return
    wires = [[edge.source, edge.source_port, edge.target, edge.target_port] for edge in after.edges]
    yield {"picture": drawn(network), "edit": edit, "names": [node.name for node in after.nodes], "wires": wires}


def routes() -> list[dict[str, Any]]:
    """Every network of the zoo as the canvas draws it."""
    return [{"name": name, **drawn(zoo.network(name))} for name in zoo.ZOO]


def data() -> dict[str, Any]:
    """Arrays as the pages send them, with the bits of their numbers; whole numbers in groups of three digits."""
    arrays = [
        RANDOM.normal(size=(2, 3, 4)),
        np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 1e-45, 3.4028235e38, 0.1]),
        np.zeros((0, 3)),
        np.arange(7, dtype="int64"),
        RANDOM.normal(size=(4, 3))[::2, ::-1],
    ]
    sent = [{**sendable(each), "bits": np.ascontiguousarray(each, "<f4").reshape(-1).view("<u4").tolist()} for each in arrays]
    floats = np.concatenate(
        [RANDOM.integers(0, 2**32, 500, dtype="uint32").view("f4"), np.float32([0.1, 1 / 3, 16777216.0, 1e-45, 225034.0])]
    )
    exact = [[float(each), str(each)] for each in floats if np.isfinite(each)]
    grouped = [[each, f"{each:,}".replace("-", "−")] for each in (0, 7, 999, 1000, 225_034, -1_234_567, 2**40)]
    nouns = ("parameter", "class", "axis", "box", "category", "day", "query", "epoch", "batch")
    counts = [[number, noun, format_count(number, noun)] for noun in nouns for number in (0, 1, 2, 1290)]
    return {"arrays": sent, "exact": exact, "grouped": grouped, "counts": counts}


def fields() -> list[dict[str, Any]]:
    """Channels of arrays of any rank as rows, cut out by numpy; and places of numbers in a flattened array."""
    found = []
    for shape in ((5,), (40,), (4, 3), (5, 4, 3), (2, 3, 4, 2)):
        values = RANDOM.normal(size=shape).astype("f4")
        channels = [values.reshape(1, -1)] if len(shape) == 1 else [values[..., each].reshape(-1, shape[-2]) for each in range(shape[-1])]
        found.append({"shape": shape, "values": values.ravel().tolist(), "channels": [each.tolist() for each in channels]})
    return found


def convolving() -> list[dict[str, Any]]:
    """Kernels over pictures, by numpy's own windows."""
    found = []
    for side, stride, padding, dilation in product((3, 4, 5), (1, 2, 3), ("same", "valid"), (1, 2)):
        picture = RANDOM.integers(0, 256, (11, 14, RANDOM.choice([1, 3])))
        weights = tuple(tuple(row) for row in RANDOM.normal(size=(side, side)).tolist())
        kernel = Kernel(weights, stride, padding, dilation, *(bool(each) for each in RANDOM.integers(0, 2, 2)), bias=2.5, relu=side == 4)
        made = over(picture, kernel)
        around = np.pad(picture, (padded(11, kernel), padded(14, kernel), (0, 0)))
        row, column = made.shape[0] - 1, made.shape[1] // 2
        span = [slice(at * stride, at * stride + reach(kernel), dilation) for at in (row, column)]
        window = around[span[0], span[1], -1]
        found.append(
            {
                "picture": {"shape": picture.shape, "values": picture.ravel().tolist()},
                "kernel": kernel._asdict(),
                "made": {"shape": made.shape, "values": made.ravel().tolist()},
                "sums": {"rows": made.sum(axis=(1, 2)).tolist(), "columns": made.sum(axis=(0, 2)).tolist()},
                "at": {"row": row, "column": column},
                "window": window.ravel().tolist(),
            }
        )
    return found


def windows() -> list[dict[str, Any]]:
    """Windows pooled by Keras's own layers."""
    import keras

    layers, found = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}, []
    for side, stride, padding, does in product((2, 3), (1, 2, 3), ("same", "valid"), layers):
        picture = RANDOM.integers(-99, 100, (7, 8, 1)).astype("float32")
        made = np.asarray(layers[does](side, stride, padding)(picture[None]))[0]
        kernel = Kernel(((1.0,) * side,) * side, stride, padding, does=does)
        pairs = {"picture": picture, "made": made}
        found.append(
            {name: {"shape": each.shape, "values": each.ravel().tolist()} for name, each in pairs.items()} | {"kernel": kernel._asdict()}
        )
    return found


def arithmetic() -> list[dict[str, Any]]:
    """Whole maps of a trained network's layers with the terms of every number, as Explore gets them."""
    found = []
    for layer in ("conv_1", "pool_1", "dense", "digits"):
        answer, arrays = lenses({"run": str(SHIPPED), "sample": 1, "layer": layer, "map": 3}, {})
        found.append({"answer": answer, "arrays": sendable(arrays)})
    return found


def histograms() -> dict[str, Any]:
    """Counts in equal bins by numpy, and precision and recall of a threshold by scikit-learn."""
    errors = np.concatenate([RANDOM.gamma(2, 1, 300), RANDOM.gamma(6, 1, 60)])
    anomalous = np.repeat([0, 1], [300, 60])
    thresholds = [0, 2.5, float(errors[7]), 5, float(errors.max()), 99]
    marked = [anomalous, *((errors >= each).astype(int) for each in thresholds)]
    rated = [
        [precision_score(marked[0], each, zero_division=np.nan), recall_score(marked[0], each)] for each in marked[1:]
    ]  # NaN: nothing is called an anomaly
    counts = np.histogram(errors, 40, (0, errors.max()))[0]
    rated = [[None if np.isnan(each) else each for each in pair] for pair in rated]
    return {"errors": errors.tolist(), "anomalous": anomalous.tolist(), "counts": counts.tolist(), "thresholds": thresholds, "rated": rated}


def responding() -> dict[str, Any]:
    """How far each unit's mean over steps 3 to 7 lies from its mean over the others, in its standard deviations."""
    values = RANDOM.normal(size=(20, 4))
    values[:, 2] = 1.5
    inside, outside = values[3:8].mean(0), np.delete(values, range(3, 8), 0).mean(0)
    scores = (inside - outside) / np.where(values.std(0) > 1e-9, values.std(0), 1)
    return {"values": values.ravel().tolist(), "shape": values.shape, "scores": scores.tolist()}


def changed() -> list[dict[str, Any]]:
    """Steps of undo and redo between two networks, and the layer where they differ."""
    digits, found = zoo.network("digit_cnn"), []
    steps = {
        "an added layer": ({"kind": "add_after", "after": "dense", "layer": "Dropout"}, "dense", "dropout"),
        "an inserted layer": ({"kind": "insert", "source": "pool_1", "target": "conv_2", "layer": "Dropout"}, "pool_1", "dropout"),
        "a deleted layer": ({"kind": "delete", "name": "pool_2"}, "pool_2", "conv_2"),
        "the deleted first layer": ({"kind": "delete", "name": "input"}, "input", "conv_1"),
        "a new setting": ({"kind": "set", "name": "conv_2", "params": {"filters": 7}}, "conv_2", "conv_2"),
        "a frozen layer": ({"kind": "trainable", "name": "dense", "value": False}, "dense", "dense"),
        "a new name": ({"kind": "rename", "name": "dense", "to": "wide"}, "dense", "wide"),
        "a cut wire": ({"kind": "disconnect", "source": "flatten", "target": "dense"}, "dense", "dense"),
        "a setting that no card shows": ({"kind": "set", "name": "dense", "params": {"bias_constraint": "NonNeg"}}, None, None),
    }
    for what, (edit, undone, redone) in steps.items():
        before, after = drawn(digits), drawn(apply(digits, edit, LAYERS))
        found += [{"what": f"undo {what}", "before": after, "after": before, "there": undone}]
        found += [{"what": f"redo {what}", "before": before, "after": after, "there": redone}]
    return found


def clipboard() -> list[dict[str, Any]]:
    """Layers of the zoo's networks that are copied, as the clipboard holds them."""
    found = []
    for name in ("digit_cnn", "seq2seq_transformer", "reversal_attention"):
        network = zoo.network(name)
        for size in (1, 2, 5):
            chosen = {node.name for node in network.nodes[size : 2 * size + 1]}
            inner = [edge for edge in network.edges if {edge.source, edge.target} <= chosen]
            entering = [edge for edge in network.edges if edge.target in chosen and edge.source not in chosen]
            part = {
                "version": network.version,
                "name": network.name,
                "nodes": [node.model_dump(mode="json") for node in network.nodes if node.name in chosen],
                "edges": [edge.model_dump(mode="json") for edge in inner],
            }
            opened = [{"node": edge.target, "port": edge.target_port} for edge in entering]
            copied = {"layerloom": "layers", "network": part, "open": opened}
            apply(Network(name="another"), {"kind": "paste", "network": part, "open": opened}, LAYERS)  # Python takes it
            found.append({"network": network.model_dump(mode="json"), "names": sorted(chosen), "copied": copied})
    return found


def typed() -> list[dict[str, Any]]:
    """Texts that people may type as a number, and what `builder.typed` reads in them; None where it refuses."""
    texts = [text for text, _ in (*READ, *WHOLE)] + [*REFUSED, *NOT_WHOLE]
    signs = RANDOM.choice(list("0123456789,. '-e"), (600, 6))
    return [typed_case(text, whole) for text in (*texts, *map("".join, signs.tolist())) for whole in (False, True)]


def typed_case(text: str, whole: bool) -> dict[str, Any]:
    """One text and its number."""
    try:
        value = read_number(text, "it", whole=whole)
    except BuilderError:
        value = None
    return {"text": text, "whole": whole, "value": value}


ORACLES: dict[str, Callable[[], Any]] = {
    each.__name__: each
    for each in (
        arithmetic,
        changed,
        clipboard,
        convolving,
        data,
        fields,
        fits,
        guess,
        histograms,
        responding,
        routes,
        search,
        typed,
        windows,
    )
}
