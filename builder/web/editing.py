"""One edit, from the canvas or from a form: apply, check, store; and what Keras says of the result."""

from typing import Any

from builder.catalogue import LAYERS, check_params
from builder.engine import calls
from builder.engine.opening import SUFFIXES, open_bytes
from builder.errors import BuilderError, Unavailable
from builder.network import Analysis, Network, Problem, apply, label, load
from builder.network.wires import check_ports
from builder.store import NetworkState, default_store


def make_edit(project_id: str, network: str, revision: int | None, edit: dict[str, Any]) -> NetworkState:
    """Store one edit of a network, or move in its history; `revision` is what the edit was based on, None: the newest.

    Raises:
        Stale: someone else's edit came first.
        BuilderError: the edit cannot be made; nothing has changed.
    """
    store = default_store()
    if edit.get("kind") == "undo":
        return store.undo(project_id, network, revision)
    if edit.get("kind") == "redo":
        return store.redo(project_id, network, revision)

    def make(now: Network) -> tuple[str, Network]:
        changed = apply(now, edit, LAYERS)
        check_changed(now, changed)
        return label(edit), changed

    return store.change(project_id, network, revision, make)


def opened(content: bytes, name: str = "") -> tuple[Network, list[str]]:
    """The network in a file that a person chose, held against everything that an edit is held against, and what is left out.

    Raises:
        BuilderError: it is no network, or one that cannot be.
    """
    network, notes = open_bytes(content, name) if name.lower().endswith(SUFFIXES) else (load(content), [])
    network = check_ports(network, LAYERS)
    check_changed(Network(), network)
    return network, notes


def check_changed(before: Network, after: Network) -> None:
    """Hold the parameters of every new or changed layer against the catalogue's limits."""
    known = {id(node) for node in before.nodes}
    for node in after.nodes:
        if id(node) not in known and node.layer in LAYERS:
            check_params(LAYERS[node.layer], node.params)


def analysed(network: Network, deep: bool = False) -> Analysis:
    """What Keras says of a network; where it cannot answer, that is the network's one problem and nothing is lost.

    While Keras is still loading or at work for others there is no answer yet, a `pending` analysis: whoever asks, asks again.

    The `deep` look traces the real call and takes longer: the canvas asks for it once the quick answer is on the screen,
    and from then on every quick look has its findings too.
    """
    ready = calls.status()["ready"]
    try:
        return calls.analyse(network, deep=deep, timeout=10 if ready else 0.3)
    except Unavailable:
        return Analysis(name=network.name, pending=True)
    except BuilderError as error:
        return Analysis(name=network.name, problems=(Problem(node=None, message=error.sentence),))
