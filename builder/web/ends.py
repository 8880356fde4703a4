"""Problems of a network's ends with a dataset, beside Keras's own: their fixes are tried before they are offered."""

from collections.abc import Callable, Sequence

from builder.catalogue import LAYERS
from builder.network import Analysis, Network, Problem
from builder.network.mending import with_helpful_fixes

from .editing import analysed

UNKNOWN = Problem(node=None, message="Keras has not answered yet.")  # what no fix can be tried against


def with_tried_fixes(
    network: Network, analysis: Analysis, ends: Sequence[Problem], look: Callable[[Network, Analysis], Sequence[Problem]]
) -> tuple[Problem, ...]:
    """All problems of a network: Keras's, and those of its `ends`, of whose fixes those stay that help; `look` finds another network's ends."""

    def seen(other: Network) -> list[Problem]:
        found = analysed(other)
        return [UNKNOWN] if other.nodes and not found.layers else [*found.problems, *look(other, found)]

    known = [problem.model_copy(update={"fixes": ()}) for problem in analysis.problems]  # Keras's side has tried its own
    return (*analysis.problems, *with_helpful_fixes(network, [*known, *ends], seen, LAYERS)[len(known) :])
