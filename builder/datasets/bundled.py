"""Real data that scikit-learn brings along: no download, ready in a moment."""

from functools import cache, partial
from typing import Any

import numpy as np

from .dataset import Arrays, Dataset, Ink
from .resizing import resize
from .splitting import test_rows

DIGITS = tuple("0123456789")
# The makers fitted each digit into 32 × 32 fine pixels and counted those with ink in blocks of 4 × 4; the share is measured.
INK = Ink(box=(8, 8), grid=(8, 8), cover=0.305)
# Columns are scaled so that each has mean 0 and deviation 1 over the rows that are not in the test part.
STANDARDISED = "Each column is standardised: mean 0, deviation 1."


@cache
def digits() -> Arrays:
    """8 × 8 digits, ink from 0 to 1."""
    from sklearn.datasets import load_digits

    found = load_digits()
    return Arrays((found.images[..., None] / 16).astype("float32"), found.target.astype("int64"))


@cache
def digits28() -> Arrays:
    """The same digits at MNIST's size."""
    small = digits()
    return Arrays(resize(small.x, 28, 28), small.y)


def standardised(x: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Standardisation: columns with mean 0 and standard deviation 1 over the rows of `rest`; a constant column becomes 0."""
    mean, deviation = x[rest].mean(axis=0), x[rest].std(axis=0)
    return ((x - mean) / np.where(deviation > 0, deviation, 1)).astype("float32")


@cache
def table(loader: str, scaled_targets: bool = False, **options: Any) -> Arrays:
    """One of scikit-learn's tables, its columns standardised; classes as int64, other targets as (samples, 1)."""
    from sklearn import datasets

    x, y = getattr(datasets, loader)(return_X_y=True, **options)
    y = y[:, None].astype("float32") if scaled_targets else y.astype("int64")
    rest = test_rows(y)[1]
    return Arrays(standardised(x, rest), standardised(y, rest) if scaled_targets else y)


def _digits(name: str, title: str, summary: str, side: int, **given: Any) -> Dataset:
    """The record of the digits at one size."""
    return Dataset(
        name=name,
        title=title,
        summary=summary,
        source="UCI, E. Alpaydin and C. Kaynak 1998, through scikit-learn",
        kind="image",
        input_shape=(side, side, 1),
        count=1797,
        classes=DIGITS,
        ink=INK,
        **given,
    )


def _table(name: str, title: str, source: str, loader: str, features: tuple[str, ...], **given: Any) -> Dataset:
    """The record of a table, its columns standardised; a target that is a number too."""
    own: dict[str, Any] = {"scaled_targets": True, "scaled": False} if given.get("task") == "regression" else {}
    return Dataset(
        name=name,
        title=title,
        source=f"{source}, through scikit-learn",
        kind="table",
        input_shape=(len(features),),
        features=features,
        load=partial(table, loader, **own),
        **given,
    )


CELLS = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
]

BUNDLED = (
    _digits(
        "digits28",
        "Handwritten digits, 28 × 28",
        "1,797 digits of 43 writers, enlarged to MNIST's size, ink from 0 to 1.",
        28,
        network="digit_cnn",
        epochs=12,
        load=digits28,
    ),
    _digits(
        "digits",
        "Handwritten digits, 8 × 8",
        "1,797 digits of 43 writers, ink from 0 to 1.",
        8,
        network="lenet5",
        epochs=10,
        load=digits,
    ),
    _table(
        "iris",
        "Iris flowers",
        "R. A. Fisher 1936",
        "load_iris",
        ("sepal length", "sepal width", "petal length", "petal width"),
        summary=f"Four lengths of 150 flowers of three species. {STANDARDISED}",
        count=150,
        low=-2.5,
        high=3.2,
        classes=("setosa", "versicolor", "virginica"),
        network="iris_mlp",
        learning_rate=0.01,
        epochs=60,
    ),
    _table(
        "breast_cancer",
        "Breast cancer, Wisconsin",
        "UCI, W. Wolberg, W. Street and O. Mangasarian 1995",
        "load_breast_cancer",
        tuple(f"{statistic} {measure}" for statistic in ("mean", "error of", "worst") for measure in CELLS),
        summary=f"Thirty measures of cell nuclei from 569 patients: malignant or benign. {STANDARDISED}",
        count=569,
        low=-3.1,
        high=11.6,
        classes=("malignant", "benign"),
        network="cancer_mlp",
        epochs=20,
    ),
    _table(
        "wine",
        "Wines by chemistry",
        "UCI, S. Aeberhard and M. Forina 1991",
        "load_wine",
        (
            "alcohol",
            "malic acid",
            "ash",
            "alcalinity of ash",
            "magnesium",
            "total phenols",
            "flavanoids",
            "nonflavanoid phenols",
            "proanthocyanins",
            "colour intensity",
            "hue",
            "OD280/OD315",
            "proline",
        ),
        summary=f"Thirteen measures of 178 wines from three growers. {STANDARDISED}",
        count=178,
        low=-3.9,
        high=4.2,
        classes=("grower 1", "grower 2", "grower 3"),
        network="wine_mlp",
        learning_rate=0.01,
        epochs=20,
    ),
    _table(
        "diabetes",
        "Diabetes after one year",
        "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani 2004",
        "load_diabetes",
        (
            "age",
            "sex",
            "body mass index",
            "blood pressure",
            "total cholesterol",
            "LDL",
            "HDL",
            "cholesterol ratio",
            "triglycerides",
            "glucose",
        ),
        summary=f"Ten measures of 442 patients and how far the disease went in a year. {STANDARDISED} The target too.",
        task="regression",
        target_names=("progression in standard deviations",),
        count=442,
        low=-2.9,
        high=4.3,
        network="diabetes_mlp",
        epochs=40,
    ),
)
