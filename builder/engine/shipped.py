"""Demo run (precomputed) that ships with the project, so that Train and Explore open on a trained network.

`python -m builder.engine.shipped` trains it and writes it to `assets/default/run` (`... shipped RUN` takes a finished run instead): its folder
with some of its epochs, `run.json`, `events.json`, `inspection.npz`, what its layers make of the first sample of the test part, and
`overview.npz`, its cards.
"""

import json
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

from builder import files, store
from builder.network.records import Network
from builder.runs.record import Run, Settings, Status
from builder.runs.run_folder import epochs, folder, network, settings, weights

from .launch import train

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "default" / "run"
SAID = "This run came with Layerloom, so that there is a trained network to look inside from the start: open it in Explore."
EPOCHS = (0, 1, 2, 4, 8, 12)
FILES = ("network.json", "settings.json", "history.json", "program.py", "model.keras", "inspection.npz", "overview.npz")
FIELDS = ("started", "ended", "epoch", "batches", "rate", "metrics", "best_epoch", "params", "device")


def install(project_id: str) -> Run | None:
    """Copy the shipped run into a project; None where none ships."""
    if not (SHIPPED / "run.json").exists():
        return None
    made, chosen, events, fields = _read(SHIPPED)
    run = store.default_store().create_run(project_id, made, chosen, events, status=Status.finished, message=SAID, **fields)
    place = folder(run.id)
    part = place.with_name(f"new-{place.name}")
    shutil.copytree(SHIPPED, part, ignore=shutil.ignore_patterns("run.json", "events.json"), copy_function=_link)
    part.replace(place)  # whole or not there
    return run


@cache
def _read(shipped: Path) -> tuple[Network, Settings, list[tuple[str, str]], dict[str, Any]]:
    """The network, settings, events (kinds and JSON texts) and fields of the run that ships, read once: each new person gets them."""
    events = [(kind, json.dumps(data, separators=(",", ":"))) for kind, data in json.loads((shipped / "events.json").read_text())]
    return network(shipped), settings(shipped), events, json.loads((shipped / "run.json").read_text())


def _link(source: str, target: str) -> None:
    """Hard link, or a copy where the disk has no hard links: a run's files are never changed, only replaced."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write(run_id: str, to: Path = SHIPPED) -> None:
    """Turn a finished run into the one that ships."""
    from builder.probes import OPERATIONS
    from builder.probes.layers.shipped_answers import write_inspection, write_overview

    kept, place = store.default_store(), folder(run_id)
    run = kept.run(run_id)
    shutil.rmtree(to, ignore_errors=True)
    (to / "epochs").mkdir(parents=True)
    for epoch in [each for each in epochs(place) if each in EPOCHS]:
        files.pack(to / "epochs" / f"{epoch:05d}.npz", weights(place, epoch), compressed=True)
    write_inspection(place, *OPERATIONS["inspect"]({"run": str(place), "sample": 0}, {}))
    answer, cards = OPERATIONS["overview"]({"run": str(place)}, {})
    write_overview(place, answer | OPERATIONS["self_check"]({"run": str(place)}, {})[0], cards)
    shutil.copytree(place / "pictures", to / "pictures", ignore=lambda _, names: [n for n in names if not _kept(n)])
    for name in FILES:
        shutil.copyfile(place / name, to / name)
    values = {name: value for name, value in run.model_dump(mode="json").items() if name in FIELDS}
    (to / "run.json").write_text(json.dumps(values, indent=1) + "\n")
    events = [[event.kind, event.data] for event in kept.events(run_id, 0, 10_000)]
    (to / "events.json").write_text(json.dumps(events, separators=(",", ":")) + "\n")


def _kept(name: str) -> bool:
    """Whether a file of a run's pictures ships: those of the epochs whose weights do."""
    return name == "probe.npz" or int(Path(name).stem) in EPOCHS


if __name__ == "__main__":
    write(sys.argv[1] if len(sys.argv) > 1 else train(network(SHIPPED), settings(SHIPPED)).id)
