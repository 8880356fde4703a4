"""The chosen run: its settings, why it failed, its test, its downloads, and what can be done with it."""

import streamlit as st

from builder.catalogue import facts
from builder.datasets import record, sizes
from builder.recipes import TRAINING_OPTIONS
from builder.runs import RunSummary
from builder.runs.defaults import known
from builder.runs.record import TOO_LARGE
from builder.store import default_store, may_edit
from builder.web.downloads import downloads
from builder.words import format_count
from pages.frame import state
from pages.frame.words import heading, plain
from pages.train import picture
from pages.train.mistakes import run_test
from pages.train.settings import forget_widgets, keep


def details(now: state.Current, run: RunSummary) -> None:
    """The right column: settings, failure, test, downloads and actions of the chosen run."""
    st.html(heading(run.name))
    st.caption(plain(described(run)))
    if run.goes_on:
        st.caption(plain(began(run)))
    if run.status == "failed":
        st.error(plain(run.message or "The run failed."))
        if now.editable and TOO_LARGE in run.message:
            lower = run.settings.learning_rate / 10
            st.button(
                f"Set the learning rate to {lower:g}", key=f"lower {run.id}", width="stretch", on_click=_reuse, args=(now, run, lower)
            )
        if run.traceback:
            with st.expander("Traceback"):
                st.code(run.traceback, language=None, wrap_lines=True)
    elif run.message and run.status in ("interrupted", "stopped", "finished"):
        st.info(plain(run.message))
    picture.picture(run)
    _test(now, run)
    _explore(now, run)
    _downloads(run)
    if now.editable:
        _actions(now, run)


def described(run: RunSummary) -> str:
    """A run's settings (hyperparameters) in one line."""
    kept = run.settings
    dataset = known(kept.dataset)
    options = sorted(TRAINING_OPTIONS.values(), key=lambda each: each.proposed)  # what replaces a proposal comes last
    said = [each.as_text(getattr(kept, each.name)) for each in options if each.applies(kept)]
    return " · ".join(part for part in (dataset.title if dataset else "Its table is gone", *said, run.device) if part)


def began(run: RunSummary) -> str:
    """Whose weights a run began with, where it went on from another's (warm start)."""
    assert run.lineage
    anew = f", and {format_count(len(run.lineage.anew), 'layer')} anew" if run.lineage.anew else ""
    return f"Began with the weights of {run.lineage.name or 'an earlier run'} in {format_count(len(run.lineage.kept), 'layer')}{anew}."


def tested(run: RunSummary) -> dict[str, float]:
    """Test metrics, once the test part was used."""
    event = default_store().last_event(run.id, "test")
    return event.data["metrics"] if event else {}


def _test(now: state.Current, run: RunSummary) -> None:
    """The test part is used once, after training; its figures stay."""
    if found := tested(run):
        st.caption(plain(f"On samples that training never saw, with the weights after epoch {run.epoch}"))
        for column, (name, value) in zip(st.columns(len(found)), found.items(), strict=True):
            column.metric(f"Test {name.replace('_', ' ')}", f"{value:.4g}")
    elif now.editable and run.status in ("finished", "stopped") and run.epoch and known(run.settings.dataset):
        help = "Once, when nothing more is changed: training has never seen these samples."
        st.button(f"Test on {_unseen(run)}", key=f"test {run.id}", width="stretch", help=help, on_click=run_test, args=(now, run))


def _unseen(run: RunSummary) -> str:
    return f"{sizes(record(run.settings.dataset).count)[2]:,} unseen samples"


def _explore(now: state.Current, run: RunSummary) -> None:
    """A button that opens the run in Explore."""
    page = state.PAGES / "3_explore.py"
    if run.epoch and page.exists() and st.button("Open in Explore", key=f"explore {run.id}", icon=":material/visibility:", width="stretch"):
        st.switch_page(str(page), query_params={"project": now.project.id, "network": now.network_name, "run": run.id})


TITLES = {
    "program.py": "Program",
    "notebook.ipynb": "Notebook",
    "first_weights.npz": "First weights",
    "model.keras": "Model",
    "history.csv": "History",
}


def _downloads(run: RunSummary) -> None:
    """Downloads: the program, the model and the history; and what Keras needs to read a model with layers of our own."""
    there = downloads(run)
    links = [f'<a href="/api/runs/{run.id}/files/{name}" download>{TITLES[name]}</a>' for name in there]
    if links:
        st.html(f'<div class="train-downloads">Download {" · ".join(links)}</div>')
    own = (
        sorted({node.layer for node in default_store().run(run.id).network.nodes if facts(node.layer).own})
        if "model.keras" in there
        else []
    )
    if own:
        given = ", ".join(f'"{layer}": program.{layer}' for layer in own)
        st.caption("To load this model, keep the program beside it, as program.py:")
        st.code(f"import keras, program\n\nmodel = keras.saving.load_model(\n    FILE, custom_objects={{{given}}}\n)", language="python")


def _actions(now: state.Current, run: RunSummary) -> None:
    """Use its settings again, rename it, delete it."""
    st.button(
        "Use these settings", width="stretch", icon=":material/content_copy:", on_click=_reuse, args=(now, run), key=f"reuse {run.id}"
    )
    with st.popover("Rename or delete", width="stretch"):
        st.text_input("Name", run.name, max_chars=80, key=f"name {run.id}", on_change=_rename, args=(now, run))
        alive = run.status.alive
        st.button(
            "Delete this run",
            icon=":material/delete:",
            width="stretch",
            disabled=alive,
            key=f"delete {run.id}",
            on_click=_delete,
            args=(now, run),
            help="Stop it first." if alive else "Its weights, history and model go for good.",
        )


def _reuse(now: state.Current, run: RunSummary, learning_rate: float | None = None) -> None:
    """Fill the form with this run's settings, with another learning rate where one is given."""
    keep(**run.settings.model_dump(mode="json") | ({} if learning_rate is None else {"learning_rate": learning_rate}))
    forget_widgets(now.project.id)


def _rename(now: state.Current, run: RunSummary) -> None:
    name = " ".join(st.session_state[f"name {run.id}"].split())
    if name and may_edit(now.project, now.owner_token):
        default_store().rename_run(run.id, name)


def _delete(now: state.Current, run: RunSummary) -> None:
    if may_edit(now.project, now.owner_token):
        default_store().delete_run(run.id)
        state.choose(run="")
