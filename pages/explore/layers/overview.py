"""Data of the activations' three levels: the network with its cards, one layer closer, and what both are checked against."""

from functools import lru_cache
from math import ceil
from typing import Any

import numpy as np

from builder.catalogue import FAMILIES, LAYERS, facts, settings_text
from builder.datasets import Dataset
from builder.errors import BuilderError
from builder.network import Network, layout
from builder.probes import layers as probes
from builder.probes.layers.shipped_answers import read_overview
from builder.recipes import last_activation, rates_classes
from builder.runs import Run, folder
from builder.words import format_bytes, format_shape
from pages.explore import drawing
from pages.explore.view import Inspection, View, filters, view_of

LARGE = 40  # cards: from here on only those near the chosen one are drawn in full
WAYS = ("smaller", "fewer")
MOST_INPUTS, MOST_FILTERS, MOST_KERNEL = 16, 64, 60_000  # of a kernel that is drawn
CHANCES = ("softmax", "sigmoid")


def cards(run: Run, view: View, near: str | None) -> Inspection:
    """Every card's activations; those that ship with a run are cached on disk and need no kernel."""
    kept = _kept(run.id)
    if kept and view.given is None and view_of(run.id, kept.answer) == view:
        return kept
    return drawing.asked(view, probes.overview.overview, **({"near": near} if near else {}))


@lru_cache(maxsize=8)
def _kept(run: str) -> Inspection | None:
    found = read_overview(folder(run))
    return Inspection(*found) if found else None


def shared(run: Run, view: View, found: Inspection) -> dict[str, Any]:
    """The data of every level: a cache key, the families' icons and colours, and the largest number of all layers."""
    inputs = {node.name for node in run.network.inputs}
    extent = max((extent_of(each) for each in found.answer["layers"] if each["name"] not in inputs), default=0.0)
    middle = next((each["name"] for each in found.answer["layers"] if not each["coarse"]), "")
    return {"key": f"{hash(view)} {middle}", "families": {name: family._asdict() for name, family in FAMILIES.items()}, "extent": extent}


def extent_of(figures: dict[str, Any]) -> float:
    """The largest absolute value of a layer's numbers."""
    return max(abs(figures["low"] or 0.0), abs(figures["high"] or 0.0))


def network(run: Run, found: Inspection, dataset: Dataset) -> dict[str, Any]:
    """Cards at their places, and wires with their routes."""
    placed = layout(run.network)
    figures = {each["name"]: each for each in found.answer["layers"]}
    blocks = {
        name: node_block(run, dataset, each) | {"numbers": found.arrays[f"card:{name}"], "extents": found.arrays[f"extent:{name}"]}
        for name, each in figures.items()
    }
    nodes = [
        blocks[name]
        | {"x": placed.nodes[name][0], "y": placed.nodes[name][1]}
        | {"further": [block for block in blocks.values() if block.get("of") == name]}
        for name in (node.name for node in run.network.nodes)
        if name in blocks
    ]
    edges = [
        {"source": edge.source, "target": edge.target, "route": placed.routes.get(index)} for index, edge in enumerate(run.network.edges)
    ]
    return {"nodes": nodes, "edges": edges}


def node_block(run: Run, dataset: Dataset, figures: dict[str, Any]) -> dict[str, Any]:
    """A layer's name, type, shape, looks and statistics, and the classes where its numbers are their probabilities."""
    node = run.network.node(figures.get("of", figures["name"]))
    record = LAYERS.get(node.layer)
    return figures | {
        "family": record.family if record else "block",
        "settings": settings_text(record, node.params) if record else "",
        "words": format_shape(figures["shape"]),
        "extent": extent_of(figures),
        "classes": list(dataset.classes) if gives_chances(run, dataset, figures) else None,
    }


def gives_chances(run: Run, dataset: Dataset, figures: dict[str, Any]) -> bool:
    """Whether these numbers are a probability for each class."""
    last = figures["name"] == run.network.outputs[-1].name and last_activation(run.network, LAYERS).function in CHANCES
    return (
        last and rates_classes(run.settings.recipe, dataset) and len(figures["shape"]) == 1 and figures["shape"][0] == len(dataset.classes)
    )


def layer(run: Run, view: View, name: str, how: str) -> Inspection:
    """One layer's activations, with its weights."""
    found = drawing.asked(view, probes.overview.layer, layer=name, how=how)
    arrays = {name: found.arrays["maps"], "extent": found.arrays["extent"]}
    kept = filters(view._replace(part="test", sample=0, given=None), (found.answer.get("of", name),))
    arrays |= {f"{name} kernel": weights for weights in kept.arrays.values()}
    shape = next((each["shape"] for each in kept.answer["layers"]), None)
    return Inspection(found.answer | {"kernel_shape": shape, "key": f"{hash(view)} {name} {how}", "how": how}, arrays)


def output_name(network: Network, layer: str, port: str) -> str:
    """What the probes call one of a layer's outputs: the layer itself, or for its second output LAYER/1."""
    node = network.node(layer)
    ports = LAYERS[node.layer].outputs(node.params) if node.layer in LAYERS else ()
    return f"{layer}/{ports.index(port)}" if port in ports[1:] else layer


def outputs(found: Inspection, layer: str) -> list[dict[str, str]]:
    """A layer's outputs, each with its port and its shape in words."""
    own = [each for each in found.answer["layers"] if layer in (each["name"], each.get("of"))]
    return [{"port": each.get("port", "output"), "words": format_shape(each["shape"])} for each in own]


def closer(run: Run, dataset: Dataset, found: Inspection) -> dict[str, Any]:
    """A layer's block: its maps, figures, histogram and kernel, and what all of it would need."""
    name = found.answer["name"]
    weights = found.arrays.get(f"{name} kernel")
    told = {
        "numbers": found.arrays[name],
        "extents": found.arrays["extent"],
        "kernel": None if weights is None else kernel(weights, found.answer["layer"]) | {"shape": found.answer["kernel_shape"]},
    }
    return node_block(run, dataset, found.answer) | told | {"less": less(found.answer)}


def less(answer: dict[str, Any]) -> dict[str, Any] | None:
    """Subsampling: what asking for every number would need, and the two ways of asking for less; nothing where everything is shown."""
    if answer["whole"]:
        return None
    count, step = answer["count"], answer["step"]
    needed = BuilderError(f"Every number of {answer['name']}", "at most 1.14 MiB", format_bytes(answer["needs"]), "Look at less of it.")
    maps = f"The first {answer['fewer']:,} of {count:,}" if answer["fewer"] > 1 else f"The first of {count:,} alone"
    ways = {"smaller": f"Every {ordinal(step)} row and column of all {count:,}", "fewer": maps}
    return {"sentence": needed.sentence, "ways": ways, "how": answer["how"]}


def ordinal(number: int) -> str:
    """An ordinal number: 2nd, 3rd, 4th."""
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ends.get(number % 10, 'th')}"


def kernel(values: np.ndarray, layer: str) -> dict[str, Any]:
    """Weights as they are drawn: of a convolution (height, width, inputs, filters) by filter, others as a matrix; each cut down where it is large.

    A transposed convolution's weights have filters before inputs; `turned` says so.
    """
    shape, record = list(values.shape), facts(layer)
    if values.ndim < 3 or record.family != "convolution":
        rows = values.reshape(shape[0], -1) if values.ndim > 1 else values[:MOST_KERNEL]
        step = max(ceil(rows.size / MOST_KERNEL), 1)
        return {"kind": "matrix", "shape": shape, "step": step, "values": rows[::step], "turned": False}
    turned = record.arithmetic == "transposed_convolution"
    window = values.reshape(-1, *shape[-3:])  # 1-D kernels are one row, 3-D ones are stacked
    part = (window.swapaxes(-1, -2) if turned else window)[..., :MOST_INPUTS, :MOST_FILTERS]
    maps = np.moveaxis(part.reshape(-1, *part.shape[-3:]), (-1, -2), (0, 1))  # (filters, inputs, height, width)
    return {"kind": "filters", "shape": shape, "step": 1, "values": maps, "turned": turned}


def checks(view: View, layer: str | None, found: Inspection) -> list[dict[str, Any]]:
    """Self-check: the output against the run's own model, and the weights against the stored ones."""
    if layer is None and "checks" in found.answer:
        return list(found.answer["checks"])
    return list(drawing.asked(view, probes.overview.self_check, **({"layer": layer} if layer else {})).answer["checks"])
