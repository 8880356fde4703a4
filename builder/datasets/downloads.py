"""Larger pictures that Keras fetches once and keeps in its own cache folder."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps

import numpy as np

from builder.errors import BuilderError

from .dataset import Arrays, Dataset, Ink

PATIENCE = 15.0  # seconds without a byte before a download is given up


@contextmanager
def impatient(seconds: float) -> Iterator[None]:
    """Let no connection of this process wait longer for its next byte; Keras itself sets no limit."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def in_words(load: Callable[[str], Arrays]) -> Callable[[str], Arrays]:
    """A function that loads a dataset of Keras by its name, with no endless wait, and what goes wrong said to a person."""

    @wraps(load)
    def patient(name: str) -> Arrays:
        try:
            with impatient(PATIENCE):
                return load(name)
        except Exception as error:  # Keras wraps whatever urllib raises in a plain Exception
            hint = "Check the connection, or use digits28 (“Handwritten digits, 28 × 28”): it ships with the project and needs no download."
            said = str(error.__cause__ or error).split(" -- ")[-1].splitlines()  # Keras puts the address and the code before it
            reason = re.sub(r"^\[Errno -?\d+\] ", "", said[0])[:200] if said else type(error).__name__
            raise BuilderError(name, "a download the first time it is used", f"no answer ({reason})", hint) from error

    return patient


@in_words
def fetched(name: str) -> Arrays:
    """`keras.datasets.NAME`: its training and its test files one after the other, values from 0 to 1."""
    import keras

    (x, y), (more_x, more_y) = getattr(keras.datasets, name).load_data()
    pictures = np.concatenate([x, more_x]).astype("float32")
    pictures /= 255
    return Arrays(pictures.reshape(*pictures.shape[:3], -1), np.concatenate([y, more_y]).reshape(-1).astype("int64"))


DOWNLOADS = (
    Dataset(
        name="mnist",
        title="MNIST digits",
        summary="70,000 handwritten digits, 28 × 28, ink from 0 to 1. Downloads 11 MiB once.",
        source="Y. LeCun, C. Cortes and C. Burges 1998, through Keras",
        kind="image",
        input_shape=(28, 28, 1),
        count=70_000,
        classes=tuple("0123456789"),
        download=True,
        network="digit_cnn",
        epochs=3,
        ink=Ink(box=(20, 20), by_mass=True),
        load=partial(fetched, "mnist"),
    ),
    Dataset(
        name="fashion_mnist",
        title="Fashion-MNIST",
        summary="70,000 pictures of ten kinds of clothes, 28 × 28, grey from 0 to 1. Downloads 30 MiB once.",
        source="H. Xiao, K. Rasul and R. Vollgraf 2017, through Keras",
        kind="image",
        input_shape=(28, 28, 1),
        count=70_000,
        classes=("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
        download=True,
        network="digit_cnn",
        epochs=5,
        ink=Ink(box=(28, 28)),
        load=partial(fetched, "fashion_mnist"),
    ),
    Dataset(
        name="cifar10",
        title="CIFAR-10",
        summary="60,000 colour pictures of ten things, 32 × 32, from 0 to 1. Downloads 163 MiB once.",
        source="A. Krizhevsky 2009, through Keras",
        kind="image",
        input_shape=(32, 32, 3),
        count=60_000,
        classes=("aeroplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "lorry"),
        download=True,
        network="digit_cnn",
        epochs=10,
        load=partial(fetched, "cifar10"),
    ),
)
