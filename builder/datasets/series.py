"""Time series forecasting: sums of sines, and real share prices; from a window the next value is to be predicted."""

from functools import cache

import numpy as np

from .dataset import Arrays, Dataset

SEED = 13
WINDOW = 32  # steps that are seen


@cache
def sines(count: int = 4000, window: int = WINDOW) -> Arrays:
    """Sums of two sines of random frequency, phase and height, with a little noise; x: (samples, steps, 1), y: (samples, 1)."""
    random = np.random.default_rng(SEED)
    steps = np.arange(window + 1)
    frequency, phase, height = (
        random.uniform(0.1, 0.6, (count, 2, 1)),
        random.uniform(0, 2 * np.pi, (count, 2, 1)),
        random.uniform(0.3, 0.7, (count, 2, 1)),
    )
    wave = (height * np.sin(frequency * steps + phase)).sum(axis=1) + random.normal(scale=0.02, size=(count, window + 1))
    return _windows(wave)


STOCK_WINDOW = 20  # weeks


@cache
def stocks() -> Arrays:
    """Weekly share prices of six companies, 2018 and 2019: each window as ratios to its last price, minus one, in tenths."""
    import pandas as pd
    from plotly.data import stocks as prices

    table = pd.DataFrame(prices(datetimes=False, return_type="pandas")).drop(columns="date").to_numpy("float64")  # (weeks, companies)
    every = [column[start : start + STOCK_WINDOW + 1] for column in table.T for start in range(len(column) - STOCK_WINDOW)]
    windows = np.stack(every)
    return _windows(10 * (windows / windows[:, -2:-1] - 1))


def _windows(values: np.ndarray) -> Arrays:
    """Windows and targets: the last value of each row is to be predicted from the ones before."""
    values = values.astype("float32")
    return Arrays(values[:, :-1, None], values[:, -1:])


SERIES = (
    Dataset(
        name="sines",
        title="Sums of two sines",
        summary=f"{WINDOW} steps of two sines added up, with a little noise; the target is the next value.",
        theory="A sum of two sines obeys a linear rule over four steps, so even a small recurrent network can foretell it down to the noise.",
        source="made from a formula",
        kind="sequence",
        task="regression",
        target_names=("the next value",),
        input_shape=(WINDOW, 1),
        features=("value",),
        low=-1.5,
        high=1.5,
        count=4000,
        load=sines,
        network="sines_gru",
        epochs=15,
        learning_rate=0.003,
    ),
    Dataset(
        name="stocks",
        title="Share prices",
        summary=f"{STOCK_WINDOW} weeks of the share price of one of six companies, 2018 and 2019; the target is the week after.",
        theory="Prices are close to a random walk: the best simple forecast is the last price (0 on this scale), and beating it is hard.",
        source="plotly's stocks table",
        kind="sequence",
        task="regression",
        target_names=("the next week in tenths of change to the last price",),
        input_shape=(STOCK_WINDOW, 1),
        features=("tenths of change to the last price",),
        low=-6,
        high=6,
        count=510,
        load=stocks,
        network="stocks_lstm",
        epochs=20,
    ),
)
