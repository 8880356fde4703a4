"""Outside the catalogue nothing goes by the name of a layer type: what matters about a type is a fact of its record."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.catalogue import LAYERS

ROOT = Path(__file__).resolve().parent.parent
FILES = [path for room in ("builder/probes", "builder/training", "pages") for path in sorted((ROOT / room).rglob("*.py"))]
WORDS = {"Attention", "Input", "Identity"}  # on screens they are words, so only their use as a type counts
TYPES = {"layer", "__name__", "layer_type"}  # attributes and keys that hold the name of a type


def of_a_type(node: ast.expr) -> bool:
    """Whether an expression is the name of a layer type: `node.layer`, `type(layer).__name__`, `each["layer"]`."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value in TYPES
    if isinstance(node, ast.Attribute) and node.attr == "__name__":
        return ast.unparse(node).startswith("type(")
    return isinstance(node, ast.Attribute) and node.attr in TYPES


def texts(node: ast.AST) -> list[str]:
    """The texts that an expression is, alone or in a row."""
    each = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return [one.value for one in each if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value]


def names(source: str) -> Iterator[str]:
    """Where a source goes by the name of a layer type, or by a part of one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in set(LAYERS) - WORDS:
            yield f"line {node.lineno}: {node.value}"
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(of_a_type, sides)) and any(map(texts, sides)):
                yield f"line {node.lineno}: {ast.unparse(node)}"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and of_a_type(node.func.value)
            and any(map(texts, node.args))
        ):
            yield f"line {node.lineno}: {ast.unparse(node)}"
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "LAYERS" and isinstance(node.slice, ast.Constant):
            yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_probe_training_or_page_goes_by_the_name_of_a_layer_type(path: Path) -> None:
    assert list(names(path.read_text())) == []


@pytest.mark.parametrize(
    "source",
    [
        'node.layer == "Input"',
        'node.layer in ("Attention", "Dot")',
        '"Transpose" in given.layer',
        'layer.startswith("x") or given.layer.startswith("Global")',
        'RULES = {"Dense": 1}',
        'type(layer).__name__ == "Cell"',
        'LAYERS["Input"].value(node)',
        'each["layer"] != "Input"',
    ],
)
def test_such_a_line_is_found(source: str) -> None:
    assert list(names(source))
