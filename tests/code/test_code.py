"""The shown program is true: executed alone, it leaves a model with the same summary as the canvas."""

import ast
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from builder import code, zoo
from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.network import Edge, Network, Node, apply

# What is told of a model: its summary, and all settings of its layers but names and seeds that Keras invents.
TELL = """
def tell(model):
    def plain(config):
        if isinstance(config, dict):
            own = "keras" not in str(config.get("module", "keras")).split(".")  # a class of ours is of another module in the program
            left_out = ("name", "seed", "build_config", "registered_name", *(["module"] if own else []))
            return {key: plain(value) for key, value in config.items() if key not in left_out}
        return [plain(each) for each in config] if isinstance(config, (list, tuple)) else config
    lines = []
    model.summary(print_fn=lines.append, line_length=200, show_trainable=True)
    return {"summary": lines, "total": model.count_params(), "config": plain(model.get_config())}
"""
# Runs every program of a folder in a process that knows nothing of this project. Nothing is allocated, so that VGG-16 costs no gigabyte.
RUNNER = f"""
import json, pathlib, runpy, sys
import keras
{TELL}
told = {{}}
for path in pathlib.Path(sys.argv[1]).glob("*.py"):
    with keras.StatelessScope(initialize_variables=False):
        told[path.stem] = tell(runpy.run_path(str(path))["model"])
print(json.dumps(told))
"""


def executed(networks: dict[str, Network], folder: Path) -> dict[str, Any]:
    """What each network's program leaves, run in one process outside the project."""
    programs = folder / "programs"
    programs.mkdir()
    for name, network in networks.items():
        (programs / f"{name}.py").write_text(code.program(network), encoding="utf-8")
    command = [sys.executable, "-I", "-c", RUNNER, str(programs)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def expected(network: Network) -> dict[str, Any]:
    """What `to_keras` makes of a network, told as the runner tells it."""
    from builder.keras_bridge import to_keras
    from builder.keras_bridge.scope import nothing_allocated

    here: dict[str, Any] = {}
    exec(TELL, here)
    with nothing_allocated():
        return json.loads(json.dumps(here["tell"](to_keras(network))))


def graph(name: str, nodes: dict[str, tuple[str, dict[str, Any]]], *wires: str) -> Network:
    """A network from `{name: (layer, params)}` and wires such as `a b` or `a b key`."""
    made = tuple(Node(name=each, layer=layer, params=params) for each, (layer, params) in nodes.items())
    edges = []
    for wire in wires:
        source, target, *port = wire.split(" ")
        edges.append(Edge(source=source, target=target, target_port=port[0] if port else "inputs"))
    return Network(name=name, nodes=made, edges=tuple(edges))


def in_a_row(name: str, *layers: tuple[str, dict[str, Any]], names: tuple[str, ...] = ()) -> Network:
    """A network that is one chain."""
    nodes = {(names[index] if names else f"n{index}"): layer for index, layer in enumerate(layers)}
    order = list(nodes)
    return graph(name, nodes, *(f"{a} {b}" for a, b in pairwise(order)))


ATTENTION = graph(
    "attention",
    {
        "question": ("Input", {"shape": [7, 16]}),
        "memory": ("Input", {"shape": [9, 16]}),
        "keys": ("Input", {"shape": [9, 16]}),
        "look": ("MultiHeadAttention", {"num_heads": 2, "key_dim": 8}),
        "self": ("MultiHeadAttention", {"num_heads": 4, "key_dim": 4, "dropout": 0.1}),
        "add": ("Add", {}),
        "first": ("Dense", {"units": 3}),
        "second": ("GlobalAveragePooling1D", {}),
    },
    *("question look query", "memory look value", "keys look key", "look self query", "look self value", "look add", "self add"),
    *("add first", "add second"),
)
NESTED = in_a_row(
    "nested",
    ("Input", {"shape": [None, 12, 3]}),
    ("TimeDistributed", {"layer": {"layer": "Conv1D", "params": {"filters": 4, "kernel_size": 3, "activation": "relu"}}}),
    ("TimeDistributed", {"layer": {"layer": "Flatten", "params": {}}}),
    ("Bidirectional", {"layer": {"layer": "GRU", "params": {"units": 5, "return_sequences": True}}, "merge_mode": "sum"}),
    ("Bidirectional", {"layer": {"layer": "LSTM", "params": {"units": 5}, "trainable": False}}),
    ("Dense", {"units": 2, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.001}}, "kernel_initializer": "he_normal"}),
    ("Dense", {"units": 1, "kernel_constraint": {"class_name": "MaxNorm", "config": {"max_value": 2}}}),
)
NAMES = in_a_row(
    'it"s """ \\ a {name}\u2028 \U0001f600',
    ("Input", {"shape": [4]}),
    *[("Dense", {"units": 3})] * 8,
    names=("import", "x", "print", "a.b", "a-b", "3d", "keras", "model", "layers"),
)
FROZEN = graph(
    "frozen",
    {
        "input": ("Input", {"shape": [4]}),
        "one": ("Dense", {"units": 3}),
        "two": ("BatchNormalization", {}),
        "unused": ("Input", {"shape": [2]}),
    },
    *("input one", "one two"),
)
FROZEN = apply(
    apply(FROZEN, {"kind": "trainable", "name": "one", "value": False}, LAYERS),
    {"kind": "trainable", "name": "two", "value": False},
    LAYERS,
)
SKIPS = graph(
    "skips",
    {
        **{name: ("Dense", {"units": 4}) for name in ("a", "b", "c", "d")},
        "input": ("Input", {"shape": [4]}),
        **{name: ("Concatenate", {}) for name in ("j", "k")},
    },
    *("input a", "a b", "b c", "c j", "a j", "input j", "j d", "d k", "b k", "a k"),
)
SPECIAL = {"attention": ATTENTION, "nested": NESTED, "names": NAMES, "frozen": FROZEN, "skips": SKIPS}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every program of the zoo and of the networks above, executed in one process."""
    return executed({name: zoo.network(name) for name in zoo.ZOO} | SPECIAL, tmp_path_factory.mktemp("code"))


@pytest.mark.parametrize("name", zoo.ZOO)
def test_the_program_of_a_zoo_network_makes_that_network(name: str, ran: dict[str, Any]) -> None:
    assert ran[name]["total"] == zoo.ZOO[name].total_params
    assert ran[name] == expected(zoo.network(name))


@pytest.mark.parametrize("name", SPECIAL)
def test_the_program_of_an_unusual_network_makes_that_network(name: str, ran: dict[str, Any]) -> None:
    assert ran[name] == expected(SPECIAL[name])


SHAPES: tuple[dict[str, Any], ...] = tuple(
    {"shape": shape} | dtype for shape in ([28, 28, 3], [16, 8], [32], [4, 8, 8, 3]) for dtype in ({}, {"dtype": "int32"})
)


def test_every_layer_of_the_catalogue_can_be_written(tmp_path: Path) -> None:
    from builder.keras_bridge import analyse

    networks = {}
    for name, layer in LAYERS.items():
        if name == "Input":
            continue
        for given in SHAPES:
            wires = [f"i{index} n {port.name}" for index, port in enumerate(layer.inputs)]
            ends = {f"i{index}": ("Input", given) for index in range(len(wires))}
            if layer.inputs[0].many:
                ends, wires = {"i0": ("Input", given), "i1": ("Input", given)}, ["i0 n", "i1 n"]
            network = graph(name, {**ends, "n": (name, layer.start())}, *wires)
            if not analyse(network).problems:
                networks[name] = network
                break
    left_out = set(LAYERS) - set(networks) - {"Input"}
    assert not left_out, "no input shape found for them"
    told = executed(networks, tmp_path)
    assert {name: told[name] for name in networks} == {name: expected(network) for name, network in networks.items()}


@pytest.mark.slow
def test_every_program_runs_as_a_script_with_real_weights_and_prints_its_summary(tmp_path: Path) -> None:
    for name in zoo.ZOO:
        (tmp_path / f"{name}.py").write_text(code.program(zoo.network(name)), encoding="utf-8")
    script = "import gc, runpy, sys\nfor path in sys.argv[1:]:\n    runpy.run_path(path, run_name='__main__')\n    gc.collect()"
    command = [sys.executable, "-I", "-c", script, *(f"{name}.py" for name in zoo.ZOO)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    printed = [line.split()[2] for line in done.stdout.splitlines() if "Total params:" in line]
    assert printed == [f"{entry.total_params:,}" for entry in zoo.ZOO.values()]


@pytest.mark.parametrize("name", [*zoo.ZOO, *SPECIAL])
def test_a_program_imports_nothing_but_keras(name: str) -> None:
    network = SPECIAL.get(name) or zoo.network(name)
    tree = ast.parse(code.program(network))
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imported] in (
        ["import keras", "from keras import layers"],
        ["import keras", "from keras import layers, ops"],
    )
    assert code.program(network) == code.program(network)


UNWRITABLE = {
    "an empty network": (Network(name="empty"), "The network"),
    "nothing after the input": (in_a_row("bare", ("Input", {"shape": [4]})), "The network"),
    "a layer without its input": (
        graph("open", {"input": ("Input", {"shape": [4]}), "n": ("Dense", {"units": 1}), "m": ("Dense", {"units": 1})}, "input n"),
        "m",
    ),
    "an open port": (
        graph("port", {"i": ("Input", {"shape": [4, 4]}), "m": ("MultiHeadAttention", {"num_heads": 1, "key_dim": 1})}, "i m query"),
        "m",
    ),
    "two wires where one fits": (
        graph("two", {"i": ("Input", {"shape": [4]}), "j": ("Input", {"shape": [4]}), "n": ("Dense", {"units": 1})}, "i n", "j n"),
        "n",
    ),
    "an unknown layer": (in_a_row("odd", ("Input", {"shape": [4]}), ("os.system", {})), "n1"),
    "an unknown parameter": (in_a_row("odd", ("Input", {"shape": [4]}), ("Dense", {"units": 1, "x)": 1})), "n1"),
    "code for a value": (in_a_row("odd", ("Input", {"shape": [4]}), ("Dense", {"units": "__import__('os')"})), "n1's units"),
    "a parameter that is missing": (in_a_row("odd", ("Input", {"shape": [4]}), ("Dense", {})), "n1's units"),
    "a nested layer that is unknown": (
        in_a_row("odd", ("Input", {"shape": [4, 4]}), ("Bidirectional", {"layer": {"layer": "Lambda"}})),
        "n1's layer",
    ),
    "a circle": (graph("round", {"i": ("Input", {"shape": [4]}), "a": ("Add", {}), "b": ("Add", {})}, "i a", "a b", "b a"), "a"),
}


@pytest.mark.parametrize(("network", "where"), UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_what_cannot_be_written_is_one_sentence_at_its_layer(network: Network, where: str) -> None:
    for write in (code.program, code.notebook):
        with pytest.raises(BuilderError) as error:
            write(network)
        assert error.value.where == where
