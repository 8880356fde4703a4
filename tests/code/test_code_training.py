"""The program of a training gives the run's own numbers: run alone, in a process that knows nothing of this project."""

import ast
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import code, zoo
from builder.datasets import DATASETS, parts, record, table_dataset
from builder.engine import kernel
from builder.engine.shipped import SHIPPED
from builder.keras_bridge import analyse
from builder.network import Network
from builder.recipes import RECIPES
from builder.runs import Settings, folder
from builder.runs.defaults import proposed
from builder.runs.examples import plan
from builder.runs.run_folder import history
from builder.runs.run_folder import network as run_network
from builder.runs.run_folder import settings as run_settings
from builder.store import default_store
from tests.kit.programs import alone
from tests.kit.training_here import DENSE, chain, train

HERE = tuple(name for name, dataset in DATASETS.items() if not dataset.download)


def ends(network: Network) -> code.Ends:
    found = code.Ends.of(network, analyse(network))
    assert found
    return found


def program(network: Network, settings: Settings) -> str:
    return code.program(network, settings, ends(network))


def settings_of(dataset: str, network: Network, **more: Any) -> Settings:
    return Settings(**{**proposed(record(dataset), network).model_dump(), **more})


NEAR = 1e-3  # sums are added in another order from time to time, and a token near the middle falls to the other side


def check(runs: Sequence[tuple[Network, Settings]], place: Path) -> None:
    """Train each here and by its program alone: the same numbers in every epoch, and in the test, but for the order in which numbers are added.

    Samples in another order would be seen in the second digit.
    """
    told = alone([program(*run) for run in runs], place)
    for (network, settings), said in zip(runs, told, strict=True):
        run = default_store().create_run(None, network, settings)
        train(run)
        assert (folder(run.id) / "program.py").read_text() == program(network, settings)
        ours = history(folder(run.id))
        assert said["history"].keys() == ours.keys()
        for name, values in said["history"].items():
            assert values == pytest.approx(ours[name], rel=NEAR, abs=NEAR), (name, settings)
        tested, _ = kernel.operations("probes")["test"]({"run": str(folder(run.id))}, {})
        assert said["test"] == pytest.approx(tested["metrics"], rel=NEAR, abs=NEAR)


DROPOUT = chain(
    "dropout",
    ("Input", {"shape": [8, 8, 1]}),
    ("Flatten", {}),
    ("Dense", {"units": 16, "activation": "relu"}),
    ("Dropout", {"rate": 0.3}),
    ("Dense", {"units": 10}),
)
NOISY = chain(
    "noisy",
    ("Input", {"shape": [8, 8, 1]}),
    ("Flatten", {}),
    ("Dense", {"units": 8, "activation": "relu"}),
    ("Dense", {"units": 64, "activation": "sigmoid"}),
    ("Reshape", {"target_shape": [8, 8, 1]}),
)


def test_a_program_gives_the_numbers_of_its_run(home: Path, tmp_path: Path) -> None:
    usual = {"epochs": 2, "batch_size": 100}
    runs = [
        (DROPOUT, Settings(dataset="digits", seed=3, optimizer="rmsprop", metrics=("accuracy", "precision", "auc"), **usual)),
        (NOISY, Settings(dataset="digits", recipe="denoising", validation_share=0.3, **usual)),
        (zoo.network("diabetes_mlp"), Settings(dataset="diabetes", **usual)),
    ]
    check(runs, tmp_path)


def with_its_network(name: str) -> tuple[str, str]:
    return name, str(record(name).network)


# Datasets with a network: for each recipe and kind of network one; the data of every other is compared below.
KINDS = (
    *map(with_its_network, ("digits28", "moons", "copy_memory", "adding", "pronouns", "sines", "stocks", "patches", "pydoc")),
    *(("digits28", network) for network in ("dense_autoencoder", "vae", "denoising_autoencoder")),
    ("reversal", "seq2seq_transformer"),
)
REST = tuple(with_its_network(name) for name in HERE if with_its_network(name) not in KINDS)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "pairs",
    [pytest.param(KINDS, id="of each kind", marks=pytest.mark.slow), pytest.param(REST, id="the rest", marks=pytest.mark.campaign)],
)
def test_the_program_of_a_dataset_and_a_recipe_gives_the_numbers_of_its_run(
    home: Path, tmp_path: Path, pairs: Sequence[tuple[str, str]]
) -> None:
    usual = {"epochs": 1, "batch_size": 512}
    check([(zoo.network(network), settings_of(name, zoo.network(network), **usual)) for name, network in pairs], tmp_path)


def test_the_programs_compared_with_runs_are_of_every_recipe() -> None:
    assert {settings_of(name, zoo.network(network)).recipe for name, network in KINDS} == set(RECIPES)


@pytest.mark.parametrize("name", HERE)
def test_a_program_has_the_samples_of_its_run(name: str) -> None:
    network = zoo.network(record(name).network)
    settings = settings_of(name, network, seed=5)
    left = data_of(program(network, settings))
    planned, split = plan(network, settings, *ends(network)), parts(name, 5)
    for part in ("train", "validation", "test"):
        x, y = planned.examples(getattr(split, part))
        assert np.array_equal(left[f"x_{part}"], x[0]) and np.array_equal(left[f"y_{part}"], y)
        assert (left[f"x_{part}"].dtype, left[f"y_{part}"].dtype) == (x[0].dtype, y.dtype)


def data_of(text: str) -> dict[str, Any]:
    """What a program's data section leaves: its definitions and that section are run, its network is not."""
    tree = ast.parse(text)
    main = tree.body[-1]
    assert isinstance(main, ast.If)
    lines = [ast.unparse(node) for node in tree.body]
    begin, end = (next(place for place, line in enumerate(lines) if line.startswith(start)) for start in ("keras.utils.set", "model ="))
    around = [node for node in (*tree.body[:begin], *tree.body[end + 1 : -1]) if not isinstance(node, ast.For)]
    data = [node for node in main.body if isinstance(node, ast.Assign) and not ast.unparse(node).startswith("history")]
    left: dict[str, Any] = {}
    exec(compile(ast.Module([*around, *data], []), "program", "exec"), left)
    return left


@pytest.mark.parametrize(
    "loss", ["sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy", "mean_squared_error"]
)
def test_a_program_has_the_targets_that_its_loss_compares_with(loss: str) -> None:
    settings = Settings(dataset="digits", loss=loss)
    left = data_of(program(DENSE, settings))
    _, y = plan(DENSE, settings, *ends(DENSE)).examples(parts("digits").train)
    assert np.array_equal(left["y_train"], y) and left["y_train"].dtype == y.dtype


def test_a_typed_table_stands_in_its_program(home: Path) -> None:
    rows = "\n".join(f"{place / 7},{place % 5},{place % 2}" for place in range(40))
    network = zoo.network("first_model")
    settings = Settings(dataset=table_dataset(rows).name)
    left = data_of(program(network, settings))
    assert np.array_equal(left["x_test"], parts(settings.dataset).test.x)


@pytest.mark.parametrize("name", DATASETS)
def test_a_program_imports_nothing_of_this_project_and_says_what_it_needs(name: str) -> None:
    network = zoo.network(record(name).network)
    text = program(network, settings_of(name, network))
    tree = ast.parse(text)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    tops = {each.split(".")[0] for each in imported} - set(sys.stdlib_module_names) - {"numpy"}
    assert "builder" not in text
    assert {{"sklearn": "scikit-learn", "PIL": "pillow"}.get(each, each) for each in tops} == set(needed(text))


def needed(text: str) -> list[str]:
    """What a program's docstring tells to install."""
    return text.split("pip install ")[1].split("`")[0].split()


def test_a_recipe_that_cannot_be_written_still_has_the_program_of_its_network(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setitem(RECIPES, "supervised", replace(RECIPES["supervised"], written=None))
    text = program(DENSE, Settings(dataset="digits"))
    assert "It only builds the network. Supervised needs a form as a program" in text
    assert ast.dump(ast.Module(ast.parse(text).body[1:], [])) == ast.dump(ast.Module(ast.parse(code.program(DENSE)).body[1:], []))


def test_a_network_that_does_not_fit_the_dataset_has_a_program_that_says_so() -> None:
    text = program(zoo.network("iris_mlp"), Settings(dataset="digits"))
    assert "It only builds the network. The last layer needs 10 units" in " ".join(text.split()) and "model.fit" not in text


def test_a_notebook_trains_as_the_program_does() -> None:
    settings = Settings(dataset="digits")
    cells = [cell["source"] for cell in json.loads(code.notebook(DENSE, settings, ends(DENSE)))["cells"] if cell["cell_type"] == "code"]
    flat = ast.parse(program(DENSE, settings))
    main = flat.body.pop()
    assert isinstance(main, ast.If)
    text = "\n".join("".join(cell) for cell in cells)
    assert ast.dump(ast.parse(text)) == ast.dump(ast.Module(flat.body[1:] + main.body, []))


def test_the_run_that_ships_has_the_program_of_its_training() -> None:
    assert (SHIPPED / "program.py").read_text() == program(run_network(SHIPPED), run_settings(SHIPPED))
