"""Many writers, kills, full or damaged databases: nothing is lost, and what a person can mend is a sentence."""

import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.home import file_system, home
from builder.network.records import Network, Node
from builder.runs.record import Settings
from builder.store import Store, default_store
from builder.store.write_lock import FairLock

ROOT = Path(__file__).resolve().parents[2]
NETWORK = Network(name="first", nodes=(Node(name="dense", layer="Dense", params={"units": 1}),))


def script(text: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process with the project on its path and the test's data folder."""
    command = [sys.executable, "-c", textwrap.dedent(text), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


WRITERS = """
    import sys, threading
    from builder.store import default_store
    project, run, threads, writes = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    store, errors = default_store(), []
    def write():
        try:
            for i in range(writes):
                store.add_events(run, [("batch", {"step": i})], batch=i)
                work = store.work(project, "first")
                store.edit(project, "first", None, "Edit", work.network)
        except Exception as error:
            errors.append(repr(error))
    workers = [threading.Thread(target=write) for _ in range(threads)]
    for each in workers: each.start()
    for each in workers: each.join()
    print(errors)
"""


def test_100_writers_in_four_processes_lose_nothing_and_are_never_locked_out(home: Path) -> None:
    store = default_store()
    project = store.create_project("me", "mine", [NETWORK])
    run = store.create_run(project.id, NETWORK, Settings(dataset="digits"))
    processes = [script(WRITERS, project.id, run.id, "25", "3") for _ in range(4)]
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert out.strip() == "[]", out + err
    assert [event.n for event in store.events(run.id)] == list(range(1, 301))
    assert store.work(project.id, "first").revision == 300


def test_several_processes_may_open_an_empty_folder_at_once(home: Path) -> None:
    processes = [script("from builder.store import default_store; print(default_store().projects('me'))") for _ in range(4)]
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert out.strip() == "[]", err


KILLED = """
    import os, signal, sys
    from sqlalchemy import event
    from builder.store import Store
    project, statement = sys.argv[1], 0
    from builder.home import home
    url = f"sqlite:///{home() / 'layerloom.sqlite'}"
    while True:  # a child for each statement of an edit, killed just before it; the last child meets none
        statement += 1
        child = os.fork()
        if child == 0:
            store, left = Store(url), [statement]
            work = store.work(project, "first")
            def before(*_):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            for moment in ("before_cursor_execute", "commit"):
                event.listen(store.db.engine, moment, before)
            store.edit(project, "first", None, "Edit", work.network)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        store = Store(url)
        print(statement, os.WIFSIGNALED(status), store.work(project, "first").revision, flush=True)
        store.close()
        if not os.WIFSIGNALED(status):
            break
"""


def test_a_kill_at_any_statement_of_an_edit_leaves_all_of_it_or_nothing(home: Path) -> None:
    store = default_store()
    project = store.create_project("me", "mine", [NETWORK])
    out, err = script(KILLED, project.id).communicate(timeout=120)
    rows = [line.split() for line in out.splitlines()]
    assert len(rows) > 5, err
    assert [row[1:] for row in rows[:-1]] == [["True", "0"]] * (len(rows) - 1)
    assert rows[-1][1:] == ["False", "1"]
    with sqlite3.connect(home / "layerloom.sqlite") as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_database_that_another_program_holds_is_busy_and_nothing_is_lost(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.store.database.BUSY_SECONDS", 0.2)
    store = Store()
    project = store.create_project("me", "mine", [NETWORK])
    stray = sqlite3.connect(home / "layerloom.sqlite", isolation_level=None)
    stray.execute("begin immediate")
    with pytest.raises(BuilderError, match="busy"):
        store.edit(project.id, "first", None, "Edit", NETWORK)
    assert store.work(project.id, "first").revision == 0  # readers never wait
    stray.execute("rollback")
    assert store.edit(project.id, "first", None, "Edit", NETWORK).revision == 1


def test_threads_share_a_store(home: Path) -> None:
    store = default_store()
    project = store.create_project("me", "mine", [NETWORK])
    threads = [threading.Thread(target=store.edit, args=(project.id, "first", None, "Edit", NETWORK)) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.work(project.id, "first").revision == 30


def test_a_thread_that_holds_the_turn_too_long_makes_others_busy_not_lost(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.store.database.BUSY_SECONDS", 0.2)
    store = Store()
    project = store.create_project("me", "mine", [NETWORK])
    caught: list[BuilderError] = []

    def rename() -> None:
        try:
            store.rename_project(project.id, "other")
        except BuilderError as error:
            caught.append(error)

    with store.db.write():
        thread = threading.Thread(target=rename)
        thread.start()
        thread.join()
    assert "busy" in caught[0].sentence
    assert store.rename_project(project.id, "other").name == "other"


def test_turns_are_handed_on_in_the_order_of_asking() -> None:
    turns, order = FairLock(), list[int]()

    def take(place: int) -> None:
        with turns.turn(10):
            order.append(place)

    with turns.turn(10):
        threads = [threading.Thread(target=take, args=(place,)) for place in range(8)]
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            while len(turns._waiting) < waiting:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_a_newer_schema_is_refused_and_left_alone(home: Path) -> None:
    default_store().close()
    path = home / "layerloom.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("update layerloom set version = 99")
    with pytest.raises(BuilderError, match=r"version 99.*Update Layerloom"):
        Store()
    with sqlite3.connect(path) as database:
        assert database.execute("select version from layerloom").fetchall() == [(99,)]


def test_a_file_that_is_no_database_is_a_sentence(home: Path) -> None:
    home.mkdir()
    (home / "layerloom.sqlite").write_bytes(b"my holiday pictures " * 500)
    with pytest.raises(BuilderError, match="SQLite database") as caught:
        Store()
    assert str(home) in caught.value.sentence


def test_damaged_pages_are_a_sentence(home: Path) -> None:
    store = Store()
    project = store.create_project("me", "mine", [NETWORK])
    for _ in range(60):
        store.edit(project.id, "first", None, "Edit", NETWORK)
    with sqlite3.connect(home / "layerloom.sqlite") as database:
        database.execute("pragma wal_checkpoint(truncate)")
    store.close()
    path = home / "layerloom.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with pytest.raises(BuilderError, match="damaged pages"):
        Store().project(project.id)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BUILDER_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(BuilderError) as caught:
        home()
    assert str(tmp_path / "file" / "home") in caught.value.sentence


def test_a_database_that_cannot_be_written_is_named(home: Path) -> None:
    store = Store()
    store.close()
    path = home / "layerloom.sqlite"
    with pytest.raises(BuilderError) as caught:
        Store(f"sqlite:///file:{path}?mode=ro&uri=true").create_project("me", "mine", [NETWORK])
    assert "data folder it can write" in caught.value.sentence
    assert str(path) in caught.value.sentence


def test_an_address_that_is_none_is_a_sentence(home: Path) -> None:
    for url in ("nonsense", "oracle9://host/name"):
        with pytest.raises(BuilderError, match="BUILDER_DATABASE_URL"):
            Store(url)


def test_a_network_file_system_is_told_from_a_disk(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\nserver:/x /home/a\\040b nfs4 rw 0 0\n")
    assert file_system(Path("/home/a b/layerloom"), mounts) == "nfs4"
    assert file_system(Path("/home/c"), mounts) == "ext4"
    assert file_system(Path("/home/c"), tmp_path / "missing") == ""
