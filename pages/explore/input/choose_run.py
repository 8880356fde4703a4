"""Which run is looked at: the field at the top of Explore's left column, and runs as every list of Explore names them."""

import streamlit as st

from builder.runs import Run, RunSummary
from builder.words import format_number, told_apart
from pages.explore import html as marks
from pages.frame import state

PLAYS = "Each edit while a network plays leaves one. Nobody has kept them; they go after a day."


def choose_run(found: list[RunSummary], run: Run, now: state.Current) -> None:
    """A field for the run that is looked at."""
    field = st.container(gap="xsmall")
    names = run_labels(listed(found, run.id, "explore_plays"))
    with field:
        state.give("explore_run", run.id)
        st.selectbox("Run", names, key="explore_run", format_func=lambda each: names[each], on_change=_chose_run, args=(found, now))
        st.html(marks.note(names[run.id]))  # the box cuts it
    if run.network_name not in now.project.networks:
        st.html(marks.note(f"Of the network {run.network_name}, which is no longer in this project."))


def open_run(run: RunSummary, now: state.Current) -> None:
    """Look at another run, and open the network that it was made of."""
    state.open_network(run.network_name if run.network_name in now.project.networks else now.network_name, run.id)


def _chose_run(found: list[RunSummary], now: state.Current) -> None:
    open_run(next(run for run in found if run.id == st.session_state["explore_run"]), now)


def listed(found: list[RunSummary], run: str, key: str) -> list[RunSummary]:
    """The runs of a list: plays of the past that nobody has kept are folded behind a switch, but for the one that is looked at."""
    folded = {each.id for each in found if each.past_play and each.id != run}
    if not folded or st.toggle(f"Plays on Build ({len(folded)})", key=key, persist_state="session", help=PLAYS):
        return found
    return [each for each in found if each.id not in folded]


def run_labels(found: list[RunSummary]) -> dict[str, str]:
    """Runs by id as a list shows them, each unlike every other."""
    return told_apart({run.id: described(run) for run in found}, {run.id: f"run {run.number}" for run in found})


def described(run: RunSummary) -> str:
    """A run's name with a figure of its newest epoch: "digit_cnn 1 · 0.977 val_accuracy at epoch 12"."""
    figure = next(((name, run.metrics[name]) for name in ("val_accuracy", "val_loss", "loss") if name in run.metrics), None)
    return f"{run.name} · {format_number(figure[1])} {figure[0]} at epoch {run.epoch}" if figure else run.name
