"""What lists need: the name of a run's network without unpacking it, and the events of one kind without reading the others."""

import json
import zlib

from alembic import op
from sqlalchemy import Column, Integer, LargeBinary, String, column, select, table, update

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the name, read once from each stored network, and the index."""
    op.add_column("runs", Column("network_name", String(200), nullable=False, server_default=""))
    op.create_index("events_of_kind", "events", ["run", "kind", "n"])
    runs = table("runs", column("place", Integer), column("network", LargeBinary), column("network_name", String))
    connection = op.get_bind()
    for place in connection.scalars(select(runs.c.place)).all():
        name = name_in(connection.execute(select(runs.c.network).where(runs.c.place == place)).scalar_one())
        connection.execute(update(runs).where(runs.c.place == place).values(network_name=name))


def name_in(content: bytes) -> str:
    """The name of a stored network; a damaged one is said where it is opened, and keeps no one from the others."""
    try:
        return str(json.loads(zlib.decompress(content))["name"])[:200]
    except (zlib.error, ValueError, KeyError, TypeError):
        return ""
