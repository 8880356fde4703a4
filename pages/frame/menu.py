"""The project menu (names, networks, projects) and Share."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from builder import zoo
from builder.engine.opening import NO_WEIGHTS, SUFFIXES
from builder.errors import BuilderError
from builder.store import default_store
from builder.web.editing import make_edit, opened
from pages.frame import menu_delete, state
from pages.frame.words import plain


def project_menu(now: state.Current) -> None:
    """What can be done with the project and its networks."""
    with st.popover(plain(now.project.name), key="project_menu", width="content"):
        if now.editable:
            st.text_input(
                "Project name", now.project.name, max_chars=80, key=f"name {now.project.id}", on_change=_rename_project, args=(now,)
            )
        _networks(now)
        _projects(now)


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
    left, right = st.columns(2)
    left.button("Duplicate", icon=":material/content_copy:", width="stretch", on_click=_act, args=(_duplicate_network, now))
    help = None if len(names) > 1 else "A project keeps at least one network."
    if right.button("Delete", icon=":material/delete:", width="stretch", disabled=len(names) == 1, help=help):
        menu_delete.confirm_network(now)
    titles = {name: f"{entry.title}, {entry.total_params:,} parameters" for name, entry in zoo.ZOO.items()}
    st.selectbox(
        "New network",
        list(titles),
        None,
        format_func=titles.__getitem__,
        key="zoo",
        placeholder="From the zoo...",
        on_change=_add_network,
        args=(now,),
    )

    _open_file(now)


def _open_file(now: state.Current) -> None:
    """Add the network of a file that was saved here or by Keras; a file that is none says so, and nothing is lost."""
    turn = st.session_state.setdefault("_uploads", 0)
    help = "A network saved here (.json), or a Keras model: its layers are read, not its weights, and never its code."
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
        st.toast(plain(NO_WEIGHTS), icon=":material/info:", duration="long")
    if notes:
        st.toast(plain(f"Not taken over: {'; '.join(notes[:4])}"), icon=":material/info:", duration="long")
    st.session_state["_uploads"] = turn + 1  # an uploader is emptied by another key
    st.rerun()


def _projects(now: state.Current) -> None:
    """Open another project, begin one, or delete this one."""
    st.divider()
    known = [*default_store().projects(now.owner_token), default_store().command_line_project()]
    others = [project for project in known if project and project.id != now.project.id]
    if others:
        names = {project.id: project.name for project in others}
        st.selectbox(
            "Open another project",
            list(names),
            None,
            format_func=names.__getitem__,
            key=f"open {now.project.id}",
            on_change=_open_chosen,
            args=(now,),
        )
    left, right = st.columns(2)
    left.button("New project", width="stretch", on_click=_act, args=(_new_project, now))
    if now.editable and right.button("Delete project", width="stretch"):
        menu_delete.confirm_project(now)


def share(now: state.Current) -> None:
    """The link that lets others look, and Make a copy for whoever looks."""
    if not now.editable:
        st.button("Make a copy", type="primary", icon=":material/content_copy:", on_click=_act, args=(_copy_project, now))
        return
    with st.popover("Share", width="content"):
        st.write("Whoever has this link sees your changes as you make them, and can make a copy. Only you can change the project.")
        st.code(f"{(st.context.url or '').split('?')[0]}?project={now.project.id}", language=None, wrap_lines=True)
        st.button("Make a copy", icon=":material/content_copy:", on_click=_act, args=(_copy_project, now))


def _act(action: Callable[[state.Current], Any], now: state.Current) -> None:
    """Do something that may not work; say so where it does not."""
    try:
        action(now)
    except BuilderError as error:
        st.toast(plain(error.sentence), icon=":material/error:")


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
        _act(lambda now: _open_added(now, zoo.network(name)), now)


def _open_added(now: state.Current, network: Any) -> None:
    """Add a network to the project and open it; the store makes its name unique."""
    before = set(default_store().project(now.project.id).networks)
    default_store().add_network(now.project.id, network)
    added = [name for name in default_store().project(now.project.id).networks if name not in before]
    state.open_network(added[-1])


def _new_project(now: state.Current) -> None:
    project = default_store().create_project(now.owner_token, "New project", [zoo.network(state.FIRST_NETWORK)])
    state.open_project(project.id)


def _open_chosen(now: state.Current) -> None:
    if chosen := st.session_state[f"open {now.project.id}"]:
        state.open_project(chosen)


def _copy_project(now: state.Current) -> None:
    state.open_project(default_store().copy_project(now.project.id, now.owner_token).id)
