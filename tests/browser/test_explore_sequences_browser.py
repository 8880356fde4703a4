"""Attention and gates in a real browser: down to one number with the keyboard, checked against numpy, at two epochs; and 512 tokens."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from builder import zoo
from builder.bench.browser import browser, chromium
from builder.bench.server import APP, free_port, start, stop
from builder.datasets import parts
from builder.runs import Run, folder
from builder.runs.run_folder import weights
from builder.store import default_store
from builder.words import format_number
from tests.kit.browsing import epoch_is
from tests.kit.making import stored
from tests.kit.viewing import heads_by_numpy

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(300),
]
SAMPLE = 3
Opened = Callable[[str, str], tuple[Any, Run]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Open Explore on a view of a fresh run of a network."""
    home, port = tmp_path_factory.mktemp("sequences") / "home", free_port()
    with pytest.MonkeyPatch.context() as patch, browser() as chrome:
        patch.setenv("BUILDER_HOME", str(home))
        patch.delenv("BUILDER_DATABASE_URL", raising=False)
        server = start(APP, port, home)
        pages, complaints = [], []

        def open_view(name: str, dataset: str, view: str) -> tuple[Any, Run]:
            project = default_store().create_project("somebody", "theirs", [zoo.network(name)])
            run = stored(zoo.network(name), dataset, project=project.id)
            page = chrome.new_page(viewport={"width": 1440, "height": 1000})
            page.set_default_timeout(90_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"http://localhost:{port}/explore?project={project.id}&run={run.id}&sample={SAMPLE}&view={view}")
            pages.append(page)
            return page, run

        yield open_view
        for page in pages:
            page.close()
        stop(server)
        assert not complaints


def attention_by_numpy(run: Run, epoch: int) -> np.ndarray:
    """The weights (query, key) of reversal_attention's one head."""
    kept = weights(folder(run.id), epoch)
    x = kept["embedding/0"][parts("reversal", 1, 0.2).test.x[SAMPLE]] + kept["position/0"]
    query, key = (np.einsum("tf,fhd->td", x, kept[f"attention/{at}"]) + kept[f"attention/{at + 1}"][0] for at in (0, 2))
    powers = np.exp(query @ key.T / np.sqrt(key.shape[1]))
    return powers / powers.sum(axis=1, keepdims=True)


def gru_by_numpy(run: Run, epoch: int) -> np.ndarray:
    """The hidden state (time, units) of adding_gru; Keras's order of gates: update, reset, candidate."""
    kernel, recurrent, (bias, other) = (weights(folder(run.id), epoch)[f"gru/{at}"] for at in range(3))
    hidden, rows = np.zeros(len(recurrent)), []
    for step in parts("adding", 1, 0.2).test.x[SAMPLE]:
        x, h = np.split(step @ kernel + bias, 3), np.split(hidden @ recurrent + other, 3)
        update, reset = (1 / (1 + np.exp(-x[at] - h[at])) for at in (0, 1))
        hidden = update * hidden + (1 - update) * np.tanh(x[2] + reset * h[2])
        rows.append(hidden)
    return np.array(rows)


def pressed(page: Any, canvas: str, *keys: str) -> Any:
    """The drawing of this name, with keys pressed on it."""
    drawing = page.locator(f'canvas[aria-label^="{canvas}"]').first
    drawing.wait_for()
    drawing.focus()
    for key in keys:
        page.keyboard.press(key)
    return drawing


def numbers(text: str) -> list[float]:
    return [float(each.replace("−", "-")) for each in re.findall(r"−?\d+\.\d+(?:e−?\d+)?", text)]


def untrained(page: Any) -> None:
    """Drag the epoch to its start, by keyboard."""
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowLeft")
    epoch_is(page, "untrained")


def eventually(page: Any, holds: Callable[[], None]) -> None:
    """Try until what is on the screen is the epoch that was asked for, for half a minute."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return holds()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        page.wait_for_timeout(200)


def test_attention_down_to_one_number_and_back_through_the_epochs(opened: Any) -> None:
    page, run = opened("reversal_attention", "reversal", "attention")
    right = attention_by_numpy(run, 1)

    def one_weight_is_numpy_s() -> None:
        pressed(page, "Attention weights", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown")
        readout = page.locator("output").filter(has_text=re.compile(r"query .*, key .*: "))
        row, column = map(int, re.findall(r"\((\d+)\)", said := readout.first.inner_text()))
        assert numbers(said)[-1] == pytest.approx(right[row, column], abs=6e-4), said
        page.keyboard.press("Escape")

    one_weight_is_numpy_s()
    untrained(page)
    right = attention_by_numpy(run, 0)
    eventually(page, one_weight_is_numpy_s)
    pressed(page, "Attention weights", "ArrowDown", "Enter")
    page.get_by_text(re.compile(r"Query .* \(\d+\), unfolded")).first.wait_for()

    def one_sum_is_numpy_s() -> None:
        sums = pressed(page, "The arithmetic", "ArrowDown", "ArrowDown")
        said = sums.locator("xpath=following-sibling::output").inner_text()
        key = int(re.findall(r"\((\d+)\)", said)[0])
        row = int(re.findall(r"\((\d+)\)", page.get_by_text(re.compile("unfolded")).first.inner_text())[0])
        assert numbers(said)[-1] == pytest.approx(right[row, key], abs=6e-4), said

    eventually(page, one_sum_is_numpy_s)


def test_a_number_of_a_layer_opens_the_head_that_gives_the_most_of_it(opened: Any) -> None:
    page, run = opened("pronoun_encoder", "pronouns", "layers")
    given, _ = heads_by_numpy(run)
    ahead = np.where(np.abs(given).argmax(axis=0) == 1, np.abs(given[1]) - np.abs(given[0]), -1)
    query, unit = map(int, np.unravel_index(ahead.argmax(), ahead.shape))
    page.goto(f"{page.url}&layer=attention_1&unit={unit},{query}")
    page.get_by_role("button", name="Open attention_1 in Attention").click()
    page.get_by_text(f"attention_1 [{query}, {unit}] = ").wait_for()
    page.get_by_text(f"head 1 gives the most, {format_number(given[1, query, unit])}.").wait_for()
    page.get_by_role("heading", name="attention_1, head 1", exact=True).wait_for()
    expect(page.get_by_text(re.compile(rf"Query .* \({query}\), unfolded")).first).to_be_visible(timeout=60_000)


def test_gates_down_to_the_sum_of_one_number(opened: Any) -> None:
    page, run = opened("adding_gru", "adding", "gates")
    right = gru_by_numpy(run, 1)

    def one_state_is_numpy_s() -> None:
        pressed(page, "Hidden state", "ArrowRight", *["ArrowRight"] * 6, *["ArrowDown"] * 4)
        said = page.locator("output.inspect-sum").inner_text()
        unit, step = (int(re.findall(rf"{word} (\d+)", said)[0]) for word in ("unit", "step"))
        hidden, update, before, rest, candidate = numbers(said)[:5]
        assert hidden == pytest.approx(right[step, unit], abs=6e-4), said
        assert before == pytest.approx(right[step - 1, unit], abs=6e-4), said
        assert hidden == pytest.approx(update * before + rest * candidate, abs=2e-3), said
        page.keyboard.press("Tab")

    one_state_is_numpy_s()
    untrained(page)
    right = gru_by_numpy(run, 0)
    eventually(page, one_state_is_numpy_s)


def test_drawing_over_steps_finds_units_and_a_press_shows_where_else_they_respond(opened: Any) -> None:
    page, run = opened("adding_gru", "adding", "gates")
    page.get_by_text("How much of a change").first.wait_for()  # the last thing on the page
    heat = page.locator('canvas[aria-label^="Hidden state"]').first
    heat.scroll_into_view_if_needed()
    box = heat.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + 60, steps=4)
    page.mouse.up()
    results = page.locator(".inspect-results")
    first, last = map(int, re.findall(r"Steps (\d+) to (\d+)", results.inner_text())[0])
    hidden = gru_by_numpy(run, 1)
    inside = np.zeros(len(hidden), bool)
    inside[first : last + 1] = True
    scores = (hidden[inside].mean(axis=0) - hidden[~inside].mean(axis=0)) / hidden.std(axis=0)
    best = int(np.abs(scores).argmax())
    chip = page.locator(".inspect-chip").first
    assert chip.inner_text().startswith(f"unit {best} (") and numbers(chip.inner_text())[0] == pytest.approx(scores[best], abs=6e-3)
    chip.click()
    level = (hidden[inside, best].mean() + hidden[~inside, best].mean()) / 2
    said = results.inner_text()
    assert f"Unit {best} is {'above' if scores[best] > 0 else 'below'}" in said
    assert numbers(said.rsplit("is ", 1)[1])[0] == pytest.approx(level, abs=6e-4)
    other = page.get_by_role("button", name=re.compile(r"sample \d+, steps? ")).first
    number = re.findall(r"sample (\d+)", other.inner_text())[0]
    other.click()
    page.wait_for_function("(number) => document.querySelector('input[aria-label^=\"Sample of\"]').value === number", arg=number)


LONG = """
async ([heads, tokens]) => {
  const { draw } = await import("/assets/explore/attention/attention.js");
  const text = (floats) => { let out = ""; const bytes = new Uint8Array(floats.buffer); for (let at = 0; at < bytes.length; at += 8192) out += String.fromCharCode(...bytes.subarray(at, at + 8192)); return btoa(out); };
  const make = (rows, columns, count) => ({ shape: [count, rows, columns], data: text(Float32Array.from({ length: count * rows * columns }, (_, at) => 1 / (1 + (at % 97)))) });
  const parent = document.createElement("div");
  parent.append(Object.assign(document.createElement("div"), { className: "inspect" }));
  parent.style.width = "900px";
  document.body.prepend(parent);
  const words = Array.from({ length: tokens }, (_, at) => `word${at}`);
  const layers = Array.from({ length: 12 }, (_, at) => ({ name: `layer_${at}`, heads, queries: tokens, keys: tokens, glance: make(48, 48, heads), words: { query: words, key: words } }));
  const scale = { signed: ["#00f", "#fff", "#f80"], rising: ["#fff", "#f80"] };
  const data = { scales: { light: scale, dark: scale }, layers, weights: { layer_0: { first: 0, values: make(tokens, tokens, 1) } }, chosen: { layer: "layer_0", head: 0, query: 0 } };
  draw({ parentElement: parent, data, setStateValue() {} });
  const canvas = parent.querySelectorAll("canvas")[1];
  const box = canvas.getBoundingClientRect();
  const times = [];
  for (let at = 0; at < 60; at += 1) {
    const start = performance.now();
    canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + 80 + 4 * at, clientY: box.top + 80 + 3 * at, bubbles: true }));
    times.push(performance.now() - start);
  }
  const found = { elements: parent.querySelectorAll("*").length, hover: times.sort((a, b) => a - b)[30], said: parent.querySelector("output + *, output").textContent };
  parent.remove();
  return found;
}
"""


def test_512_tokens_and_12_heads_answer_the_pointer_at_once(opened: Any) -> None:
    page, _ = opened("reversal_attention", "reversal", "attention")
    page.locator('canvas[aria-label^="Attention weights"]').wait_for()
    found = page.evaluate(LONG, [12, 512])
    assert found["elements"] < 100  # of 37,748,736 weights in 144 heads
    assert found["hover"] < 50, found


def test_what_is_seen_can_be_saved_as_a_picture_and_as_numbers(opened: Any, tmp_path: Path) -> None:
    page, run = opened("reversal_attention", "reversal", "attention")
    page.locator('canvas[aria-label^="Attention weights"]').wait_for()
    for kind, head in (("PNG", b"\x89PNG"), ("SVG", b"<svg xmlns")):
        with page.expect_download() as got:
            page.get_by_role("button", name=kind, exact=True).first.click()
        got.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(head)
    assert "<image" in (tmp_path / "SVG").read_text() and ">query<" in (tmp_path / "SVG").read_text()
    with page.expect_download() as got:
        page.get_by_role("button", name="Download the numbers").first.click()
    got.value.save_as(tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz") as file:
        np.testing.assert_allclose(file["weights"][0], attention_by_numpy(run, 1), atol=1e-5)
