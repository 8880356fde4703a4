"""The command that trains: `train`, and what it says of the run."""

import argparse
import sys
import time
from typing import Any

from builder.cli.opening import open_network
from builder.cli.options import AS_JSON, Command, option, training_options
from builder.cli.settings import settings_of
from builder.cli.terminal import Progress, cell_text, show, table
from builder.errors import BuilderError
from builder.home import home


def train(chosen: argparse.Namespace) -> int:
    """Train, with a progress bar on stderr; 1 where the run did not finish."""
    from builder.datasets import record
    from builder.engine.launch import train as train_and_wait
    from builder.runs import Status
    from builder.store import default_store

    dataset = record(chosen.data)
    if not (chosen.network or dataset.network):
        raise BuilderError(
            "train", "a network", f"none, and {dataset.name} has no starting network", "Name one of `python -m builder zoo`."
        )
    network = open_network(chosen.network or dataset.network)
    settings = settings_of(chosen, network)
    run = train_and_wait(network, settings, Progress(), default_store().put_trained(network).id)
    result = run_facts(run)
    show(chosen, result, lambda: table((), trained_rows(result), "<<"))
    print(f"Look inside: {address()}/explore?run={run.id}", file=sys.stderr)
    if run.status != Status.finished:
        print(" ".join((run.message or f"The run {run.status.value}.").split()), file=sys.stderr)
        return 1
    return 0


def address() -> str:
    """The address of the server of this data folder, as it last told, or where one would be."""
    told = home() / "address"
    return told.read_text() if told.exists() else "http://localhost:8501"


def run_facts(run: Any) -> dict[str, Any]:
    """What a training ended with: metrics of its last epoch, those of the epoch with the lowest loss, and of every epoch."""
    from builder.runs.run_folder import folder, history

    seconds = round((run.ended or time.time()) - (run.started or run.created), 3)
    own = {"run": run.id, "status": run.status.value, "seconds": seconds, "epoch": run.epoch, "metrics": run.metrics}
    return {**own, "lowest": run_lowest(run), "history": history(folder(run.id))}


def run_lowest(run: Any) -> dict[str, Any]:
    """The epoch with the lowest val_loss (loss, where nothing was held out), and every metric there; {} before the first epoch's end."""
    from builder.runs.run_folder import folder, history

    kept = history(folder(run.id))
    metrics = {name: values[run.best_epoch - 1] for name, values in kept.items() if run.best_epoch and run.best_epoch <= len(values)}
    return {"of": "val_loss" if "val_loss" in metrics else "loss", "epoch": run.best_epoch, "metrics": metrics} if metrics else {}


def trained_rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    """What a training ended with, each figure with its epoch."""
    rows = [(key, cell_text(result[key])) for key in ("run", "status", "seconds")]
    if result["metrics"]:
        rows.append((f"epoch {result['epoch']}, the last", cell_text(result["metrics"])))
    if lowest := result["lowest"]:
        rows.append((f"epoch {lowest['epoch']}, lowest {lowest['of']}", cell_text(lowest["metrics"])))
    return rows


def commands() -> tuple[Command, ...]:
    """The commands of this group."""
    return (
        Command(
            "train",
            train,
            "Train a network and wait for the end.",
            (
                option("network", nargs="?", metavar="NETWORK", help="without one: the dataset's own"),
                option("--data", required=True, metavar="NAME", help="a dataset"),
                *training_options(),
                AS_JSON,
            ),
        ),
    )
