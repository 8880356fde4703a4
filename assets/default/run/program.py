"""digit_cnn: a network of 8 layers, trained on digits28, as a Keras program.

It needs `pip install keras tensorflow scikit-learn`.
It gives the numbers of the run: data, seeds and the order of samples are the same. On a GPU, or
another processor, sums are taken in another order, and so the last digits may differ.
"""

from collections import namedtuple

import keras
import numpy as np
import tensorflow as tf
from keras import layers

seed = 1
batch_size = 32
epochs = 12

keras.utils.set_random_seed(seed)

inputs = keras.Input(shape=(28, 28, 1), name='input')
x = layers.Conv2D(filters=32, kernel_size=(3, 3), activation='relu', name='conv_1')(inputs)
x = layers.MaxPooling2D(pool_size=(2, 2), name='pool_1')(x)
x = layers.Conv2D(filters=64, kernel_size=(3, 3), activation='relu', name='conv_2')(x)
x = layers.MaxPooling2D(pool_size=(2, 2), name='pool_2')(x)
x = layers.Flatten(name='flatten')(x)
x = layers.Dense(units=128, activation='relu', name='dense')(x)
digits_ = layers.Dense(units=10, activation='softmax', name='digits')(x)

model = keras.Model(inputs, digits_, name='digit_cnn')


def spread(y, seed):
    """Stratified shuffle: a random order of the rows, from a seed, in which every stretch holds each class in its share.

    Each row gets (its place within its class + 1/2) / (rows of its class); sorted by that, classes come evenly mixed.

    Args:
        y: (samples,) class numbers, or (samples, targets) values, which are only shuffled.
    """
    order = np.random.default_rng(seed).permutation(len(y))
    if y.ndim > 1:
        return order
    by_class = np.argsort(y[order], kind="stable")
    _, counts = np.unique(y, return_counts=True)
    place = np.arange(len(y)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = np.empty(len(y))
    share[by_class] = (place + 0.5) / np.repeat(counts, counts)
    return order[np.argsort(share, kind="stable")]


TEST_SEED = 2024  # fixed: the same samples stay unseen whatever the run's own seed is
TEST_SHARE = 0.15


def test_size(count):
    """How many of `count` samples are kept for the test: a share of them, and at least two are left over."""
    return min(max(round(count * TEST_SHARE), 1), count - 2)


def test_rows(y):
    """The rows of the test part, and all others in their own order; the same for every seed."""
    order, test = spread(y, TEST_SEED), test_size(len(y))
    return order[:test], np.sort(order[test:])


Arrays = namedtuple("Arrays", "x y")


def weights(before, after):
    """Bilinear interpolation along one axis as a matrix (after, before); rows sum to 1.

    A triangle around each new pixel's centre, as wide as the coarser of the two grids, so that shrinking averages
    instead of skipping pixels: what Pillow does.
    """
    scale = before / after
    width = max(scale, 1.0)
    centres = (np.arange(after) + 0.5) * scale - 0.5
    triangle = np.clip(1 - np.abs(np.arange(before)[None, :] - centres[:, None]) / width, 0, None)
    return (triangle / triangle.sum(axis=1, keepdims=True)).astype("float32")


def resize(pictures, height, width):
    """Pictures (samples, height, width, channels) at another size, bilinear, float32."""
    rows, columns = weights(pictures.shape[1], height), weights(pictures.shape[2], width)
    samples, _, before, channels = pictures.shape
    # two matrix products, each over one axis
    tall = np.matmul(rows, pictures.reshape(samples, -1, before * channels))
    across = np.matmul(columns, tall.reshape(samples * height, before, channels))
    return across.reshape(samples, height, width, channels).astype("float32", copy=False)


def digits():
    """8 × 8 digits, ink from 0 to 1."""
    from sklearn.datasets import load_digits

    found = load_digits()
    return Arrays((found.images[..., None] / 16).astype("float32"), found.target.astype("int64"))


def digits28():
    """The same digits at MNIST's size."""
    small = digits()
    return Arrays(resize(small.x, 28, 28), small.y)


def batches(x_train, y_train):
    """Shuffled batches, every epoch in an order of its own, from the seed and the epoch alone: the order of the run.

    `model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs)` learns as well, in an order that Keras draws.
    """
    for epoch in range(epochs):
        order = tf.random.experimental.stateless_shuffle(tf.range(len(y_train)), seed=(seed, epoch)).numpy()
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            yield x_train[rows], y_train[rows]


if __name__ == "__main__":
    model.summary()

    # Data
    x, y = digits28()  # 1,797 samples
    test, rest = test_rows(y)
    rest = rest[spread(y[rest], seed)]
    train, validation = rest[:1222], rest[1222:]
    x_train, y_train = x[train], y[train]
    x_validation, y_validation = x[validation], y[validation]
    x_test, y_test = x[test], y[test]

    # Compile
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=['accuracy'],
    )

    # Train
    history = model.fit(
        batches(x_train, y_train),
        steps_per_epoch=-(-len(y_train) // batch_size),
        epochs=epochs,
        validation_data=(x_validation, y_validation),
        validation_batch_size=batch_size,
        verbose=2,
    )

    # Test
    print(model.evaluate(x_test, y_test, batch_size=batch_size, verbose=0, return_dict=True))
