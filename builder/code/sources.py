"""Static slicing of source: the definitions that some functions need to stand alone, written out as a person would have written them.

A function's source is taken as it is, without its annotations and caches; what it names comes along: functions, classes and constants
of this project as source, everything else as an import.
"""

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from types import FunctionType
from typing import Any

from builder.datasets import Arrays
from builder.errors import BuilderError

from .values import value, wrapped

OURS = "builder"
PACKAGES = {"sklearn": "scikit-learn", "PIL": "pillow"}  # what pip calls a library whose import has another name
PAIRS = "namedtuple"  # what stands in for the record of a dataset's arrays
OF_TYPES = ("typing", "collections.abc", "__future__")  # imports that only annotations need
Place = tuple[str, str]  # a module's file and a name in it


class Sources:
    """Collects definitions, each after those that it needs.

    Attributes:
        imports: lines of import, as `import numpy as np`.
        definitions: source by the name that it defines.
    """

    def __init__(self) -> None:
        self.imports: set[str] = set()
        self.definitions: dict[str, str] = {}
        self._seen: set[Place] = set()

    def add(self, thing: Any) -> None:
        """A function or a class with all it needs.

        Raises:
            BuilderError: it is made inside another function, so that no source of its own stands alone.
        """
        inner = inspect.unwrap(thing)
        if not isinstance(inner, FunctionType | type) or "<" in inner.__qualname__:
            raise BuilderError("The program", "a function of a module, to write its source", f"{inner!r}")
        self.take(Path(inspect.getsourcefile(inner) or ""), inner.__module__, inner.__name__)

    def call(self, thing: Callable[..., Any], *first: str) -> str:
        """A call as text of a function, or of one that has some of its arguments already (`partial`); its definition comes along."""
        inner = thing if isinstance(thing, partial) else partial(thing)
        self.add(inner.func)
        given = (*first, *map(value, inner.args), *(f"{name}={value(each)}" for name, each in inner.keywords.items()))
        return wrapped(inspect.unwrap(inner.func).__name__, given)

    def packages(self) -> list[str]:
        """What pip installs for it: Keras and TensorFlow, and what the definitions import."""
        lines = [*self.imports, *(line.strip() for source in self.definitions.values() for line in source.splitlines())]
        found = {match[1] for line in lines if (match := re.match(r"(?:from|import) (\w+)[\w.]*(?: import .*| as \w+)?$", line))}
        own = found - set(sys.stdlib_module_names) - {"keras", "tensorflow", "numpy"}
        return ["keras", "tensorflow", *sorted(PACKAGES.get(each, each) for each in own)]

    def text(self) -> str:
        """All definitions; constants stand together, functions and classes apart."""
        parts: list[str] = []
        for source in self.definitions.values():
            apart = source.startswith(("def ", "class ")) or (parts and parts[-1].startswith(("def ", "class ")))
            if parts and not apart:
                parts[-1] += f"\n{source}"
            else:
                parts.append(source)
        return "\n\n\n".join(parts)

    def take(self, file: Path, module: str, name: str) -> None:
        """The statement of a file that binds a name, after what it needs."""
        if (str(file), name) in self._seen:
            return
        self._seen.add((str(file), name))
        text, bound = _module(file)
        if name not in bound:
            return  # a builtin, or a name that is bound inside
        statement = bound[name]
        if isinstance(statement, ast.Import | ast.ImportFrom):
            self._import(module, statement, name)
            return
        for needed in sorted(_names(statement) & set(bound) - {name}, key=lambda each: bound[each].lineno):
            self.take(file, module, needed)
        if self.definitions.get(name, source := _source(text, statement)) != source:
            raise BuilderError("The program", "one definition for each name", f"two of {name}")
        self.definitions[name] = source

    def _import(self, module: str, statement: ast.Import | ast.ImportFrom, name: str) -> None:
        """An imported name: a line of import, or where it is of this project, its own source."""
        (alias,) = (each for each in statement.names if (each.asname or each.name) == name)
        if isinstance(statement, ast.Import) or not (statement.level or (statement.module or "").startswith(OURS)):
            if not (isinstance(statement, ast.ImportFrom) and statement.module in OF_TYPES):
                self.imports.add(ast.unparse(type(statement)(**{**vars(statement), "names": [alias]})))
            return
        package = module if statement.level == 0 else module.rpartition(".")[0]
        found = importlib.import_module("." * statement.level + (statement.module or ""), package)
        thing = getattr(found, alias.name)
        if thing is Arrays:
            self.imports.add(f"from collections import {PAIRS}")
            self.definitions.setdefault("Arrays", f'Arrays = {PAIRS}("Arrays", "x y")')
        elif callable(thing):
            self.add(thing)
        else:
            self.take(Path(str(found.__file__)), found.__name__, alias.name)


@lru_cache(maxsize=64)
def _module(file: Path) -> tuple[bytes, dict[str, ast.stmt]]:
    """A module's text, and the statement that binds each of its names."""
    text = file.read_bytes()
    return text, dict(_bound(ast.parse(text)))


def _bound(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Each name of a module with the statement at its top that binds it."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement.name, statement
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name, statement) for alias in statement.names)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from ((each.id, statement) for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))


def _names(statement: ast.stmt) -> set[str]:
    """The names that a statement reads from its module: neither its own arguments and variables nor those of annotations."""
    inside = [each for each in _walk(statement) if isinstance(each, ast.Name)]
    own = {each.arg for each in ast.walk(statement) if isinstance(each, ast.arg)}
    own |= {each.id for each in inside if isinstance(each.ctx, ast.Store)} if isinstance(statement, ast.FunctionDef) else set()
    return {each.id for each in inside if isinstance(each.ctx, ast.Load)} - own


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those of annotations and decorators that are cut."""
    yield node
    for field, inner in ast.iter_fields(node):
        if field not in ("annotation", "returns", "decorator_list"):
            for each in inner if isinstance(inner, list) else [inner]:
                if isinstance(each, ast.AST):
                    yield from _walk(each)


def _source(text: bytes, statement: ast.stmt) -> str:
    """A statement's lines without annotations, and without the decorators above it."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for start, end, instead in sorted(_cuts(text, statement, starts), reverse=True):
        text = text[:start] + instead + text[end:]
        if end <= starts[statement.end_lineno or 0]:
            starts[statement.end_lineno or 0] += len(instead) - (end - start)
    return text[starts[statement.lineno - 1] : starts[statement.end_lineno or 0]].decode().rstrip()


def _cuts(text: bytes, statement: ast.stmt, starts: list[int]) -> Iterator[tuple[int, int, bytes]]:
    """The stretches of a text that are annotations: (start, end, what stands there instead)."""

    def span(node: Any) -> tuple[int, int]:
        return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset

    for node in ast.walk(statement):
        if isinstance(node, ast.arg) and node.annotation:
            start, end = span(node)[0] + len(node.arg.encode()), span(node.annotation)[1]
            default = re.match(rb" = ", text[end:])
            yield start, end + (3 if default else 0), b"=" if default else b""
        elif isinstance(node, ast.FunctionDef) and node.returns:
            start, end = span(node.returns)
            yield text.rindex(b"->", 0, start) - 1, end, b""
        elif isinstance(node, ast.AnnAssign) and node.value:
            yield span(node.target)[1], span(node.annotation)[1], b""
