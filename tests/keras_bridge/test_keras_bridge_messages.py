"""What does not fit is one sentence at its layer, and each button beside it mends it."""

import re
from typing import Any

import numpy as np
import pytest

from builder.catalogue import LAYERS
from builder.code import program
from builder.errors import BuilderError
from builder.keras_bridge import analyse, to_keras
from builder.network import apply
from builder.network.analysis import Problem
from builder.network.records import Edge, Network, Node
from builder.network.wires import check_ports
from tests.kit.broken import BROKEN, CONV, DENSE, FLATTEN, IMAGE, STEPS, VECTOR, chain, wire


def only(network: Network, deep: bool = False) -> Problem:
    """The one problem a network has."""
    problems = analyse(network, deep).problems
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(("network", "where", "says", "buttons"), BROKEN, ids=[each[1] + f"-{index}" for index, each in enumerate(BROKEN)])
def test_what_does_not_fit_is_said_at_its_layer_and_every_button_mends_it(network: Network, where: str, says: str, buttons: int) -> None:
    problem = only(network)
    assert problem.node == where
    assert re.search(says, problem.message), problem.message
    assert len(problem.fixes) == buttons
    for fix in problem.fixes:
        mended = analyse(apply(network, fix.edit, LAYERS))
        assert not [left for left in mended.problems if left.node == where], (fix.label, mended.problems)


def test_a_layer_after_a_broken_one_waits_while_other_branches_go_on() -> None:
    broken = chain(IMAGE, FLATTEN, CONV, FLATTEN, DENSE)
    other = Node(name="other", layer="Dense", params={"units": 3})
    network = broken.model_copy(
        update={"nodes": (*broken.nodes, other), "edges": (*broken.edges, Edge(source="flatten_1", target="other"))}
    )
    analysis = analyse(network)
    assert [problem.node for problem in analysis.problems] == ["conv2d_2"]
    assert [layer.output_shape for layer in analysis.layers] == [(28, 28, 1), (784,), None, None, None, (3,)]
    assert analysis.layers[2].input_shapes == ((784,),)
    assert analysis.total_params == 784 * 3 + 3


def test_an_empty_network_a_lone_input_and_a_lone_layer_each_say_what_to_do() -> None:
    empty = only(Network())
    assert (empty.node, empty.fixes[0].edit) == (None, {"kind": "add", "layer": "Input"})
    assert only(chain(IMAGE)).message == "The network needs a layer after its Input, but got none. Add one, and it becomes the output."
    assert [problem.node for problem in analyse(chain(DENSE)).problems] == [None, "dense_0"]


def test_an_open_port_is_wired_by_its_button() -> None:
    first = chain(VECTOR, ("Dense", {"units": 3, "activation": "relu"}))
    loose = Network(nodes=(*first.nodes, Node(name="loose", layer="Dense", params={"units": 2})), edges=first.edges)
    problem = only(loose)
    assert problem.message == "loose needs an input, but got nothing. Connect it, for example to dense_1."
    assert not analyse(apply(loose, problem.fixes[0].edit, LAYERS)).problems
    attention = chain(STEPS, ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}))
    problem = only(attention)
    assert "port value" in problem.message
    assert not analyse(apply(attention, problem.fixes[0].edit, LAYERS)).problems


def test_an_input_that_nothing_reads_is_a_warning() -> None:
    network = chain(VECTOR, DENSE)
    unread = network.model_copy(update={"nodes": (*network.nodes, Node(name="unread", layer="Input", params={"shape": [2]}))})
    problem = only(unread)
    assert (problem.node, problem.severity) == ("unread", "warning")
    assert not analyse(apply(unread, problem.fixes[0].edit, LAYERS)).problems


def test_a_circle_and_a_second_wire_are_named_and_the_rest_goes_on() -> None:
    analysis = analyse(wire(chain(IMAGE, FLATTEN, DENSE, DENSE, DENSE), 3, 2))
    assert {problem.node for problem in analysis.problems} <= {"dense_2", "dense_3"}
    assert "circle" in " ".join(problem.message for problem in analysis.problems)
    assert analysis.layers[1].output_shape == (784,)


def test_an_unknown_layer_type_is_said_at_its_place() -> None:
    problem = only(chain(IMAGE, ("Mystery", {}), DENSE))
    assert problem.message == "mystery_1 needs a layer type of the catalogue, but got Mystery. Replace it by a layer from the palette."


@pytest.mark.parametrize(
    ("layer", "params"),
    [
        ("Dense", {}),
        ("Dense", {"units": 0}),
        ("Dense", {"units": "many"}),
        ("Dense", {"unit": 3}),
        ("Activation", {"activation": "wiggle"}),
        ("BatchNormalization", {"axis": 7}),
        ("MaxPooling2D", {"strides": 0}),
        ("Bidirectional", {"layer": {"layer": "Dense", "params": {"units": 2}}}),
        ("Bidirectional", {"layer": {"layer": "Mystery", "params": {}}}),
        ("Reshape", {"target_shape": [-1, -1]}),
        ("Conv2D", {"filters": 3, "kernel_size": [3, 3], "groups": 2}),
        ("Conv2D", {"filters": 3, "kernel_size": [3, 3], "strides": [2, 2], "dilation_rate": [2, 2]}),
    ],
)
def test_a_wrong_parameter_is_one_plain_sentence(layer: str, params: dict[str, Any]) -> None:
    problem = only(chain(IMAGE, (layer, params), DENSE))
    assert problem.node == f"{layer.lower()}_1"
    assert problem.message.startswith(problem.node)
    assert not re.search(r"[\n\x1b]|Traceback|object at|  ", problem.message), problem.message
    assert " needs " in problem.message and ", but got " in problem.message


@pytest.mark.parametrize(
    "network",
    [
        chain(("Input", {"shape": [28, 28, 1], "dtype": "uint8"}), CONV),
        wire(chain(VECTOR, ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3})), 0, 1, "value"),
        chain(VECTOR, ("Softmax", {"axis": 4})),
    ],
    ids=["whole numbers", "attention over a vector", "no such axis"],
)
def test_the_second_look_finds_what_the_symbolic_call_accepts(network: Network) -> None:
    assert not analyse(network).problems
    problem = only(network, deep=True)
    assert problem.node == network.nodes[1].name
    assert "\n" not in problem.message


def both_ways(units: int, back: int, **more: Any) -> Network:
    forwards = {"layer": "LSTM", "params": {"units": units, "return_sequences": True}}
    backwards = {"layer": "GRU", "params": {"units": back, "return_sequences": True, "go_backwards": True}}
    return chain(STEPS, ("Bidirectional", {"layer": forwards, "backward_layer": backwards, **more}), DENSE)


def test_two_directions_of_unlike_length_are_refused_as_keras_cannot_run_what_follows_them() -> None:
    wrong = both_ways(16, 13)
    with pytest.raises(Exception, match=r"shape|dimension"):
        to_keras(wrong)(np.zeros((1, 10, 4), "float32"))
    problem = only(wrong, deep=True)
    assert problem.node == "bidirectional_1" and "in its backward layer as in the other, 16, but got 13" in problem.message
    mended = apply(wrong, problem.fixes[0].edit, LAYERS)
    assert not analyse(mended, deep=True).problems
    assert to_keras(mended)(np.zeros((1, 10, 4), "float32")).shape == (1, 10, 10)
    assert not analyse(both_ways(16, 16, merge_mode="sum"), deep=True).problems


def test_open_sizes_are_explained() -> None:
    assert "known sizes" in only(chain(("Input", {"shape": [None, None, 3]}), FLATTEN, DENSE)).message


@pytest.mark.parametrize(("first", "second"), [("inputs", "inputs"), ("inputs", "query")], ids=["a second wire", "no such port"])
def test_a_wrong_wire_is_the_same_sentence_on_the_canvas_in_a_file_and_in_a_program(first: str, second: str) -> None:
    network = chain(VECTOR, VECTOR, ("Dense", {"units": 1}))
    edges = [Edge(source=network.nodes[at].name, target=network.nodes[2].name, target_port=port) for at, port in ((0, first), (1, second))]
    wrong = network.model_copy(update={"edges": tuple(edges)})
    said = []
    for refuse in (lambda: check_ports(wrong, LAYERS), lambda: program(wrong)):
        with pytest.raises(BuilderError) as error:
            refuse()
        said.append(error.value.sentence)
    (problem,) = [each for each in analyse(wrong).problems if each.node == network.nodes[2].name]
    assert said == [problem.message] * 2
