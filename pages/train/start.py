"""Starting a run: a second press within a moment finds the first one's run, whatever tab it came from."""

import threading
import time

import streamlit as st

from builder.engine.launch import launch
from builder.errors import BuilderError
from builder.runs import Run, Settings
from builder.store import default_store, may_edit
from builder.web.editing import analysed
from pages.frame import state
from pages.frame.words import plain

TWICE = 3.0  # seconds within which the same press is one press
_starting = threading.Lock()


def start(now: state.Current, chosen: Settings) -> None:
    """Make a run of the open network with these settings, or find the one just made; show it."""
    if not may_edit(now.project, now.owner_token):
        return
    try:
        with _starting:
            run = _just_made(now, chosen) or _make(now, chosen)
    except BuilderError as error:
        st.toast(plain(error.sentence), icon=":material/error:")
        return
    state.choose(run=run.id, epoch="")


def _just_made(now: state.Current, chosen: Settings) -> Run | None:
    """A run of the same network and settings that was made a moment ago."""
    store = default_store()
    for newest in store.runs(project_id=now.project.id)[:1]:
        if newest.settings == chosen and time.time() - newest.created < TWICE:
            run = store.run(newest.id)
            return run if run.network == now.work.network else None
    return None


def _make(now: state.Current, chosen: Settings) -> Run:
    """Store a new run and see that a supervisor takes it up."""
    store, network = default_store(), now.work.network
    run = store.create_run(now.project.id, network, chosen)
    run = store.update_run(run.id, params=analysed(network).total_params)
    launch(run)
    return run
