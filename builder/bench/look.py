"""Benchmark of Explore: all feature maps beside a bare forward pass, VGG-16 on the screen, the bytes sent for it, a step of the epoch."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from builder import zoo
from builder.bench import Row
from builder.engine.shipped import SHIPPED
from builder.runs import Settings, Status, folder
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.run_folder import epoch_path
from builder.store import default_store

from .browser import browser, ratio_row
from .server import APP, free_port, start, stop
from .train import data_folder

PAIRS, CALLS = 25, 40  # pairs of so many calls in a row each
SERVERS, STEPS = 5, 12
MOST_RATIO, MOST_SECONDS, MOST_BYTES, MOST_STEP = 1.5, 3.0, 2 * 2**20, 300.0
SIZE = {"width": 1440, "height": 900}

# Whether the cards that are on the screen are painted.
PAINTED = """
() => {
  const roots = [...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean);
  const stage = [document, ...roots].map((root) => root.querySelector(".ov-stage")).find(Boolean);
  if (!stage) return false;
  const { top, bottom } = stage.getBoundingClientRect();
  const seen = [...stage.querySelectorAll(".ov-card")].filter((card) => card.getBoundingClientRect().top < bottom && card.getBoundingClientRect().bottom > top);
  return seen.length > 2 && seen.every((card) => card.querySelector("canvas").width > 0);
}
"""
# From a key on the slider until the levels show another answer, painted.
WATCH = """
() => {
  const roots = [...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean);
  const root = [document, ...roots].map((each) => each.querySelector(".ov")).find(Boolean);
  window.looked = [];
  window.addEventListener("keydown", () => (window.pressed = performance.now()), true);
  new MutationObserver(() => requestAnimationFrame(() => window.looked.push(performance.now() - window.pressed))).observe(root, { attributeFilter: ["data-shows"] });
}
"""


def run() -> list[Row]:
    """Rows `look maps`, `look vgg16 seconds`, `look vgg16 bytes` and `look epoch`."""
    return [maps(), *vgg16(), epoch()]


def maps() -> Row:
    """All feature maps of `digit_cnn` for one input beside a bare forward pass of the same model, both as a `tf.function`."""
    import tensorflow as tf

    from builder.probes.model.loaded import loaded, outputs

    run = loaded(SHIPPED)
    x = np.random.default_rng(1).random((1, 28, 28, 1), dtype="float32")
    bare = tf.function(lambda x: run.model(x, training=False))
    pairs = []
    for number in range(PAIRS + 1):
        sides = (lambda: outputs(run, x), lambda: np.asarray(bare(x)))
        took = [seconds(side) for side in (sides if number % 2 else sides[::-1])]
        if number:  # the first pair traces both
            pairs.append(took if number % 2 else took[::-1])
    row = ratio_row("look maps", [1000 * ours for ours, _ in pairs], [1000 * theirs for _, theirs in pairs], MOST_RATIO)
    return row | {"ours": round(row["ours"], 3), "theirs": round(row["theirs"], 3)}


def seconds(side: Any) -> float:
    """Seconds of one call, the mean of a few in a row."""
    began = perf_counter()
    for _ in range(CALLS):
        side()
    return (perf_counter() - began) / CALLS


def limit_row(name: str, ours: list[float], limit: float, unit: str) -> Row:
    """The median beside what it must not pass."""
    middle = median(ours)
    spread = [round(min(ours), 3), round(max(ours), 3)]
    return {"name": name, "ratio": round(middle / limit, 3), "ours": round(middle, 3), "theirs": limit, "unit": unit, "spread": spread}


@contextmanager
def untrained(network: str, dataset: str) -> Iterator[tuple[Path, str]]:
    """A data folder with one run that has not begun to train: (the folder, the query of its address)."""
    import keras

    from builder.keras_bridge import to_keras

    with data_folder():
        graph, now = zoo.network(network), time.time()
        project = default_store().create_project("bench", network, [graph])
        run = default_store().create_run(project.id, graph, Settings(dataset=dataset), status=Status.finished, started=now, ended=now)
        place = folder(run.id)
        place.mkdir(parents=True, exist_ok=True)
        (place / "network.json").write_text(graph.model_dump_json())
        (place / "settings.json").write_text(run.settings.model_dump_json())
        write_arrays(epoch_path(place, 0), layer_weights(to_keras(graph)))
        keras.backend.clear_session()
        yield Path(os.environ["BUILDER_HOME"]), f"project={project.id}&run={run.id}"


def vgg16() -> list[Row]:
    """VGG-16 at 224 with random weights: from asking for the page to its painted cards, the model not in memory before; and the bytes sent."""
    took, sent = [], []
    with untrained("vgg16", "digits28") as (home, query), browser() as opened:
        for _ in range(SERVERS):
            port = free_port()
            server = start(APP, port, home)
            try:
                url = f"http://localhost:{port}/explore"
                warmed(opened, url)
                one, two = painted(opened, f"{url}?{query}")
            finally:
                stop(server)
            took.append(one)
            sent.append(two)
    return [limit_row("look vgg16 seconds", took, MOST_SECONDS, "s"), limit_row("look vgg16 bytes", sent, MOST_BYTES, "bytes")]


def warmed(opened: Any, url: str) -> None:
    """See that the probes kernel has loaded Keras: the second sample of the run that ships has to be computed."""
    page = opened.new_page(viewport=SIZE)
    page.goto(f"{url}?sample=1")
    page.get_by_text("The run's own output").first.wait_for(timeout=120_000)
    page.close()


def painted(opened: Any, url: str) -> tuple[float, float]:
    """Seconds to the painted cards, and the bytes that were sent until everything stood still."""
    context = opened.new_context(viewport=SIZE)
    page, sent = context.new_page(), [0]

    def received(frame: Any) -> None:
        sent[0] += len(frame) if isinstance(frame, bytes) else len(frame.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", received))
    began = perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(PAINTED, timeout=120_000, polling=20)
    took = perf_counter() - began
    page.get_by_text("The run's own output").first.wait_for(timeout=120_000)
    page.wait_for_timeout(1000)
    context.close()
    return took, float(sent[0])


def epoch() -> Row:
    """A step of the epoch slider to one that was seen before, from the key to the painted cards."""
    with TemporaryDirectory(prefix="layerloom-") as home, browser() as opened:
        port = free_port()
        server = start(APP, port, Path(home) / "home")
        try:
            page = opened.new_page(viewport=SIZE)
            page.goto(f"http://localhost:{port}/explore")
            page.wait_for_function(PAINTED, timeout=120_000)
            page.evaluate(WATCH)
            steps = [step(page, key) for key in ["ArrowLeft"] * 5 + ["ArrowRight", "ArrowLeft"] * (STEPS // 2)]
        finally:
            stop(server)
    return limit_row("look epoch", steps[5:], MOST_STEP, "ms")


def step(page: Any, key: str) -> float:
    """Milliseconds of one step."""
    before = page.evaluate("window.looked.length")
    page.get_by_role("slider").first.focus()
    page.keyboard.press(key)
    page.wait_for_function("before => window.looked.length > before", arg=before, timeout=120_000, polling=10)
    took = float(page.evaluate("window.looked.at(-1)"))
    page.wait_for_timeout(700)
    return took
