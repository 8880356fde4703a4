"""A Network as a real Keras model, with weights."""

from typing import Any

import keras

from builder.errors import BuilderError
from builder.keras_bridge.analysis import analyse
from builder.keras_bridge.examine import Spec, Wires
from builder.keras_bridge.layers import arguments_of, input_tensor, make_layer, outputs_of, record_of
from builder.keras_bridge.messages import as_error
from builder.keras_bridge.wiring import Wiring, loose_ends
from builder.network.names import layer_names, plain
from builder.network.records import Network, Node


def to_keras(network: Network) -> keras.Model:
    """The functional model of a network; each layer bears its node's name (see `network.names.layer_names`) and `trainable` flag.

    Raises:
        BuilderError: at the first node that Keras refuses, with the sentence and fixes that `analyse` gives.
    """
    wiring = Wiring(network)
    for end in loose_ends(wiring):
        if end.severity == "error":
            raise end.error
    made: dict[str, list[Any]] = {}
    names = layer_names(network)
    for node in wiring.ordered:
        try:
            made[node.name] = _apply(node, names[node.name], wiring, made)
        except BuilderError as error:
            raise _as_analysed(network, node, error) from error
    inputs = [made[node.name][0] for node in network.inputs if wiring.followers[node.name]]
    outputs = [made[node.name][0] for node in network.outputs if not node.is_input]
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs if len(outputs) > 1 else outputs[0], name=plain(network.name))


def _as_analysed(network: Network, node: Node, error: BuilderError) -> BuilderError:
    """The error with what `analyse` advises: fixes that were tried."""
    told = next((each for each in analyse(network).problems if each.node == node.name and each.severity == "error"), None)
    bare = BuilderError(error.where, error.needed, error.came)
    if told is None or not told.message.startswith(bare.sentence):
        return error
    advice = told.message.removeprefix(bare.sentence).strip()
    return BuilderError(error.where, error.needed, error.came, advice, fixes=[fix.model_dump() for fix in told.fixes])


def _apply(node: Node, name: str, wiring: Wiring, made: dict[str, list[Any]]) -> list[Any]:
    """The tensors a node gives, in the order of its output ports."""
    tensors = {port: [made[edge.source][wiring.source_index(edge)] for edge in edges] for port, edges in wiring.edges[node.name].items()}
    try:
        if node.is_input:
            return [input_tensor(node.params, name=name)]
        layer = make_layer(node.layer, node.params, name=name, trainable=node.trainable)
        first, named = arguments_of(record_of(node.layer), node.params, tensors)
        return outputs_of(layer(first, **named))
    except Exception as error:
        wires: Wires = tuple((port, tuple(Spec(tuple(each.shape), each.dtype) for each in given)) for port, given in tensors.items())
        raise as_error(node, error, wiring, wires) from error
