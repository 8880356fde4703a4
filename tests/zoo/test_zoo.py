"""The zoo: every network of the course, each sound, each with the published figures."""

import pytest

from builder import zoo
from builder.catalogue import LAYERS, check_params
from builder.errors import BuilderError
from builder.network import Network, check
from builder.network.wires import check_ports
from builder.recipes import RECIPES

COURSE = [
    "first_model",
    "mlp",
    "small_cnn",
    "digit_cnn",
    "flower_cnn",
    "lenet5",
    "alexnet",
    "vgg16",
    "vgg19",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "rnn_text",
    "lstm_text",
    "gru_text",
    "vgg16_finetune",
    "resnet50_head",
    "points_mlp",
    "spirals_mlp",
    "iris_mlp",
    "wine_mlp",
    "cancer_mlp",
    "diabetes_mlp",
]


def test_the_zoo_has_every_network_of_the_course() -> None:
    assert set(COURSE) <= set(zoo.ZOO)
    assert all(name == entry.name == zoo.network(name).name for name, entry in zoo.ZOO.items())


@pytest.mark.parametrize("name", zoo.ZOO)
def test_a_network_is_sound_and_keeps_to_the_catalogue(name: str) -> None:
    network = check_ports(check(zoo.network(name)), LAYERS)
    for node in network.nodes:
        check_params(LAYERS[node.layer], node.params)
    assert len(network.outputs) == 1
    assert len(network.inputs) == len(RECIPES[network.recipe].takes)
    assert zoo.ZOO[name].build() == network  # the same each time


@pytest.mark.parametrize("name", zoo.ZOO)
def test_a_network_has_exactly_its_published_parameters(name: str) -> None:
    from builder.keras_bridge import analyse

    found = analyse(zoo.network(name))
    assert not found.problems
    assert found.total_params == zoo.ZOO[name].total_params


def test_the_figures_of_the_course_layer_by_layer() -> None:
    from builder.keras_bridge import analyse

    def params(name: str) -> list[int]:
        return [layer.params for layer in analyse(zoo.network(name)).layers if layer.params]

    assert params("small_cnn") == [208, 2_080, 3_075_300, 1_010]
    assert params("flower_cnn") == [448, 4_640, 18_496, 3_965_056, 645]
    assert params("rnn_text") == [4_794_600, 23_360, 325]
    assert params("lstm_text") == [640_000, 131_584, 645]
    shapes = [layer.output_shape for layer in analyse(zoo.network("flower_cnn")).layers]
    assert [shape[0] for shape in shapes[1:8] if shape] == [180, 180, 90, 90, 45, 45, 22]
    assert (30_976,) in shapes


@pytest.mark.parametrize(("name", "trainable"), [("vgg16_finetune", 6_423_041), ("resnet50_head", 2_099_201)])
def test_a_frozen_base_leaves_only_its_head_to_train(name: str, trainable: int) -> None:
    from builder.keras_bridge import analyse

    assert analyse(zoo.network(name)).trainable_params == trainable
    assert len(zoo.network(name).nodes) > 20  # flat: the base's layers are the network's own


@pytest.mark.parametrize(("name", "layers"), [("resnet50", 177), ("resnet101", 347), ("resnet152", 517)])
def test_a_residual_network_has_as_many_layers_as_in_keras_applications(name: str, layers: int) -> None:
    assert len(zoo.network(name).nodes) == layers


APPLICATIONS = {
    "vgg16": ("VGG16", {}),
    "vgg19": ("VGG19", {}),
    "resnet50": ("ResNet50", {}),
    "resnet101": ("ResNet101", {}),
    "resnet152": ("ResNet152", {}),
    "vgg16_finetune": ("VGG16", {"include_top": False}),
    "resnet50_head": ("ResNet50", {"include_top": False}),
}


@pytest.mark.parametrize("name", APPLICATIONS)
def test_the_famous_networks_are_those_of_keras_applications_layer_by_layer(name: str) -> None:
    import keras

    from builder.keras_bridge import analyse
    from builder.keras_bridge.scope import nothing_allocated

    kind, options = APPLICATIONS[name]
    with nothing_allocated():
        theirs = getattr(keras.applications, kind)(weights=None, input_shape=(224, 224, 3), **options)
        expected = [(each.name, tuple(each.output.shape[1:]), each.count_params()) for each in theirs.layers[1:]]
    network = zoo.network(name)
    reports = {each.name: each for each in analyse(network).layers}
    assert [(each, reports[each].output_shape, reports[each].params) for each, _, _ in expected] == expected
    if not options:
        assert len(theirs.layers) == len(network.nodes)
    assert wires(network, {each for each, _, _ in expected}) == their_wires(theirs)


def wires(network: Network, names: set[str]) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in network.edges if {edge.source, edge.target} <= names}


def their_wires(model: object) -> set[tuple[str, str]]:
    """Which layer's output each layer of a Keras model reads, its input left out."""
    found = set()
    for layer in model.layers[1:]:
        for tensor in layer._inbound_nodes[0].input_tensors:
            found.add((tensor._keras_history.operation.name, layer.name))
    return {pair for pair in found if pair[0] != model.layers[0].name}


def test_an_unknown_name_is_answered_with_those_that_come_near() -> None:
    with pytest.raises(BuilderError, match="Did you mean digit_cnn"):
        zoo.network("Digit-CNN")
    with pytest.raises(BuilderError, match="`python -m builder zoo` lists them"):
        zoo.network("nothing")
