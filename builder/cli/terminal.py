"""What the command line shows: tables, values in words, and a line that moves while a run trains."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any


def show(chosen: argparse.Namespace, facts: Any, text: Callable[[], str]) -> None:
    """Print JSON where it was asked for, else the text."""
    print(json.dumps(facts, indent=2, ensure_ascii=False) if chosen.json else text())


@contextmanager
def quiet() -> Iterator[None]:
    """Keep stderr for the person while TensorFlow works, which talks of its build and devices to the descriptor itself."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def cell_text(value: Any) -> str:
    """A value for a table: numbers with separators, lists and records on one line."""
    if isinstance(value, dict):
        return " · ".join(f"{key} {cell_text(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(cell_text, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}" if isinstance(value, float) else str(value)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], align: str) -> str:
    """Columns of text, `<` to the left and `>` to the right, under a line of heads."""
    cells = [[str(cell) for cell in row] for row in rows]
    lines = [list(head), *cells] if head else cells
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if head:
        lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(line, align, widths, strict=True)).rstrip() for line in lines
    )


class Progress:
    """A line on stderr that says how far a run is; on a terminal it is drawn over, elsewhere each epoch gets one."""

    def __init__(self) -> None:
        self.told: Any = None

    def __call__(self, run: Any) -> None:
        """Show a run as it is now."""
        live = sys.stderr.isatty()
        mark = (run.epoch, run.batch, run.status, run.message) if live else (run.epoch, run.status)
        if mark == self.told:
            return
        self.told = mark
        sys.stderr.write(f"\r\033[K{self.line(run)}" if live else f"{self.line(run)}\n")
        if live and not run.status.alive:
            sys.stderr.write("\n")
        sys.stderr.flush()

    def line(self, run: Any) -> str:
        """`Epoch 3 of 10 [####......] loss 0.1234 · val_loss 0.2 · 1,234 examples/s · 12 s left`."""
        part = (run.epoch + (run.batch / run.batches if run.batches and run.epoch < run.epochs else 0)) / max(run.epochs, 1)
        filled = round(20 * min(part, 1))
        facts = [f"{name} {value:.4f}" for name, value in run.metrics.items()]
        facts += [f"{run.rate:,.0f} examples/s"] if run.rate else []
        facts += [f"{run.seconds_left:,.0f} s left"] if run.seconds_left else []
        return f"{run.status.value} · epoch {run.epoch} of {run.epochs} [{'#' * filled}{'.' * (20 - filled)}] {' · '.join(facts)}"
