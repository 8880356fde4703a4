"""Benchmark of Play on Build: from a press to a loss and to pictures on the screen, beside compile and first batch of a bare `fit`.

Side by side: each pair is a press on the page, whose worker stands by, and a bare `fit` in a process that has loaded Keras too.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psutil

from builder import zoo
from builder.engine.standby import STANDBY
from builder.store import Store

from .browser import browser, ratio_row
from .server import APP, ROOT, free_port, start, stop

PAIRS = 3
LIMIT = 1.5  # of the yardstick
MORE = 1000.0  # ms after the first loss in which every card has a picture
FRAMES = 4.0  # a second
WATCHED, HIDDEN = 1 / 0.85, 1 / 0.95
SECONDS, WINDOWS = 4.0, 6  # of a window of throughput, and how many of each kind
NETWORKS = (("digit_cnn", "digits28"), ("spirals_mlp", "spirals"))

# Milliseconds from a press until a number of the strip is there: its loss, a picture on every card, a run that is another one.
PRESSED = """
(strip, { press, old }) => new Promise((done) => {
  const root = strip.getRootNode();
  const found = {};
  const began = performance.now();
  const look = () => {
    const now = performance.now() - began;
    const [cards, flows] = [root.querySelectorAll(".card").length, root.querySelectorAll(".card .flow").length];
    if (strip.dataset.run && strip.dataset.run !== old && Number(strip.dataset.step) > 0) found.loss ??= now;
    if (found.loss && strip.dataset.frame > 0 && flows === cards) found.pictures ??= now;
    if (found.loss && found.pictures) done(found);
    else if (now > 120000) done(null);
    else requestAnimationFrame(look);
  };
  const chosen = root.querySelector(".card.chosen");
  if (press) root.querySelector(press).click();
  else chosen.dispatchEvent(new KeyboardEvent("keydown", { key: "d", ctrlKey: true, bubbles: true, composed: true }));
  look();
})
"""
# The frames that are drawn in so many milliseconds; to count them costs the browser nothing.
DRAWN = """
(strip, milliseconds) => new Promise((done) => {
  let drawn = 0;
  const watcher = new MutationObserver((changes) => { drawn += changes.length; });
  watcher.observe(strip, { attributeFilter: ["data-frame"] });
  setTimeout(() => (watcher.disconnect(), done(drawn)), milliseconds);
})
"""
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


# Milliseconds from a press on Train to a line that tells of a batch of a run that was not there before.
TRAINED = """
(body) => new Promise((done) => {
  const title = () => body.querySelector(".live h2")?.textContent;
  const [before, began] = [title(), performance.now()];
  const look = () => {
    if (title() !== before && /^epoch 1 of/.test(body.querySelector(".live-line")?.textContent ?? "")) done(performance.now() - began);
    else requestAnimationFrame(look);
  };
  [...body.querySelectorAll("button")].find((each) => each.textContent.trim() === "Train").click();
  look();
})
"""


class Page:
    """The Build page of one network in a browser."""

    def __init__(self, opened: Any, url: str, home: Path, network: str) -> None:
        self.url, self.store = url, Store(f"sqlite:///{home / 'layerloom.sqlite'}")
        self.page = opened.new_page(viewport={"width": 1440, "height": 900})
        self.page.set_default_timeout(120_000)
        self.page.goto(url)
        self.page.locator(".sample").first.wait_for()
        if network != "digit_cnn":
            self.open(network)
        self.strip = self.page.locator("section.play")

    def open(self, network: str) -> None:
        """Add a network of the zoo to the project and show it."""
        [project] = parse_qs(urlsplit(self.page.url).query)["project"]
        self.store.add_network(project, zoo.network(network))
        self.page.goto(f"{self.url}/?project={project}&network={network}")
        self.page.locator(".sample").first.wait_for()
        self.page.locator(f'.play[data-network="{network}"]').wait_for()

    def lengthen(self, epochs: int) -> None:
        """Choose epochs on Train, so that a play lasts."""
        [project] = parse_qs(urlsplit(self.page.url).query)["project"]
        self.store.choose(project, training={"epochs": epochs})

    def press(self, button: str) -> dict[str, float]:
        """A press, and the milliseconds to what it shows."""
        found = self.strip.evaluate(PRESSED, {"press": button, "old": self.strip.get_attribute("data-run") or ""})
        if not found:
            raise RuntimeError("nothing was learned within two minutes")
        return dict(found)

    def edit(self) -> dict[str, float]:
        """The last layer but one is duplicated while the network plays; the milliseconds until what that made learns."""
        self.page.locator(".card").nth(-2).click()
        self.page.wait_for_timeout(300)
        return self.press("")

    def done(self) -> int:
        """Steps that the run has done."""
        run = self.store.run_summary(self.strip.get_attribute("data-run") or "")
        return run.epoch * run.batches + run.batch

    def reset(self) -> None:
        """End what plays."""
        self.page.locator(".play-reset").click()
        self.page.wait_for_timeout(500)

    def undo(self) -> None:
        """Take the edit back."""
        self.page.locator(".card.chosen").focus()
        self.page.keyboard.press("Control+z")
        self.page.wait_for_timeout(1000)


def standby(home: Path, wanted: int = 1) -> psutil.Process:
    """Wait until so many workers stand by that have nothing more to load; one of them."""
    while True:
        ready = [process for process in psutil.process_iter() if stands_by(process, home)]
        if len(ready) >= wanted:
            return ready[0]
        time.sleep(0.2)


def stands_by(process: psutil.Process, home: Path) -> bool:
    """Whether a process is a worker that has loaded Keras and has no run yet."""
    try:
        ours = STANDBY in process.cmdline() and process.environ().get("BUILDER_HOME") == str(home)
        return ours and unused(process) and at_rest(process)
    except psutil.Error:
        return False


def unused(process: psutil.Process) -> bool:
    """Whether a process holds no run's lock."""
    return not any("/runs/" in opened.path for opened in process.open_files())


def at_rest(process: psutil.Process) -> bool:
    """Whether a process has loaded much, and for a second none of its threads wants a core."""
    for _ in range(5):
        time.sleep(0.2)
        states = [path.read_text().rpartition(")")[2].split()[0] for path in Path(f"/proc/{process.pid}/task").glob("*/stat")]
        if "R" in states or "D" in states:
            return False
    return bool(process.memory_info().rss > 250 * 2**20)


@contextmanager
def bare(network: str, dataset: str) -> Iterator[subprocess.Popen[str]]:
    """The yardstick's process, ready."""
    command = [sys.executable, "-m", "builder.bench.bare", network, dataset]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        yield process


def yardstick(network: str, dataset: str) -> float:
    """Milliseconds of compile and first batch of a bare `fit`."""
    with bare(network, dataset) as process:
        said, _ = process.communicate("go\n")
    return 1000 * float(said.split()[-1])


def run() -> list[dict[str, Any]]:
    """Rows of a play of each network: first loss, pictures, an edit, frames a second, throughput, a standby's memory; and Train's own button."""
    rows: list[dict[str, Any]] = []
    with browser() as opened, TemporaryDirectory(prefix="layerloom-") as folder:
        home, port = Path(folder) / "home", free_port()
        server = start(APP, port, home, BUILDER_LINGER="60", BUILDER_STANDBY="2")
        try:
            for network, dataset in NETWORKS:
                page = Page(opened, f"http://localhost:{port}", home, network)
                rows += pressed(page, home, network, dataset)
                page.page.close()
            page = Page(opened, f"http://localhost:{port}", home, "digit_cnn")
            rows += [*while_it_plays(page, home), memory_row(standby(home))]
            page.page.close()
            rows.append(train_row(opened, f"http://localhost:{port}", home))
        finally:
            stop(server)
    return rows


def pressed(page: Page, home: Path, network: str, dataset: str) -> list[dict[str, Any]]:
    """A press on play and an edit while it plays, in turn with the yardstick."""
    plays, edits, theirs = [], [], []
    for number in range(PAIRS):
        standby(home, 2)  # for the play, and for what the edit makes of it
        plays.append(page.press(".play-main"))
        edits.append(page.edit()["loss"])
        page.reset()
        page.undo()
        theirs.append(yardstick(network, dataset))
        print(f"{network} {number + 1} of {PAIRS}: {plays[-1]}, edit {edits[-1]:.0f}, bare {theirs[-1]:.0f} ms", file=sys.stderr)
    later = [each["pictures"] - each["loss"] for each in plays]
    return [
        ratio_row(f"play {network}", [each["loss"] for each in plays], theirs, LIMIT),
        ratio_row(f"play {network}, pictures after it", later, [MORE] * PAIRS, 1.0),
        ratio_row(f"play {network}, edit", edits, theirs, LIMIT),
    ]


def while_it_plays(page: Page, home: Path) -> list[dict[str, Any]]:
    """Frames a second, and the steps of windows that are watched, hidden and left alone in turn."""
    standby(home)
    page.lengthen(500)
    page.press(".play-main")
    frames, steps = [], {"watched": list[float](), "hidden": list[float](), "alone": list[float]()}
    for turn in range(WINDOWS):
        for name in ("watched", "hidden", "alone") if turn % 2 else ("watched", "alone", "hidden"):
            taken = steps[name]
            page.page.evaluate(HIDE, name != "watched")
            page.page.wait_for_timeout(4000)  # until the worker has noticed
            before, began = page.done(), time.monotonic()
            if name == "watched":
                frames.append(page.strip.evaluate(DRAWN, 1000 * SECONDS) / SECONDS)
            else:
                page.page.wait_for_timeout(1000 * SECONDS)
            taken.append((page.done() - before) / (time.monotonic() - began))
    page.page.evaluate(HIDE, False)
    page.reset()
    return [
        {
            "name": "play, frames",
            "ratio": round(FRAMES / median(frames), 3),
            "ours": round(median(frames), 2),
            "theirs": FRAMES,
            "unit": "a second",
        },
        ratio_row("play, watched", steps["alone"], steps["watched"], WATCHED, "steps/s"),
        ratio_row("play, hidden", steps["alone"], steps["hidden"], HIDDEN, "steps/s"),
    ]


def memory_row(process: psutil.Process) -> dict[str, Any]:
    """What a worker takes that stands by: memory of its own (USS)."""
    own = process.memory_full_info().uss / 2**20
    return {"name": "standby, memory", "ratio": round(own / 700, 3), "ours": round(own), "theirs": 700, "unit": "MiB"}


def train_row(opened: Any, url: str, home: Path) -> dict[str, Any]:
    """Train's own button, to the first batch on the screen."""
    ours, theirs = [], []
    page = opened.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)
    page.goto(f"{url}/train")
    for _ in range(PAIRS):
        page.get_by_role("button", name="Train", exact=True).wait_for()
        standby(home)
        page.wait_for_timeout(3100)  # two presses within three seconds are one
        ours.append(float(page.locator("body").evaluate(TRAINED)))
        page.get_by_role("button", name="Stop").first.click()
        page.get_by_text("stopped in").first.wait_for()
        theirs.append(yardstick("digit_cnn", "digits28"))
    page.close()
    return ratio_row("train, first batch", ours, theirs, LIMIT)
