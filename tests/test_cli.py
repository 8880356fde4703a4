"""The command line: what it prints is stable, and what a person can mend is one line on stderr."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from builder import zoo
from builder.__main__ import main
from builder.datasets import record
from builder.network import dump
from builder.runs.record import Settings, Status
from builder.store import default_store
from tests.kit.making import stored

ROOT = Path(__file__).resolve().parent.parent
Capture = pytest.CaptureFixture[str]


def printed(capsys: Capture, *arguments: str) -> dict | list:
    """What a command prints with --json."""
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: Capture, *arguments: str) -> str:
    """The one line on stderr of a command that a person has to mend."""
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith("\n") and captured.err.count("\n") == 1
    return captured.err


def test_zoo_lists_every_network(capsys: Capture) -> None:
    rows = printed(capsys, "zoo")
    assert [row["name"] for row in rows] == list(zoo.ZOO)
    assert {row["name"]: row["total_params"] for row in rows}["lenet5"] == 61_706


def test_zoo_loads_neither_keras_nor_tensorflow() -> None:
    text = "import sys; from builder.__main__ import main; main(['zoo']); print([m for m in ('keras', 'tensorflow', 'sklearn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stderr == ""


def test_summary_has_the_agreed_keys_and_figures(capsys: Capture) -> None:
    found = printed(capsys, "summary", "lenet5")
    assert list(found) == [
        "name", "total_params", "trainable_params", "non_trainable_params", "weight_bytes", "macs", "layers", "problems",
    ]  # fmt: skip
    assert (found["name"], found["total_params"], found["weight_bytes"], found["problems"]) == ("lenet5", 61_706, 4 * 61_706, [])
    assert all(list(layer) == ["name", "layer", "output_shape", "params", "macs"] for layer in found["layers"])
    assert [found["layers"][i]["output_shape"] for i in (0, 1, -1)] == [[32, 32, 1], [28, 28, 6], [10]]
    assert sum(layer["params"] for layer in found["layers"]) == 61_706


def test_summary_as_text_has_a_line_for_each_layer(capsys: Capture) -> None:
    assert main(["summary", "first_model"]) == 0
    out = capsys.readouterr().out
    assert "13 parameters (0.00 MiB), 13 of them trainable" in out
    assert len(out.splitlines()) == 2 + len(zoo.network("first_model").nodes) + 3


def test_summary_of_a_saved_network_tells_its_problems(capsys: Capture, tmp_path: Path) -> None:
    broken = zoo.network("lenet5").model_dump(mode="json")
    broken["nodes"] = [node for node in broken["nodes"] if node["layer"] != "Flatten"]
    names = {node["name"] for node in broken["nodes"]}
    broken["edges"] = [edge for edge in broken["edges"] if {edge["source"], edge["target"]} <= names]
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(broken))
    problems = printed(capsys, "summary", str(path))["problems"]
    assert problems
    assert all(list(problem) == ["node", "message", "fixes"] for problem in problems)


def test_a_saved_network_is_the_same_network(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(dump(zoo.network("first_model")))
    assert printed(capsys, "summary", str(path)) == printed(capsys, "summary", "first_model")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing", "python -m builder zoo"),
        ("LeNet", "Did you mean lenet5"),
        ("model.keras", "a file that can be read"),
        ("model.h5", "a file that can be read"),
        ("missing.json", "No such file"),
        ("bad.json", "NaN"),
    ],
)
def test_a_network_that_cannot_be_opened_is_one_line(capsys: Capture, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "bad.json").write_text('{"nodes": NaN}')
    assert said in refused(capsys, "summary", str(tmp_path / name) if "." in name else name)


def test_code_is_a_program_or_a_notebook(capsys: Capture) -> None:
    assert main(["code", "first_model"]) == 0
    compile(capsys.readouterr().out, "program", "exec")
    assert main(["code", "first_model", "--notebook"]) == 0
    assert json.loads(capsys.readouterr().out)["nbformat"] == 4


def test_code_with_data_is_a_program_that_trains(capsys: Capture) -> None:
    assert main(["code", "iris_mlp", "--data", "iris", "--epochs", "7", "--optimizer", "sgd"]) == 0
    program = capsys.readouterr().out
    compile(program, "program", "exec")
    assert "epochs = 7\n" in program and "keras.optimizers.SGD(learning_rate=0.01)" in program and "model.fit(" in program
    assert "--epochs" in refused(capsys, "code", "iris_mlp", "--epochs", "7")


def test_data_describes_one_dataset_or_lists_them_all(capsys: Capture) -> None:
    assert {"digits", "digits28", "iris"} <= {row["name"] for row in printed(capsys, "data")}
    digits = printed(capsys, "data", "digits")
    assert (digits["input_shape"], digits["low"], digits["high"], digits["count"]) == ([8, 8, 1], 0, 1, 1797)
    assert digits["classes"] == [str(digit) for digit in range(10)]
    assert sum(digits["parts"].values()) == 1797
    assert "iris" in refused(capsys, "data", "irises")


def test_runs_are_listed_the_newest_first(capsys: Capture, home: Path) -> None:
    assert printed(capsys, "runs") == []
    store = default_store()
    made = [store.create_run(None, zoo.network(name), Settings(dataset="digits", epochs=3)) for name in ("lenet5", "mlp")]
    store.update_run(made[0].id, status=Status.finished, epoch=3, metrics={"val_loss": 0.25})
    rows = printed(capsys, "runs")
    assert [(row["run"], row["status"], row["network"]) for row in rows] == [
        (made[1].id, "queued", "mlp"),
        (made[0].id, "finished", "lenet5"),
    ]
    assert main(["runs"]) == 0
    assert "val_loss 0.25" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["explode"],
        ["summary"],
        ["train"],
        ["train", "--data", "digits", "--epochs", "0"],
        ["train", "--data", "digits", "--epochs", "many"],
    ],
)
def test_wrong_usage_ends_with_two(capsys: Capture, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "nothing"], "digits28"),
        (["--data", "digits", "--recipe", "magic"], "supervised"),
        (["--data", "digits", "--batch-size", "5000"], "batch_size needs a whole number from 1 to 4,096, but got 5,000."),
        (["resnet", "--data", "digits"], "resnet50"),
        (["lenet5", "--data", "iris"], "4 from iris"),
        (["--data", "digits", "--metrics", "accuracy,magic"], "top_k_categorical_accuracy, but got 'magic'"),
        (["vae", "--data", "digits28", "--metrics", "accuracy"], "one of mean_absolute_error, mean_squared_error"),
    ],
)
def test_a_training_that_cannot_begin_leaves_no_run(capsys: Capture, home: Path, arguments: list[str], said: str) -> None:
    assert said in refused(capsys, "train", *arguments)
    assert default_store().runs() == []


def test_an_unknown_run_or_bench_is_one_line(capsys: Capture, home: Path) -> None:
    assert "not here" in refused(capsys, "probe", "nothing", "feature_maps", "--out", "maps.npz")
    assert "analyse" in refused(capsys, "bench", "nothing")


def test_test_says_how_a_classifier_did_by_class(capsys: Capture, asked: object) -> None:
    run = stored(zoo.network("iris_mlp"), "iris")
    facts = printed(capsys, "test", run.id)
    confusion = np.array(facts["confusion"])
    assert confusion.sum() == 22 and facts["metrics"]["accuracy"] == pytest.approx(np.trace(confusion) / 22)
    assert [(row["class"], row["support"]) for row in facts["classes"]] == list(
        zip(record("iris").classes, confusion.sum(axis=1), strict=True)
    )
    assert main(["test", run.id]) == 0
    assert "precision" in (said := capsys.readouterr().out) and "versicolor" in said and "accuracy" in said
    numbers = stored(zoo.network("diabetes_mlp"), "diabetes")
    assert printed(capsys, "test", numbers.id)["classes"] == []


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run([sys.executable, "-m", "builder", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=200)


def test_train_prints_json_alone_on_stdout_and_its_progress_on_stderr(home: Path) -> None:
    done = command("train", "points_mlp", "--data", "moons", "--epochs", "2", "--seed", "3", "--metrics", "accuracy,auc", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == ["run", "status", "seconds", "metrics", "history"]
    assert found["status"] == "finished"
    assert {f"{part}{name}" for part in ("", "val_") for name in ("loss", "accuracy", "auc")} <= set(found["metrics"])
    assert all(len(values) == 2 for values in found["history"].values())
    assert "epoch 2 of 2" in done.stderr
    assert (home / "runs" / found["run"] / "model.keras").exists()
    out = home / "maps.npz"
    done = command("probe", found["run"], "feature_maps", "--sample", "2", "--epoch", "0", "--out", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    shapes = {name: array.shape for name, array in np.load(out).items()}
    assert shapes == {"input": (2,), **{node.name: (node.params["units"],) for node in zoo.network("points_mlp").nodes[1:]}}


@pytest.mark.slow
def test_a_training_that_fails_says_why_in_one_line_and_ends_with_one(home: Path) -> None:
    done = command("train", "iris_mlp", "--data", "digits", "--epochs", "1")
    assert done.returncode == 1
    assert "digits" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_lenet_learns_the_digits(home: Path) -> None:
    done = command("train", "lenet5", "--data", "digits", "--epochs", "10", "--seed", "1", "--json")
    assert json.loads(done.stdout)["metrics"]["val_accuracy"] >= 0.95, done.stderr
