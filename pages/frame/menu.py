"""The project menu (names, networks, projects) and Share."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from builder import zoo
from builder.engine.opening import NO_WEIGHTS, SUFFIXES
from builder.errors import BuilderError
from builder.store import Project, default_store
from builder.web.editing import make_edit, opened
from builder.words import format_count, told_apart
from pages.frame import beginning, menu_delete, preferences, state, toasts
from pages.frame.component import component
from pages.frame.words import local_time, plain


def project_menu(now: state.Current) -> None:
    """What can be done with the project and its networks."""
    key = f"menu {now.project.id} {st.session_state.get(CLOSED, 0)}"  # another key is another menu, which is not open
    bar = st.container(key="project_menu", width="content")
    with bar.popover(plain(now.project.name), key=key, width="content"), st.container(key="menu_parts", gap="small"):
        _projects(now)
        st.html("<hr>")
        _networks(now)
        st.html("<hr>")
        preferences.toggle(preferences.PRESENTING, "Presentation: large type and cards")


def _close() -> None:
    """Close the menu: a dialog asks now, and nothing lies over it."""
    st.session_state[CLOSED] = st.session_state.get(CLOSED, 0) + 1


def _begin() -> None:
    """Close the menu, and ask with what a new project begins."""
    _close()
    beginning.ask()


EMPTY = "empty"  # among the zoo's names
CLOSED = "_menus_closed"  # how often the menu was closed by a press in it
COPIED = "A project of your own with these networks and settings. The runs stay here: train again to have runs of your own."
_COPY = component("copy", "frame/copy")
FILES = ["json", "keras", "h5"]
LARGEST = 64  # MiB of a file that is opened


def _networks(now: state.Current) -> None:
    """Switch between the project's networks; add, rename, duplicate or delete one."""
    names = list(now.project.networks)
    key = f"network {now.project.id} {now.network_name} {len(names)}"
    st.selectbox("Network", names, names.index(now.network_name), key=key, on_change=lambda: state.open_network(st.session_state[key]))
    if not now.editable:
        return
    rename_key = f"rename {now.project.id} {now.network_name}"
    st.text_input("Network name", now.network_name, max_chars=80, key=rename_key, on_change=_rename_network, args=(now, rename_key))
    with st.container(horizontal=True, gap="small"):
        st.button("Duplicate", icon=":material/content_copy:", width="stretch", on_click=_act, args=(_duplicate_network, now))
        help = None if len(names) > 1 else "A project keeps at least one network."
        if st.button("Delete", icon=":material/delete:", width="stretch", disabled=len(names) == 1, help=help, on_click=_close):
            menu_delete.confirm_network(now)
    ready = {name: f"{entry.title}, {format_count(entry.total_params, 'parameter')}" for name, entry in zoo.ZOO.items()}
    titles = {EMPTY: "Empty: an Input and nothing else"} | ready
    st.selectbox(
        "New network",
        list(titles),
        None,
        format_func=titles.__getitem__,
        key="zoo",
        placeholder="Empty, or from the zoo...",
        on_change=_add_network,
        args=(now,),
    )

    _open_file(now)


def _open_file(now: state.Current) -> None:
    """Add the network of a file that was saved here or by Keras; a file that is none says so, and nothing is lost."""
    turn = st.session_state.setdefault("_uploads", 0)
    help = f"A network saved here (.json), or a Keras model (.keras, .h5), at most {LARGEST} MiB: its layers are read, not its weights, and never its code."
    file = st.file_uploader("Open a network or a Keras model", type=FILES, key=f"upload {turn}", max_upload_size=LARGEST, help=help)
    if file is None:
        return
    try:
        network, notes = opened(file.getvalue(), file.name)
        _open_added(now, network)
    except BuilderError as error:
        st.error(plain(error.sentence), icon=":material/error:")
        return
    if file.name.lower().endswith(SUFFIXES):
        toasts.tell(NO_WEIGHTS, ":material/info:", "long")
    if notes:
        toasts.tell(f"Not taken over: {'; '.join(notes[:4])}", ":material/info:", "long")
    st.session_state["_uploads"] = turn + 1  # an uploader is emptied by another key
    st.rerun()


def _projects(now: state.Current) -> None:
    """Rename the project, open another one, begin one, or delete this one."""
    if now.editable:
        st.text_input("Project name", now.project.name, max_chars=80, key=f"name {now.project.id}", on_change=_rename_project, args=(now,))
    known = [*default_store().projects(now.owner_token), default_store().command_line_project()]
    others = [project for project in known if project and project.id != now.project.id]
    if others:
        names = project_labels(others)
        st.selectbox(
            "Open another project",
            list(names),
            None,
            format_func=names.__getitem__,
            key=f"open {now.project.id}",
            on_change=_open_chosen,
            args=(now,),
        )
    with st.container(horizontal=True, gap="small"):
        st.button("New project", width="stretch", on_click=_begin)
        if now.editable and st.button("Delete project", width="stretch", on_click=_close):
            menu_delete.confirm_project(now)


def project_labels(projects: list[Project]) -> dict[str, str]:
    """Projects by id as the list shows them, each unlike every other: with the day and hour of the last change where names are alike."""
    changed = {project.id: local_time(project.changed).strftime("changed %-d %b %Y %H:%M") for project in projects}
    return told_apart({project.id: project.name for project in projects}, changed)


def share(now: state.Current) -> None:
    """The link that lets others look, and Make a copy for whoever looks."""
    if not now.editable:
        st.button("Make a copy", type="primary", icon=":material/content_copy:", on_click=_act, args=(_copy_project, now), help=COPIED)
        return
    with st.popover("Share", width="content"):
        st.write(
            "Whoever has this link opens what you look at now, sees your changes as you make them, and can make a copy. Only you can change the project. An input of your own does not travel with it."
        )
        _COPY(key="copy_link", data={"label": "Copy the link"})
        st.button("Make a copy", icon=":material/content_copy:", on_click=_act, args=(_copy_project, now), help=COPIED)


def _act(action: Callable[[state.Current], Any], now: state.Current) -> None:
    """Do something that may not work; say so where it does not."""
    try:
        action(now)
    except BuilderError as error:
        toasts.tell(error.sentence)


def _rename_project(now: state.Current) -> None:
    name = " ".join(st.session_state[f"name {now.project.id}"].split())
    if name:
        _act(lambda now: default_store().rename_project(now.project.id, name), now)


def _rename_network(now: state.Current, key: str) -> None:
    def rename(now: state.Current) -> None:
        work = make_edit(now.project.id, now.network_name, None, {"kind": "rename_network", "to": st.session_state[key].strip()})
        state.choose(network=work.network.name)

    _act(rename, now)


def _duplicate_network(now: state.Current) -> None:
    _open_added(now, now.work.network)


def _add_network(now: state.Current) -> None:
    name, st.session_state["zoo"] = st.session_state["zoo"], None
    if name:
        _act(lambda now: _open_added(now, zoo.empty() if name == EMPTY else zoo.network(name)), now)


def _open_added(now: state.Current, network: Any) -> None:
    """Add a network to the project and open it; the store makes its name unique."""
    before = set(default_store().project(now.project.id).networks)
    default_store().add_network(now.project.id, network)
    added = [name for name in default_store().project(now.project.id).networks if name not in before]
    state.open_network(added[-1])


def _open_chosen(now: state.Current) -> None:
    if chosen := st.session_state[f"open {now.project.id}"]:
        state.open_project(chosen)


def _copy_project(now: state.Current) -> None:
    state.open_project(default_store().copy_project(now.project.id, now.owner_token).id)
