"""Welcome (onboarding) of one line on the first page: three doors, and gone for good once one was used."""

import time

import streamlit as st

from builder.network import Network
from builder.runs import RunSummary, Status
from builder.store import default_store
from pages.frame import beginning, keys, preferences, state
from pages.frame.words import plain


def show(now: state.Current) -> None:
    """The line, for a person who has used none of its doors yet."""
    if not now.editable or preferences.is_on(preferences.WELCOMED):
        return
    run = finished(now)
    sentence = came_with(now, run)
    with st.container(key="welcome", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**Welcome.** {plain(sentence)}")
        st.button("Watch it learn", icon=":material/play_arrow:", on_click=_watch)
        st.button("Build your own", icon=":material/add:", on_click=_build)
        if run and st.button("Look inside", icon=":material/visibility:"):
            used()
            state.choose(run=run.id, epoch="")
            st.switch_page(str(state.PAGES / "3_explore.py"), query_params=_here(now, run))
        st.button("Close", icon=":material/close:", type="tertiary", key="welcome_close", on_click=used)


def finished(now: state.Current) -> RunSummary | None:
    """The newest finished run of the open network."""
    runs = default_store().runs(project_id=now.project.id)
    return next((run for run in runs if run.network_name == now.network_name and run.status == Status.finished), None)


def came_with(now: state.Current, run: RunSummary | None) -> str:
    """What the finished run of the network on the canvas has reached, in a sentence; "" where none is, or it was edited since."""
    if run is None or not same(default_store().run(run.id).network, now.work.network):
        return ""
    share = run.metrics.get("val_accuracy")
    reached = f": right on {100 * share:.0f} % of what it had not seen" if share else ""
    return f"{now.network_name} was trained once already{reached}."


def same(one: Network, other: Network) -> bool:
    """Whether two networks have the same layers and wires, whatever they are called."""
    return one.nodes == other.nodes and one.edges == other.edges


def _here(now: state.Current, run: RunSummary) -> dict[str, str]:
    return {"project": now.project.id, "network": now.network_name, "run": run.id}


def used() -> None:
    """It has done its work, for good."""
    preferences.switch(preferences.WELCOMED, on=True)


def _watch() -> None:
    used()
    st.session_state[keys.PLAY] = time.time()


def _build() -> None:
    used()
    beginning.ask()
