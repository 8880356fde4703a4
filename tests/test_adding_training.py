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
from builder.datasets import parts
from builder.network import Network
from builder.recipes import RECIPES, TRAINING_OPTIONS
from builder.runs import Run, Settings, Status, folder, weights
from builder.store import default_store
from tests.kit import training_here
from tests.kit.kernel import Drawings
from tests.kit.numbers import number
from tests.kit.pages import ME, labelled, train_page

Capture = pytest.CaptureFixture[str]


def added(path: Path, text: str) -> ModuleType:
    """The module of a file that is written here."""
    path.write_text(textwrap.dedent(text))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def train_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command line train in this process, which knows what was added, as its worker does; a press on the page only queues."""

    def train(network: Network, settings: Settings, watch: object, project: str) -> Run:
        run = default_store().create_run(project, network, settings)
        training_here.train(run)
        return default_store().update_run(run.id, status=Status.finished)

    monkeypatch.setattr("builder.engine.launch.train", train)
    monkeypatch.setattr("builder.web.starting.launch", lambda run: None)  # what the page starts only waits in the queue


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


def test_a_recipe_is_one_file(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: Drawings, capsys: Capture) -> None:
    monkeypatch.setitem(RECIPES, "masked", added(tmp_path / "masked.py", MASKED).RECIPE)
    train_here(monkeypatch)
    project = default_store().create_project(ME, "mine", [zoo.network("dense_autoencoder")])
    default_store().choose(project.id, training={"dataset": "digits"})
    page = train_page(project.id)
    learns = labelled(page.selectbox, "How it learns")
    assert "Masked autoencoder" in learns.options
    learns.select("masked").run()
    labelled(page.button, "Train").click().run()
    assert default_store().runs(project_id=project.id)[0].settings.recipe == "masked" and not page.exception

    arguments = ["train", "dense_autoencoder", "--data", "digits", "--recipe", "masked", "--epochs", "1", "--json"]
    assert main(arguments) == 0, capsys.readouterr().err
    told = json.loads(capsys.readouterr().out)
    assert np.isfinite(told["metrics"]["val_loss"]) and told["metrics"]["val_loss"] < 0.2

    alone = (folder(told["run"]) / "program.py").read_text()
    assert "def hidden(x, draw, amount, limits):" in alone and "x = hidden(x_train[rows], draw, 0.5, (0.0, 1.0))" in alone

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


CLIPNORM = '''
    """Gradient clipping by norm."""

    from builder.recipes import TrainingOption

    OPTION = TrainingOption(
        name="clipnorm",
        label="clipnorm",
        help="The largest norm that a weight's gradient may have; longer ones are made shorter.",
        kind="number",
        low=0,
        above=True,
        step=0.1,
        group="more",
        keras="optimizer",
        details="gradients of norm {} at most",
        applies=lambda chosen: chosen.optimizer != "lion",
    )
'''


def test_an_option_of_training_is_one_record(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    before = Settings(dataset="digits")
    kept = default_store().create_run(None, zoo.network("digit_cnn"), before)  # from before there was the option
    monkeypatch.setitem(TRAINING_OPTIONS, "clipnorm", added(tmp_path / "clipnorm.py", CLIPNORM).OPTION)
    assert default_store().run(kept.id).settings == Settings(dataset="digits", clipnorm=None)
    train_here(monkeypatch)

    project = default_store().create_project(ME, "mine", [zoo.network("digit_cnn")])
    page = train_page(project.id)
    assert number(page, "clipnorm").value is None and not labelled(page.button, "Train").disabled
    number(page, "clipnorm").set_value(0.0).run()
    assert "clipnorm needs a number above 0, but got 0.0." in said(page) and labelled(page.button, "Train").disabled
    number(page, "clipnorm").set_value(0.5).run()
    labelled(page.button, "Train").click().run()
    (run,) = default_store().runs(project_id=project.id)
    assert run.settings == Settings(**{**run.settings.model_dump(), "clipnorm": 0.5})
    assert "gradients of norm 0.5 at most" in said(page)
    number(page, "clipnorm").set_value(None).run()  # emptied: not set any more
    assert default_store().project(project.id).choices["training"]["clipnorm"] is None
    labelled(page.selectbox, "Optimizer").select("lion").run()
    assert "clipnorm" not in [field.label for field in page.text_input]

    moved = {}
    for flags in ((), ("--clipnorm", "0.0001")):
        arguments = ["train", "digit_cnn", "--data", "digits", "--epochs", "1", "--optimizer", "sgd", "--learning-rate", "1"]
        assert main([*arguments, "--batch-size", "256", *flags, "--json"]) == 0
        place = folder(json.loads(capsys.readouterr().out)["run"])
        steps = [weights(place, 1)[name] - first for name, first in weights(place, 0).items()]
        moved[flags] = max(float(np.linalg.norm(step)) for step in steps)
    batches = -(-len(parts("digits", 1, 0.2).train) // 256)
    assert moved[("--clipnorm", "0.0001")] <= batches * 0.0001 * 1.001 < moved[()]

    assert main(["train", "digit_cnn", "--data", "digits", "--optimizer", "lion", "--clipnorm", "1"]) == 1
    assert "--clipnorm needs settings that it has an effect on" in capsys.readouterr().err


def said(page: AppTest) -> str:
    """What the page says, without the signs that keep it from being Markdown."""
    return "\n".join(str(element.value) for kind in (page.markdown, page.caption) for element in kind).replace("\\", "")
