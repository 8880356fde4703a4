"""The yardstick of a play, as a process that has loaded Keras: compile and first batch of a bare `fit`, `python -m builder.bench.bare NETWORK DATASET`.

It prints "ready", waits for a line, and prints the seconds.
"""

import sys
from time import perf_counter

from builder import datasets, recipes, zoo
from builder.runs.defaults import proposed
from builder.runs.record import Run


def main(name: str, dataset: str) -> None:
    """Have network and data ready, and wait for the word."""
    import keras

    from builder.keras_bridge import to_keras
    from builder.training.training import prepare

    network = zoo.network(name)
    settings = proposed(datasets.record(dataset), network)
    model = to_keras(network)
    task = prepare(Run(id="bare", settings=settings, networks={"network": network}), model)
    print("ready", flush=True)
    sys.stdin.readline()
    began = perf_counter()
    recipes.compile(model, settings, task.proposal)
    told = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: stop(began))
    model.fit(task.x[0], task.y, batch_size=settings.batch_size, verbose=0, callbacks=[told])


def stop(began: float) -> None:
    """Print how long it took, and end."""
    print(perf_counter() - began, flush=True)
    sys.exit()


if __name__ == "__main__":
    main(*sys.argv[1:])
