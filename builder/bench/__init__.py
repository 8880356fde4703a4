"""Benchmarks as ratios, measured side by side in one run: each returns rows {name, ratio, ours, theirs, unit, ...}.

A ratio is ours / theirs, the median of interleaved pairs; `spread` holds the smallest and the largest pair. An absolute
limit is a row whose `theirs` is the limit. Only ratios of one run mean anything: the machine is noisy.
"""

from importlib import import_module
from typing import Any

from builder.errors import BuilderError

Row = dict[str, Any]

# name of the bench: the module whose run() measures it
BENCHES = {
    "analyse": "builder.bench.analysis",
    "train": "builder.bench.train",
    "open": "builder.bench.open",
    "edit": "builder.bench.edit",
    "poll": "builder.bench.poll",
    "viewers": "builder.bench.viewers",
    "play": "builder.bench.play",
    "look": "builder.bench.look",
    "probe": "builder.bench.probing",
}


def run(name: str | None = None) -> list[Row]:
    """Measure one bench, or all of them."""
    if name is not None and name not in BENCHES:
        raise BuilderError("bench", f"one of {', '.join(BENCHES)}", repr(name), "Leave the name out to run them all.")
    return [row for each in ([name] if name else BENCHES) for row in import_module(BENCHES[each]).run()]
