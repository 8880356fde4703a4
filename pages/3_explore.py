"""Explore page: an input and its prediction on the left, the chosen view of a trained network (activations, attribution...) beside it."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import streamlit as st

from builder.engine import calls
from builder.errors import BuilderError
from builder.runs import Run, RunSummary, epochs, folder
from pages.explore import view as data
from pages.explore import views
from pages.explore.by_hand import by_hand
from pages.explore.compare import compare, other_side
from pages.explore.input import beside, choose, choose_run, no_run, own, perturb, shelf
from pages.explore.layers import layers
from pages.frame import address, keys, state
from pages.frame.words import plain

ASSETS = Path(__file__).resolve().parent.parent / "assets"
STYLE = "\n".join((ASSETS / name).read_text() for name in ("explore/explore.css", "explore/input/own.css"))
STEP, FOLLOW = 0.8, 2.0  # seconds: of a played epoch, and between looks at a run that trains


def explore(now: state.Current, found: list[RunSummary], run: Run) -> None:
    """The page's fragment: the input at the left, the chosen view beside it; a step of a slider redraws them and nothing else."""
    left, wide = st.columns([1.1, 4.8], gap="medium")
    with left:
        choose_run.choose_run(found, run, now)  # first, so that another run can be chosen where this one cannot be shown
    saved_epochs, dataset = epochs(folder(run.id)), data.dataset_of(run)
    view = data.view(run, saved_epochs, dataset)
    if not layers.layer_names(run.network):
        wide.info("This network has an input and no layer after it, so there is nothing to look at.")
        return
    with left:
        base = own.choose(run, dataset, view)
        shown = st.container()  # above what changes it
        view, words = perturb.choose(dataset, base, lambda: data.inspection(base, ()).arrays["raw"])
        shelf.button(dataset, view)
        choose.choose_epoch(run, saved_epochs, view)
    st.session_state[keys.ABOUT] = f"{data.about(run, view)} · {data.input_name(view)}"
    with wide, loading(), shown, st.spinner("Looking inside", show_time=False):
        inspected = data.inspection(view, ())
        original = data.inspection(base, ()) if words else None
    with shown:
        beside.show(dataset, inspected, original, words, own.steps(dataset))
    other_side.remember(base, words)
    with wide:
        chosen_view = views.choose(run, dataset)
        if (
            words
            and chosen_view is layers
            and st.toggle("Beside the original", value=True, key="explore_beside_original", persist_state="session")
        ):
            compare.pair(run, view, dataset, other_side.with_original(view))
        else:
            chosen_view.show(run, view, dataset, saved_epochs)
    if st.session_state.get(keys.PLAYING):
        choose.advance(saved_epochs, view)


def loading() -> AbstractContextManager[None]:
    """A spinner in the view's empty room while the first probe since the start loads TensorFlow."""
    if calls.status()["looks"]:
        return nullcontext()
    return st.spinner("TensorFlow is loading for the first look inside; it takes a few seconds.", show_time=False)


def guarded(now: state.Current, found: list[RunSummary], run: Run) -> None:
    """Error handling of the fragment: a probe that fails is a sentence in its place; the end of a followed run stops the polling."""
    try:
        if run.status.alive and not data.is_alive(run):
            st.rerun()
        address.follow(now, run.id)
        explore(now, found, run)
    except BuilderError as error:
        st.error(plain(error.sentence), icon=":material/error:")
        st.button("Try again", key="explore_again")


st.html(f"<style>{STYLE}</style>")
now = state.current()
found = data.runs(now)
run = data.shown(found, now.network_name)
if run is None:
    st.fragment(no_run.show, run_every=FOLLOW if data.coming(now) else None)(now, found)
    by_hand.alone()
elif run.network_name != now.network_name and run.network_name in now.project.networks:
    choose_run.open_run(run, now)  # an address may name a run of another network than the open one
    st.rerun()
else:
    clock = STEP if st.session_state.get(keys.PLAYING) else FOLLOW if run.status.alive else None
    st.fragment(guarded, run_every=clock)(now, found, run)
