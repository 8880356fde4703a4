"""Opening a play on Train keeps it; a stranger's look keeps nothing."""

from builder import zoo
from builder.runs import Settings, Status
from builder.store import Project, Store
from tests.kit.pages import Opened


def a_play(store: Store, project: Project) -> str:
    run = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"), played=True, status=Status.stopped)
    return run.id


def test_a_play_that_its_owner_opens_on_train_is_kept(opened: Opened, store: Store, project: Project) -> None:
    run = a_play(store, project)
    opened()
    assert store.run(run).pinned and not store.run(run).passing


def test_a_play_that_a_stranger_opens_still_gives_way(opened: Opened, store: Store, project: Project) -> None:
    run = a_play(store, project)
    opened(owner="session-someone")
    assert store.run(run).passing
