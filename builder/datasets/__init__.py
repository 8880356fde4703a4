"""Inputs and targets: DATASETS, their records, and what a network needs to learn from them."""

from builder.errors import Missing

from .bundled import BUNDLED
from .checking import check
from .dataset import PARTS, Arrays, Dataset, Part, Parts
from .downloads import DOWNLOADS
from .fitting import Fit, fit
from .pronouns import PRONOUNS
from .sequences import SEQUENCES
from .series import SERIES
from .splitting import TEST_SHARE, sizes, split, spread, test_rows
from .synthetic_images import PLANTED
from .text import TEXT
from .toys import TOYS
from .typed_tables import PREFIX, table_dataset, table_record

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset for dataset in (*BUNDLED, *TOYS, *SEQUENCES, PRONOUNS, *SERIES, *PLANTED, TEXT, *DOWNLOADS)
}


def record(name: str) -> Dataset:
    """The dataset of this name, or of a table typed by hand, `table:ID`.

    Raises:
        Missing: there is none.
    """
    if name.startswith(PREFIX):
        return table_record(name)
    if name not in DATASETS:
        raise Missing("The dataset", f"one of {', '.join(DATASETS)}", repr(name))
    return DATASETS[name]


def parts(name: str, seed: int = 1, validation_share: float = 0.2, limit: int | None = None) -> Parts:
    """Training, validation and test part of a dataset; the test part is the same for every seed."""
    return split(record(name).load(), seed, validation_share, limit)


__all__ = [
    "DATASETS",
    "PARTS",
    "TEST_SHARE",
    "Arrays",
    "Dataset",
    "Fit",
    "Part",
    "Parts",
    "check",
    "fit",
    "parts",
    "record",
    "sizes",
    "split",
    "spread",
    "table_dataset",
    "test_rows",
]
