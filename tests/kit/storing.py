"""People and networks for tests of the store, and what its database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from builder.network.records import Network, Node
from builder.store import Store

ME, STRANGER = "my token", "another token"


def network(name: str = "first", layers: int = 1) -> Network:
    """A network of some Dense layers."""
    return Network(name=name, nodes=tuple(Node(name=f"dense_{i}", layer="Dense", params={"units": i + 1}) for i in range(layers)))


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(store.db.engine, "before_cursor_execute", heard)
    try:
        yield asked
    finally:
        event.remove(store.db.engine, "before_cursor_execute", heard)
