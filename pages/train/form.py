"""The recipe form: dataset, recipe and the options of training, what stands in the way, and the Train button."""

from typing import Any
from urllib.parse import quote

import streamlit as st

from builder.datasets import DATASETS, Dataset, record
from builder.errors import BuilderError
from builder.network import Analysis
from builder.recipes import RECIPES, Recipe
from builder.runs import Settings
from builder.web.editing import analysed
from builder.web.previews import draw_preview, preview_path
from pages.frame import state, toasts
from pages.frame.words import heading, plain
from pages.train import problems, start
from pages.train.facts import before, facts
from pages.train.option_fields import Asked, fitting_only, option_fields
from pages.train.settings import CHANGED, field, refused, saved, settings, titles
from pages.train.table import known_tables, type_table

ASK_AGAIN = 1.0  # seconds between two looks at whether Keras has answered


def recipe(now: state.Current) -> None:
    """The left column, redrawn alone when one of its fields changes, and by itself until Keras has answered."""
    waiting = analysed(now.work.network).pending
    st.fragment(_recipe_column, run_every=ASK_AGAIN if waiting else None)(waiting)


def _recipe_column(waiting: bool) -> None:
    """The column's fragment; the whole page is drawn anew where the other columns change too, or where the clock has to stop."""
    now = state.current()
    analysis = analysed(now.work.network)
    with st.container(key="recipe", gap="xsmall"):
        _form(now, analysis)
    if st.session_state.pop(CHANGED, None) or analysis.pending != waiting:
        st.rerun()
    toasts.show()


def _form(now: state.Current, analysis: Analysis) -> None:
    """Every field, what stands in the way, and what a run would take."""
    st.html(heading("Recipe"))
    chosen = settings(now)
    dataset, network = record(chosen.dataset), now.work.network
    recipe = RECIPES[chosen.recipe]
    _dataset(now, chosen, dataset, recipe, analysis)
    chosen = fitting_only(chosen, dataset, recipe)
    _recipe(now, chosen)
    known = [] if analysis.pending else problems.found(dataset, network, analysis, recipe)
    asked = Asked(now, chosen, dataset, recipe, analysis, warn=not known)
    option_fields(asked, "main")
    with st.expander("More"):
        option_fields(asked, "more")
    if analysis.pending:  # neither a problem nor a figure before it is known
        st.caption("Keras is loading; what this network needs follows in a moment.")
    else:
        problems.show(now, dataset, known)
        st.html(before(chosen, dataset, analysis, now.project.id))
    blocked = analysis.pending or bool(refused(now)) or any(problem.severity == "error" for problem in known)
    _train(now, chosen, blocked, waits=analysis.pending)


def _dataset(now: state.Current, chosen: Settings, dataset: Dataset, recipe: Recipe, analysis: Analysis) -> None:
    """The dataset's field, preview and facts, with the preprocessing steps that fit it to the network."""
    named = titles([*DATASETS, *known_tables(chosen.dataset)])
    key = field(now, "dataset", chosen.dataset)
    help = plain(f"{dataset.summary} Source: {dataset.source}.")  # a table's summary has a person's own words
    fields: dict[str, Any] = {"disabled": not now.editable, "on_change": saved, "args": (now, "dataset"), "help": help}
    st.selectbox("Dataset", named, key=key, format_func=named.__getitem__, **fields)
    _preview(now, dataset)
    st.caption(plain(" · ".join(facts(dataset, now.work.network, analysis, inputs=len(recipe.takes)))))
    if now.editable and st.button("Type a table", icon=":material/table:", type="tertiary"):
        type_table(now)


def _recipe(now: state.Current, chosen: Settings) -> None:
    """The recipe, how the network learns: supervised (the target) or as an autoencoder (its own input again)."""
    fitting = [name for name, each in RECIPES.items() if record(chosen.dataset).task in each.tasks]
    key = field(now, "recipe", chosen.recipe)
    help = RECIPES[chosen.recipe].summary
    title = {name: RECIPES[name].title for name in (*fitting, chosen.recipe)}
    st.selectbox(
        "How it learns",
        title,
        key=key,
        format_func=title.__getitem__,
        disabled=not now.editable,
        on_change=saved,
        args=(now, "recipe"),
        help=help,
    )


# How the picture of some samples is read, by their kind; images need no words.
SEEN = {
    "table": "Across: samples. Down: features, blue below a feature's mean, orange above it.",
    "points": "A colour for each class.",
    "sequence": "Six samples, step by step.",
    "tokens": "Below each sample, in blue: its target.",
}


def _preview(now: state.Current, dataset: Dataset) -> None:
    """Some samples as one picture, which the browser asks for by itself; a download only when a person wants it."""
    if dataset.download and not preview_path(dataset.name).exists():
        if not now.editable or not st.button("Fetch it and show samples", icon=":material/download:", width="stretch"):
            return
        try:
            with st.spinner("Fetching"):
                draw_preview(dataset.name, timeout=600)
        except BuilderError as error:
            st.warning(plain(error.sentence))
            return
    address = f"/api/datasets/{quote(dataset.name, safe='')}/preview"
    told = SEEN.get(dataset.kind, "")
    picture = f'<img class="train-preview {dataset.kind}" src="{address}" alt="Samples of the dataset. {told}">'
    st.html(f'<figure class="train-samples">{picture}<figcaption>{told}</figcaption></figure>')


def _train(now: state.Current, chosen: Settings, blocked: bool, waits: bool) -> None:
    """The one primary button; it stays in sight, but where something is to be mended first."""
    if not now.editable:
        st.caption("This is someone else's project. Make a copy to train it.")
        return
    with st.container(key="train_button" if waits or not blocked else "train_after_mending"):
        st.button("Train", type="primary", width="stretch", disabled=blocked, on_click=_press, args=(chosen,))


def _press(chosen: Settings) -> None:
    start.start(state.current(), chosen)
    st.session_state[CHANGED] = True
