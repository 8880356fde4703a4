"""Session state: a key that two files use is a constant of pages/frame/keys.py, never a string written twice."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.frame import keys

PAGES = Path(__file__).parents[2] / "pages"
KNOWN = {value for name, value in vars(keys).items() if name.isupper()}


def _is_state(node: ast.expr) -> bool:
    return ast.unparse(node).endswith("session_state")


def _asked(tree: ast.AST) -> Iterator[ast.expr]:
    """What stands where a session key is meant: in brackets, in a call's first place, beside `in`, and as a widget's `key`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and _is_state(node.value):
            yield node.slice
        elif isinstance(node, ast.Compare) and any(map(_is_state, node.comparators)):
            yield node.left
        elif isinstance(node, ast.Call):
            yield from (word.value for word in node.keywords if word.arg == "key")
            if isinstance(node.func, ast.Attribute) and _is_state(node.func.value):
                yield from node.args[:1]


def literals(source: str) -> set[str]:
    """The session keys that a file writes as strings, also by way of a constant of its own."""
    tree = ast.parse(source)
    own = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    meant = [own.get(each.id, each) if isinstance(each, ast.Name) else each for each in _asked(tree)]
    return {each.value for each in meant if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_no_session_key_is_written_as_a_string_in_two_files() -> None:
    files = defaultdict(set)
    for path in PAGES.rglob("*.py"):
        for key in literals(path.read_text()):
            files[key].add(path.relative_to(PAGES).as_posix())
    assert {key: sorted(used) for key, used in files.items() if len(used) > 1 or key in KNOWN} == {}


@pytest.mark.parametrize(
    "line",
    [
        'st.session_state["a"] = 1',
        'st.session_state.pop("a", None)',
        '"a" in st.session_state',
        'st.toggle("x", key="a")',
        'K = "a"\nst.session_state[K]',
    ],
)
def test_a_key_is_found_however_it_is_asked_for(line: str) -> None:
    assert literals(line) == {"a"}
