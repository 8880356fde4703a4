"""Fields of the training options: each made from its record, by its kind."""

import html
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from builder.catalogue import LAYERS
from builder.datasets import Dataset
from builder.network import Analysis
from builder.recipes import TRAINING_OPTIONS, Proposal, Recipe, TrainingOption, last_activation, propose_for
from builder.recipes.options import option
from builder.runs import Settings
from builder.typed import written
from pages.frame import state
from pages.frame.number_field import NUMBER
from pages.frame.words import plain
from pages.train.settings import NUMBERS, field, keep, refused, saved


class Asked(NamedTuple):
    """The context of the option fields; `warn`: whether a loss that disagrees is worth a warning, or larger problems stand in the way."""

    now: state.Current
    chosen: Settings
    dataset: Dataset
    recipe: Recipe
    analysis: Analysis
    warn: bool

    def proposal(self, loss: str = "") -> Proposal:
        """What the recipe proposes, for a loss of the person's own where one is given."""
        return propose_for(self.recipe, self.dataset, self.now.work.network, self.analysis, LAYERS, loss)


def fitting_only(chosen: Settings, dataset: Dataset, recipe: Recipe) -> Settings:
    """The settings without choices that say nothing here, as another task's metrics do."""
    fitting = {name: each.fitting(dataset, recipe) for name, each in TRAINING_OPTIONS.items() if each.fitting}
    names = {name: [each.name for each in options] for name, options in fitting.items()}
    return chosen.model_copy(update={name: tuple(each for each in getattr(chosen, name) if each in names[name]) for name in names})


def option_fields(asked: Asked, group: str) -> None:
    """The fields of a group's options that apply; those of the main group in two columns, but for what is proposed."""
    options = [each for each in TRAINING_OPTIONS.values() if each.group == group and each.applies(asked.chosen)]
    for each in options:
        if each.proposed:
            (_several if each.kind == "several" else _proposed)(asked, each)
    columns = st.columns(2) if group == "main" else [st.container()]
    for place, each in enumerate(each for each in options if not each.proposed):
        (_choice if each.kind == "choice" else _number)(asked, each, columns[place % len(columns)])


def _common(asked: Asked, each: TrainingOption, help: str) -> dict[str, Any]:
    """The arguments that every field of a setting has."""
    value = getattr(asked.chosen, each.name)
    key = field(asked.now, each.name, written(value) if each.kind in NUMBERS else value)
    return {"key": key, "help": help, "disabled": not asked.now.editable, "on_change": saved, "args": (asked.now, each.name)}


def _choice(asked: Asked, each: TrainingOption, place: DeltaGenerator) -> None:
    """One of several, under Keras's names, with its own help."""
    help = option(each.choices, getattr(asked.chosen, each.name), each.label).help
    place.selectbox(each.label, [choice.name for choice in each.choices], **_common(asked, each, help))


def _number(asked: Asked, each: TrainingOption, place: DeltaGenerator) -> None:
    """A number field, and its validation error."""
    fields = _common(asked, each, each.help)
    place.text_input(each.label, **NUMBER, **fields)
    if why := refused(asked.now).get(fields["key"]):
        place.markdown(f":small[:red[{plain(why)}]]")


def _proposed(asked: Asked, each: TrainingOption) -> None:
    """The loss with its proposal, and a warning where dataset, loss and last layer disagree."""
    proposed = getattr(asked.proposal(), each.name)
    value = getattr(asked.chosen, each.name) or proposed
    own = value != proposed
    key = field(asked.now, each.name, value)
    fields: dict[str, Any] = {
        "help": option(each.choices, value, each.label).help,
        "on_change": _keep_own,
        "args": (each.name, key, proposed),
    }
    with st.container(key=each.name):
        st.selectbox(each.label, [choice.name for choice in each.choices], key=key, disabled=not asked.now.editable, **fields)
        if not own:
            reason = f"{len(asked.dataset.classes)} classes" if asked.dataset.classes and asked.recipe.learns == "target" else "numbers"
            activation = last_activation(asked.now.work.network, LAYERS).function
            st.html(f'<span class="train-proposed">proposed: {reason}, {html.escape(activation)}</span>')
    for warning in asked.proposal(value).warnings if asked.warn else ():
        st.warning(plain(warning))
    if own and asked.now.editable:
        st.button(f"Use {plain(proposed)}", on_click=keep, kwargs={each.name: ""})


def _several(asked: Asked, each: TrainingOption) -> None:
    """Several of those that say something here; none chosen stands for the proposed ones."""
    proposed = getattr(asked.proposal(), each.name)
    value = list(getattr(asked.chosen, each.name) or proposed)
    fitting = each.fitting(asked.dataset, asked.recipe) if each.fitting else each.choices
    key = field(asked.now, each.name, value)
    helps = " ".join(option(each.choices, name, each.label).help for name in value)
    fields: dict[str, Any] = {"help": helps, "on_change": _keep_own, "args": (each.name, key, list(proposed))}
    st.multiselect(each.label, [choice.name for choice in fitting], key=key, disabled=not asked.now.editable, **fields)


def _keep_own(name: str, key: str, proposed: Any) -> None:
    """Keep a choice of the person's own; the proposed one is kept as "whatever is proposed"."""
    value = st.session_state[key]
    keep(**{name: type(proposed)() if value == proposed else value})
