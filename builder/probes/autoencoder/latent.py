"""Latent space: codes at the bottleneck, the narrowest layer, as a plane, and decoded from any point of it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from builder import datasets
from builder.errors import BuilderError
from builder.probes.model.execute import run_and_sample
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe

from .codes import MOST_DECODED, decoded, encoded, latent_node, of_part
from .components import Pca, flattened, pca
from .reconstruction import planned, squared_errors


def kl_per_dimension(means: np.ndarray, log_variances: np.ndarray) -> np.ndarray:
    """KL divergence, -1/2 (1 + ln s² - m² - s²), averaged over the samples: (dimensions,), 0 only where a dimension is the prior's (arXiv 1312.6114)."""
    m, v = means.astype("float64"), log_variances.astype("float64")
    return (-0.5 * (1 + v - m**2 - np.exp(v))).mean(axis=0)


def latent(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Latent codes of a part and their plane.

    Args:
        arguments: `run`, `epoch`, `layer` (None: the narrowest), `part` (None: the test part), `method`: "pca" (None; two
            dimensions are shown as they are) or "tsne", `seed`.

    Returns:
        `layer`, `method`, `shape` of one code, `ranges` [{low, high, mean, deviation}] of each dimension, `share` of the variance
        in the plane, for a variational network `kl` by dimension, `checks`; arrays `codes` (samples, dimensions), `labels`
        (samples,), `plane` (samples, 2), and for PCA `plane_mean` (dimensions,) and `plane_components` (2, dimensions).
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    name = latent_node(run, arguments.get("layer"))
    found, x, labels = of_part(run, name, arguments.get("part") or "test")
    plane, how = flattened(found.codes, arguments.get("method") or "pca", int(arguments.get("seed") or 0))
    few = slice(0, 16)
    gap = float(np.abs(decoded(run, name, found.codes[few]) - found.outputs[few]).max())
    answer = {
        "layer": name,
        "shape": list(run.output(name).shape[1:]),
        **how,
        "ranges": [
            {"low": float(each.min()), "high": float(each.max()), "mean": float(each.mean()), "deviation": float(each.std())}
            for each in found.codes.T
        ],
        "kl": None if found.log_variances is None else kl_per_dimension(found.codes, found.log_variances).tolist(),
        "checks": [{"name": "Decoding a code gives the network's output", "value": gap}],
        "samples": len(x),
        "epoch": run.epoch,
    }
    return answer, {"codes": found.codes, "labels": labels, **plane}


def encode(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Encoder: the latent code of one input.

    Args:
        arguments: `run`, `epoch`, `layer`, `part` and `sample` unless the array `input` is given.

    Returns:
        `layer`; the array `code` (dimensions,).
    """
    run, one = run_and_sample(arguments, arrays)
    name = latent_node(run, arguments.get("layer"))
    return {"layer": name, "epoch": run.epoch}, {"code": encoded(run, name, one.x).codes[0]}


def decode(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Decoder: what it makes of points of the latent space.

    Args:
        arguments: `run`, `epoch`, `layer`, and one of: the array `codes` (points, dimensions); the array `points` (points, 2) of
            the PCA plane; `between` [sample, sample] of the test part with `steps` (None: 9) points from one to the other;
            `prior` (so many) codes drawn from a standard normal, with `seed`.

    Returns:
        `layer`; arrays `codes` (points, dimensions) and `decoded` (points, ...).
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    name = latent_node(run, arguments.get("layer"))
    codes = _asked_codes(run, name, arguments, arrays)
    return {"layer": name, "epoch": run.epoch}, {"codes": codes, "decoded": decoded(run, name, codes)}


def _asked_codes(run: Loaded, name: str, arguments: dict[str, Any], arrays: Found) -> np.ndarray:
    if "codes" in arrays:
        return np.atleast_2d(arrays["codes"])
    found, _, labels = of_part(run, name)
    if arguments.get("prior"):
        count = min(int(arguments["prior"]), MOST_DECODED)
        return np.random.default_rng(int(arguments.get("seed") or 0)).normal(size=(count, found.codes.shape[1]))
    if arguments.get("between"):
        ends = [int(each) for each in arguments["between"]]
        if len(ends) != 2 or not all(0 <= each < len(labels) for each in ends):
            raise BuilderError("The samples", f"two numbers from 0 to {len(labels) - 1:,}", str(ends))
        way = np.linspace(0, 1, min(max(int(arguments.get("steps") or 9), 2), MOST_DECODED))[:, None]
        return (1 - way) * found.codes[ends[0]] + way * found.codes[ends[1]]
    if "points" in arrays:
        plane = flattened(found.codes, "pca", 0)[0]
        return np.atleast_2d(arrays["points"]) @ plane["plane_components"] + plane["plane_mean"]
    raise BuilderError("Decoding", "codes, points, two samples or a number of draws", "none of them")


@lru_cache(maxsize=4)
def _same_size(dataset: str, seed: int, share: float, shape: tuple[int, ...], dimensions: int) -> Pca:
    train = datasets.parts(dataset, seed, share).train
    x = datasets.fit(datasets.record(dataset), shape).apply(train.x)
    return pca(x.reshape(len(x), -1), dimensions)


def beside_pca(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """PCA as a baseline with a code of the same size, both learned from the training part and measured on the test part.

    Args:
        arguments: `run`, `epoch`, `layer`, `part` and `sample` unless the array `input` is given: what both are shown on.

    Returns:
        `dimensions`, `error` and `pca_error` (mean squared over the test part), `ratio`, `share` of the variance that PCA holds,
        `checks`; arrays `input`, `reconstruction`, `pca_reconstruction`, and `errors`, `pca_errors` (samples,).
    """
    run, one = run_and_sample(arguments, arrays)
    planned(run)
    name, chosen = latent_node(run, arguments.get("layer")), run.settings
    found, x, _ = of_part(run, name)
    known = _same_size(chosen.dataset, chosen.seed, chosen.validation_share, x.shape[1:], found.codes.shape[1])
    again, own_again = (known.rebuild(known.project(each.reshape(len(each), -1))).reshape(each.shape) for each in (x, one.x))
    own, pca_errors = squared_errors(x, found.outputs), squared_errors(x, again)
    orthogonal = float(np.abs(known.components @ known.components.T - np.eye(len(known.components))).max())
    answer = {
        "dimensions": found.codes.shape[1],
        "error": float(own.mean()),
        "pca_error": float(pca_errors.mean()),
        "ratio": float(own.mean() / max(pca_errors.mean(), 1e-300)),
        "share": known.share,
        "checks": [{"name": "PCA's directions are orthonormal", "value": orthogonal}],
        "epoch": run.epoch,
    }
    made = encoded(run, name, one.x).outputs[0]
    shown = {"input": one.x[0], "reconstruction": made, "pca_reconstruction": own_again[0].astype("float32")}
    return answer, shown | {"errors": own, "pca_errors": pca_errors}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Latent `codes` (samples, dimensions) of the test part, their `labels`, and the `plane`."""
    arrays = latent({"run": run_folder, "epoch": epoch, "layer": layer}, {})[1]
    x = of_part(loaded(run_folder, epoch), latent_node(loaded(run_folder, epoch), layer))[1]
    return {"input": x[min(max(place, 0), len(x) - 1)], **{name: arrays[name] for name in ("codes", "labels", "plane")}}


LATENT = Probe(
    name="latent",
    title="Latent space",
    summary="Where a network puts its samples at its narrowest layer.",
    compute=compute,
)


OPERATIONS = (latent, decode, encode, beside_pca)
PROBES = (LATENT,)
