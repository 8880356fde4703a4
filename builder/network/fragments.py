"""Fragments (induced subgraphs): some nodes with the wires among them, cut out, copied and put in again as one."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from builder.errors import BuilderError
from builder.network.names import next_name
from builder.network.records import Edge, Network
from builder.network.wires import Layers, changed, fed_by, heal, in_order, main_wire, node_of, reads

from .graph import sort

Open = tuple[str, str]  # a node and one of its ports that something outside fed


def names_in_order(network: Network, names: Collection[str]) -> list[str]:
    """The names, each once and in topological order."""
    for name in names:
        node_of(network, name)
    wanted = set(names)
    if not wanted:
        raise BuilderError("A selection", "at least one layer", "none")
    ordered, rest = sort(network)
    return [node.name for node in (*ordered, *rest) if node.name in wanted]


def cut(network: Network, names: Collection[str], layers: Layers) -> Network:
    """Delete several nodes and heal each gap: who read one of them reads what came before them."""
    for name in names_in_order(network, names):
        healed = heal(network, name, layers)
        network = changed(healed, nodes=tuple(node for node in healed.nodes if node.name != name))
    return network


def exits(network: Network, names: Collection[str]) -> list[str]:
    """The nodes among these whose output is read outside, or by nobody."""
    inside, kept = {edge.source for edge in network.edges if edge.target in names}, set(names)
    outside = {edge.source for edge in network.edges if edge.target not in kept}
    return [node.name for node in network.nodes if node.name in kept and (node.name in outside or node.name not in inside)]


def exit_of(network: Network, names: Sequence[str]) -> str:
    """The one node among these through which the data leave them."""
    found = exits(network, names)
    if len(found) != 1:
        raise BuilderError(found[0], "layers with one way out, to be moved together", f"{len(found)}: {', '.join(found[:4])}")
    return found[0]


def fed_from(network: Network, names: Sequence[str], source: str, source_port: str, layers: Layers) -> tuple[Edge, ...]:
    """The wires that enter some nodes, those from the main source from another one instead; wires from elsewhere stay."""
    entering = [edge for edge in network.edges if edge.target in names and edge.source not in names]
    main = next((wire.source for name in names if (wire := main_wire(network, name, layers)) in entering and wire), None)
    ends = {"source": source, "source_port": source_port}
    return tuple(dict.fromkeys(edge.model_copy(update=ends) if edge.source == main else edge for edge in entering))


def duplicate_all(network: Network, names: Collection[str], layers: Layers) -> Network:
    """Duplicate several nodes: each group that hangs together stands once more after itself, or beside itself where it has several ends."""
    for group in groups(network, names):
        entering = [edge for edge in network.edges if edge.target in group and edge.source not in group]
        ends = exits(network, group)
        series = len(ends) == 1 and bool(entering)
        feeds = fed_from(network, group, ends[0], "output", layers) if series else tuple(entering)
        kept = set(group)
        inner = tuple(edge for edge in network.edges if {edge.source, edge.target} <= kept)
        part = changed(network, nodes=tuple(network.node(name) for name in group), edges=inner)
        network = _put(network, part, feeds, ends[0] if series else None)
    return network


def groups(network: Network, names: Collection[str]) -> list[list[str]]:
    """Weakly connected components of the subgraph of some nodes, each in topological order."""
    ordered = names_in_order(network, names)
    group = {name: [name] for name in ordered}
    for edge in network.edges:
        if edge.source in group and edge.target in group and (one := group[edge.source]) is not (other := group[edge.target]):
            one += other
            group.update(dict.fromkeys(other, one))
    place = {name: index for index, name in enumerate(ordered)}
    found = {id(each): sorted(each, key=place.__getitem__) for each in group.values()}
    return sorted(found.values(), key=lambda each: place[each[0]])


def paste(network: Network, part: Network, opened: Iterable[Open], after: str | None) -> Network:
    """Put a fragment of any network in after a node: its open ports read it; who read it reads the fragment, if that has one end."""
    if after is None:
        return _put(network, part, (), None)
    node_of(network, after)
    feeds = tuple(dict.fromkeys(Edge(source=after, target=target, target_port=port) for target, port in opened))
    ends = exits(part, {node.name for node in part.nodes})
    return _put(network, part, feeds, after if feeds and len(ends) == 1 else None)


def _put(network: Network, part: Network, feeds: tuple[Edge, ...], after: str | None) -> Network:
    """A fragment under names that are free, fed by wires from the network; with `after`, who read that node reads the fragment's end."""
    named = _free_names(network, part)
    nodes = tuple(node.model_copy(update={"name": named[node.name]}) for node in part.nodes)
    ends = exits(part, set(named))
    edges = tuple(fed_by(edge, named[ends[0]]) if after and reads(edge, after) else edge for edge in network.edges)
    inner = tuple(edge.model_copy(update={"source": named[edge.source], "target": named[edge.target]}) for edge in part.edges)
    outer = tuple(edge.model_copy(update={"target": named[edge.target]}) for edge in feeds)
    return in_order(changed(network, nodes=(*network.nodes, *nodes), edges=(*edges, *inner, *outer)))


def _free_names(network: Network, part: Network) -> Mapping[str, str]:
    """A free name for each node of a fragment: its own where no node has it."""
    named: dict[str, str] = {}
    for node in part.nodes:
        taken = any(each.name == node.name for each in network.nodes)
        named[node.name] = next_name(network, node.name) if taken else node.name
        network = changed(network, nodes=(*network.nodes, node.model_copy(update={"name": named[node.name]})))
    return named
