"""Pieces that the zoo's networks are put together from: a chain that grows layer by layer."""

from typing import Any

from builder.network import Edge, Network, Node


class Chain:
    """A network in the making; each call of `add` puts a layer after the last one, or after those that are named.

    Example:
        chain = Chain("first_model", shape=(2,))
        chain.add("Dense", units=3, activation="relu")
        network = chain.network()
    """

    def __init__(self, name: str, shape: tuple[int, ...] | None = None, dtype: str | None = None, recipe: str = "supervised") -> None:
        self.name, self.recipe = name, recipe
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.last = ""
        self.trainable = True
        self._counts: dict[str, int] = {}
        if shape is not None:
            given: dict[str, Any] = {"shape": list(shape)} | ({"dtype": dtype} if dtype else {})
            self.add("Input", "input", **given)

    def add(self, layer: str, name: str = "", after: str | tuple[str, ...] = "", ports: tuple[str, ...] = (), **params: Any) -> str:
        """Add a layer and return its name; `after` names its sources (default: the last layer), `ports` their inputs."""
        name = name or self._numbered(layer)
        sources = (after,) if isinstance(after, str) else after
        sources = tuple(source or self.last for source in sources)
        if layer != "Input":
            targets = ports or ("inputs",) * len(sources)
            pairs = zip(sources * (len(targets) // len(sources)), targets, strict=True)
            self.edges += [Edge(source=source, target=name, target_port=port) for source, port in pairs]
        self.nodes.append(Node(name=name, layer=layer, params=params, trainable=self.trainable))
        self.last = name
        return name

    def _numbered(self, layer: str) -> str:
        self._counts[layer] = self._counts.get(layer, 0) + 1
        return f"{layer.lower()}_{self._counts[layer]}"

    def network(self) -> Network:
        """The finished network."""
        return Network(name=self.name, recipe=self.recipe, nodes=tuple(self.nodes), edges=tuple(self.edges))
