"""What probes offer and pages ask for: every operation under a name of its own, every module in its family, every question answerable."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from builder.engine.kernel import operations
from builder.probes import FAMILIES, MODULES, OPERATIONS, PROBES
from pages.explore.attribution.attribution import METHODS

ROOT = Path(__file__).resolve().parents[2]
ASKING = {"asked": 1, "asked_whole": 1, "probe": 1, "_probe": 0}  # functions that take an operation, and its place
ASKERS = [path for room in ("pages", "builder/web") for path in sorted((ROOT / room).rglob("*.py"))]


def test_no_two_operations_or_probes_have_one_name() -> None:
    assert len(OPERATIONS) == sum(len(getattr(module, "OPERATIONS", ())) for module in MODULES)
    assert len(PROBES) == sum(len(getattr(module, "PROBES", ())) for module in MODULES)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_a_family_lists_every_module_that_offers_something(family: ModuleType) -> None:
    modules = [importlib.import_module(f"{family.__name__}.{each.name}") for each in pkgutil.iter_modules(family.__path__)]
    assert {each for each in modules if hasattr(each, "OPERATIONS") or hasattr(each, "PROBES")} == set(family.MODULES)


def imported(tree: ast.Module) -> dict[str, Any]:
    """What a file's names of ours stand for: modules, and functions of modules."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("builder"):
            module = importlib.import_module(str(node.module))
            found |= {each.asname or each.name: getattr(module, each.name, None) for each in node.names}
    return found


def questions(path: Path) -> Iterator[Any]:
    """The operations that a file asks for, by the functions that it names."""
    tree = ast.parse(path.read_text())
    known = imported(tree)
    for node in ast.walk(tree):
        name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else name
        if isinstance(node, ast.Call) and name in ASKING and len(node.args) > ASKING[name]:
            first, *rest = ast.unparse(node.args[ASKING[name]]).split(".")
            if first in known:
                found = known[first]
                for each in rest:
                    found = getattr(found, each)
                yield found
            else:
                assert first in ("op", "operation", "method", "asking"), f"{path.name} asks for {first}"


@pytest.mark.parametrize("path", ASKERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_page_or_a_route_asks_for_is_offered(path: Path) -> None:
    assert all(each in operations("probes").values() for each in questions(path))


def test_what_the_maps_of_attribution_ask_for_is_offered() -> None:
    assert all(method.op in OPERATIONS.values() for method in METHODS)
    assert sum(len(list(questions(path))) for path in ASKERS) > 40  # and the reading of the source finds them
