"""The tables as they were before there were migrations; written out, because a migration stays as it was."""

from alembic import op
from sqlalchemy import Column, Float, ForeignKey, Integer, LargeBinary, String, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make projects, networks with their edits, and runs with their events."""
    op.create_table("layerloom", Column("version", Integer, nullable=False))
    projects()
    runs()


def projects() -> None:
    """Projects, their networks, and the history of each network."""
    op.create_table(
        "projects",
        Column("id", String(64), primary_key=True),
        Column("owner", String(64), nullable=False, index=True),
        Column("name", String(200), nullable=False),
        Column("choices", Text, nullable=False),
        Column("created", Float, nullable=False),
        Column("changed", Float, nullable=False),
    )
    op.create_table(
        "networks",
        Column("id", Integer, primary_key=True),
        Column("project", String(64), ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
        Column("name", String(200), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("position", Integer, nullable=False),
    )
    op.create_index("networks_of_project", "networks", ["project", "name"], unique=True)
    op.create_table(
        "edits",
        Column("network", Integer, ForeignKey("networks.id", ondelete="CASCADE"), primary_key=True),
        Column("n", Integer, primary_key=True, autoincrement=False),
        Column("label", String(200), nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("made", Float, nullable=False),
    )


def runs() -> None:
    """Runs, and what they reported."""
    op.create_table(
        "runs",
        Column("place", Integer, primary_key=True),
        Column("id", String(64), nullable=False, unique=True),
        Column("project", String(64), ForeignKey("projects.id", ondelete="CASCADE"), index=True),
        Column("number", Integer, nullable=False),
        Column("status", String(20), nullable=False, index=True),
        Column("asked", String(20), nullable=False),
        Column("events", Integer, nullable=False),
        Column("network", LargeBinary, nullable=False),
        Column("data", Text, nullable=False),
    )
    op.create_table(
        "events",
        Column("run", String(64), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        Column("n", Integer, primary_key=True, autoincrement=False),
        Column("kind", String(20), nullable=False),
        Column("data", Text, nullable=False),
        sqlite_with_rowid=False,
    )
