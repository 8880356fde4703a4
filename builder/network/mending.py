"""Fixes that help (search with a lookahead): each is tried, and is offered only where its problem goes and no worse one comes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from builder.errors import BuilderError
from builder.network.analysis import Fix, Problem
from builder.network.edit_json import apply
from builder.network.records import Network

Look = Callable[[Network], Sequence[Problem]]  # the problems of a network, with every fix that could be thought of


def with_helpful_fixes(
    network: Network, problems: Sequence[Problem], look: Look, layers: Mapping[str, Any], ahead: int = 0
) -> tuple[Problem, ...]:
    """The problems with the fixes that help, those that need the fewest further presses first.

    Args:
        look: how the problems of another network are found.
        layers: the catalogue.
        ahead: how many further presses a fix may need until no new problem is left; 0: none may come.
    """
    known = _counts(problems)

    def helpful(problem: Problem) -> Problem:
        tried = [(_presses(network, problem, fix, known, look, layers, ahead), fix) for fix in problem.fixes]
        best = sorted([(presses, fix) for presses, fix in tried if presses is not None], key=lambda each: each[0])
        return problem.model_copy(update={"fixes": tuple(fix for _, fix in best)})

    return tuple(helpful(problem) if problem.fixes else problem for problem in problems)


def _presses(
    network: Network, problem: Problem, fix: Fix, known: Counter[Any], look: Look, layers: Mapping[str, Any], ahead: int
) -> int | None:
    """How many further presses lead to a network without this problem and without a new one as grave; None: too many, or none do."""
    try:
        mended = apply(network, fix.edit, layers)
    except BuilderError:
        return None
    left = look(mended)
    after = _counts(left)
    if after[_place(problem)] >= known[_place(problem)]:
        return None
    worse = [each for each in left if after[_place(each)] > known[_place(each)] and problem.severity in ("warning", each.severity)]
    if not worse:
        return 0
    if not ahead or problem.severity == "warning":
        return None
    further = [_least(mended, each, after, look, layers, ahead - 1) for each in worse]
    return None if None in further else 1 + max(each for each in further if each is not None)


def _least(network: Network, problem: Problem, known: Counter[Any], look: Look, layers: Mapping[str, Any], ahead: int) -> int | None:
    """The fewest presses that a problem's own fixes need; None where none helps."""
    tried = [_presses(network, problem, fix, known, look, layers, ahead) for fix in problem.fixes]
    return min((each for each in tried if each is not None), default=None)


def _counts(problems: Sequence[Problem]) -> Counter[Any]:
    """How many problems each place has."""
    return Counter(_place(problem) for problem in problems)


def _place(problem: Problem) -> tuple[str, str]:
    """Where a problem is, and how grave: sentences change with every size, nodes do not; the network as a whole has only sentences."""
    return problem.severity, problem.message if problem.node is None else f"node {problem.node}"
