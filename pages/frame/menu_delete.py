"""Deleting a network or a project: what becomes of its runs is said first, and nothing that still trains is lost by surprise."""

import streamlit as st

from builder.engine.launch import stop_all
from builder.errors import BuilderError
from builder.runs import RunSummary
from builder.store import default_store, may_edit
from builder.web.broadcast import changes
from builder.words import format_count
from pages.frame import state
from pages.frame.words import plain


@st.dialog("Delete this network?")
def confirm_network(now: state.Current) -> None:
    """The dialog of a network."""
    network_form(now)


@st.dialog("Delete this project?")
def confirm_project(now: state.Current) -> None:
    """The dialog of a project."""
    project_form(now)


def network_form(now: state.Current) -> None:
    """Delete the open network; its runs stay, unless a person wants them gone too."""
    runs = [run for run in default_store().runs(project_id=now.project.id) if run.network_name == now.network_name]
    alive = [run for run in runs if run.status.alive]
    st.write(f"**{plain(now.network_name)}** and the steps back of its history will be gone for good.")
    too = False
    if runs:
        one = len(runs) == 1
        st.write(
            f"{plain(describe_runs(runs))} {'It' if one else 'Each'} keeps a copy of the network as it was trained, and can still be looked at."
        )
        label = f"Delete its {'run' if one else format_count(len(runs), 'run')} too, with the weights"
        too = st.checkbox(label, help="What still trains is stopped first." if alive else None)
    keep, go = st.columns(2)
    if keep.button("Keep it", width="stretch"):
        st.rerun()
    if (
        go.button("Delete network", type="primary", width="stretch")
        and may_edit(now.project, now.owner_token)
        and _gone(runs if too else [])
    ):
        default_store().delete_network(now.project.id, now.network_name)
        changes.announce(now.project.id)  # whoever looks on hears that it is gone
        state.open_network(next(name for name in now.project.networks if name != now.network_name))
        st.rerun()


def project_form(now: state.Current) -> None:
    """Delete the project with all that is in it."""
    runs = default_store().runs(project_id=now.project.id)
    alive = [run for run in runs if run.status.alive]
    what = f"its {format_count(len(now.project.networks), 'network')}" + (f" and its {format_count(len(runs), 'run')}" if runs else "")
    st.write(f"**{plain(now.project.name)}** with {plain(what)} will be gone for good: weights, histories and models too.")
    if alive:
        st.warning(plain(describe_runs(alive)))
    keep, go = st.columns(2)
    if keep.button("Keep it", width="stretch"):
        st.rerun()
    label = "Stop and delete" if alive else "Delete project"
    if go.button(label, type="primary", width="stretch") and may_edit(now.project, now.owner_token) and _gone(runs):
        default_store().delete_project(now.project.id)
        changes.announce(now.project.id)
        rest = default_store().projects(now.owner_token)
        state.open_project(rest[0].id if rest else state.first_project(now.owner_token).id)
        st.rerun()


def describe_runs(runs: list[RunSummary]) -> str:
    """The number of runs, and which of them have not ended: "3 runs were made of it; digit_cnn 2 is running."."""
    going = [f"{run.name} is {run.status.value}" for run in runs if run.status.alive]
    ended = len(runs) - len(going)
    parts = [f"{format_count(ended, 'run')} of it {'has' if ended == 1 else 'have'} ended"] if ended else []
    return f"{'; '.join([*parts, *going])}."


def _gone(runs: list[RunSummary]) -> bool:
    """Stop and delete these runs; where that fails it is said, and the rest stays."""
    try:
        with st.spinner("Stopping"):
            stop_all([run.id for run in runs if run.status.alive])
        default_store().delete_runs([run.id for run in runs])
    except BuilderError as error:
        st.error(plain(error.sentence), icon=":material/error:")
        return False
    return True
