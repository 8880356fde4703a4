"""Code generation of a whole program: a network, and where settings are given, its training and test, in the sections that a notebook has as cells."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Self

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.network import Analysis, Network
from builder.network.names import plain
from builder.runs.examples import Shape, plan
from builder.runs.record import Lineage, Settings
from builder.words import format_count

from . import lineage as goes_on
from .keras_program import body
from .sources import Sources
from .training_program import Section, Training, training

OWN = "builder.keras_bridge.own"
OWN_FOLDER = Path(__file__).resolve().parents[1] / "keras_bridge" / "own"
# names of the sections below the network
SECTIONS = {
    "np",
    "tf",
    "layers",
    "seed",
    "first_weights",
    "batch_size",
    "epochs",
    "batches",
    "history",
    "x",
    "y",
    "test",
    "rest",
    "train",
    "validation",
}
SECTIONS |= {f"{axis}_{part}" for axis in "xy" for part in ("train", "validation", "test")} | {"inputs_of_all"}
SAME = """\
It gives the numbers of the run: data, seeds and the order of samples are the same. On a GPU, or
another processor, sums are taken in another order, and so the last digits may differ."""


class Ends(NamedTuple):
    """The shapes of a network's inputs and outputs, without the batch axis."""

    inputs: list[Shape]
    outputs: list[Shape]

    @classmethod
    def of(cls, network: Network, analysis: Analysis) -> Self | None:
        """The ends that an analysis found; None where it found no shape for one of them."""
        shapes = {layer.name: layer.output_shape for layer in analysis.layers}
        inputs = [shapes.get(node.name) for node in network.inputs if network.outputs_of(node.name)]
        outputs = [shapes.get(node.name) for node in network.outputs if not node.is_input]
        known = [[tuple(shape) for shape in side if shape is not None] for side in (inputs, outputs)]
        return cls(*known) if [*map(len, known)] == [len(inputs), len(outputs)] else None


class Script(NamedTuple):
    """The parts of a program in their order; `head` is its docstring, `layers` are classes of our own, `definitions` what sections call."""

    head: str
    imports: str
    numbers: str
    layers: str
    network: str
    definitions: str
    sections: tuple[Section, ...]


def script(network: Network, settings: Settings | None = None, ends: Ends | None = None, lineage: Lineage | None = None) -> Script:
    """The program of a network; with settings and ends, of its training, or a note why that cannot be written; with a lineage, from those weights.

    Raises:
        BuilderError: at a layer that cannot be written as code yet, such as one without its input.
    """
    found, note = None, ""
    if settings and ends:
        try:
            found = goes_on.from_weights(training(settings, plan(network, settings, *ends)), lineage)
        except BuilderError as error:
            note = f"It only builds the network. {error.sentence}"
    own, sources = Sources(), found.sources if found else Sources()
    for layer in sorted({node.layer for node in network.nodes if facts(node.layer).own}):
        own.take(OWN_FOLDER / f"{facts(layer).own}.py", f"{OWN}.{facts(layer).own}", layer)
    taken = SECTIONS | set(sources.definitions) if found else ()
    seeded = "keras.utils.set_random_seed(seed)\n\n" if found else ""
    return Script(
        head=_head(network, settings, found, sources, (goes_on.words(lineage) or SAME) if found else note),
        imports=ordered({"import keras", "from keras import layers"} | own.imports | sources.imports),
        numbers=found.numbers if found else "",
        layers=own.text(),
        network=seeded + body(network, taken).rstrip(),
        definitions=sources.text(),
        sections=found.sections if found else (),
    )


def program(network: Network, settings: Settings | None = None, ends: Ends | None = None, lineage: Lineage | None = None) -> str:
    """The program as a file: imported, it builds `model`; run, it also trains and tests it, or prints its summary.

    Raises:
        BuilderError: at a layer that cannot be written as code yet.
    """
    parts = script(network, settings, ends, lineage)
    lines = ["model.summary()", *(f"\n# {section.title}\n{section.text}" for section in parts.sections)]
    main = "\n".join(lines).replace("\n", "\n    ").replace("    \n", "\n")
    apart = [f"\n{source}\n" if source else "" for source in (parts.layers, parts.definitions)]
    text = [
        f'"""{parts.head}"""',
        parts.imports,
        parts.numbers,
        apart[0],
        parts.network,
        apart[1],
        f'if __name__ == "__main__":\n    {main}',
    ]
    return "\n\n".join(part for part in text if part) + "\n"


def _head(network: Network, settings: Settings | None, found: Training | None, sources: Sources, note: str) -> str:
    """The program's docstring: what it is, and what it needs."""
    title = f"{plain(network.name)}: a network of {format_count(len(network.nodes), 'layer')}"
    if not (found and settings):
        return f"{title}, as a Keras program.{f'{chr(10)}{chr(10)}{note}{chr(10)}' if note else ''}"
    needed = f"It needs `pip install {' '.join(sources.packages())}`."
    return f"{title}, trained on {plain(settings.dataset)}, as a Keras program.\n\n{needed}\n{note}\n"


def ordered(imports: Iterable[str]) -> str:
    """Lines of import, the standard library's first, several names of one module in one line."""
    names: dict[str, set[str]] = {}
    for line in imports:
        start, _, name = line.partition(" import ")
        names.setdefault(start if name else line, set()).update({name} if name else ())
    lines = [f"{start} import {', '.join(sorted(each))}" if each else start for start, each in sorted(names.items(), key=_place)]
    groups = [
        [line for line in lines if (line.split()[1].split(".")[0] in sys.stdlib_module_names) == standard] for standard in (True, False)
    ]
    return "\n\n".join("\n".join(group) for group in groups if group)


def _place(item: tuple[str, set[str]]) -> tuple[bool, str]:
    return bool(item[1]), item[0]
