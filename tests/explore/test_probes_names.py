"""Whatever a network's nodes are called: every operation answers in their own names, and with the same numbers."""

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.errors import BuilderError
from builder.network import Network
from builder.network.names import layer_names
from builder.probes import OPERATIONS
from builder.probes.attribution.gradcam import find
from builder.probes.model.loaded import forget, loaded
from builder.runs.load import model_at
from builder.runs.run_folder import epochs, network, node_weights, settings, weights
from builder.training.pictures.check import pictured
from builder.training.pictures.keeping import Pictures
from builder.training.pictures.scene import scene_of
from tests.kit.making import made

PLAIN, STRANGE = "__0", " 1/α"  # what names end with: Keras takes the first as it is, and has to change the second
ALL = OPERATIONS | {"pictured": pictured}
OTHERS = {"photograph", "preview", "ranges", "samples", "vanishing", "test"}  # they look at no layer
NETWORKS = {  # the run of the first is asked first
    "digits": ("lenet5", "supervised"),
    "moons": ("points_mlp", "supervised"),
    "pronouns": ("pronoun_encoder", "supervised"),
    "adding": ("adding_lstm", "supervised"),
    "reversal": ("seq2seq_transformer", "sequence_to_sequence"),
    "digits28": ("dense_autoencoder", "autoencoder"),
}
Asked = tuple[str, dict[str, Any]]
ASKED: dict[str, Asked] = {  # only operations that need arguments, or another run than the first that they have an answer for
    "layer": ("digits", {"layer": "conv_1"}),
    "filters": ("digits", {"layers": ["conv_1"]}),
    "gradcam": ("digits", {"layer": "conv_2"}),
    "integrated_gradients": ("digits", {"steps": 8}),
    "maximise": ("digits", {"layer": "conv_1", "steps": 4}),
    "top_samples": ("digits", {"layer": "conv_1", "count": 40}),
    "histograms": ("digits", {"count": 20}),
    "lens": ("digits", {"layer": "conv_1", "index": [1, 1, 0]}),
    "lenses": ("digits", {"layer": "conv_1"}),
    "dead": ("digits", {"count": 20}),
    "spread": ("digits", {"count": 20}),
    "landscape": ("moons", {"side": 5, "count": 50}),
    "plane": ("moons", {}),
    "layer_weights": ("moons", {"layer": "dense_2"}),
    "with_edits": ("moons", {"edits": [("dense_1", 0, (0, 1), 0.5)]}),
    "pictured": ("moons", {"epoch": 1}),
    "attention": ("pronouns", {}),
    "head_ablation": ("pronouns", {}),
    "token_masking": ("pronouns", {}),
    "unfolded": ("pronouns", {"layer": "attention_2", "head": 0}),
    "head_parts": ("pronouns", {"layer": "attention_2", "index": [1, 0]}),
    "positions": ("pronouns", {}),
    "lookback": ("pronouns", {}),
    "writing": ("reversal", {}),
    "gates": ("adding", {}),
    "through_time": ("adding", {}),
    "brush": ("adding", {"layer": "lstm", "first": 3, "last": 9}),
    "top_stretches": ("adding", {"layer": "lstm", "unit": 1, "threshold": 0.0, "above": True, "count": 20}),
    "reconstruction": ("digits28", {}),
    "errors": ("digits28", {}),
    "latent": ("digits28", {}),
    "decode": ("digits28", {"between": [0, 1]}),
    "encode": ("digits28", {}),
    "beside_pca": ("digits28", {}),
}


def ending(network: Network, end: str) -> Network:
    """The same network, all names with this end."""
    nodes = tuple(node.model_copy(update={"name": node.name + end}) for node in network.nodes)
    edges = tuple(edge.model_copy(update={"source": edge.source + end, "target": edge.target + end}) for edge in network.edges)
    return network.model_copy(update={"nodes": nodes, "edges": edges})


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """For each dataset two runs of the same weights, of one network under two kinds of names."""
    place = tmp_path_factory.mktemp("names")
    found: dict[str, dict[str, Path]] = {}
    for dataset, (name, recipe) in NETWORKS.items():
        found[dataset] = {end: place / f"{dataset}{kind}" for kind, end in enumerate((PLAIN, STRANGE))}
        for end, folder in found[dataset].items():
            made(folder, ending(zoo.network(name), end), dataset, recipe, epochs=3, spread=0.02)
    for folder in found["moons"].values():
        with_pictures(folder)
    return found


def with_pictures(place: Path) -> None:
    """Take the pictures of a run whose weights are kept, at each of its epochs."""
    for epoch in epochs(place):
        pictures = Pictures(scene_of(model_at(place, epoch), network(place), settings(place)), place)
        pictures.begin(epoch)
        pictures.take(epoch, 0.0, last=True)


def asked(op: str, run: Path, arguments: dict[str, Any], end: str) -> tuple[str, dict[str, np.ndarray]]:
    """An operation's answer as text and its arrays, every name with the strange end."""
    arguments = {name: value + end if name == "layer" else value for name, value in arguments.items()}
    arguments |= {"layers": [each + end for each in arguments["layers"]]} if "layers" in arguments else {}
    arguments |= {"edits": [(layer + end, *rest) for layer, *rest in arguments["edits"]]} if "edits" in arguments else {}
    arguments |= {"other": {"run": str(run), "epoch": 0, "part": "test", "sample": 1}} if op == "compare" else {}
    forget()
    answer, arrays = ALL[op]({"run": str(run), "part": "test", "sample": 0, **arguments}, {})
    told = json.dumps(answer, ensure_ascii=False, sort_keys=True).replace(PLAIN, STRANGE)
    return told, {name.replace(PLAIN, STRANGE): np.asarray(values) for name, values in arrays.items()}


def question(op: str, runs: dict[str, dict[str, Path]]) -> Asked:
    """What an operation is asked: what ASKED says, or nothing but a sample of the first run that it has an answer for."""
    if op in ASKED:
        return ASKED[op]
    for dataset in runs:
        with suppress(BuilderError):
            asked(op, runs[dataset][PLAIN], {}, PLAIN)
            return dataset, {}
    pytest.fail(f"{op} has no answer for any of these runs: give it one of them and its arguments in ASKED")


def test_the_operations_that_are_asked_something_of_their_own_are_there() -> None:
    assert set(ASKED) | OTHERS <= set(ALL)


@pytest.mark.parametrize("op", [op for op in ALL if op not in OTHERS])
def test_an_operation_answers_the_same_whatever_the_nodes_are_called(op: str, runs: dict[str, dict[str, Path]]) -> None:
    dataset, arguments = question(op, runs)
    plain, strange = (asked(op, folder, arguments, end) for end, folder in runs[dataset].items())
    assert numbers(strange[0])[0] == numbers(plain[0])[0]
    np.testing.assert_allclose(numbers(strange[0])[1], numbers(plain[0])[1], rtol=1e-3, atol=1e-5)
    assert list(strange[1]) == list(plain[1])
    for name, values in plain[1].items():
        np.testing.assert_allclose(strange[1][name], values, rtol=1e-3, atol=1e-5, err_msg=name)


def numbers(told: str) -> tuple[str, list[float]]:
    """A text without its decimal fractions, and those."""
    fraction = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?|-?\d+e-\d+")
    return fraction.sub("#", told), [float(each) for each in fraction.findall(told)]


def test_kept_weights_are_read_by_node(runs: dict[str, dict[str, Path]]) -> None:
    folder = runs["digits"][STRANGE]
    by_layer, by_node = weights(folder, 1), node_weights(folder, 1)
    names = layer_names(ending(zoo.network("lenet5"), STRANGE))
    assert names[f"conv_1{STRANGE}"] == "conv_1_1_"
    assert list(by_node) == [f"{node}/{at}" for node in names for at in range(2) if f"{names[node]}/{at}" in by_layer]
    np.testing.assert_array_equal(by_node[f"conv_2{STRANGE}/0"], by_layer["conv_2_1_/0"])
    assert list(node_weights(folder, 1, ["dense" + STRANGE, "no such node"])) == [f"dense{STRANGE}/0", f"dense{STRANGE}/1"]


def test_a_layer_inside_a_nested_model_is_found_behind_a_name_with_a_slash(runs: dict[str, dict[str, Path]]) -> None:
    run = loaded(runs["digits"][STRANGE])
    assert find(run, f"conv_1{STRANGE}").name == "conv_1_1_"
    with pytest.raises(BuilderError, match="no nested layers"):
        find(run, f"conv_1{STRANGE}/inner")
    with pytest.raises(BuilderError, match="one of conv_1 1/α"):
        find(run, "conv_1 1")
