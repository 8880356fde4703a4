"""What analyse says of a network is what Keras does with it, and costs nothing."""

import re
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras.src.backend.common import global_state

from builder import zoo
from builder.catalogue import LAYERS
from builder.engine import calls
from builder.errors import BuilderError
from builder.keras_bridge import analyse, examine, shipped, to_keras
from builder.network import Edge, Network, Node
from builder.network.names import layer_names
from tests.kit.layers_in_a_row import IMAGE, STEPS, chain

# name: (parameters, trainable parameters or None for as many as have gradients), from the curriculum
TOTALS = {
    "first_model": 13,
    "mlp": 109_386,
    "small_cnn": 3_078_598,
    "digit_cnn": 225_034,
    "flower_cnn": 3_989_285,
    "lenet5": 61_706,
    "alexnet": 62_378_344,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "resnet18": 11_699_112,
    "resnet34": 21_814_696,
    "resnet50": 25_636_712,
    "resnet101": 44_707_176,
    "resnet152": 60_419_944,
    "rnn_text": 4_818_285,
    "lstm_text": 772_229,
    "gru_text": 739_717,
    "vgg16_finetune": 21_137_729,
    "resnet50_head": 25_686_913,
}
TRAINABLE = {"vgg16_finetune": 6_423_041, "resnet50_head": 2_099_201}
BUILT = [name for name in zoo.ZOO if TOTALS.get(name, 0) < 5_000_000]


@pytest.fixture
def fresh() -> Iterator[None]:
    """No layer's answer is known."""
    examine.forget()
    yield


@pytest.mark.parametrize("name", TOTALS)
def test_every_network_of_the_course_has_its_exact_total(name: str) -> None:
    analysis = analyse(zoo.network(name))
    assert not analysis.problems
    assert analysis.total_params == TOTALS[name] == sum(layer.params for layer in analysis.layers)
    assert analysis.trainable_params + analysis.non_trainable_params == TOTALS[name]
    if name in TRAINABLE:
        assert analysis.trainable_params == TRAINABLE[name]


@pytest.mark.parametrize("name", BUILT)
def test_an_analysis_says_what_the_built_model_is(name: str) -> None:
    network = zoo.network(name)
    analysis, model = analyse(network, deep=True), to_keras(network)
    assert (analysis.total_params, analysis.problems) == (model.count_params(), ())
    assert analysis.trainable_params == sum(prod(weight.shape) for weight in model.trainable_weights)
    assert analysis.weight_bytes == sum(weight.numpy().nbytes for weight in model.weights)
    for report in analysis.layers:
        layer = model.get_layer(report.name)
        assert report.params == layer.count_params()
        assert report.output_shape == tuple(layer.output.shape[1:])
        assert report.dtype == layer.output.dtype
        assert report.activation_bytes == prod(layer.output.shape[1:]) * np.dtype(layer.output.dtype).itemsize


def test_analysing_allocates_no_weight_and_leaves_nothing_behind(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    allocated: list[str] = []
    for method in ("_initialize", "_initialize_with_initializer", "_deferred_initialize"):
        monkeypatch.setattr(keras.Variable, method, lambda variable, *_: allocated.append(variable.path))
    for name in zoo.ZOO:
        analyse(zoo.network(name), deep=name in BUILT)
        assert not global_state.get_global_attribute("uninitialized_variables")
    assert not allocated
    monkeypatch.undo()
    assert keras.Variable([1.0]).numpy() == [1.0]


@pytest.mark.parametrize(
    ("layer", "params", "shapes"),
    [
        ("MaxPooling2D", {"pool_size": [2, 3]}, [(12, 10, 4), (7, 9, 2), (5, 5, 1)]),
        ("Flatten", {}, [(6, 4), (3, 3, 3), (9,)]),
        ("Reshape", {"target_shape": [-1, 2]}, [(6, 4), (8,), (2, 2, 2)]),
        ("Dropout", {"rate": 0.3}, [(6, 4), (8,)]),
    ],
)
def test_a_layer_with_nothing_to_build_answers_for_every_shape_as_a_new_one_would(
    fresh: None, layer: str, params: dict[str, Any], shapes: list[tuple[int, ...]]
) -> None:
    for shape in [*shapes, *shapes[::-1]]:
        real = getattr(keras.layers, layer)(**{name: tuple(v) if isinstance(v, list) else v for name, v in params.items()})
        report = analyse(chain(("Input", {"shape": list(shape)}), (layer, params)), deep=True).layers[-1]
        assert report.output_shape == tuple(real(np.zeros((1, *shape), "float32")).shape[1:])


def test_models_made_after_an_analysis_are_in_tensorflow_s_checkpoints_again(fresh: None) -> None:
    analyse(chain(("Input", {"shape": [4]}), ("Dense", {"units": 0})))
    layer = keras.layers.Dense(3)
    layer.build((None, 4))
    assert {"_kernel", "bias"} <= set(layer._trackable_children())


def test_equal_layers_are_asked_about_once_whatever_their_names(fresh: None) -> None:
    analyse(zoo.network("resnet152"))
    asked = examine.examine.cache_info().misses
    assert asked < 60
    renamed = zoo.network("resnet152").model_dump_json().replace("conv4", "another4")
    analyse(Network.model_validate_json(renamed))
    assert examine.examine.cache_info().misses == asked
    assert examine.examine.cache_info().maxsize == examine.CACHED_LAYERS


def test_a_frozen_layer_has_no_trainable_parameters() -> None:
    network = chain(IMAGE, ("BatchNormalization", {}), ("Dense", {"units": 3}))
    assert [layer.trainable_params for layer in analyse(network).layers] == [0, 8, 15]
    frozen = network.model_copy(update={"nodes": tuple(node.model_copy(update={"trainable": False}) for node in network.nodes)})
    analysis = analyse(frozen)
    assert (analysis.total_params, analysis.trainable_params, analysis.non_trainable_params) == (31, 0, 31)
    assert not to_keras(frozen).trainable_weights


def test_the_model_bears_the_names_and_runs() -> None:
    attention = chain(
        STEPS,
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}),
        ("Bidirectional", {"layer": {"layer": "GRU", "params": {"units": 2}}}),
    )
    joined = Network(
        name="two / inputs",
        nodes=(*attention.nodes, Node(name="more", layer="Input", params={"shape": [4]}), Node(name="join", layer="Concatenate")),
        edges=(*attention.edges, Edge(source="more", target="join"), Edge(source="bidirectional_2", target="join")),
    )
    model = to_keras(joined)
    assert {layer.name for layer in model.layers} == {node.name for node in joined.nodes}
    given, more = np.ones((5, 6, 4), "float32"), np.full((5, 4), 7, "float32")
    result = model([given, more]).numpy()
    assert result.shape == (5, 8)
    np.testing.assert_array_equal(result[:, :4], more)  # the order of edges is the order of inputs


def test_any_name_a_person_gives_can_be_trained() -> None:
    network = chain(("Input", {"shape": [4]}), *[("Dense", {"units": 2})] * 5)
    given = ["eingabe", "größe", "gr__e", "gr_e", "my layer", "a/b:<c>"]
    names = dict(zip([node.name for node in network.nodes], given, strict=True))
    nodes = tuple(node.model_copy(update={"name": names[node.name]}) for node in network.nodes)
    edges = tuple(Edge(source=names[edge.source], target=names[edge.target]) for edge in network.edges)
    renamed = Network(name="büro", nodes=nodes, edges=edges)
    model = to_keras(renamed)
    assert list(layer_names(renamed)) and len(set(layer_names(renamed).values())) == 6
    assert layer_names(renamed)["gr_e"] == "gr_e"
    assert [layer.name for layer in model.layers] == [layer_names(renamed)[name] for name in given]
    model.compile("sgd", "mse")
    model.fit(np.ones((2, 4)), np.ones((2, 2)), verbose=0)


def test_one_seed_makes_one_model() -> None:
    network = chain(
        IMAGE, ("Conv2D", {"filters": 2, "kernel_size": [3, 3]}), ("Dropout", {"rate": 0.5}), ("Flatten", {}), ("Dense", {"units": 2})
    )
    image, results = np.ones((1, 12, 10, 4), "float32"), []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        model = to_keras(network)
        results.append([model(image, training=True).numpy() for _ in range(2)])
    np.testing.assert_array_equal(results[0], results[1])
    assert not np.array_equal(results[0][0], results[0][1])


def test_a_model_that_cannot_be_built_says_so_at_its_layer() -> None:
    network = chain(IMAGE, ("Flatten", {}), ("Conv2D", {"filters": 2, "kernel_size": [3, 3]}), ("Dense", {"units": 2}))
    with pytest.raises(BuilderError) as caught:
        to_keras(network)
    assert caught.value.where == "conv2d_2"
    assert caught.value.sentence == analyse(network).problems[0].message
    assert [dict(fix) for fix in caught.value.fixes] == [fix.model_dump() for fix in analyse(network).problems[0].fixes]


def test_the_shipped_analysis_is_keras_own() -> None:
    assert shipped.PATH.read_text() == shipped.shipped(), "run python -m builder.keras_bridge.shipped"


def test_the_shipped_network_is_answered_without_a_kernel(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(calls, "call", lambda *_, **__: pytest.fail("asked the kernel"))
    assert calls.analyse(zoo.network(shipped.NETWORK)) == analyse(zoo.network(shipped.NETWORK))


SHAPES = [(), (12,), (6, 4), (12, 10, 4), (3, 12, 10, 4)]
ONE_SENTENCE = re.compile(r"[^\n\x1b]+ needs [^\n\x1b]+, but got [^\n\x1b]+\.")
UNBATCHED = {("RandomCrop", (6, 4))}  # runs only because a batch of sequences looks like one image


@pytest.mark.parametrize("layer", [name for name in LAYERS if name != "Input"])
def test_a_layer_has_a_problem_exactly_where_it_cannot_run(layer: str) -> None:
    """Every layer, as it is added, on inputs of each rank: problems, shape and type against the real call.

    What Keras says in words that no rule of messages.py knows is passed on, in a sentence like any other.
    """
    for shape, dtype in [*((shape, "float32") for shape in SHAPES), ((12, 10, 4), "int32")]:
        network = chain(("Input", {"shape": list(shape), "dtype": dtype}), (layer, LAYERS[layer].start()))
        if LAYERS[layer].inputs[0].many:
            network = network.model_copy(update={"edges": network.edges * 2})
        analysis = analyse(network, deep=True)
        report, problems = analysis.layers[1], [problem for problem in analysis.problems if problem.severity == "error"]
        try:
            model = to_keras(network)
            result = model(np.zeros((2, *shape), dtype))
        except Exception:
            assert problems, (shape, dtype)
            assert ONE_SENTENCE.fullmatch(problems[0].message), problems[0].message
            continue
        foretold = model.output.shape[1:] == result.shape[1:]  # else it runs alone, but what follows it is built for another shape
        assert not problems or (layer, shape) in UNBATCHED or not foretold, (shape, problems)
        if not problems:
            assert report.output_shape == tuple(result.shape[1:])
            assert report.dtype == result.dtype or dtype == "int32"  # what is not a float stays so in an eager call only
