"""Imports run down only, without circles, as the table in builder/README.md has it; and no module hides behind a name of its package."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"keras", "tensorflow", "sklearn", "h5py"}
PROCESSES_OF_THEIR_OWN = {"builder/keras_bridge", "builder/bench"}  # nobody loads them into the app


class Room(NamedTuple):
    """A row of the table."""

    rooms: frozenset[str]
    libraries: frozenset[str]
    in_functions: frozenset[str]


class Import(NamedTuple):
    """One imported module or name of a module, and whether a function imports it."""

    module: str
    inside: bool


@cache
def table() -> dict[str, Room]:
    """Every room by its path, in the order of the table."""
    found = {}
    for line in (ROOT / "builder" / "README.md").read_text().splitlines():
        if line.startswith(("| `builder", "| `pages")):
            name, _, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            rooms, libraries, inside = (frozenset(cell.split()) for cell in cells)
            found[name.strip("` ")] = Room(
                frozenset(f"{'' if each.startswith('pages') else 'builder/'}{each}" for each in rooms), libraries, inside
            )
    return found


@cache
def modules() -> dict[str, Path]:
    """Every module of the project by its dotted name."""
    files = [path for top in ("builder", "pages") for path in sorted((ROOT / top).rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def imports(module: str, path: Path) -> Iterator[Import]:
    """What a file imports: `a.b.c` for a module of ours or a name of one, `numpy` for a library; what only types need is left out."""
    tree = ast.parse(path.read_text())
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    inside = {id(child) for node in functions for child in ast.walk(node)}
    for_types = (node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
    left_out = {id(child) for node in for_types for child in node.body}
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, id(node) in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (Import(f"{base}.{alias.name}", id(node) in inside) for alias in node.names)


def room_of(module: str) -> str:
    """The row of the table that a module of ours is in: the longest that begins its path."""
    path = module.replace(".", "/")
    rows = [row for row in table() if path == row or path.startswith(f"{row}/")]
    return max(rows, key=len, default="")


def ours(name: str) -> str:
    """The module of ours that an import names, itself or a name in it; "" for a library's."""
    for module in (name, name.rpartition(".")[0]):
        if module in modules() and module != "builder":
            return module
    return ""


def needed(module: str) -> set[str]:
    """The other modules of ours that a module imports."""
    return {found for each in imports(module, modules()[module]) if (found := ours(each.module))} - {module}


def test_every_module_is_in_a_room_of_the_table() -> None:
    assert [module for module in modules() if module != "builder" and not room_of(module)] == []
    assert [row for row in table() if not any(room_of(module) == row for module in modules())] == []


@pytest.mark.parametrize("room", table())
def test_a_room_imports_what_the_table_allows_and_nothing_above_itself(room: str) -> None:
    may, order, wrong = table()[room], list(table()), []
    assert [each for each in may.rooms if order.index(each) >= order.index(room)] == [], "the table lists a room that stands below"
    for module, path in modules().items():
        if module == "builder" or room_of(module) != room:
            continue
        for name, inside in imports(module, path):
            top = name.split(".")[0]
            if found := ours(name):
                allowed = room_of(found) in may.rooms | {room}
            else:
                allowed = top in sys.stdlib_module_names or top in may.libraries or (inside and top in may.in_functions)
            if not allowed:
                wrong.append(f"{path.relative_to(ROOT)}: {name}")
    assert wrong == []


def test_the_table_allows_nothing_that_no_one_uses() -> None:
    used: dict[str, set[str]] = {room: set() for room in table()}
    for module, path in modules().items():
        if module != "builder":
            used[room_of(module)] |= {room_of(found) if (found := ours(name)) else name.split(".")[0] for name, _ in imports(module, path)}
    for room, may in table().items():
        spare = {
            each
            for each in may.rooms | may.libraries | may.in_functions
            if each not in used[room] and each not in ("builder/errors", "builder/words")
        }
        assert spare == set(), f"{room} needs no {', '.join(sorted(spare))}"


def test_no_module_needs_one_that_needs_it() -> None:
    try:
        TopologicalSorter({module: needed(module) for module in modules()}).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_no_package_binds_the_name_of_a_module_of_its_own_to_something_else() -> None:
    hidden = []
    for package, path in modules().items():
        if path.name != "__init__.py":
            continue
        inner = {module.removeprefix(f"{package}.").split(".")[0] for module in modules() if module.startswith(f"{package}.")}
        tree = ast.parse(path.read_text())
        bound = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        bound |= {
            target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)
        }
        for name, _ in imports(package, path):
            if name not in modules():
                bound.add(name.rpartition(".")[2])
        hidden += [f"{package}.{name}" for name in sorted(bound & inner)]
    assert hidden == []


def test_the_pages_import_nothing_heavy_even_inside_a_function() -> None:
    files = {"app": ROOT / "app.py"} | {name: path for name, path in modules().items() if name.startswith(("pages", "builder.web"))}
    found = [(path.name, name) for module, path in files.items() for name, _ in imports(module, path)]
    assert [each for each in found if each[1].split(".")[0] in HEAVY or room_of(each[1]) in PROCESSES_OF_THEIR_OWN] == []
