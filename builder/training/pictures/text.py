"""Sampled text (autoregressive, temperature): from a validation sample token by token, with the same random draws at every epoch."""

import numpy as np

from .classes import chances
from .record import Found, Kind
from .scene import MOST_WORK, Scene, work

MOST = 60  # tokens
TEMPERATURE = 0.8


def fits(shown: Scene) -> bool:
    """Tokens in, at each step the next one out."""
    return bool(shown.supervised and shown.dataset.foretells and len(shown.x) == 1 and shown.output_axes == 2)


def choose(shown: Scene) -> Found:
    """The `prompt` (steps,) and one `draws` from 0 to 1 for each token to come."""
    count = int(max(1, min(MOST, MOST_WORK // max(work(shown.model), 1))))
    return {
        "prompt": shown.raw.x[0],
        "draws": np.random.default_rng(shown.settings.seed).random(count),
        "temperature": np.array(TEMPERATURE),
    }


def take(shown: Scene, fixed: Found) -> Found:
    """The `tokens` that follow the prompt, and the `chances` that each had."""
    window, tokens, given = fixed["prompt"].copy(), [], []
    for draw in fixed["draws"]:
        shares = following(shown, window[None])[0]
        token = int(min(np.searchsorted(np.cumsum(shares), draw), len(shares) - 1))
        tokens.append(token)
        given.append(shares[token])
        window = np.append(window[1:], token)
    return {"tokens": np.array(tokens), "chances": np.array(given, "float32")}


def following(shown: Scene, windows: np.ndarray) -> np.ndarray:
    """Next-token probabilities (samples, tokens) after windows (samples, steps), at temperature TEMPERATURE."""
    rated = chances(shown, shown.output({"x0": windows}))[:, -1].astype("float64")
    powers = np.maximum(rated, np.finfo("float32").tiny) ** (1 / TEMPERATURE)
    return powers / powers.sum(axis=-1, keepdims=True)


def again(shown: Scene, fixed: Found, found: Found) -> Found:
    """The chances of the tokens that were drawn, all windows at once."""
    whole, steps = np.concatenate([fixed["prompt"], found["tokens"]]), len(fixed["prompt"])
    windows = np.stack([whole[start : start + steps] for start in range(len(found["tokens"]))])
    return {"chances": following(shown, windows)[np.arange(len(windows)), found["tokens"]]}


KIND = Kind(name="text", title="Sampled text", fits=fits, choose=choose, take=take, inner=("draws",), again=again)
