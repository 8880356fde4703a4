"""The command on datasets: `data`."""

import argparse
from typing import Any

from builder.cli.options import AS_JSON, Command, option
from builder.cli.terminal import cell_text, show, table
from builder.words import format_shape


def data(chosen: argparse.Namespace) -> None:
    """List the datasets, or describe one."""
    from builder.datasets import DATASETS, record, sizes

    def facts(each: Any) -> dict[str, Any]:
        keys = ("name", "title", "summary", "source", "kind", "task", "input_shape", "dtype", "low", "high", "count", "classes", "features")
        own = {key: getattr(each, key) for key in (*keys, "targets", "download", "network", "recipe", "epochs")}
        return own | {"parts": dict(zip(("train", "validation", "test"), sizes(each.count), strict=True))}

    if chosen.name:
        found = facts(record(chosen.name))
        show(chosen, found, lambda: table((), ((key, cell_text(value)) for key, value in found.items()), "<<"))
        return
    rows = [facts(each) for each in DATASETS.values()]
    head = ("name", "samples", "shape", "task", "classes", "what it is")
    cells = ((r["name"], f"{r['count']:,}", format_shape(r["input_shape"]), r["task"], len(r["classes"]) or "", r["title"]) for r in rows)
    show(chosen, rows, lambda: table(head, cells, "<><<><"))


def commands() -> tuple[Command, ...]:
    """The commands of this group."""
    return (Command("data", data, "List the datasets, or describe one.", (option("name", nargs="?", metavar="NAME"), AS_JSON)),)
