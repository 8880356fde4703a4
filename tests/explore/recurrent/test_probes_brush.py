"""Drawing over a stretch of a sequence: the units that respond to it, and where else they do."""

from pathlib import Path

import numpy as np
import pytest

from builder import zoo
from builder.errors import BuilderError
from builder.probes.recurrent.brush import brush, contrast, others, responding
from builder.probes.recurrent.gates import gates
from builder.probes.recurrent.top_stretches import top_stretches
from tests.kit.making import made
from tests.kit.probing import look

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "adding"
    made(place, zoo.network("adding_lstm"), "adding", spread=0.05)
    return place


def test_a_brushed_stretch_finds_the_unit_that_is_on_there_alone() -> None:
    values = np.random.default_rng(0).normal(0, 0.1, (30, 8))
    values[10:14, 3] = 1
    values[9:14, 5] = 1
    values[20:22, 3] = 1
    assert np.flatnonzero(responding(values, 10, 13, 0.5)).tolist() == [3]
    assert np.flatnonzero(responding(values, 10, 13, 0.5, margin=0)).tolist() == [3, 5]
    assert contrast(values, 10, 13).argmax() in (3, 5)
    assert others(values, np.array([3]), 0.5) == [(10, 13), (20, 21)]


def test_the_inside_of_a_run_s_layer_is_brushed(run: Path) -> None:
    answer, arrays = look(brush, run, layer="lstm", what="cell", first=10, last=12)
    expected = look(gates, run)[1]["cell"]
    assert (arrays["values"] == expected).all()
    assert answer["units"] == sorted(answer["units"], key=lambda unit: -arrays["contrast"][unit])
    assert all((expected[10:13, unit] > answer["threshold"]).all() for unit in answer["units"])
    with pytest.raises(BuilderError, match="steps from 0 to 49"):
        look(brush, run, layer="lstm", first=10, last=50)
    with pytest.raises(BuilderError, match="one of hidden, cell"):
        look(brush, run, layer="lstm", what="reset_gate", first=1, last=2)


def runs_of(beyond: np.ndarray) -> list[tuple[int, int, float]]:
    """Every stretch of positive numbers, [first, last], with its sum, found step by step."""
    found, start = [], None
    for step, on in enumerate([*(beyond > 0), False]):
        if on and start is None:
            start = step
        elif not on and start is not None:
            found.append((start, step - 1, float(beyond[start:step].sum())))
            start = None
    return found


@pytest.mark.parametrize("above", [True, False])
def test_the_strongest_stretch_of_each_other_sample_is_found(run: Path, above: bool) -> None:
    threshold = float(np.median(look(gates, run, sample=2)[1]["hidden"][:, 5]))
    answer, _ = look(top_stretches, run, layer="lstm", unit=5, threshold=threshold, above=above, sample=2, count=12, best=5)
    expected = []
    for sample in set(range(12)) - {2}:
        values = look(gates, run, sample=sample)[1]["hidden"][:, 5].astype("float64")
        stretches = runs_of((values - threshold) * (1 if above else -1))
        expected += [(sample, *max(stretches, key=lambda each: each[2]))] if stretches else []
    expected = sorted(expected, key=lambda each: -each[3])[:5]
    assert [tuple(each.values())[:3] for each in answer["stretches"]] == [each[:3] for each in expected] and expected
    np.testing.assert_allclose([each["beyond"] for each in answer["stretches"]], [each[3] for each in expected], rtol=1e-6)


def test_a_threshold_that_nothing_reaches_finds_nothing_and_an_unknown_unit_is_a_sentence(run: Path) -> None:
    assert look(top_stretches, run, layer="lstm", unit=0, threshold=2.0, count=3)[0]["stretches"] == []
    with pytest.raises(BuilderError, match="from 0 to 63"):
        look(top_stretches, run, layer="lstm", unit=64, threshold=0.0, count=3)
