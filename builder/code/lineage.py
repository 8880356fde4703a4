"""Warm start in a program: the weights that a run began with, where it went on from another's, read from a file beside the program."""

import re
import textwrap
from collections.abc import Sequence

from builder.runs.first_weights import FILE, begin_with
from builder.runs.record import Lineage
from builder.words import format_count

from .training_program import Section, Training

NAMED = 3  # layers by name; more are counted
WIDTH = 96
TITLE = "First weights"


def from_weights(found: Training, lineage: Lineage | None) -> Training:
    """A training that begins with those weights, once the network is built and before it is compiled."""
    if not (lineage and lineage.kept):
        return found
    found.sources.add(begin_with)
    data, *rest = found.sections
    first = Section(TITLE, "begin_with(model, first_weights)")
    return found._replace(numbers=f"{found.numbers}\nfirst_weights = {FILE!r}", sections=(data, first, *rest))


def words(lineage: Lineage | None) -> str:
    """What the program's docstring says of them; "" for a run whose layers all began anew."""
    if not (lineage and lineage.kept):
        return ""
    parent = f"the run {safe(lineage.name)}" if lineage.name else "an earlier run"
    anew = f"; {listed(lineage.anew)} began anew" if lineage.anew else ""
    said = (
        f"Its run went on from {parent}: {listed(lineage.kept)} began with the weights that were learned there{anew}. "
        f"They are in {FILE}, which Train has for download beside this program. In the same folder they are where it begins, and it "
        "gives the numbers of the run, but for the last digits on a GPU or another processor. Without that file every layer begins "
        "anew, and other numbers come out."
    )
    return textwrap.fill(said, WIDTH, break_long_words=False, break_on_hyphens=False)


def safe(name: str) -> str:
    """A person's own name for a place between quotation marks."""
    return re.sub(r'[\\"]', "'", name)


def listed(nodes: Sequence[str]) -> str:
    """Some layers by their names, and how many more."""
    names = [safe(node) for node in nodes]
    if len(names) > NAMED:
        return f"{', '.join(names[: NAMED - 1])} and {format_count(len(names) - NAMED + 1, 'more layer')}"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
