"""Session keys: each stands in one file, in `pages/frame/keys.py` where several read it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pages.frame import keys

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "pages").rglob("*.py"))
READING = ("get", "pop", "setdefault", "update")


def is_state(node: ast.AST) -> bool:
    """Whether this is `st.session_state`."""
    return isinstance(node, ast.Attribute) and node.attr == "session_state"


def keys_of(path: Path) -> Iterator[str]:
    """The strings that a file reads or writes the session's state by, its widgets' keys included."""
    for node in ast.walk(ast.parse(path.read_text())):
        found: list[ast.expr | None] = []
        if isinstance(node, ast.Subscript) and is_state(node.value):
            found = [node.slice]
        elif isinstance(node, ast.Compare) and is_state(node.comparators[-1]):
            found = [node.left]
        elif isinstance(node, ast.Call):
            found = [each.value for each in node.keywords if each.arg == "key"]
            if isinstance(node.func, ast.Attribute) and node.func.attr in READING and is_state(node.func.value):
                found += [*node.args[:1], *(ast.Constant(each.arg) for each in node.keywords)]
            found += [key for each in found if isinstance(each, ast.Dict) for key in each.keys]
        yield from (each.value for each in found if isinstance(each, ast.Constant) and isinstance(each.value, str))


def test_a_session_key_that_several_files_read_has_a_name() -> None:
    users = defaultdict(set)
    for path in FILES:
        for key in keys_of(path):
            users[key].add(str(path.relative_to(ROOT)))
    named = {value for name, value in vars(keys).items() if name.isupper()}
    assert {key: sorted(files) for key, files in users.items() if len(files) > 1 or key in named} == {}


def test_every_named_session_key_is_read_by_several_files() -> None:
    texts = [path.read_text() for path in FILES]
    names = [name for name in vars(keys) if name.isupper()]
    assert [name for name in names if sum(f"keys.{name}" in text for text in texts) < 2] == []
