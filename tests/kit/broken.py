"""Broken networks, each with what is said of it and how many buttons mend it; tests press the buttons."""

from typing import Any

from builder import zoo
from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.network import apply
from builder.network.records import Edge, Network, Node


def chain(*layers: tuple[str, dict[str, Any]]) -> Network:
    """Layers one after the other, named by their types and places: `dense_2`."""
    nodes = [Node(name=f"{layer.lower()}_{index}", layer=layer, params=params) for index, (layer, params) in enumerate(layers)]
    ports = [LAYERS[node.layer].inputs[0].name if LAYERS.get(node.layer) and LAYERS[node.layer].inputs else "inputs" for node in nodes]
    edges = [Edge(source=a.name, target=b.name, target_port=port) for a, b, port in zip(nodes, nodes[1:], ports[1:], strict=False)]
    return Network(name="chain", nodes=tuple(nodes), edges=tuple(edges))


def wire(network: Network, source: int, target: int, port: str = "inputs") -> Network:
    added = Edge(source=network.nodes[source].name, target=network.nodes[target].name, target_port=port)
    return network.model_copy(update={"edges": (*network.edges, added)})


IMAGE = ("Input", {"shape": [28, 28, 1]})
VECTOR = ("Input", {"shape": [64]})
STEPS = ("Input", {"shape": [10, 4]})
SMALL = ("Input", {"shape": [2, 2, 8]})
CONV = ("Conv2D", {"filters": 8, "kernel_size": [3, 3], "activation": "relu"})
STRIDED = ("Conv2D", {"filters": 16, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same"})
FLATTEN: tuple[str, dict[str, Any]] = ("Flatten", {})
DENSE = ("Dense", {"units": 10})
WIDE = ("Dense", {"units": 64})
LSTM = ("LSTM", {"units": 3})
ADD: tuple[str, dict[str, Any]] = ("Add", {})
TOKENS = ("Input", {"shape": [50], "dtype": "int32"})
OPEN = ("Input", {"shape": [None, None, 3]})
ODD = ("Input", {"shape": [7, 7, 4]})
POOL = ("MaxPooling2D", {"pool_size": [2, 2]})
UP = ("UpSampling2D", {"size": [2, 2]})
JOIN: tuple[str, dict[str, Any]] = ("Concatenate", {})

# the network, where its problem sits, what its sentence says, how many buttons mend it
BROKEN = [
    (chain(IMAGE, FLATTEN, CONV, DENSE), "conv2d_2", r"needs an image .* got a vector of 784\. Move conv2d_2 before flatten_1", 2),
    (chain(VECTOR, CONV, DENSE), "conv2d_1", r"needs an image .* got a vector of 64\. Insert Reshape to 8 × 8 × 1", 1),
    (chain(IMAGE, LSTM), "lstm_1", r"needs a sequence .* got an image of 28 × 28 × 1\. Insert Reshape to 28 × 28", 1),
    (chain(STEPS, LSTM, ("LSTM", {"units": 2})), "lstm_2", r"got a vector of 3\. Let lstm_1 return its whole sequence", 2),
    (
        chain(STEPS, ("Bidirectional", {"layer": {"layer": "GRU", "params": {"units": 3}}}), LSTM),
        "lstm_2",
        r"Let bidirectional_1 return",
        2,
    ),
    (chain(SMALL, ("Conv2D", {"filters": 8, "kernel_size": [5, 5]})), "conv2d_1", r"window of 5 × 5, but got an image of 2 × 2 × 8", 2),
    (chain(SMALL, ("MaxPooling2D", {"pool_size": [3, 3]})), "maxpooling2d_1", r"window of 3 × 3.*padding of maxpooling2d_1 to same", 2),
    (chain(STEPS, ("Conv1D", {"filters": 2, "kernel_size": 11})), "conv1d_1", r"window of 11.*Set kernel_size of conv1d_1 to 10", 2),
    (chain(STEPS, ("MaxPooling1D", {"pool_size": 20})), "maxpooling1d_1", r"window of 20.*a sequence of 10 × 4", 2),
    (
        wire(chain(STEPS, ("Conv1D", {"filters": 3, "kernel_size": 1}), ADD), 0, 2),
        "add_2",
        r"Insert a 1 × 1 Conv1D with 3 filters after",
        1,
    ),
    (chain(SMALL, ("Cropping2D", {"cropping": [2, 2]})), "cropping2d_1", r"as large as its cropping", 0),
    (chain(VECTOR, ("Reshape", {"target_shape": [8, 5]})), "reshape_1", r"multiply to 64 .* got 8 × 5 = 40", 1),
    (wire(chain(IMAGE, CONV, ADD), 0, 2), "add_2", r"inputs of one shape, but got an image of 26 × 26 × 8 and an image of 28 × 28 × 1", 1),
    (wire(chain(IMAGE, CONV, JOIN), 0, 2), "concatenate_2", r"every axis but the joined one.*Set padding of conv2d_1 to same", 1),
    (wire(chain(IMAGE, CONV, STRIDED, ADD), 1, 3), "add_3", r"Insert a 1 × 1 Conv2D with 16 filters and stride 2 after conv2d_1", 1),
    (wire(chain(VECTOR, DENSE, ADD), 0, 2), "add_2", r"got a vector of 10 and a vector of 64\. Insert Dense 10 after input_0", 1),
    (
        chain(VECTOR, ("Dense", {"units": 10, "activation": "relu"}), ("Reshape", {"target_shape": [7, 7, 32]}), CONV),
        "reshape_2",
        r"got 7 × 7 × 32 = 1,568\. Set units of dense_1 to 1,568\.",
        1,
    ),
    (chain(VECTOR, ("Reshape", {"target_shape": [7, 7, 32]}), CONV), "reshape_1", r"Set target_shape of reshape_1 to 8 × 8 × 1", 1),
    (chain(TOKENS, LSTM, DENSE), "lstm_1", r"got a vector of 50\. Insert Embedding before lstm_1", 2),
    (chain(("Input", {"shape": [50]}), LSTM, DENSE), "lstm_1", r"Insert Reshape to 50 × 1 before lstm_1\. Or: Insert Embedding", 2),
    (chain(OPEN, FLATTEN, DENSE), "dense_2", r"known sizes .* Insert GlobalAveragePooling2D before flatten_1", 1),
    (wire(chain(IMAGE, FLATTEN, JOIN), 0, 2), "concatenate_2", r"Insert Flatten after input_0", 1),
    (wire(chain(ODD, POOL, UP, JOIN), 0, 3), "concatenate_3", r"Insert Resizing to 7 × 7 after upsampling2d_2", 1),
    (wire(wire(chain(VECTOR, WIDE, ADD, WIDE), 0, 2), 3, 2), "add_2", r"the circle .* Disconnect one of these wires", 2),
    (chain(IMAGE, ("Mystery", {}), FLATTEN, DENSE), "mystery_1", r"Replace it by a layer from the palette", 1),
]

# what a person does to a good network: every layer deleted once, moved to the front once, and its sizes made far too large
SMALL_NETWORKS = ("digit_cnn", "iris_mlp", "lenet5", "conv_autoencoder", "sines_gru", "reversal_attention", "seq2seq_transformer")
SPOILED = {
    "kernel_size": [40, 40],
    "pool_size": [40, 40],
    "target_shape": [3, 5, 7],
    "axis": 7,
    "return_sequences": False,
    "padding": "valid",
}


def spoiled() -> dict[str, Network]:
    """Networks of the zoo after one mistake, whether it breaks them or not."""
    found = {}
    for name in SMALL_NETWORKS:
        network = zoo.network(name)
        for node in network.nodes:
            known = {param.name for param in LAYERS[node.layer].params}
            edits = [{"kind": "set", "name": node.name, "params": {key: value}} for key, value in SPOILED.items() if key in known]
            edits += [{"kind": "delete", "name": node.name}, {"kind": "move", "name": node.name, "after": network.nodes[0].name}]
            edits += [{"kind": "disconnect", **edge.model_dump()} for edge in network.inputs_of(node.name)]
            for edit in edits:
                try:
                    found[f"{name} {' '.join(map(str, edit.values()))}"[:120]] = apply(network, edit, LAYERS)
                except BuilderError:
                    continue  # cannot be done, so that nobody meets it
    return found
