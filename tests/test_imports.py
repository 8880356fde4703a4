"""Each room imports only what it may, and the app's process never holds Keras, TensorFlow or scikit-learn."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mypy.config_parser import parse_config_file
from mypy.find_sources import create_source_list
from mypy.options import Options

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"keras", "tensorflow", "sklearn", "h5py"}

# room: what it may import anywhere, and what only inside functions
DESCRIBE = {"errors"}
MAY: dict[str, tuple[set[str], set[str]]] = {
    "network": ({"pydantic"}, set()),
    "catalogue": ({"pydantic"}, set()),
    "zoo": ({"network", "catalogue", "pydantic"}, set()),
    "code": ({"network", "catalogue", "nbformat"}, set()),
    "store": ({"network", "runs", "sqlalchemy", "platformdirs", "pydantic"}, set()),
    "keras_bridge": ({"network", "catalogue", "zoo", "keras", "tensorflow", "numpy", "h5py"}, set()),
    "datasets": ({"network", "store", "numpy", "pandas", "PIL", "pydantic"}, {"sklearn", "keras", "tensorflow", "plotly"}),
    "recipes": ({"network", "datasets", "runs", "zoo", "numpy", "pydantic"}, {"keras", "tensorflow"}),
    "probes": (
        {"network", "datasets", "recipes", "runs", "store", "numpy", "pydantic"},
        {"keras", "tensorflow", "sklearn", "keras_bridge", "figures", "catalogue", "PIL"},
    ),
    "figures": ({"plotly", "numpy", "PIL"}, set()),
    "web": (
        {
            "network",
            "catalogue",
            "zoo",
            "code",
            "store",
            "runs",
            "datasets",
            "recipes",
            "engine",
            "figures",
            "starlette",
            "numpy",
            "plotly",
        },
        {"streamlit"},  # its settings alone
    ),
}


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module a file imports, as (name, whether inside a function)."""
    tree = ast.parse(path.read_text())
    inside = {id(child) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for child in ast.walk(node)}
    never_run = {
        id(child) for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) for child in node.body
    }
    for node in ast.walk(tree):
        if id(node) in never_run:
            continue
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = list(path.relative_to(ROOT).with_suffix("").parts)[: -node.level]
                base = ".".join([*package, *([base] if base else [])])
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "builder" else [base]
        for name in names:
            yield name, id(node) in inside


def room_of(module: str) -> str:
    """`builder.network.edits` is of the room `network`; `numpy.linalg` of `numpy`."""
    parts = module.split(".")
    return parts[1] if parts[0] == "builder" and len(parts) > 1 else parts[0]


@pytest.mark.parametrize("room", MAY)
def test_a_room_imports_only_what_the_design_allows(room: str) -> None:
    always, in_functions = MAY[room]
    wrong = []
    for path in sorted((ROOT / "builder" / room).rglob("*.py")):
        for module, inside in imports(path):
            name = room_of(module)
            if name in sys.stdlib_module_names or name in always | DESCRIBE | {room} or (inside and name in in_functions):
                continue
            wrong.append(f"{path.relative_to(ROOT)}: {module}")
    assert not wrong


def test_the_table_names_every_room() -> None:
    rooms = {path.name for path in (ROOT / "builder").iterdir() if (path / "__init__.py").exists()}
    assert rooms - {"bench", "runs", "engine"} == set(MAY)


def test_the_pages_import_nothing_heavy_even_inside_a_function() -> None:
    files = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "builder" / "web").rglob("*.py"))]
    assert not [f"{path.name}: {module}" for path in files for module, _ in imports(path) if room_of(module) in HEAVY | {"keras_bridge"}]


def test_mypy_reads_every_file_of_the_product_the_numbered_pages_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    options = Options()
    parse_config_file(options, lambda: None, "pyproject.toml", sys.stdout, sys.stderr)
    read = {Path(str(source.path)).resolve() for source in create_source_list(options.files or [], options)}
    product = {ROOT / "app.py", *(ROOT / "builder").rglob("*.py"), *(ROOT / "pages").rglob("*.py")}
    assert read == product and ROOT / "pages" / "1_build.py" in read
