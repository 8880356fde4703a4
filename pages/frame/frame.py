"""The frame of every page: navigation, project menu, Share, and the footer that names the device.

The server runs this file as the page's script; it lies where no folder `pages/` is beside it, or Streamlit would list
the pages by itself.
"""

from pathlib import Path

import streamlit as st

from builder.engine import calls
from builder.errors import BuilderError, Missing
from pages.frame import address, beginning, failures, keys, menu, nowhere, preferences, state, toasts, welcome
from pages.frame.words import page_heading, plain

ROOT = Path(__file__).resolve().parent.parent.parent
# file, title; the first is the page that opens
PAGES = (("1_build.py", "Build"), ("2_train.py", "Train"), ("3_explore.py", "Explore"), ("4_lessons.py", "Lessons"))
LISTENING = ("Build", "Train")  # pages that hear of every edit
ICON = str(ROOT / "assets" / "icon.svg")
ASK_AGAIN = 3.0  # seconds between two looks at which device was found
STYLE, PRESENTING = ((ROOT / "assets" / "frame" / name).read_text() for name in ("frame.css", "presenting.css"))


def main() -> None:
    """Draw the frame and the page in it."""
    st.set_page_config(page_title="Layerloom", page_icon=ICON, layout="wide")
    files = [(ROOT / "pages" / file, title) for file, title in PAGES]
    pages = [st.Page(path, title=title, default=path.name == PAGES[0][0]) for path, title in files if path.exists()]
    page = st.navigation(pages, position="hidden")
    st.html(f"<style>{STYLE}{PRESENTING if preferences.is_on(preferences.PRESENTING) else ''}</style>")
    try:
        now = state.current()
    except Missing:
        st.html('<span class="wordmark">Layerloom</span>')
        nowhere.show()
        return
    except BuilderError as error:
        st.html('<span class="wordmark">Layerloom</span>')
        failures.show_failure(error)
        return
    titles = page.title, now.network_name, now.project.name
    st.set_page_config(page_title=" · ".join((*titles, "Layerloom")), page_icon=ICON, layout="wide")
    header(now, pages, page)
    st.html(page_heading(f"{titles[0]}: {titles[1]}, {titles[2]}"))
    address.show(now, watch=page.title not in LISTENING)
    preferences.keep()
    beginning.show(now)
    if page.title == PAGES[0][1]:
        welcome.show(now)
    try:
        st.session_state[keys.NOW] = now
        page.run()
    except BuilderError as error:
        st.error(plain(error.sentence), icon=":material/error:")
    finally:
        st.session_state.pop(keys.NOW, None)
    toasts.show()
    footer()


def header(now: state.Current, pages: list[st.Page], here: st.Page) -> None:
    """Name, pages, project menu and Share, in one row."""
    query = {"project": now.project.id, "network": now.network_name}
    with st.container(key="top", horizontal=True, vertical_alignment="center", gap="small"):
        st.html('<span class="wordmark">Layerloom</span>')
        with st.container(key="pages", horizontal=True, vertical_alignment="center", gap="small", width="content"):
            for page in pages:
                with st.container(key="page_here" if page.title == here.title else f"page_{page.url_path}", width="content"):
                    st.page_link(page, label=page.title, query_params=query)
        with st.container(key="project", horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
            menu.project_menu(now)
            menu.share(now)


def footer() -> None:
    """Where the computing happens, as soon as that is known."""
    known = bool(calls.status()["device"])
    with st.container(key="footer"):
        st.fragment(device, run_every=None if known else ASK_AGAIN)(known)


def device(known: bool) -> None:
    """The footer's fragment; once the device is found, all that names it is drawn anew."""
    name = calls.status()["device"]
    if name and not known:
        st.rerun()
    st.caption(f"Computes on {plain(name)}" if name else "Looking for a GPU")


main()
