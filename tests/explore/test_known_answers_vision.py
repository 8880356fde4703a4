"""Known answers about explaining pictures: class activation maps, planted shapes, random weights, completeness, and the loss at the start.

Others are beside the code that they hold: the books' convolution and pooling with the lens; dead units, calibration and the
landscape's centre with the probes over a batch.
"""

from collections.abc import Callable
from math import log
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder import zoo
from builder.datasets import parts
from builder.datasets.synthetic_images import planted
from builder.keras_bridge import to_keras
from builder.network import Network
from builder.probes import OPERATIONS
from builder.probes.attribution.gradcam import enlarged, grad_cam, layer_slope
from builder.probes.attribution.integrated_gradients import integrate
from builder.probes.attribution.randomising import random_weights, spearman
from builder.probes.attribution.saliency import gradient, gradient_times_input, slope_error, smooth_gradient
from builder.probes.attribution.target import Target, target_of
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.samples import Sample, sample
from builder.runs import Settings
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.run_folder import epoch_path

pytestmark = pytest.mark.usefixtures("home")
LOOKED_AT = 100  # samples of the test part


def kept(place: Path, network: Network, dataset: str, model: Any, epoch: int = 0) -> None:
    """A run's folder with the model's weights."""
    place.mkdir(exist_ok=True)
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(Settings(dataset=dataset).model_dump_json())
    write_arrays(epoch_path(place, epoch), layer_weights(model))


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "untrained"
    keras.utils.set_random_seed(1)
    kept(place, zoo.network("shapes_cnn"), "shapes", to_keras(zoo.network("shapes_cnn")))
    return place


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that tells planted shapes apart, about 20 seconds of training."""
    place, data = tmp_path_factory.mktemp("runs") / "shapes", parts("shapes", seed=1)
    keras.utils.set_random_seed(1)
    model = to_keras(zoo.network("shapes_cnn"))
    kept(place, zoo.network("shapes_cnn"), "shapes", model)
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(data.train.x, data.train.y, epochs=16, batch_size=32, verbose=0)
    assert model.evaluate(data.test.x, data.test.y, verbose=0, return_dict=True)["accuracy"] > 0.95
    kept(place, zoo.network("shapes_cnn"), "shapes", model, epoch=16)
    return place


def looked_at(run: Loaded, count: int = LOOKED_AT) -> list[tuple[Sample, np.ndarray]]:
    """Samples of the test part with the masks of their shapes."""
    arrays, masks = planted()
    where = {picture.tobytes(): index for index, picture in enumerate(arrays.x)}
    found = [sample(run, "test", index) for index in range(count)]
    return [(one, masks[where[one.raw.tobytes()]]) for one in found]


def heat(run: Loaded, asked: Target) -> np.ndarray:
    return enlarged(grad_cam(run, asked).heat, (32, 32))


MAPS: dict[str, Callable[[Loaded, Target], np.ndarray]] = {
    "gradcam": heat,
    "integrated": lambda run, asked: integrate(run, asked).attribution[..., 0],
    "gradient_times_input": lambda run, asked: gradient_times_input(run, asked)[..., 0],
    "gradient": lambda run, asked: np.abs(gradient(run, asked)[..., 0]),
    "smoothgrad": lambda run, asked: np.abs(smooth_gradient(run, asked)[..., 0]),
}


@pytest.mark.parametrize("target", [0, 1, 2])
def test_with_global_average_pooling_grad_cam_is_the_class_activation_map(untrained: Path, target: int) -> None:
    """Where a dense layer follows the mean of each map, places · Grad-CAM = relu(sum over k of w_k · A_k) (arXiv 1610.02391)."""
    run = loaded(untrained)
    asked = target_of(run, sample(run, "test", 1), target=target)
    cam = grad_cam(run, asked)
    maps, _ = layer_slope(run, asked, "conv_3")
    kernel = run.model.get_layer("shapes").kernel.numpy()[:, target]
    assert cam.layer == "conv_3"
    assert np.allclose(cam.heat * cam.heat.size, np.maximum(maps @ kernel, 0), atol=1e-5)


@pytest.mark.slow
def test_maps_point_at_the_planted_shape(shapes: Path) -> None:
    """The largest value lies on the shape; a slope may lie one pixel beside it, where its edge would move to. Chance is 0.09."""
    run = loaded(shapes)
    hits: dict[str, list[bool]] = {name: [] for name in MAPS}
    for one, mask in looked_at(run):
        asked, near = target_of(run, one), grown(mask)
        for name, draw in MAPS.items():
            found = draw(run, asked)
            hits[name].append((near if name in ("gradient", "smoothgrad") else mask)[np.unravel_index(found.argmax(), found.shape)])
    share = {name: float(np.mean(each)) for name, each in hits.items()}
    least = {"gradcam": 0.85, "integrated": 0.9, "gradient_times_input": 0.85, "gradient": 0.6, "smoothgrad": 0.85}
    assert all(share[name] >= least[name] for name in MAPS), share


def grown(mask: np.ndarray) -> np.ndarray:
    """A mask with the pixels beside it."""
    wide = np.pad(mask, 1)
    return wide[1:-1, 1:-1] | wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]


@pytest.mark.slow
def test_random_weights_leave_nothing_of_a_good_map(shapes: Path) -> None:
    """Gradient and Grad-CAM change wholly; integrated gradients keep the input's own shape, so less (arXiv 1810.03292)."""
    run = loaded(shapes)
    alike: dict[str, list[float]] = {name: [] for name in ("gradcam", "gradient", "integrated")}
    for seed, (one, _) in enumerate(looked_at(run, 30)):
        asked = target_of(run, one)
        shown = {name: np.abs(MAPS[name](run, asked)) for name in alike}
        with random_weights(run, seed):
            other = target_of(run, one, target=asked.target)
            for name, before in shown.items():
                alike[name].append(spearman(before, np.abs(MAPS[name](run, other))))
    mean = {name: float(np.mean(each)) for name, each in alike.items()}
    assert abs(mean["gradcam"]) < 0.3 and abs(mean["gradient"]) < 0.15, mean
    assert mean["integrated"] > mean["gradient"], mean


@pytest.mark.slow
def test_the_badge_of_grad_cam_tells_learned_from_random(shapes: Path) -> None:
    answers = [OPERATIONS["gradcam"]({"run": str(shapes), "sample": index}, {})[0] for index in range(12)]
    assert abs(np.mean([answer["check"]["value"] for answer in answers])) < 0.3


@pytest.mark.slow
def test_integrated_gradients_add_up_to_the_score_s_rise(shapes: Path) -> None:
    run = loaded(shapes)
    asked = [target_of(run, one) for one, _ in looked_at(run, 40)]
    gaps = {
        steps: np.median([abs(each.gap / each.rise) for each in (integrate(run, one, steps) for one in asked)]) for steps in (4, 32, 256)
    }
    assert gaps[256] < gaps[32] < gaps[4] and gaps[32] < 0.02 and gaps[256] < 0.003, gaps


def test_on_a_smooth_network_32_steps_leave_next_to_no_gap(tmp_path: Path) -> None:
    network = zoo.network("points_mlp")  # tanh throughout
    keras.utils.set_random_seed(2)
    kept(tmp_path / "run", network, "moons", to_keras(network))
    run = loaded(tmp_path / "run")
    asked = [target_of(run, sample(run, "test", index)) for index in range(20)]
    assert max(abs(integrate(run, one).gap) for one in asked) < 1e-3
    assert max(slope_error(run, one) for one in asked) < 1e-2


@pytest.mark.parametrize(
    ("name", "dataset", "classes"), [("digit_cnn", "digits28", 10), ("iris_mlp", "iris", 3), ("shapes_cnn", "shapes", 3)]
)
def test_a_network_that_knows_nothing_has_the_loss_of_guessing(tmp_path: Path, name: str, dataset: str, classes: int) -> None:
    """ln C, exactly where all scores are alike."""
    model = to_keras(zoo.network(name))
    last = next(layer for layer in reversed(model.layers) if layer.weights)
    last.set_weights([np.zeros_like(each) for each in last.get_weights()])
    kept(tmp_path / "run", zoo.network(name), dataset, model)
    answer, _ = OPERATIONS["test"]({"run": str(tmp_path / "run"), "epoch": 0}, {})
    assert answer["metrics"]["loss"] == pytest.approx(log(classes), abs=1e-5)


def test_the_first_loss_of_the_digit_network_is_near_ln_10(tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    kept(tmp_path / "run", zoo.network("digit_cnn"), "digits28", to_keras(zoo.network("digit_cnn")))
    answer, _ = OPERATIONS["test"]({"run": str(tmp_path / "run"), "epoch": 0}, {})
    assert answer["metrics"]["loss"] == pytest.approx(log(10), abs=0.1)


@pytest.mark.slow
def test_twenty_examples_can_be_learned_by_heart() -> None:
    keras.utils.set_random_seed(1)
    few = parts("digits28", seed=1).train.take(np.arange(20))
    model = to_keras(zoo.network("digit_cnn"))
    model.compile("adam", "sparse_categorical_crossentropy")
    history = model.fit(few.x, few.y, epochs=60, batch_size=20, verbose=0).history
    assert history["loss"][0] > 2 and history["loss"][-1] < 0.05
