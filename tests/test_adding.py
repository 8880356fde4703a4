"""Adding is one file: what a temporary file holds is trained, shown and asked for like what ships, and nothing else is touched."""

import importlib.util
import json
import textwrap
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.__main__ import main
from builder.recipes import RECIPES
from builder.store import default_store

PAGE = Path(__file__).resolve().parents[1] / "pages" / "2_train.py"
ME = "session-me"


def added(path: Path, text: str) -> ModuleType:
    """The module of a file that is written here."""
    path.write_text(textwrap.dedent(text))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def train_page(project: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Train, opened by the project's owner; what it starts only waits in the queue."""
    monkeypatch.setattr("pages.train.start.launch", lambda run: None)
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["_owner"] = ME
    page.query_params["project"] = project
    page.run()
    assert not page.exception
    return page


def in_every_process(place: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run this wherever Python starts from now on: a worker knows what is added as a program that had the file would."""
    (place / "sitecustomize.py").write_text(textwrap.dedent(text))
    monkeypatch.setenv("PYTHONPATH", str(place))


MASKED = '''
    """Masked autoencoder: half of the input is hidden, and is to be given again."""

    from dataclasses import replace

    from builder.recipes import Corruption
    from builder.recipes.autoencoders import AUTOENCODER


    def hidden(x, draw, amount, limits):
        """A share of the numbers is set to the lowest."""
        from keras import ops

        return ops.where(draw.uniform(x) < amount, limits[0], x)


    RECIPE = replace(
        AUTOENCODER,
        name="masked",
        title="Masked autoencoder",
        summary="Gets half of the input, and learns to give all of it.",
        corruption=Corruption(change=hidden, amount=0.5, title="Hidden share of the input", seen="Half hidden"),
    )
'''


def test_a_recipe_is_one_file(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks, capsys) -> None:
    monkeypatch.setitem(RECIPES, "masked", added(tmp_path / "masked.py", MASKED).RECIPE)
    in_every_process(tmp_path, "import masked; from builder.recipes import RECIPES; RECIPES['masked'] = masked.RECIPE", monkeypatch)

    project = default_store().create_project(ME, "mine", [zoo.network("dense_autoencoder")])
    default_store().choose(project.id, training={"dataset": "digits"})
    page = train_page(project.id, monkeypatch)
    learns = next(field for field in page.selectbox if field.label == "How it learns")
    assert "Masked autoencoder" in learns.options
    learns.select("masked").run()
    next(button for button in page.button if button.label == "Train").click().run()
    assert default_store().runs(project_id=project.id)[0].settings.recipe == "masked" and not page.exception

    arguments = ["train", "dense_autoencoder", "--data", "digits", "--recipe", "masked", "--epochs", "1", "--json"]
    assert main(arguments) == 0, capsys.readouterr().err
    told = json.loads(capsys.readouterr().out)
    assert np.isfinite(told["metrics"]["val_loss"]) and told["metrics"]["val_loss"] < 0.2

    view = AppTest.from_function(explored, default_timeout=120, args=(told["run"],)).run()
    assert not view.exception
    (slider,) = view.slider
    assert (slider.label, slider.value) == ("Hidden share of the input", 0.5)
    clean, seen, *_ = blocks.last("autoencoder_rebuilt")["pictures"]
    assert (clean["title"], seen["title"]) == ("Input", "Half hidden")
    kept = seen["values"] == clean["values"]
    assert (seen["values"][~kept] == 0).all() and 0.3 < kept[clean["values"] > 0].mean() < 0.7
    (badge, *_) = [each.value for each in view.markdown if "Error as the run reported it" in each.value]
    assert ":green-badge[" in badge  # the kept weights on the input hidden anew have the error of the training


def explored(run_id: str) -> None:
    """Explore's Reconstruction of a run, its first test sample after epoch 1."""
    from builder.datasets import record
    from builder.store import default_store
    from pages.explore.autoencoder import autoencoder
    from pages.explore.view import View

    run = default_store().run(run_id)
    dataset = record(run.settings.dataset)
    assert autoencoder.applies(run, dataset)
    autoencoder.show(run, View(run.id, 1, "test", 0, None), dataset, [0, 1])
