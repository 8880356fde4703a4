"""A play: frames for who watches, a step at a time, and a fair end."""

import json
import time
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import files, zoo
from builder.runs import Run, Status, folder, watching
from builder.runs.watching import Wish
from builder.store import default_store
from tests.kit.playing import a_play, meanwhile, until
from tests.kit.training_here import DENSE, a_run, train


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look counts for as long as a test may take on a busy machine."""
    monkeypatch.setattr(watching, "FRESH", 1000.0)


def frame(run: Run) -> dict[str, Any]:
    return json.loads(watching.frame(folder(run.id)) or "{}")


def test_nobody_watches_and_no_frame_is_drawn(home: Path) -> None:
    run = a_play()
    train(run)
    assert watching.frame(folder(run.id)) is None


def test_the_last_frame_is_of_the_last_step_and_of_the_sample_that_was_asked_for(home: Path) -> None:
    run = a_play(epochs=1)
    watching.look(folder(run.id), Wish(sample=4))
    train(run)
    batches = default_store().events(run.id)[-1].data["step"]
    assert (frame(run)["sample"], frame(run)["step"]) == (4, batches)


def test_a_step_is_one_batch(home: Path) -> None:
    run, store = a_play(epochs=5), default_store()
    watching.look(folder(run.id), Wish())
    store.ask(run.id, "step")
    seen: list[int] = []

    def steps() -> None:
        for number in (1, 2, 3):
            until(lambda number=number: store.run_summary(run.id).status == Status.paused and frame(run).get("step", 0) >= number)
            seen.append(frame(run)["step"])
            store.ask(run.id, "step" if number < 3 else "stop")

    end = meanwhile(run, steps)
    assert seen == [1, 2, 3]
    assert end.status == Status.stopped
    losses = [event.data for event in store.events(run.id) if event.kind == "batch"]
    assert [each["step"] for each in losses] == [1, 2, 3]


def test_another_sample_is_drawn_while_the_play_is_paused(home: Path) -> None:
    run, store = a_play(), default_store()
    watching.look(folder(run.id), Wish(sample=1))
    store.ask(run.id, "step")

    def other() -> None:
        until(lambda: store.run_summary(run.id).status == Status.paused)
        watching.look(folder(run.id), Wish(sample=2))
        until(lambda: frame(run).get("sample") == 2)
        store.ask(run.id, "stop")

    meanwhile(run, other)
    assert (frame(run)["sample"], frame(run)["step"]) == (2, 1)


@pytest.fixture
def paused_in_validation(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A play that somebody watches, and that is paused as the validation of its first epoch begins."""
    from builder.training.live import Live

    run = a_play(epochs=3)
    watching.look(folder(run.id), Wish())
    validating = Live.on_test_batch_begin

    def asked(self: Any, batch: int, logs: Any = None) -> None:
        if self.epoch == 1 and not batch:
            default_store().ask(run.id, "pause")
            self.reporter.next_look = 0.0
        validating(self, batch, logs)

    monkeypatch.setattr(Live, "on_test_batch_begin", asked)
    return run


def test_a_play_that_is_paused_while_it_validates_shows_the_step_whose_weights_it_has(paused_in_validation: Run) -> None:
    run, store = paused_in_validation, default_store()

    def look() -> None:
        until(lambda: store.run_summary(run.id).status == Status.paused)
        watching.look(folder(run.id), Wish(sample=3))
        until(lambda: frame(run).get("sample") == 3)
        store.ask(run.id, "stop")

    meanwhile(run, look)
    assert frame(run)["step"] == store.run_summary(run.id).batches


def test_a_step_of_a_play_that_is_paused_while_it_validates_is_the_next_batch(paused_in_validation: Run) -> None:
    run, store = paused_in_validation, default_store()

    def step() -> None:
        until(lambda: store.run_summary(run.id).status == Status.paused and frame(run).get("step") == store.run_summary(run.id).batches)
        store.ask(run.id, "step")
        until(lambda: [each.data["status"] for each in store.events(run.id) if each.kind == "status"].count("paused") == 2)
        store.ask(run.id, "stop")

    meanwhile(run, step)
    assert frame(run)["step"] == store.run_summary(run.id).batches + 1
    assert all(layer["moved"] > 0 for layer in frame(run)["layers"].values() if layer["moved"] is not None)


def test_an_input_of_a_person_s_own_is_drawn_while_the_play_is_paused_and_not_before_it_has_arrived(home: Path) -> None:
    run, store = a_play(), default_store()
    place, raw = folder(run.id), np.random.default_rng(3).random((8, 8, 1)).astype("float32")
    watching.look(place, Wish(sample=1))
    store.ask(run.id, "step")
    seen: list[Any] = []

    def other() -> None:
        until(lambda: store.run_summary(run.id).status == Status.paused and frame(run))
        watching.look(place, Wish(own="0123456789abcdef"))
        time.sleep(0.5)
        seen.append(frame(run)["asked"])
        watching.put_own(place, "0123456789abcdef", raw, -1)
        until(lambda: frame(run)["asked"] == "0123456789abcdef")
        seen.append(frame(run))
        store.ask(run.id, "stop")

    meanwhile(run, other)
    assert seen[0] == 1
    sent = np.frombuffer(b64decode(seen[1]["layers"]["input_0"]["numbers"]["data"]), "<f4")
    np.testing.assert_array_equal(sent, raw.reshape(-1))
    assert seen[1]["step"] == 1 and seen[1]["answer"]["right"] is None


def test_gradients_are_in_a_frame_where_they_are_wished_for(home: Path) -> None:
    run = a_play(epochs=1)
    watching.look(folder(run.id), Wish(gradients=True))
    train(run)
    last = DENSE.outputs[0].name  # of a softmax, whose loss Keras takes by what went into it
    assert all(block["gradient"] > 0 for node, block in frame(run)["layers"].items() if node != last)


def test_frames_and_gradients_change_nothing_of_what_is_learned(home: Path) -> None:
    plain, watched = a_play(epochs=1), a_play(epochs=1)
    watching.look(folder(watched.id), Wish(gradients=True))
    left = [files.unpack(train(run) / "epochs" / "00001.npz") for run in (plain, watched)]
    assert all(left[0][name].tobytes() == left[1][name].tobytes() for name in left[0])


def test_a_play_that_meets_no_number_ends_with_a_sentence_and_a_last_frame_of_what_has_come_to_that(home: Path) -> None:
    run = a_play(zoo.network("diabetes_mlp"), dataset="diabetes", optimizer="sgd", learning_rate=10.0, epochs=50)
    watching.look(folder(run.id), Wish())
    end = meanwhile(run, lambda: None)
    assert end.status == Status.failed and "no longer a number" in end.message
    last, first = run.network.outputs[0].name, run.network.inputs[0].name
    assert frame(run)["layers"][last]["wrong"] and not frame(run)["layers"][first]["wrong"]
    assert frame(run)["answer"]["values"] == [None]


@pytest.mark.parametrize("why", ["watched", "waiting"])
def test_a_play_ends_fairly_and_says_why(home: Path, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    from builder.training import playing

    monkeypatch.setattr(playing, "TURN" if why == "waiting" else "ASK_EVERY", 0.0)
    monkeypatch.setattr(watching, "PRESENT", 0.0 if why == "watched" else 100.0)
    run = a_play(epochs=500)
    if why == "waiting":
        a_run(DENSE)
        monkeypatch.setattr(playing, "ASK_EVERY", 0.0)
    else:
        default_store().update_run(run.id, status=Status.running)
    end = meanwhile(run, lambda: None)
    assert end.status == Status.stopped
    assert (
        end.message
        == {"watched": "Nobody watched any more, so the play ended.", "waiting": "Other runs wait for their turn, so the play ended."}[why]
    )


def test_a_play_that_is_kept_gives_way_to_nobody(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.training import playing

    for name in ("TURN", "ASK_EVERY"):
        monkeypatch.setattr(playing, name, 0.0)
    run = a_play(epochs=2)
    default_store().update_run(run.id, pinned=True)
    a_run(DENSE)
    assert meanwhile(run, lambda: None) is None
    assert (folder(run.id) / "model.keras").exists()
