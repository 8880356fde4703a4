"""Train: a recipe on the left, the run as it learns in the middle, its details on the right."""

import streamlit as st

from pages.parts import state, train_details, train_form, train_live
from pages.parts.train_settings import known, unit

now = state.current()
runs = train_live.all_runs(now)
shown = train_live.shown_run(runs)
left, middle, right = st.columns([1, 2.4, 1.1], gap="medium")
with left:
    train_form.recipe()
with middle:
    train_live.curves(now, runs, shown, unit(known(shown.settings.dataset)) if shown else "samples")
with right:
    if shown:
        train_details.details(now, shown)
