"""Empty states of Explore: a network that is not trained yet, or an address whose run cannot be shown; the runs there are can be chosen."""

import streamlit as st

from builder.errors import Missing
from builder.runs import RunSummary
from builder.store import default_store
from pages.explore import view as data
from pages.explore.input import choose_run
from pages.frame import state
from pages.frame.words import heading, plain

NEWEST = 8  # runs that are offered


def show(now: state.Current, found: list[RunSummary]) -> None:
    """What is missing, how to make it, and the runs of other networks; where a run is on its way, the page comes by itself."""
    asked, there = state.chosen("run"), data.runs(now)
    if data.shown(there, now.network_name):
        st.rerun()
    title, words = why_not(now, str(asked)) if asked else untrained(now)
    st.html(heading(title))
    st.markdown(plain(words))
    if not data.coming(now) and st.button("Go to Train", type="primary", icon=":material/play_arrow:"):
        st.switch_page(str(state.PAGES / "2_train.py"), query_params={"project": now.project.id, "network": now.network_name})
    offered = [run for run in found if not run.past_play] or found
    if offered:
        st.markdown("Or look inside a run of this project:" if asked else "Or look inside a run of another network:")
    for run in offered[:NEWEST]:
        words = f"{choose_run.described(run)}, of {run.network_name}"
        st.button(plain(words), key=f"explore_open {run.id}", icon=":material/visibility:", on_click=choose_run.open_run, args=(run, now))


def untrained(now: state.Current) -> tuple[str, str]:
    """The open network has no run with weights."""
    if coming := data.coming(now):
        return (
            f"{coming.name} is {coming.status.value}",
            "The untrained network is here as soon as the run has begun, and each epoch as it ends.",
        )
    words = "Train this network, and see what each of its layers makes of a sample, from the untrained state on."
    return f"{now.network_name} is not trained yet", words


def why_not(now: state.Current, run_id: str) -> tuple[str, str]:
    """Why the run that was asked for cannot be shown."""
    try:
        run = default_store().run_summary(run_id)
    except Missing:
        return "There is no run at this address", "It may have been deleted, or the link is not complete."
    if run.project is None:
        return f"The run {run.name} is in no project", "Only runs of a project can be looked at here."
    if run.project != now.project.id:
        return f"The run {run.name} is in another project", "Its own link leads there."
    return f"The run {run.name} has no weights yet", f"It is {run.status.value}; the untrained weights come as it starts. {run.message}"
