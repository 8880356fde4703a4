"""A run has networks by their roles, so that a recipe may train several; the one of each run so far is its "network"."""

import zlib

from alembic import op
from sqlalchemy import Integer, LargeBinary, column, select, table, update

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Put the name of the role around each stored network."""
    op.alter_column("runs", "network", new_column_name="networks", existing_type=LargeBinary, existing_nullable=False)
    runs = table("runs", column("place", Integer), column("networks", LargeBinary))
    connection = op.get_bind()
    for place in connection.scalars(select(runs.c.place)).all():
        content = connection.execute(select(runs.c.networks).where(runs.c.place == place)).scalar_one()
        connection.execute(update(runs).where(runs.c.place == place).values(networks=named(content)))


def named(content: bytes) -> bytes:
    """A network as the only one of a run; a damaged one is said where it is opened, and keeps no one from the others."""
    try:
        return zlib.compress(b'{"network":' + zlib.decompress(content) + b"}", 1)
    except zlib.error:
        return content
