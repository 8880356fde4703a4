"""Database connection and transactions (SQLAlchemy): reads, writes that wait for their turn, and errors as sentences."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from builder.errors import BuilderError, Unavailable
from builder.home import NETWORK_FILE_SYSTEMS, file_system, home

from .outage import Outage
from .tables import SCHEMA_VERSION, version_of
from .write_lock import FairLock, begin_immediate

BUSY_SECONDS = 10.0  # how long a statement waits for another writer


class Database:
    """Database with a connection pool, safe to use from threads and from many processes at once.

    Args:
        url: a SQLAlchemy URL; None: SQLite in the data folder.
        busy: seconds to wait for other writers before saying that the database is busy; None: BUSY_SECONDS.
    """

    def __init__(self, url: str | None = None, busy: float | None = None) -> None:
        self.url = url or f"sqlite:///{home() / 'layerloom.sqlite'}"
        self.busy = busy or BUSY_SECONDS
        self.turns, self.outage, self.reading = FairLock(), Outage(self.name), threading.local()
        with self.explained():
            self.engine = self._engine()
            self._prepare()

    def _engine(self) -> Engine:
        """The SQLAlchemy engine; on SQLite with foreign keys on and our own BEGIN, because Python's would start a write as a read."""
        if make_url(self.url).get_backend_name() != "sqlite":
            return create_engine(self.url, pool_pre_ping=True)
        engine = create_engine(self.url, pool_size=10, max_overflow=90, connect_args={"timeout": self.busy, "check_same_thread": False})

        @event.listens_for(engine, "connect")
        def connected(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA synchronous = NORMAL")

        @event.listens_for(engine, "begin")
        def begun(connection: Connection) -> None:
            raw: Any = connection.connection.dbapi_connection
            options = connection.get_execution_options()
            if options.get("writes"):
                # A migration may have to make a table anew: dropping the old one would delete every row that points to it.
                raw.execute(f"PRAGMA foreign_keys = {'OFF' if options.get('migrates') else 'ON'}")
                begin_immediate(raw, self.busy)
            else:
                raw.execute("BEGIN")

        return engine

    def _prepare(self) -> None:
        """Schema check: make the tables where there are none, migrate older ones, refuse a schema that is newer than this program."""
        if self.engine.dialect.name == "sqlite":
            self._keep_a_log()
        with self.read() as connection:
            version = version_of(connection)
        if version < SCHEMA_VERSION:
            version = self._migrated()
        if version > SCHEMA_VERSION:
            raise BuilderError(
                self.name,
                f"a program that knows its version {version}",
                f"one that knows up to {SCHEMA_VERSION}",
                "Update Layerloom, or set BUILDER_HOME to another folder; nothing was changed.",
            )

    def _migrated(self) -> int:
        """The version after migrating, as one write: a migration that fails leaves the database as it was."""
        from .migrating import migrate  # imports Alembic

        with self.write(migrates=True) as connection:
            return migrate(connection)

    def _keep_a_log(self) -> None:
        """Switch SQLite to its write-ahead log (WAL), so that readers never wait for writers; the file remembers it."""
        path = make_url(self.url).database or ":memory:"
        kind = file_system(Path(path).absolute().parent)
        if kind in NETWORK_FILE_SYSTEMS:
            raise BuilderError(
                self.name, "a disk of this machine", f"a network file system ({kind})", "Set BUILDER_HOME to a local folder."
            )
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except Exception as error:
                # Two processes that switch at once: SQLite does not wait here, so we do.
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            finally:
                connection.close()

    @property
    def name(self) -> str:
        """The database as a person knows it: its file, or its address without the password."""
        try:
            url = make_url(self.url)
        except ArgumentError:
            return "The database"
        return f"The database {url.database if url.get_backend_name() == 'sqlite' else url.render_as_string()}"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one consistent snapshot of the rows; a read within another one of its thread is part of it."""
        if held := getattr(self.reading, "connection", None):
            yield held
            return
        with self.explained(), self.engine.begin() as connection:
            self.reading.connection = connection
            try:
                yield connection
            finally:
                self.reading.connection = None

    @contextmanager
    def write(self, migrates: bool = False) -> Iterator[Connection]:
        """A write transaction (BEGIN IMMEDIATE on SQLite), exclusive from its first statement on: all of it happens, or nothing."""
        engine = self.engine.execution_options(writes=True, migrates=migrates)
        with self.explained(), self.turns.turn(self.busy), engine.begin() as connection:
            yield connection

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what a person can mend into a BuilderError; anything else stays a bug."""
        try:
            yield
        except (SQLAlchemyError, OSError, sqlite3.Error) as error:
            if known := self._explain(error):
                self.outage.add(known, error)
                raise known from error
            raise
        self.outage.end()

    def _explain(self, error: Exception) -> Unavailable | None:
        text = str(getattr(error, "orig", None) or error).lower()
        for part, needed, came, hint in KNOWN:
            if part in text:
                return Unavailable(self.name, needed, came, hint)
        lost = isinstance(error, DBAPIError) and (error.connection_invalidated or self._is_of_server(error))
        return Unavailable(self.name, "its server", "no answer", "Try again in a moment; runs go on.") if lost else None

    def _is_of_server(self, error: DBAPIError) -> bool:
        """Whether a database server is the cause: it starts, it ends, it is not there. SQLite has none, and means a bug by the same errors."""
        return isinstance(error, OperationalError | InterfaceError) and make_url(self.url).get_backend_name() != "sqlite"


_RESTORE = "Move the file away, with its -wal and -shm beside it, or put a backup in its place."
# what SQLite says: needed, came, what to try
KNOWN = (
    ("locked", "its turn to write", "other writers for too long", "It is busy: try again in a moment."),
    ("not a database", "to be a SQLite database", "something else", _RESTORE),
    ("malformed", "to be whole", "damaged pages", _RESTORE),
    ("unable to open", "a data folder it can write", "a refusal from the system", "Check the folder's permissions, or set BUILDER_HOME."),
    ("readonly", "a data folder it can write", "a read-only one", "Check the folder's permissions, or set BUILDER_HOME."),
    ("disk is full", "free disk space", "a full disk", "Free some space and try again; what was stored before is safe."),
    ("disk i/o error", "a disk that answers", "an input or output error", "Check the disk; what was stored before may need a backup."),
    ("could not parse sqlalchemy url", "an address such as sqlite:////folder/file", "something else", "Check BUILDER_DATABASE_URL."),
    ("can't load plugin", "a kind of database that SQLAlchemy knows", "another", "Check BUILDER_DATABASE_URL."),
)
