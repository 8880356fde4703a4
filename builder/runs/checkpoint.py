"""Checkpoints: the weights after epochs, and after the last one the whole state that training needs to resume bit for bit.

Keras's own files leave the seed generators out, so a state is plain arrays of our own: `model/0000...` are
`model.variables` (weights and seeds), `optimizer/0000...` are `optimizer.variables`, and `memory` is JSON as bytes.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from builder import files
from builder.errors import BuilderError
from builder.home import number
from builder.network.names import layer_names
from builder.network.records import Network

from .run_folder import epoch_path, epochs

LARGE = 2**16  # bytes of an array that is worth not copying
MOST_BYTES = 500 * 2**20  # of one run's epochs, beside the first, the best and the last


class Variable(Protocol):
    """The part of a Keras variable's interface that checkpoints need."""

    shape: Any

    def numpy(self) -> np.ndarray: ...
    def assign(self, value: Any) -> Any: ...


def layers_of(model: Any, network: Network) -> dict[str, str]:
    """Node name to the name of its layer in the model, Input nodes left out."""
    known = {layer.name for layer in model.layers}
    return {node: layer for node, layer in layer_names(network).items() if layer in known and not network.node(node).is_input}


def layer_weights(model: Any) -> dict[str, np.ndarray]:
    """A model's weights as `<layer name>/<index>`; a single learned number is an array too, of no axes."""
    return {f"{layer.name}/{index}": np.asarray(weight.numpy()) for layer in model.layers for index, weight in enumerate(layer.weights)}


def set_layer_weights(model: Any, arrays: dict[str, np.ndarray]) -> None:
    """Put an epoch's arrays into a model of the same network."""
    for layer in model.layers:
        for index, weight in enumerate(layer.weights):
            weight.assign(as_tensor(arrays[f"{layer.name}/{index}"]))


def as_tensor(values: np.ndarray) -> Any:
    """Zero-copy tensor (DLPack) of a large array, where TensorFlow can read it in place; any other array as it is."""
    import tensorflow as tf

    lies_right = values.ctypes.data % files.ALIGNED == 0 and values.flags.c_contiguous and values.flags.writeable
    if values.nbytes < LARGE or values.dtype.kind not in "fiu" or not lies_right:
        return values
    return tf.experimental.dlpack.from_dlpack(values.__dlpack__())


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Atomic write of an `.npz`."""

    def fill(new: Path) -> None:
        with new.open("wb") as file:
            files.pack(file, arrays)

    files.write(path, fill)


def write_state(path: Path, model: Iterable[Variable], optimizer: Iterable[Variable], memory: dict[str, Any]) -> None:
    """Save the training state: weights, seeds, optimizer variables and `memory` (JSON values)."""
    arrays = {f"model/{index:04d}": variable.numpy() for index, variable in enumerate(model)}
    arrays |= {f"optimizer/{index:04d}": variable.numpy() for index, variable in enumerate(optimizer)}
    write_arrays(path, arrays | {"memory": np.frombuffer(json.dumps(memory).encode(), np.uint8)})


def read_state(path: Path, model: Iterable[Variable], optimizer: Iterable[Variable]) -> dict[str, Any]:
    """Restore the training state: assign the stored arrays to the variables and return the `memory`."""
    with np.load(path, allow_pickle=False) as arrays:
        for group, variables in (("model", list(model)), ("optimizer", list(optimizer))):
            names = [name for name in arrays.files if name.startswith(f"{group}/")]
            shapes = [tuple(variable.shape) for variable in variables]
            if [arrays[name].shape for name in names] != shapes:
                raise BuilderError(
                    "The run's state", f"{len(shapes)} arrays of this network's shapes", f"{len(names)} others", "Train anew."
                )
            for name, variable in zip(names, variables, strict=True):
                variable.assign(arrays[name])
        return dict(json.loads(arrays["memory"].tobytes()))


def thin(run_folder: Path, best: int | None, most: int | None = None) -> None:
    """Thin the saved epochs to at most `most` bytes (`BUILDER_EPOCH_BYTES`), where that is possible; first, best and last stay.

    Raises:
        BuilderError: that setting is no number.
    """
    most = int(number("BUILDER_EPOCH_BYTES", MOST_BYTES)) if most is None else most
    thinned({epoch: epoch_path(run_folder, epoch) for epoch in epochs(run_folder)}, best, most)


def thinned(files: dict[int, Path], best: int | None, most: int) -> None:
    """Thinning: delete files of epochs until `most` bytes are left, the one nearest to its neighbours first; first, best and last stay."""
    kept, sizes = sorted(files), {epoch: path.stat().st_size for epoch, path in files.items()}
    while sum(sizes.values()) > most:
        gaps = {here: after - before for before, here, after in zip(kept, kept[1:], kept[2:], strict=False) if here != best}
        if not gaps:
            return
        gone = min(gaps, key=lambda epoch: (gaps[epoch], epoch))
        files[gone].unlink()
        kept.remove(gone)
        del sizes[gone]
