"""Problems of the recipe form: a sentence each, with the buttons that were tried and help, and the network that fits the data."""

import streamlit as st

from builder import zoo
from builder.catalogue import LAYERS
from builder.datasets import Dataset, check
from builder.errors import BuilderError
from builder.network import Analysis, Fix, Network, Problem, apply
from builder.recipes import Recipe
from builder.store import default_store
from builder.web.broadcast import changes
from builder.web.editing import make_edit
from builder.web.ends import with_tried_fixes
from pages.frame import state, toasts
from pages.frame.words import plain
from pages.train.settings import CHANGED

START = {"classification": "iris_mlp", "regression": "diabetes_mlp"}  # of a table that brings no network of its own


def found(dataset: Dataset, network: Network, analysis: Analysis, recipe: Recipe) -> list[Problem]:
    """Every problem of a network and of its ends with a dataset; fixes that break another layer are left out."""

    def look(other: Network, seen: Analysis) -> list[Problem]:
        return check(dataset, other, seen, target=recipe.learns, inputs=len(recipe.takes))

    ends = [_with_steps(dataset, network, each) for each in look(network, analysis)]
    return list(with_tried_fixes(network, analysis, ends, look))


def _with_steps(dataset: Dataset, network: Network, problem: Problem) -> Problem:
    """A problem without a fix, where each step has a target: a recurrent layer that throws its steps away may keep them."""
    if problem.fixes or not dataset.per_step:
        return problem
    readers = [
        node for node in network.nodes if node.layer in LAYERS and LAYERS[node.layer].gates and not node.params.get("return_sequences")
    ]
    fixes = [
        Fix(
            label=f"Let {node.name} return its whole sequence",
            edit={"kind": "set", "name": node.name, "params": {"return_sequences": True}},
        )
        for node in readers
    ]
    return problem.model_copy(update={"fixes": tuple(fixes)})


def show(now: state.Current, dataset: Dataset, problems: list[Problem]) -> None:
    """The sentences and their buttons; where one has none, a network that fits comes first."""
    stuck = any(not problem.fixes for problem in problems)
    for place, problem in enumerate(problems):
        box = st.error if problem.severity == "error" else st.warning
        named = not problem.node or problem.message.startswith(f"{problem.node} ")
        box(plain(problem.message if named else f"{problem.node}: {problem.message}"))
        if stuck and place == 0:
            _fitting(now, dataset)
        for fix in problem.fixes if now.editable else ():
            st.button(plain(fix.label), key=f"fix {place} {fix.label}", on_click=_mend, args=(now, fix))
    if problems and not stuck:
        _fitting(now, dataset)


def _fitting(now: state.Current, dataset: Dataset) -> None:
    """A button for the network that the dataset starts with."""
    if not now.editable or dataset.network == now.network_name:
        return
    if dataset.network:
        st.button(f"Take the network {plain(dataset.network)}", on_click=_take_network, args=(now, dataset.network))
    elif dataset.kind in ("table", "points"):
        st.button("Take a network that fits this table", on_click=_take_own, args=(now, dataset))


def _take_network(now: state.Current, name: str) -> None:
    """Open the network that the dataset starts with; the project gets it where it has none of this name."""
    if name not in now.project.networks:
        default_store().add_network(now.project.id, zoo.network(name))
    _open(name)


def _take_own(now: state.Current, dataset: Dataset) -> None:
    """Open a new network whose ends fit a person's own table."""
    before = set(now.project.networks)
    added = default_store().add_network(now.project.id, fitting_network(dataset))
    _open(next(name for name in added.networks if name not in before))


def fitting_network(dataset: Dataset) -> Network:
    """A small multilayer perceptron with the dataset's features as its input and its classes, or its numbers, as its output."""
    network = zoo.network(START[dataset.task])
    units = len(dataset.classes) or dataset.targets
    network = apply(network, {"kind": "set", "name": network.inputs[0].name, "params": {"shape": list(dataset.input_shape)}}, LAYERS)
    network = apply(network, {"kind": "set", "name": network.outputs[0].name, "params": {"units": units}}, LAYERS)
    return network.model_copy(update={"name": "table_mlp"})


def _open(name: str) -> None:
    state.choose(network=name, layer="")
    st.session_state[CHANGED] = True


def _mend(now: state.Current, fix: Fix) -> None:
    """Make the edit that fixes a problem."""
    try:
        make_edit(now.project.id, now.network_name, now.work.revision, fix.edit)
        changes.announce(now.project.id)
    except BuilderError as error:
        toasts.tell(error.sentence)
    st.session_state[CHANGED] = True
