"""Database schema (tables, foreign keys, indices). A change raises SCHEMA_VERSION and is a migration in `migrations/versions`."""

from sqlalchemy import Column, Connection, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, inspect, select

SCHEMA_VERSION = 3  # of the newest migration

metadata = MetaData()

schema = Table("layerloom", metadata, Column("version", Integer, nullable=False))

projects = Table(
    "projects",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(64), nullable=False, index=True),  # sha256 of the owner's token, in hex
    Column("name", String(200), nullable=False),
    Column("choices", Text, nullable=False),  # JSON
    Column("created", Float, nullable=False),  # unix seconds, as every time
    Column("changed", Float, nullable=False),
)

networks = Table(
    "networks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project", String(64), ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("revision", Integer, nullable=False),  # grows with every edit, undo and redo
    Column("position", Integer, nullable=False),  # the entry in `edits` that is on the canvas
    Index("networks_of_project", "project", "name", unique=True),
)

edits = Table(
    "edits",
    metadata,
    Column("network", Integer, ForeignKey("networks.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("label", String(200), nullable=False),
    Column("content", LargeBinary, nullable=False),  # the whole network after the edit, JSON in zlib
    Column("made", Float, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("place", Integer, primary_key=True),  # order of creation
    Column("id", String(64), nullable=False, unique=True),
    Column("project", String(64), ForeignKey("projects.id", ondelete="CASCADE"), index=True),
    Column("number", Integer, nullable=False),  # counts within its project
    Column("status", String(20), nullable=False, index=True),
    Column("asked", String(20), nullable=False),  # "pause", "resume", "stop" or ""
    Column("events", Integer, nullable=False),  # number of the last event
    Column("networks", LargeBinary, nullable=False),  # by their roles, JSON in zlib
    Column("data", Text, nullable=False),  # every other field of the record, JSON
    Column("network_name", String(200), nullable=False, server_default=""),  # so that a list unpacks no network
)

# The key is the order of reading: what a viewer has not seen yet lies together.
events = Table(
    "events",
    metadata,
    Column("run", String(64), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("data", Text, nullable=False),  # JSON
    Index("events_of_kind", "run", "kind", "n"),
    sqlite_with_rowid=False,
)


def version_of(connection: Connection) -> int:
    """Schema version: that of the program that last changed a database's tables, 0 where there are none."""
    there = inspect(connection).has_table(schema.name)
    return connection.scalar(select(schema.c.version)) or 0 if there else 0
