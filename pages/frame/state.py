"""Session state and query parameters: what the pages share: whose project it is, which network is open, and what was chosen, from the address or the project.

Everything that lasts lives in the project; `st.session_state` only remembers it between two runs of a script.
"""

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import streamlit as st

from builder import zoo
from builder.engine.shipped import install
from builder.errors import Missing
from builder.network import Network
from builder.store import NetworkState, Project, default_store, may_edit
from builder.web.owner import owner_of
from pages.frame import keys, toasts
from pages.frame.words import local_time

FIRST_NETWORK = "digit_cnn"
PAGES = Path(__file__).resolve().parent.parent
# What the address may carry beside `project`; the rest of the choices (training settings...) only the project keeps.
LOOKED_AT = ("layer", "unit", "run", "part", "sample", "epoch", "view")
IN_ADDRESS = ("network", *LOOKED_AT)
BEHIND = 12  # addresses by which a browser may be behind


@dataclass(frozen=True)
class Current:
    """What one run of a page works on: a project, one of its networks, and what the person may do."""

    project: Project
    network_name: str
    work: NetworkState
    owner_token: str
    editable: bool


def warm() -> None:
    """Open the store and build the first network, so that the first visitor need not wait for it."""
    default_store()
    zoo.network(FIRST_NETWORK)


def owner_token() -> str:
    """The secret in the browser's cookie; without cookies one that lasts as long as the tab's session."""
    return owner_of(st.context.cookies.to_dict()) or str(st.session_state.setdefault("_owner", f"session-{secrets.token_hex(16)}"))


def current() -> Current:
    """The project of the address, or the person's newest, or a first one; a page that begins takes what the frame has just read.

    Raises:
        Missing: the address names a project that is not here, or the open one has been deleted.
    """
    if read := st.session_state.pop(keys.NOW, None):
        return cast("Current", read)
    owner = owner_token()
    with default_store().snapshot():
        if project := _project(owner):
            return _working_on(project, owner)
    return _working_on(first_project(owner), owner)


def _working_on(project: Project, owner: str) -> Current:
    """The network of a project that the address or the person has chosen, else its first."""
    _adopt_address(project)
    name = chosen("network")
    if name not in project.networks:
        name = project.networks[0]
    return Current(project, name, default_store().work(project.id, name), owner, may_edit(project, owner))


def _project(owner: str) -> Project | None:
    """The project of the address, of this session, or the person's newest; None at a first visit."""
    store = default_store()
    asked = st.query_params.get("project") or _project_of(st.query_params.get("run"))
    if asked and asked != st.session_state.get(keys.TOLD, {}).get("project"):
        return store.project(asked)
    if known := st.session_state.get(keys.PROJECT):
        return store.project(known)
    mine = store.projects(owner)
    return mine[0] if mine else None


def _project_of(run_id: str | None) -> str | None:
    """The project of a run that an address names alone; None where there is no such run."""
    if not run_id or st.session_state.get(keys.PROJECT):
        return None
    try:
        return default_store().run_summary(run_id).project
    except Missing:
        return None


def first_project(owner: str) -> Project:
    """What a first visit finds: the default network, with the run of it that ships."""
    network = zoo.network(FIRST_NETWORK)
    project = default_store().create_project(owner, project_name(network), [network])
    install(project.id)
    return project


def project_name(network: Network) -> str:
    """What a new project is called, after its network and the day: "LeNet-5, 28 November"."""
    entry = zoo.entry_of(network.name)
    return f"{entry.title if entry else network.name.replace('_', ' ').capitalize()}, {local_time(time.time()).strftime('%-d %B')}"


def _adopt_address(project: Project) -> None:
    """Adopt query parameters: the project's choices when it is opened, and what the address says wherever that is news."""
    query = {key: st.query_params[key] for key in ("project", *IN_ADDRESS) if key in st.query_params}
    told: dict[str, str] = st.session_state.get(keys.TOLD, {})
    if st.session_state.get(keys.PROJECT) == project.id and st.session_state.get("_seen") == query:
        return  # the browser still says what it said: what was chosen since is newer
    st.session_state["_seen"] = query
    written = _still_unread(query)
    if st.session_state.get(keys.PROJECT) != project.id:
        st.session_state[keys.PROJECT] = project.id
        linked = any(key in query for key in LOOKED_AT)  # a link that says what is looked at says all of it
        st.session_state[keys.CHOICES] = {key: value for key, value in project.choices.items() if not linked or key not in LOOKED_AT}
        told, written = {}, []
    news = {key: value for key, value in query.items() if key != "project" and all(each.get(key) != value for each in (told, *written))}
    if (asked := news.get("network")) and asked not in project.networks:
        toasts.tell(
            f"There is no network {asked} in this project: it may have been renamed or deleted. This is another one of its networks."
        )
    st.session_state[keys.CHOICES].update(news)
    st.session_state[keys.TOLD] = {**told, **query}


def _still_unread(query: dict[str, str]) -> list[dict[str, str]]:
    """The addresses written since the one that the browser has, that one first: a browser that is behind asks for nothing."""
    written: list[dict[str, str]] = st.session_state.get(keys.WRITTEN, [])
    if query in written:
        del written[: written.index(query)]
    return written


def chosen(key: str, default: Any = None) -> Any:
    """A choice from session state, last made on whatever page; values from the address are text."""
    return st.session_state.get(keys.CHOICES, {}).get(key, default)


def choose(**choices: Any) -> None:
    """Write choices to session state for this person's pages, and to the project where it is theirs."""
    known: dict[str, Any] = st.session_state.setdefault(keys.CHOICES, {})
    changed = {key: value for key, value in choices.items() if known.get(key, _MISSING) != value}
    if not changed:
        return
    known.update(changed)
    if project := st.session_state.get(keys.PROJECT):
        default_store().choose_as(owner_token(), project, **changed)


def give(key: str, value: Any) -> None:
    """Give a widget its value where it shows another; said again, it would be set in the browser over what a person does there just then."""
    if st.session_state.get(key, _MISSING) != value:
        st.session_state[key] = value


def open_network(name: str, run: str = "") -> None:
    """Go to another network of the project; what was looked at in the last one is not looked at any more."""
    choose(network=name, run=run, epoch="", layer="", unit="")


def open_project(project_id: str) -> None:
    """Go to another project at the next run of the page."""
    st.session_state.pop(keys.CHOICES, None)
    st.session_state.pop(keys.TOLD, None)
    st.session_state[keys.PROJECT] = ""
    st.query_params.from_dict({"project": project_id})


def address(now: Current) -> dict[str, str]:
    """The query parameters that lead back to what is on the screen."""
    told = {"project": now.project.id, "network": now.network_name}
    told |= {key: str(value) for key in IN_ADDRESS[1:] if (value := chosen(key)) not in (None, "")}
    return told


def mark_written(query: dict[str, str]) -> None:
    """Note the query parameters that the browser's address now has, so that they are no news when they come back."""
    st.session_state[keys.TOLD] = dict(query)
    written = st.session_state.get(keys.WRITTEN, [])
    st.session_state[keys.WRITTEN] = written if query in written[-1:] else [*written, dict(query)][-BEHIND:]


_MISSING = object()
