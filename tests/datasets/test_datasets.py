"""What the datasets say of themselves is true, their parts are fair, and what fits a network's input is what is said."""

import numpy as np
import pytest
from PIL import Image

from builder import zoo
from builder.catalogue import LAYERS
from builder.datasets import DATASETS, PARTS, Arrays, Dataset, check, fit, parts, record, sizes, split
from builder.datasets.resizing import resize
from builder.errors import BuilderError
from builder.network import Analysis, LayerReport, Network, apply
from builder.zoo import ZOO

AT_HAND = [dataset for dataset in DATASETS.values() if not dataset.download]


@pytest.mark.parametrize("dataset", AT_HAND, ids=lambda dataset: dataset.name)
def test_a_dataset_s_record_tells_the_truth(dataset: Dataset) -> None:
    arrays = dataset.load()
    assert arrays.x.shape == (dataset.count, *dataset.input_shape)
    assert arrays.x.dtype == dataset.dtype
    assert dataset.low <= arrays.x.min() and arrays.x.max() <= dataset.high
    assert arrays.x.max() - arrays.x.min() > 0.8 * (dataset.high - dataset.low)
    if dataset.task == "classification":
        assert arrays.y.shape == (dataset.count, *(dataset.input_shape if dataset.per_step else ()))
        assert arrays.y.dtype == np.int64
        found = np.unique(arrays.y).tolist()
        assert found == list(range(len(dataset.classes))) or (dataset.per_step and found[-1] < len(dataset.classes))
    else:
        assert arrays.y.shape == (dataset.count, dataset.targets) and arrays.y.dtype == np.float32
    if dataset.kind in ("table", "points", "sequence"):
        assert len(dataset.features) == dataset.input_shape[-1]
    if dataset.kind == "tokens":
        assert len(dataset.vocabulary) == dataset.high + 1


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset.name)
def test_every_dataset_has_a_starting_network_that_it_fits(dataset: Dataset) -> None:
    assert dataset.network in ZOO
    network = zoo.network(dataset.network)
    assert len(network.inputs) == 1
    fit(dataset, network.inputs[0].params["shape"], network.outputs[0].params.get("units"))


@pytest.mark.parametrize("dataset", AT_HAND, ids=lambda dataset: dataset.name)
def test_parts_share_no_sample_and_leave_none_out(dataset: Dataset) -> None:
    whole = parts(dataset.name, seed=3)
    assert tuple(len(getattr(whole, name)) for name in PARTS) == sizes(dataset.count)
    rows = np.concatenate([getattr(whole, name).x.reshape(len(getattr(whole, name)), -1) for name in PARTS])
    everything = dataset.load().x.reshape(dataset.count, -1)
    assert (np.sort(rows, axis=0) == np.sort(everything, axis=0)).all()


def numbered(classes: list[int]) -> Arrays:
    """Samples that can be told apart: each one's input is its place."""
    y = np.repeat(np.arange(len(classes)), classes)
    return Arrays(np.arange(len(y), dtype="float32")[:, None], y)


def test_each_sample_is_in_exactly_one_part() -> None:
    whole = split(numbered([50, 30, 20]), seed=5)
    places = np.concatenate([getattr(whole, name).x[:, 0] for name in PARTS])
    assert sorted(places.tolist()) == list(range(100))


def test_the_test_part_is_the_same_for_every_seed_and_share() -> None:
    data = numbered([60, 41])
    tests = [split(data, seed, share).test.x for seed, share in ((1, 0.2), (2, 0.2), (1, 0.5))]
    assert (tests[0] == tests[1]).all() and (tests[0] == tests[2]).all()


def test_a_seed_gives_the_same_parts_again_and_another_seed_others() -> None:
    data = numbered([60, 41])
    assert (split(data, 1).train.x == split(data, 1).train.x).all()
    assert (split(data, 1).validation.x != split(data, 2).validation.x).any()


def test_every_part_holds_each_class_in_its_share() -> None:
    whole = split(numbered([500, 300, 203]), seed=1)
    for name in PARTS:
        part = getattr(whole, name)
        expected = len(part) * np.array([500, 300, 203]) / 1003
        assert np.abs(np.bincount(part.y, minlength=3) - expected).max() <= 2


def test_five_rows_typed_by_hand_make_three_parts() -> None:
    assert sizes(5) == (3, 1, 1)
    assert sizes(3, 0.9) == (1, 1, 1)
    with pytest.raises(BuilderError, match="at least 3 samples"):
        sizes(2)


def test_a_limit_takes_so_many_in_all() -> None:
    whole = split(numbered([500, 500]), limit=100)
    assert sum(len(getattr(whole, name)) for name in PARTS) == 100


def test_tables_are_standardised_over_what_is_not_in_the_test_part() -> None:
    whole = parts("wine")
    rest = np.concatenate([whole.train.x, whole.validation.x])
    assert np.allclose(rest.mean(axis=0), 0, atol=1e-5) and np.allclose(rest.std(axis=0), 1, atol=1e-5)


@pytest.mark.parametrize("size", [(32, 32), (28, 28), (5, 13), (3, 3), (8, 8)])
def test_resizing_gives_what_pillow_gives(size: tuple[int, int]) -> None:
    picture = record("digits").load().x[7]
    expected = np.asarray(Image.fromarray(picture[..., 0]).resize(size[::-1], Image.Resampling.BILINEAR))
    assert np.abs(resize(picture[None], *size)[0, ..., 0] - expected).max() < 1e-5


FITS = [
    ("digits", (8, 8, 1), ()),
    ("digits", (None, None, 1), ()),
    ("digits", (32, 32, 1), ("Resize 8 × 8 to 32 × 32, bilinear",)),
    ("digits", (784,), ("Resize 8 × 8 to 28 × 28, bilinear", "Flatten 28 × 28 × 1 to 784 numbers")),
    ("digits28", (784,), ("Flatten 28 × 28 × 1 to 784 numbers",)),
    ("digits", (64, 64, 3), ("Resize 8 × 8 to 64 × 64, bilinear", "Repeat the grey channel 3 times")),
    ("digits28", (28, 28), ("Read the 28 rows as steps of 28 numbers",)),
    ("iris", (4,), ()),
    ("iris", (4, 1), ("Lay 4 numbers out as 4 × 1",)),
    ("iris", (None, 2), ("Lay 4 numbers out as 2 × 2",)),
]


@pytest.mark.parametrize(("name", "shape", "steps"), FITS)
def test_the_steps_to_an_input_are_said_and_done(name: str, shape: tuple[int | None, ...], steps: tuple[str, ...]) -> None:
    found = fit(record(name), shape)
    assert found.steps == steps
    came = found.apply(record(name).load().x[:3]).shape
    assert len(came) == len(shape) + 1 and all(size in (None, length) for size, length in zip(shape, came[1:], strict=True))


def test_colour_becomes_grey_by_its_brightness() -> None:
    cifar = record("cifar10")
    white = np.ones((1, 32, 32, 3), "float32")
    found = fit(cifar, (28, 28, 1))
    assert found.steps[-1].startswith("Turn colour into grey")
    assert np.allclose(found.apply(white), 1)


@pytest.mark.parametrize(
    ("name", "shape"), [("iris", (13,)), ("iris", (28, 28, 1)), ("digits", (13,)), ("digits", (2, 2, 2, 2)), ("moons", (3, 1))]
)
def test_what_no_step_can_fit_is_one_sentence(name: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(BuilderError, match=rf"The input needs .* from {name}\. Set its shape to"):
        fit(record(name), shape)


def reported(network: Network, shapes: dict[str, tuple[int, ...]]) -> Analysis:
    """An analysis that knows these output shapes."""
    layers = tuple(LayerReport(name=name, layer="", output_shape=shape, dtype="float32") for name, shape in shapes.items())
    return Analysis(name=network.name, layers=layers)


def test_too_few_units_for_the_classes_are_mended_by_the_fix() -> None:
    network = apply(zoo.network("digit_cnn"), {"kind": "set", "name": "digits", "params": {"units": 7}}, LAYERS)
    (problem,) = check(record("digits28"), network, reported(network, {"input": (28, 28, 1), "digits": (7,)}))
    assert problem.node == "digits" and "10 units, one for each class of digits28, but got 7" in problem.message
    mended = apply(network, problem.fixes[0].edit, LAYERS)
    assert mended.node("digits").params["units"] == 10
    assert check(record("digits28"), mended, reported(mended, {"input": (28, 28, 1), "digits": (10,)})) == []


def test_an_input_of_another_width_is_mended_by_the_fix() -> None:
    network = zoo.network("iris_mlp")
    first, last = network.inputs[0].name, network.outputs[0].name
    (problem,) = check(record("wine"), network, reported(network, {first: (4,), last: (3,)}))
    mended = apply(network, problem.fixes[0].edit, LAYERS)
    assert list(mended.node(first).params["shape"]) == [13]


def test_an_output_of_two_axes_is_offered_a_flatten() -> None:
    network = zoo.network("digit_cnn")
    (problem,) = check(record("digits28"), network, reported(network, {"input": (28, 28, 1), "digits": (5, 10)}))
    assert problem.fixes[0].label == "Insert a Flatten"
    assert any(node.layer == "Flatten" for node in apply(network, problem.fixes[0].edit, LAYERS).nodes)


def test_words_cannot_be_read_from_pictures() -> None:
    network = zoo.network("lstm_text")
    assert check(record("iris"), network, reported(network, {network.inputs[0].name: (500,)}))
    open_text = Analysis(name="t", layers=(LayerReport(name=network.inputs[0].name, layer="Input", output_shape=(4,), dtype="int32"),))
    (problem,) = check(record("iris"), network, open_text)
    assert "whole numbers" in problem.message


def test_pictures_too_large_for_the_memory_are_refused_before_they_are_made() -> None:
    network = zoo.network("vgg16")
    first = network.inputs[0].name
    (problem, *_) = check(record("mnist"), network, reported(network, {first: (224, 224, 3)}))
    assert "GiB" in problem.message and problem.node == first


def test_a_name_that_is_no_dataset_lists_those_that_are() -> None:
    with pytest.raises(BuilderError, match="one of digits28, digits, iris"):
        record("digit")


@pytest.mark.parametrize(
    "dataset", [each for each in DATASETS.values() if each.kind == "tokens" and not each.download], ids=lambda each: each.name
)
def test_a_dataset_foretells_exactly_where_each_target_is_the_token_after_it(dataset: Dataset) -> None:
    arrays = dataset.load()
    shifted = arrays.y.shape == arrays.x.shape and np.array_equal(arrays.x[:, 1:], arrays.y[:, :-1])
    assert dataset.foretells == shifted and (dataset.vocabulary == dataset.classes or not dataset.foretells)


def test_every_number_to_predict_has_a_name() -> None:
    for dataset in DATASETS.values():
        assert len(dataset.target_names) == (dataset.targets if dataset.task == "regression" else 0), dataset.name
        names = [dataset.answer_name(place) for place in range(len(dataset.classes) or dataset.targets)]
        assert names == list(dataset.classes or dataset.target_names) and dataset.answer_name(len(names)) == f"output {len(names)}"
