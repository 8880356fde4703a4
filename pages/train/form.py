"""The recipe form: dataset, recipe and the options of training, what stands in the way, and the Train button."""

from urllib.parse import quote

import streamlit as st

from builder.datasets import DATASETS, Dataset, record
from builder.errors import BuilderError
from builder.network import Analysis
from builder.recipes import RECIPES
from builder.runs import Settings
from builder.web.editing import analysed
from builder.web.previews import draw_preview, preview_path
from pages.frame import state
from pages.frame.words import plain
from pages.train import problems, start
from pages.train.facts import before, facts
from pages.train.option_fields import Asked, fitting_only, option_fields
from pages.train.settings import CHANGED, field, refused, saved, settings, title
from pages.train.table import known_tables, type_table


@st.fragment
def recipe() -> None:
    """The left column, redrawn alone when one of its fields changes."""
    with st.container(key="recipe", gap="xsmall"):
        _form(state.current())
    if st.session_state.pop(CHANGED, None):
        st.rerun()  # once, for the other columns


def _form(now: state.Current) -> None:
    """Every field, what stands in the way, and what a run would take."""
    st.markdown("**Recipe**")
    chosen = settings(now)
    dataset, network = record(chosen.dataset), now.work.network
    analysis = analysed(network)
    _dataset(now, chosen, dataset, analysis)
    recipe = RECIPES[chosen.recipe]
    chosen = fitting_only(chosen, dataset, recipe)
    _recipe(now, chosen)
    known = problems.found(dataset, network, analysis, recipe)
    asked = Asked(now, chosen, dataset, recipe, analysis, warn=not known)
    option_fields(asked, "main")
    with st.expander("More"):
        option_fields(asked, "more")
    problems.show(now, dataset, known)
    st.html(before(chosen, dataset, analysis, now.project.id))
    _train(now, chosen, blocked=bool(refused(now)) or any(problem.severity == "error" for problem in known))


def _dataset(now: state.Current, chosen: Settings, dataset: Dataset, analysis: Analysis) -> None:
    """The dataset's field, preview and facts, with the preprocessing steps that fit it to the network."""
    names = [*DATASETS, *known_tables(chosen.dataset)]
    key = field(now, "dataset", chosen.dataset)
    help = plain(f"{dataset.summary} Source: {dataset.source}.")  # a table's summary has a person's own words
    st.selectbox("Dataset", names, key=key, format_func=title, disabled=not now.editable, on_change=saved, args=(now, "dataset"), help=help)
    _preview(now, dataset)
    st.caption(plain(" · ".join(facts(dataset, now.work.network, analysis))))
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


def _train(now: state.Current, chosen: Settings, blocked: bool) -> None:
    """The one primary button."""
    if not now.editable:
        st.caption("This is someone else's project. Make a copy to train it.")
        return
    st.button("Train", type="primary", width="stretch", disabled=blocked, on_click=_press, args=(chosen,))


def _press(chosen: Settings) -> None:
    start.start(state.current(), chosen)
    st.session_state[CHANGED] = True
