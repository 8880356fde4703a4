"""Train page: a recipe on the left, the run's live learning curves in the middle, its details on the right."""

import streamlit as st

from builder.runs.defaults import known
from builder.store import default_store
from pages.frame import state
from pages.train import details, form, live, mistakes, used
from pages.train.settings import unit

now = state.current()
runs = live.all_runs(now)
live.missing(runs)
shown = live.shown_run(runs)
if shown and shown.passing and now.editable:
    shown = default_store().update_run(shown.id, pinned=True)  # whoever opens a play here keeps it
left, middle, right = st.columns([1, 2.4, 1.1], gap="medium")
with left:
    form.recipe(now)
with middle:
    live.curves(now, runs, shown, unit(known(shown.settings.dataset)) if shown else "sample")
    if shown:
        mistakes.show(now, shown)
    if now.editable:
        used.show()
with right:
    if shown:
        details.details(now, shown)
