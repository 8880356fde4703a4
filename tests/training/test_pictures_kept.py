"""Pictures of a run through its epochs: the same samples, a share of the time, and a size they keep to."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.runs import folder
from builder.runs.checkpoint import write_arrays
from builder.store import Store, default_store
from builder.training.pictures import KINDS, scene_of
from builder.training.pictures.folder import flat, picture_path, pictured, probe_path, read_picture, read_probe
from builder.training.pictures.keeping import Pictures
from tests.kit.making import a_scene
from tests.kit.training_here import trained


@pytest.fixture(autouse=True)
def store(home: Path) -> Iterator[Store]:
    opened = default_store()
    yield opened
    opened.close()


def test_every_epoch_has_its_picture_of_the_same_samples_and_the_weights_kept_give_it_again() -> None:
    from builder.runs.load import model_at

    run = trained("moons", 3)
    place = folder(run.id)
    assert pictured(place) == [0, 1, 2, 3]
    fixed = read_probe(place)["boundary"]
    for epoch in (0, 3):
        kept = read_picture(place, epoch)["boundary"]
        shown = scene_of(model_at(place, epoch), run.network, run.settings)
        np.testing.assert_allclose(kept["map"], KINDS[0].take(shown, fixed)["map"], atol=1e-5)
    assert not np.allclose(read_picture(place, 0)["boundary"]["map"], read_picture(place, 3)["boundary"]["map"], atol=1e-3)


def test_a_run_that_goes_on_keeps_the_samples_that_were_chosen_when_it_began(tmp_path: Path) -> None:
    shown = a_scene("iris")
    Pictures(shown, tmp_path).begin(0)
    chosen = probe_path(tmp_path).read_bytes()
    shown.raw = shown.raw.take(np.arange(5))
    later = Pictures(shown, tmp_path)
    later.begin(2)
    later.take(3, trained=1.0, last=False)
    assert probe_path(tmp_path).read_bytes() == chosen and pictured(tmp_path) == [0, 3]


def test_a_run_whose_attention_was_kept_by_an_earlier_version_goes_on_with_its_other_pictures(tmp_path: Path) -> None:
    shown = a_scene("reversal")
    chosen = next(kind for kind in KINDS if kind.name == "steps").choose(shown)
    write_arrays(probe_path(tmp_path), flat({"steps": chosen, "attention": {"from:attention": np.zeros(2)}}))
    pictures = Pictures(shown, tmp_path)
    pictures.begin(4)
    pictures.take(5, trained=1.0, last=True)
    assert set(read_picture(tmp_path, 5)) == {"steps"} and not pictures.broken


def test_pictures_take_at_most_their_share_of_the_time_but_the_last_epoch_has_one(tmp_path: Path) -> None:
    pictures = Pictures(a_scene("iris"), tmp_path)
    pictures.begin(0)
    pictures.seconds[0] = 1.5
    pictures.take(1, trained=10.0, last=False)
    assert pictured(tmp_path) == [0]
    pictures.take(2, trained=30.0, last=False)
    pictures.seconds[2] = 5.0
    pictures.take(3, trained=30.0, last=True)
    assert pictured(tmp_path) == [0, 2, 3]


@pytest.mark.parametrize("when", ["choose", "take"])
@pytest.mark.parametrize(("error", "kept"), [(ValueError("odd"), []), (OSError(28, "No space left on device"), [1, 2])])
def test_a_picture_that_cannot_be_taken_never_ends_a_run(
    when: str, error: Exception, kept: list[int], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """After an error none is tried again; after a full disk there is one as soon as there is room."""
    from builder.training.pictures import keeping

    done = getattr(KINDS[1], when)
    tries: list[int] = []

    def fails_first(*given: Any) -> dict[str, np.ndarray]:
        tries.append(1)
        if len(tries) == 1:
            raise error
        return dict(done(*given))

    kind = dataclasses.replace(KINDS[1], **{when: fails_first})
    monkeypatch.setattr(keeping, "fitting", lambda shown: (kind,))
    run = trained("iris", 2)
    assert default_store().run(run.id).epoch == 2 and pictured(folder(run.id))[-2:] == kept
    assert str(error.args[-1]) in capfd.readouterr().err


def test_pictures_are_thinned_to_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.training.pictures import keeping

    pictures = Pictures(a_scene("iris"), tmp_path)
    pictures.begin(0)
    monkeypatch.setattr(keeping, "MOST_BYTES", 4 * picture_path(tmp_path, 0).stat().st_size)
    for epoch in range(1, 20):
        pictures.take(epoch, trained=1000.0, last=False)
    assert len(pictured(tmp_path)) == 4 and {0, 19} <= set(pictured(tmp_path))
