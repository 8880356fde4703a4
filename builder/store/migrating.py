"""Schema migrations (Alembic): bring a database to today's tables, be it empty, from before Alembic, or versions behind.

Imported only where there is something to migrate: nearly every start finds its database as it should be.
"""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, delete, func, insert, inspect, select

from .tables import SCHEMA_VERSION, schema, version_of

FOLDER = Path(__file__).parent / "migrations"
FIRST = "0001"  # what a database has whose program knew no Alembic
TURN = 7_610_117  # of ours among PostgreSQL's advisory locks
_one_at_a_time = threading.Lock()  # Alembic keeps what it works on in a module


def migrate(connection: Connection) -> int:
    """Run what is missing within the connection's transaction; another process may have been quicker.

    Returns:
        The version that the database has then: this program's, or one it does not know.
    """
    if connection.dialect.name == "postgresql":  # SQLite has one writer by nature
        connection.execute(select(func.pg_advisory_xact_lock(TURN)))
    if (version := version_of(connection)) >= SCHEMA_VERSION:
        return version
    with _one_at_a_time:
        upgrade(connection)
    connection.execute(delete(schema))
    connection.execute(insert(schema).values(version=SCHEMA_VERSION))
    return SCHEMA_VERSION


def upgrade(connection: Connection) -> None:
    """Have Alembic run every revision that the database does not have."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    there = inspect(connection).get_table_names()
    if schema.name in there and "alembic_version" not in there:
        command.stamp(config, FIRST)
    command.upgrade(config, "head")
