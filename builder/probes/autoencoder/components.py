"""PCA (principal component analysis), and a plane for latent codes of any length by PCA or t-SNE."""

from typing import Any, NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.record import Found

MOST_TSNE = 2000  # points; t-SNE takes about 10 s for them


class Pca(NamedTuple):
    """PCA: `mean` (numbers,), `components` (dimensions, numbers) with rows of length 1, all `variances`, largest first."""

    mean: np.ndarray
    components: np.ndarray
    variances: np.ndarray

    def project(self, x: np.ndarray) -> np.ndarray:
        """Projection on the components: (samples, numbers) to (samples, dimensions)."""
        return (x - self.mean) @ self.components.T

    def rebuild(self, codes: np.ndarray) -> np.ndarray:
        """Inverse projection: (samples, dimensions) to the nearest (samples, numbers)."""
        return codes @ self.components + self.mean

    @property
    def share(self) -> float:
        """The explained variance ratio: the share of the variance that the components hold."""
        return float(self.variances[: len(self.components)].sum() / max(self.variances.sum(), 1e-300))


def pca(x: np.ndarray, dimensions: int) -> Pca:
    """PCA: the directions of largest variance of x (samples, numbers), by eigenvectors or singular values."""
    values = x.astype("float64")
    mean = values.mean(axis=0)
    centred = values - mean
    if len(values) > 2 * values.shape[1]:  # the same directions from the smaller matrix
        variances, directions = np.linalg.eigh(centred.T @ centred / len(values))
        variances, rows = np.maximum(variances[::-1], 0), directions.T[::-1]
    else:
        _, singular, rows = np.linalg.svd(centred, full_matrices=False)
        variances = singular**2 / len(values)
    return Pca(mean, rows[:dimensions], variances)


def flattened(codes: np.ndarray, method: str, seed: int) -> tuple[Found, dict[str, Any]]:
    """Dimensionality reduction of codes to a plane: two dimensions as they are, else PCA, from which there is a way back, or t-SNE."""
    if method not in ("pca", "tsne"):
        raise BuilderError("The plane", "pca or tsne", repr(method))
    if method == "tsne":
        from sklearn.manifold import TSNE

        few = codes[:MOST_TSNE]
        tsne = TSNE(random_state=seed, init="pca", perplexity=min(30, max(len(few) / 4, 1)))
        return {"plane": tsne.fit_transform(few)}, {"method": "tsne", "share": None}
    if codes.shape[1] == 2:
        return {"plane": codes, "plane_mean": np.zeros(2), "plane_components": np.eye(2)}, {"method": "itself", "share": 1.0}
    found = pca(codes, 2)
    plane = np.pad(found.project(codes), ((0, 0), (0, 2 - len(found.components))))  # a code of one number is a line
    components = np.pad(found.components, ((0, 2 - len(found.components)), (0, 0)))
    return {"plane": plane, "plane_mean": found.mean, "plane_components": components}, {"method": "pca", "share": found.share}
