"""A store in an empty data folder."""

from pathlib import Path

import pytest

from builder.store import Store, default_store


@pytest.fixture
def home(bare_home: Path) -> Path:
    """A data folder in which the store makes its own database."""
    return bare_home


@pytest.fixture
def store(home: Path) -> Store:
    """A store in an empty data folder."""
    return default_store()
