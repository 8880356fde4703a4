"""Activation maximisation: an input made up so that a unit's output is as large as it can be (arXiv 1312.6034, distill.pub/2017/feature-visualization)."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder import datasets
from builder.errors import BuilderError
from builder.probes.model.arguments import number
from builder.probes.model.batches import batch, over
from builder.probes.model.hooks import hooked, squashing, unsquashed
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe
from builder.probes.model.scoring import entry

from .gradcam import find
from .top_samples import shape_of

STEPS = 128
LIMITS: dict[str, tuple[float, float]] = {
    "steps": (1, 2000),
    "rate": (0.0, 10.0),
    "decay": (0.0, 100.0),
    "roughness": (0.0, 100.0),
    "jitter": (0, 64),
    "seed": (0, 2**31),
}


class Maximised(NamedTuple):
    """Activation maximisation: `image` as the network's input; the unit's mean output there, after each step, and its best sample's."""

    image: np.ndarray
    value: float
    history: np.ndarray
    best_sample: float


def maximise_unit(
    run: Loaded,
    layer: str,
    unit: int,
    *,
    steps: int = STEPS,
    rate: float = 0.05,
    decay: float = 0.01,
    roughness: float = 2.0,
    jitter: int = 2,
    seed: int = 0,
) -> Maximised:
    """Gradient ascent by Adam on x, kept in the dataset's range, for mean output - decay · mean x² - roughness · mean |neighbours' difference|.

    The output is the score before softmax where the layer has one, and the mean over all places where it has places. The ascent
    starts at a grey input with a little noise; a unit that is silent there (relu: no slope to follow) starts at its best sample.

    Args:
        decay, roughness: the weights of what keeps the picture calm, in parts of the output's present size.
        jitter: by how many places the picture is shifted at random at each step, so that no single pixel can do it.

    Raises:
        BuilderError: the layer or unit is unknown, or the input is tokens, of which there are none in between.
    """
    shape_of(run, layer, unit)
    if entry(run) is not None or len(run.model.inputs) != 1:
        raise BuilderError("Activation maximisation", "one input of numbers that can change a little", "tokens or several inputs")
    low, high = _range(run)
    shape = tuple(16 if size is None else size for size in run.model.inputs[0].shape[1:])
    random = np.random.default_rng(seed)
    middle = (low + high) / 2 if len(shape) > 1 else 0.0
    x = (middle + 0.02 * (high - low) * random.normal(size=shape)).astype("float32")
    key = f"maximise:{layer}"
    if key not in run.functions:
        run.functions[key] = _function(run, find(run, layer))
    best_sample, sample = _best_sample(run, layer, unit)
    if not np.any(run.functions[key](x[None], unit, 0.0, 0.0)[1]):
        x = sample
    moments, history = [np.zeros_like(x), np.zeros_like(x)], []
    for step in range(1, steps + 1):
        shift = random.integers(-jitter, jitter + 1, len(shape) - 1) if len(shape) > 2 else np.zeros(len(shape), int)
        axes = tuple(range(len(shift)))
        value, slope = (np.asarray(each) for each in run.functions[key](np.roll(x, shift, axes)[None], unit, decay, roughness))
        history.append(float(value))
        x = np.clip(_stepped(x, np.roll(slope[0], -shift, axes), moments, step, rate * (high - low)), low, high)
    value, _ = run.functions[key](x[None], unit, decay, roughness)
    return Maximised(x, float(value), np.array(history), best_sample)


def _stepped(x: np.ndarray, slope: np.ndarray, moments: list[np.ndarray], step: int, rate: float) -> np.ndarray:
    """One step of gradient ascent by Adam; the moments are updated in place."""
    moments[0] = 0.9 * moments[0] + 0.1 * slope
    moments[1] = 0.99 * moments[1] + 0.01 * slope**2
    return (x + rate * (moments[0] / (1 - 0.9**step)) / (np.sqrt(moments[1] / (1 - 0.99**step)) + 1e-8)).astype("float32")


def _range(run: Loaded) -> tuple[float, float]:
    dataset = datasets.record(run.settings.dataset)
    return float(dataset.low), float(dataset.high)


def _function(run: Loaded, layer: Any) -> Any:
    import tensorflow as tf

    def slope(x: Any, unit: Any, decay: Any, roughness: Any) -> Any:
        seen: list[Any] = []

        def keep(value: Any) -> Any:
            seen.append(value)
            return value

        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            with unsquashed(squashing(run)), hooked(layer, keep):
                run.model(x, training=False)
            value = tf.reduce_mean(tf.cast(tf.gather(seen[-1], unit, axis=-1), tf.float32))
            calm = decay * tf.reduce_mean(x**2) + roughness * _roughness(x)
            aim = value - tf.stop_gradient(tf.maximum(tf.abs(value), 1.0)) * calm
        return value, tape.gradient(aim, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)

    graph = tf.function(slope, autograph=False, reduce_retracing=True)
    return lambda x, unit, *weights: graph(tf.constant(x), tf.constant(unit), *(tf.constant(each, tf.float32) for each in weights))


def _roughness(x: Any) -> Any:
    """Total variation: the mean absolute difference between neighbours along each axis of places; a row of numbers has none."""
    import tensorflow as tf

    axes = range(1, len(x.shape) - 1)
    return sum(tf.reduce_mean(tf.abs(x - tf.roll(x, 1, axis=axis))) for axis in axes) if len(axes) else tf.constant(0.0)


def _best_sample(run: Loaded, layer: str, unit: int) -> tuple[float, np.ndarray]:
    """The unit's largest mean output over the probe batch, before softmax, and the sample that has it."""
    import tensorflow as tf

    def means(value: Any) -> Any:
        return tf.reduce_mean(tf.reshape(tf.cast(value, tf.float32), (tf.shape(value)[0], -1, value.shape[-1])), axis=1)

    last, samples = squashing(run), batch(run).x
    if last is None or last.name != run.names[layer]:
        found = np.concatenate([piece[0][:, unit] for piece in over(run, "means", [layer], means, samples)])
    else:
        found = np.array([run.functions[f"maximise:{layer}"](each[None], unit, 0.0, 0.0)[0] for each in samples[0][:64]])
    best = int(found.argmax())
    return float(found[best]), np.asarray(samples[0][best], "float32")


def maximise(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Activation maximisation: an input made up for a unit.

    Args:
        arguments: `run`, `epoch`, `layer`, `unit`, `steps`, `rate`, `decay`, `roughness`, `jitter`, `seed`.

    Returns:
        `value`, `best_sample` and the check, their difference, above 0 where the picture beats the probe batch;
        arrays `image` and `history` (steps,).
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    layer, unit = str(arguments["layer"]), number(arguments, "unit", 0, 0, 2**31)
    chosen = {name: number(arguments, name, None, *limits) for name, limits in LIMITS.items() if arguments.get(name) is not None}
    found = maximise_unit(run, layer, unit, **chosen)
    answer: dict[str, Any] = {"layer": layer, "unit": unit, "value": found.value, "best_sample": found.best_sample, "epoch": run.epoch}
    answer["check"] = {"name": "The unit's output here less its largest over the probe batch", "value": found.value - found.best_sample}
    return answer, {"image": found.image, "history": found.history}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Activation maximisation for unit `place` of a layer, the network's last one by default."""
    run = loaded(run_folder, epoch)
    found = maximise_unit(run, layer or run.network.outputs[0].name, place)
    return {"image": found.image, "history": found.history, "check": np.array(found.value - found.best_sample)}


MAXIMISE = Probe(
    name="maximise",
    title="Activation maximisation",
    summary="An input made up so that a unit answers strongly; the sample's number is the unit's.",
    compute=compute,
)


OPERATIONS = (maximise,)
PROBES = (MAXIMISE,)
