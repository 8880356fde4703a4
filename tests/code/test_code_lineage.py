"""The program of a run that went on from another's weights says so, begins with them where they are beside it, and says when it does not."""

import ast
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from builder import code
from builder.keras_bridge import analyse
from builder.network import Network
from builder.runs import Run, Settings, folder
from builder.runs.first_weights import FILE
from builder.runs.record import Lineage
from builder.runs.run_folder import epoch_path, history
from builder.store import default_store
from tests.kit.programs import alone
from tests.kit.training_here import a_run, chain, train

NARROW, WIDE = (
    chain(
        "dense",
        ("Input", {"shape": [8, 8, 1]}),
        ("Flatten", {}),
        ("Dense", {"units": 12, "activation": "relu"}),
        *more,
        ("Dense", {"units": 10}),
    )
    for more in ((), (("Dropout", {"rate": 0.2}),))
)
SETTINGS = Settings(dataset="digits", epochs=2, batch_size=100)


def program(network: Network, lineage: Lineage | None) -> str:
    return code.program(network, SETTINGS, code.Ends.of(network, analyse(network)), lineage)


def gone_on(network: Network) -> Run:
    """A run that has gone on from another's weights."""
    parent = a_run(NARROW, epochs=1, batch_size=100)
    train(parent)
    run = default_store().create_run(None, network, SETTINGS, lineage=Lineage(parent=parent.id, name="first try"))
    train(run)
    return default_store().run(run.id)


def test_a_program_begins_with_the_weights_of_its_run_and_gives_its_numbers_and_without_them_it_says_so(home: Path, tmp_path: Path) -> None:
    run = gone_on(WIDE)
    text = (folder(run.id) / "program.py").read_text()
    assert text == program(WIDE, run.lineage) != program(WIDE, None)
    places = [tmp_path / name for name in ("with", "without")]
    for place in places:
        place.mkdir()
    shutil.copy(epoch_path(folder(run.id), 0), places[0] / FILE)
    (same,), (other,) = (alone([text], place) for place in places)
    ours = history(folder(run.id))
    assert f"Begins with the weights in {FILE}, as the run did." in same["said"]
    for name, values in same["history"].items():
        assert values == pytest.approx(ours[name], rel=1e-3, abs=1e-3), name
    assert any(line.startswith(f"There is no {FILE} here: every layer begins anew") for line in other["said"])
    assert not np.allclose(other["history"]["loss"], ours["loss"], rtol=1e-2)


def test_a_program_names_the_run_and_the_layers_whose_weights_it_began_with() -> None:
    text = program(NARROW, Lineage(parent="p", name='try "two"', kept=("dense_2",), anew=("dense_3",)))
    said = " ".join(str(ast.get_docstring(ast.parse(text))).split())
    assert "went on from the run try 'two': dense_2 began with the weights that were learned there; dense_3 began anew" in said
    assert FILE in said and "It gives the numbers of the run:" not in said


def test_many_layers_are_counted_rather_than_named() -> None:
    said = " ".join(program(NARROW, Lineage(parent="p", kept=tuple(f"conv_{number}" for number in range(9)))).split())
    assert "went on from an earlier run: conv_0, conv_1 and 7 more layers began with" in said


def test_a_run_of_which_nothing_was_kept_has_the_usual_program() -> None:
    assert program(NARROW, Lineage(parent="p", anew=("dense_2", "dense_3"))) == program(NARROW, None)


def test_its_notebook_begins_with_them_too() -> None:
    lineage = Lineage(parent="p", kept=("dense_2",), anew=("dense_3",))
    told = json.loads(code.notebook(NARROW, SETTINGS, code.Ends.of(NARROW, analyse(NARROW)), lineage))
    cells = ["".join(cell["source"]) for cell in told["cells"]]
    titles = [cell for cell in cells if cell.startswith("## ")]
    assert titles == ["## Data", "## First weights", "## Compile", "## Train", "## Test"]
    assert "went on from an earlier run" in " ".join(cells[0].split())
