"""Commands on runs: `runs`, `test`, `probe`."""

import argparse
from pathlib import Path
from typing import Any

from builder.cli.options import AS_JSON, Command, number, option
from builder.cli.terminal import cell_text, quiet, show, table


def runs(chosen: argparse.Namespace) -> None:
    """List what has been trained."""
    from builder.store import default_store

    def facts(run: Any) -> dict[str, Any]:
        own = {key: getattr(run, key) for key in ("name", "created", "epoch", "epochs", "metrics", "best_epoch", "message")}
        return {"run": run.id, "status": run.status.value, "network": run.network_name, "dataset": run.settings.dataset, **own}

    rows = [facts(run) for run in default_store().runs()]
    head = ("run", "status", "name", "dataset", "epochs", "metrics of the last epoch")
    cells = ((r["run"], r["status"], r["name"], r["dataset"], f"{r['epoch']}/{r['epochs']}", cell_text(r["metrics"])) for r in rows)
    show(chosen, rows, lambda: table(head, cells, "<<<<><") if rows else "No runs yet: `python -m builder train --data digits` makes one.")


def test(chosen: argparse.Namespace) -> None:
    """Evaluate a run on its test part; of a classifier also precision, recall, F1 and support of each class, and the confusion matrix."""
    from builder import files
    from builder.datasets import record
    from builder.engine.launch import test as measure
    from builder.runs.run_folder import folder, mistakes_path
    from builder.store import default_store

    run = default_store().run(chosen.run)
    metrics, place = measure(run.id), mistakes_path(folder(run.id))
    found = files.unpack(place) if place.exists() else {"table": (), "confusion": ()}
    columns, names = ("class", "precision", "recall", "f1", "support"), record(run.settings.dataset).classes
    rows = [dict(zip(columns, (name, *map(float, row)), strict=True)) for name, row in zip(names, found["table"], strict=False)]
    facts = {"run": run.id, "metrics": metrics, "classes": rows, "confusion": [[int(each) for each in row] for row in found["confusion"]]}

    def text() -> str:
        figures = table((), ((name, f"{value:.4g}") for name, value in metrics.items()), "<>")
        cells = (
            (name, *(f"{row[each]:.3f}" for each in columns[1:4]), f"{row['support']:,.0f}") for name, row in zip(names, rows, strict=False)
        )
        return "\n\n".join([figures, *([table(columns, cells, "<>>>>")] if rows else [])])

    show(chosen, facts, text)


def probe(chosen: argparse.Namespace) -> None:
    """Write what a probe finds in a run to a file."""
    from builder.probes.saving import save
    from builder.runs.run_folder import folder
    from builder.store import default_store

    place = folder(default_store().run(chosen.run).id)
    with quiet():
        save(place, chosen.probe, chosen.out, layer=chosen.layer, sample=chosen.sample, epoch=chosen.epoch)


RUN = option("run", metavar="RUN")


def commands() -> tuple[Command, ...]:
    """The commands of this group."""
    return (
        Command("runs", runs, "List the runs, the newest first.", (AS_JSON,)),
        Command("test", test, "Test a run once on the samples that training never saw.", (RUN, AS_JSON)),
        Command(
            "probe",
            probe,
            "Look inside a run.",
            (
                RUN,
                option("probe", metavar="PROBE"),
                option("--layer", metavar="L"),
                option("--sample", type=number(0), metavar="N", default=0),
                option("--epoch", type=number(0), metavar="E"),
                option("--out", required=True, type=Path, metavar="FILE", help=".npz arrays, .png or .html figure"),
            ),
        ),
    )
