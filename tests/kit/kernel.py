"""The probes kernel in the test's own process: the operations themselves answer, so that nothing is simulated and no process is waited for."""

from collections.abc import Mapping
from typing import Any

import pytest

Asked = list[tuple[str, Mapping[str, Any]]]


def answer_here(patch: pytest.MonkeyPatch) -> Asked:
    """Let the operations of the probes kernel answer in this process; the list holds what is asked from now on, (operation, arguments)."""
    from builder.engine import calls
    from builder.probes import OPERATIONS
    from pages.explore import drawing, view

    asked: Asked = []
    elsewhere = calls.call
    for cached in (view.inspection, drawing.asked):
        cached.cache_clear()

    def call(kernel: str, op: str, arguments: Mapping[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        if kernel != "probes":
            return elsewhere(kernel, op, arguments, arrays, timeout=timeout)
        asked.append((op, arguments))
        return OPERATIONS[op](dict(arguments), dict(arrays or {}))

    patch.setattr(calls, "call", call)
    return asked


class Drawings(list[dict[str, Any]]):
    """What Explore's components were given, in order; beside each block of data its `module` and its `key`."""

    def last(self, name: str) -> dict[str, Any]:
        """What was last given to the component of this module or key."""
        return next(block for block in reversed(self) if name in (block["module"], block["key"]))

    def has(self, name: str) -> bool:
        """Whether a component of this module or key was given anything."""
        return any(name in (block["module"], block["key"]) for block in self)


def noted_drawings(patch: pytest.MonkeyPatch) -> Drawings:
    """What Explore's components are given from now on."""
    from pages.explore import drawing

    blocks = Drawings()
    own = drawing.draw

    def draw(module: str, key: str, data: Mapping[str, Any], **callbacks: Any) -> Any:
        blocks.append({"module": module.rpartition("/")[2], "key": key, **data})
        return own(module, key, data, **callbacks)

    patch.setattr(drawing, "draw", draw)
    return blocks
