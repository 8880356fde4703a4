"""Small networks for tests: one layer after the other, named by their types and places."""

from typing import Any

from builder.catalogue import LAYERS
from builder.network import Edge, Network, Node


def chain(*layers: tuple[str, dict[str, Any]]) -> Network:
    """Layers one after the other, named by their types and places: `dense_2`; all ports of a layer get the same tensor."""
    nodes, edges = [], []
    for index, (layer, params) in enumerate(layers):
        node = Node(name=f"{layer.lower()}_{index}", layer=layer, params=params)
        ports = [port.name for port in LAYERS[layer].inputs if not port.optional]
        edges += [Edge(source=nodes[-1].name, target=node.name, target_port=port) for port in ports if nodes]
        nodes.append(node)
    return Network(name="chain", nodes=tuple(nodes), edges=tuple(edges))


IMAGE = ("Input", {"shape": [12, 10, 4]})
STEPS = ("Input", {"shape": [6, 4]})
