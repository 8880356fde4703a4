"""A database of an older program opens with all its rows, a new one has today's tables, and a migration that fails changes nothing."""

import shutil
import sqlite3
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from builder.errors import BuilderError
from builder.network.records import Network, Node
from builder.runs.record import Settings, Status
from builder.store import Store, database, default_store, migrating
from builder.store.tables import SCHEMA_VERSION, metadata

ROOT = Path(__file__).resolve().parents[2]
NETWORK = Network(name="first", nodes=(Node(name="dense", layer="Dense", params={"units": 1}),))
# word for word what the last program without migrations made
OLD = """
    CREATE TABLE layerloom (version INTEGER NOT NULL);
    CREATE TABLE projects (
        id VARCHAR(64) NOT NULL, owner VARCHAR(64) NOT NULL, name VARCHAR(200) NOT NULL, choices TEXT NOT NULL,
        created FLOAT NOT NULL, changed FLOAT NOT NULL, PRIMARY KEY (id)
    );
    CREATE INDEX ix_projects_owner ON projects (owner);
    CREATE TABLE networks (
        id INTEGER NOT NULL, project VARCHAR(64) NOT NULL, name VARCHAR(200) NOT NULL, revision INTEGER NOT NULL,
        position INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(project) REFERENCES projects (id) ON DELETE CASCADE
    );
    CREATE UNIQUE INDEX networks_of_project ON networks (project, name);
    CREATE TABLE runs (
        place INTEGER NOT NULL, id VARCHAR(64) NOT NULL, project VARCHAR(64), number INTEGER NOT NULL, status VARCHAR(20) NOT NULL,
        asked VARCHAR(20) NOT NULL, events INTEGER NOT NULL, network BLOB NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (place), UNIQUE (id), FOREIGN KEY(project) REFERENCES projects (id) ON DELETE CASCADE
    );
    CREATE INDEX ix_runs_project ON runs (project);
    CREATE INDEX ix_runs_status ON runs (status);
    CREATE TABLE edits (
        network INTEGER NOT NULL, n INTEGER NOT NULL, label VARCHAR(200) NOT NULL, content BLOB NOT NULL, made FLOAT NOT NULL,
        PRIMARY KEY (network, n), FOREIGN KEY(network) REFERENCES networks (id) ON DELETE CASCADE
    );
    CREATE TABLE events (
        run VARCHAR(64) NOT NULL, n INTEGER NOT NULL, kind VARCHAR(20) NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (run, n), FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
    ) WITHOUT ROWID;
    INSERT INTO layerloom VALUES (1);
    INSERT INTO projects VALUES ('p', '2c1fb1ba1f6c6e1b', 'Old work', '{"layer":"dense"}', 1.0, 2.0);
    INSERT INTO networks VALUES (1, 'p', 'first', 1, 1);
"""
RUN = '{"name":"first 1","settings":{"dataset":"digits","epochs":3},"created":3.0,"epoch":1,"epochs":3,"metrics":{"loss":0.5}}'


@pytest.fixture
def old(home: Path) -> Path:
    """A database from before migrations, with a project, an edit, two runs (the second one's network is damaged) and events."""
    home.mkdir()
    path = home / "layerloom.sqlite"
    content = zlib.compress(NETWORK.model_dump_json().encode(), 1)
    with sqlite3.connect(path) as rows:
        rows.execute("PRAGMA journal_mode = WAL")
        rows.executescript(OLD)
        rows.executemany("INSERT INTO edits VALUES (1, ?, ?, ?, 1.0)", [(0, "", content), (1, "Add Dense", content)])
        rows.execute("INSERT INTO runs VALUES (1, 'r', 'p', 1, 'finished', '', 2, ?, ?)", (content, RUN))
        rows.execute("INSERT INTO runs VALUES (2, 'damaged', 'p', 2, 'failed', '', 0, ?, ?)", (b"no zlib", RUN))
        rows.execute("""INSERT INTO events VALUES ('r', 1, 'batch', '{"step":1}'), ('r', 2, 'epoch', '{"epoch":1}')""")
    rows.close()
    return path


def dump(path: Path) -> list[str]:
    """All that a database holds, as SQL."""
    with sqlite3.connect(path) as rows:
        found = list(rows.iterdump())
    rows.close()
    return found


def differences(store: Store) -> list[object]:
    """What Alembic would change to come from a database to `tables.metadata`."""
    with store.db.read() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_a_new_database_has_exactly_the_tables_that_the_program_names(home: Path) -> None:
    store = default_store()
    assert differences(store) == []
    with sqlite3.connect(home / "layerloom.sqlite") as rows:
        assert rows.execute("select version from layerloom").fetchall() == [(SCHEMA_VERSION,)]
        assert rows.execute("select version_num from alembic_version").fetchall() == [(f"{SCHEMA_VERSION:04}",)]


def test_an_old_database_opens_with_all_its_rows(old: Path) -> None:
    store = Store()
    assert differences(store) == []
    project = store.project("p")
    assert (project.name, project.networks, project.choices) == ("Old work", ("first",), {"layer": "dense"})
    work = store.work("p", "first")
    assert (work.network, work.revision, work.history) == (NETWORK, 1, ("Add Dense",))
    run = store.run("r")
    assert run.networks == {"network": NETWORK}
    assert (run.network, run.status, run.settings, run.metrics) == (
        NETWORK,
        Status.finished,
        Settings(dataset="digits", epochs=3),
        {"loss": 0.5},
    )
    assert [(event.n, event.kind, event.data) for event in store.events("r")] == [(1, "batch", {"step": 1}), (2, "epoch", {"epoch": 1})]
    assert store.undo("p", "first").network == NETWORK
    assert store.create_run("p", NETWORK, Settings(dataset="digits")).number == 3


def test_an_old_database_and_a_new_one_end_with_the_same_tables(old: Path, tmp_path: Path) -> None:
    Store().close()
    Store(f"sqlite:///{tmp_path / 'new.sqlite'}").close()
    tables = []
    for path in (old, tmp_path / "new.sqlite"):
        with sqlite3.connect(path) as rows:
            shape = "select m.name, i.* from sqlite_master m join pragma_table_xinfo(m.name) i order by m.name, i.cid"
            tables.append(rows.execute(shape).fetchall())
    assert tables[0] == tables[1] and len(tables[0]) == 32


def test_a_migration_that_fails_leaves_the_database_as_it_was(old: Path) -> None:
    with sqlite3.connect(old) as rows:
        full = "SELECT RAISE(ABORT, 'database or disk is full')"
        rows.execute(f"CREATE TRIGGER full BEFORE UPDATE ON runs WHEN NEW.id = 'damaged' BEGIN {full}; END")
    before = dump(old)
    with pytest.raises(BuilderError, match="free disk space"):
        Store()
    assert dump(old) == before
    with sqlite3.connect(old) as rows:
        rows.execute("DROP TRIGGER full")
    assert Store().run("r").network == NETWORK


def test_a_table_made_anew_by_a_migration_keeps_the_rows_that_point_to_it(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(migrating.FOLDER, tmp_path / "100% later")
    (tmp_path / "100% later" / "versions" / "v9998.py").write_text(
        textwrap.dedent("""
            from alembic import op
            from sqlalchemy import String
            revision, down_revision = "9998", "0003"
            def upgrade() -> None:
                with op.batch_alter_table("projects") as projects:
                    projects.alter_column("name", type_=String(300))
        """)
    )
    monkeypatch.setattr(migrating, "FOLDER", tmp_path / "100% later")
    for module in (migrating, database):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 9998)
    store = Store()
    with sqlite3.connect(old) as rows:
        assert "VARCHAR(300)" in rows.execute("select sql from sqlite_master where name = 'projects'").fetchone()[0]
    assert (store.work("p", "first").network, len(store.events("r"))) == (NETWORK, 2)
    store.delete_project("p")  # rows that point to another go with it again
    with pytest.raises(BuilderError, match="not here"):
        store.run("r")


def test_a_database_of_a_newer_program_is_refused_and_left_alone(old: Path) -> None:
    with sqlite3.connect(old) as rows:
        rows.execute("update layerloom set version = 99")
    before = dump(old)
    with pytest.raises(BuilderError, match=r"version 99.*Update Layerloom"):
        Store()
    assert dump(old) == before


def python(text: str) -> subprocess.Popen[str]:
    """A Python process with the project on its path and the test's data folder."""
    return subprocess.Popen([sys.executable, "-c", text], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_four_processes_may_open_an_old_database_at_once(old: Path) -> None:
    processes = [python("from builder.store import Store; print(Store().work('p', 'first').revision)") for _ in range(4)]
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert out.strip() == "1", err
    with sqlite3.connect(old) as rows:
        assert rows.execute("select version from layerloom").fetchall() == [(SCHEMA_VERSION,)]


def test_opening_a_database_that_is_up_to_date_imports_no_alembic(home: Path) -> None:
    look = "import sys; from builder.store import Store; Store().projects('me'); print('alembic' in sys.modules)"
    for made_here in ("True", "False"):
        out, err = python(look).communicate(timeout=60)
        assert out.strip() == made_here, err
