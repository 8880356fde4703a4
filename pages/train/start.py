"""Starting a run, idempotent for a double press: a second one within 3 seconds finds the first one's run, whatever tab it came from."""

import threading
import time

from builder.errors import BuilderError
from builder.runs import Run, RunSummary, Settings
from builder.store import default_store, may_edit
from builder.web.starting import start_run
from pages.frame import state, toasts

TWICE = 3.0  # seconds within which the same press is one press
_starting = threading.Lock()


def start(now: state.Current, chosen: Settings) -> None:
    """Make a run of the open network with these settings, or find the one just made; show it."""
    if not may_edit(now.project, now.owner_token):
        return
    try:
        with _starting:
            run = _just_made(now, chosen) or start_run(now.project.id, now.work.network, chosen)
    except BuilderError as error:
        toasts.tell(error.sentence)
        return
    if ahead := _ahead(now, run):
        toasts.tell(f"{run.name} is in the queue behind {ahead.name}.", ":material/schedule:")
    state.choose(run=(ahead or run).id, epoch="")


def _ahead(now: state.Current, run: Run) -> RunSummary | None:
    """The project's run that trains before this one: its curves stay on the screen, or come first."""
    alive = [each for each in default_store().runs(project_id=now.project.id) if each.status.alive and each.id != run.id]
    return next((each for each in alive if each.id == state.chosen("run")), alive[-1] if alive else None)


def _just_made(now: state.Current, chosen: Settings) -> Run | None:
    """The newest run, where it has the same network and settings and was made within 3 seconds."""
    store = default_store()
    for newest in store.runs(project_id=now.project.id)[:1]:
        if newest.settings == chosen and time.time() - newest.created < TWICE:
            run = store.run(newest.id)
            return run if run.network == now.work.network else None
    return None
