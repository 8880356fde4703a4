"""Random edits in a row: whatever is done, the network stays one that can be computed, saved and told."""

import random
from typing import Any

import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.network import Edge, Network, apply, check, dump, label, load, topological_order
from builder.network.wires import check_ports
from tests.network.test_network_edits import DIGITS, names, residual

PASTED: dict[str, Any] = {
    "network": residual().model_copy(update={"nodes": residual().nodes[1:], "edges": residual().edges[1:-1]}).model_dump(mode="json"),
    "open": [{"node": "a", "port": "inputs"}, {"node": "add", "port": "inputs"}],
}
LAYER_TYPES = ("Dense", "Dropout", "Add", "Concatenate", "MultiHeadAttention", "Input", "Conv2D", "Bidirectional")


def random_edit(network: Network, chance: random.Random) -> dict[str, Any]:
    """An edit that may or may not be possible."""
    some = [node.name for node in network.nodes] or ["nowhere"]
    name, other, layer = chance.choice(some), chance.choice(some), chance.choice(LAYER_TYPES)
    wire = chance.choice(network.edges) if network.edges else Edge(source=name, target=other)
    port = chance.choice(("inputs", "inputs", "query", "value", "key"))
    ends = {"source": wire.source, "target": wire.target, "target_port": wire.target_port}
    return chance.choice(
        [
            {"kind": "add", "layer": layer},
            {"kind": "add_after", "after": name, "layer": layer},
            {"kind": "insert", **ends, "layer": layer},
            {"kind": "connect", "source": name, "target": other, "target_port": port},
            {"kind": "disconnect", **ends},
            {"kind": "delete", "name": name},
            {"kind": "duplicate", "name": name},
            {"kind": "move", "name": name, "after": other},
            {"kind": "set", "name": name, "params": {"units": chance.choice([3, None])}},
            {"kind": "trainable", "name": name, "value": chance.random() < 0.5},
            {"kind": "rename", "name": name, "to": chance.choice([other, f"n{chance.randrange(99)}"])},
            {"kind": "branch", "source": name, "layer": layer},
            {"kind": "parallel", **ends, "layer": layer, "join": chance.choice(("Add", "Concatenate"))},
            {"kind": "feed", "target": name, "target_port": port, "layer": layer},
            {"kind": "move_to", "name": name, **ends},
            *({"kind": kind, "names": chance.sample(some, min(len(some), 3))} for kind in ("delete_all", "duplicate_all")),
            {"kind": "move_all", "names": chance.sample(some, min(len(some), 2)), **ends},
            {"kind": "paste", **PASTED, "after": chance.choice([name, None])},
        ]
    )


@pytest.mark.parametrize("seed", range(12))
def test_no_sequence_of_edits_breaks_a_network(seed: int) -> None:
    chance = random.Random(seed)
    network = chance.choice([Network(name="empty"), DIGITS, residual(), zoo.network("lstm_text")])
    done = refused = 0
    for _ in range(150):
        change = random_edit(network, chance)
        try:
            network = apply(network, change, LAYERS)
        except BuilderError:
            refused += 1
            continue
        check_ports(check(network), LAYERS)
        assert topological_order(network) == tuple(names(network))  # the nodes stand in an order that can be computed
        assert load(dump(network)) == network
        assert label(change)
        done += 1
    assert done > 20
    assert refused
