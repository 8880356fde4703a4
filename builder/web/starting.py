"""Starting a run of a project's network, from Train and from Play: a row in the queue, and a supervisor that takes it up."""

from typing import Any

from builder.engine.launch import launch
from builder.network import Network
from builder.runs import Run, Settings
from builder.store import default_store

from .editing import analysed


def start_run(project: str, network: Network, settings: Settings, **fields: Any) -> Run:
    """Store a new run, with further `fields` of its record, and launch it."""
    store = default_store()
    run = store.create_run(project, network, settings, params=analysed(network).total_params, **fields)
    launch(run)
    return run
