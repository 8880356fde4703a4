"""Live learning curves: one component that draws a run's history at once and then polls for new events by itself."""

from functools import lru_cache
from typing import Any

import streamlit as st

from builder.figures import palette
from builder.recipes import RECIPES, TRAINING_OPTIONS
from builder.runs import RunSummary
from builder.runs.defaults import known
from builder.runs.run_folder import folder
from builder.runs.run_folder import history as run_history
from builder.store import default_store
from builder.web.events import history, summary
from builder.words import format_count
from pages.frame import state, toasts
from pages.frame.component import component

_COMPONENT = component("live", "train/live", html='<div class="live-root"></div>', css=["train/live.css"], isolate=False)


def curves(now: state.Current, runs: list[RunSummary], shown: RunSummary | None, unit: str) -> None:
    """Head, progress, curves and table of runs; a press on another run shows it, an end refreshes the page once."""
    overlay = [run for run in state.chosen("overlay", []) if any(run == other.id for other in runs)]
    differs = differences(runs)
    data = {
        "shown": shown.id if shown else "",
        "events": history(shown.id) if shown else [],
        "runs": [summary(run) | best(run.id, run.epoch, run.best_epoch) | {"differs": differs[run.id]} for run in runs],
        "overlay": overlay,
        "unit": unit,
        "editable": now.editable,
        "network": {"project": now.project.id, "network": now.network_name, "revision": now.work.revision},
        "palette": palette.CURVES,
    }
    key = f"live {now.project.id}"
    _COMPONENT(
        key=key,
        data=data,
        on_chosen_change=lambda: _chosen(key),
        on_overlay_change=lambda: _overlaid(key),
        on_ended_change=_nothing,
        on_edited_change=_nothing,
    )


@lru_cache(maxsize=1000)
def best(run_id: str, epoch: int, best_epoch: int | None) -> dict[str, Any]:
    """What a run reached after so many epochs, cached: its first validation metric, or that loss, at the epoch with the lowest `best_of`."""
    kept = run_history(folder(run_id))
    lowest = "val_loss" if "val_loss" in kept else "loss"
    metric = next((name for name in kept if name.startswith("val_") and name != "val_loss"), lowest)
    values = kept.get(metric, [])
    if not best_epoch or best_epoch > min(len(values), epoch):
        return {}
    return {"best": values[best_epoch - 1], "best_metric": metric, "best_of": lowest}


def differences(runs: list[RunSummary]) -> dict[str, str]:
    """In what the runs of a list differ, each one's own in a few words: network, dataset and settings, where they are not all the same."""
    said = {run.id: [run.network_name, *_setting_texts(run)] for run in runs}
    alike = [len(set(column)) == 1 for column in zip(*said.values(), strict=True)]
    return {run: " · ".join(word for word, same in zip(words, alike, strict=True) if word and not same) for run, words in said.items()}


def _setting_texts(run: RunSummary) -> list[str]:
    """Dataset and settings, each in words and each at its place, "" for what has none."""
    dataset = known(run.settings.dataset)
    options = [each.as_text(getattr(run.settings, each.name)) for each in TRAINING_OPTIONS.values()]
    return [dataset.title if dataset else "", RECIPES[run.settings.recipe].title, format_count(run.epochs, "epoch"), *options]


def _chosen(key: str) -> None:
    """Show another run."""
    if run := _value(key, "chosen"):
        state.choose(run=run)


def _overlaid(key: str) -> None:
    """Remember which runs are ticked."""
    state.choose(overlay=[str(run) for run in _value(key, "overlay") or []])


def _nothing() -> None:
    """A callback without work of its own: the rerun itself is what the end of a run, or an edit elsewhere, asks for."""


def _value(key: str, name: str) -> Any:
    return getattr(st.session_state[key], name, None)


def shown_run(runs: list[RunSummary]) -> RunSummary | None:
    """The chosen run where it is still there, else one that is alive, else the newest."""
    chosen = state.chosen("run")
    alive = [run for run in runs if run.status.alive]
    return next((run for run in runs if run.id == chosen), None) or next(iter([*alive, *runs]), None)


def missing(runs: list[RunSummary]) -> None:
    """Say it once where the run that was asked for, by an address say, is not here."""
    if (asked := state.chosen("run")) and all(run.id != asked for run in runs):
        toasts.tell(f"The run that was asked for is not here: it may have been deleted.{' This is the newest.' if runs else ''}")
        state.choose(run="")


def all_runs(now: state.Current) -> list[RunSummary]:
    """The project's runs, newest first."""
    return default_store().runs(project_id=now.project.id)
