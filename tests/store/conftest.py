"""A store in an empty data folder."""

from pathlib import Path

import pytest

from builder.store import Store, default_store


@pytest.fixture
def store(home: Path) -> Store:
    """A store in an empty data folder."""
    return default_store()
