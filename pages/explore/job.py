"""Long-running job in a fragment: work in pieces that takes longer than a person waits, with a progress bar and a way to stop."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import streamlit as st

from builder.errors import BuilderError
from pages.frame.words import plain

TICK = 0.05  # seconds between two pieces, in which a press on Stop is heard


def run(name: str, wish: Hashable, count: int, ask: Callable[[int], Any], label: str, draw: Callable[[Sequence[Any]], None]) -> None:
    """Run a job in pieces: a button that begins it, then a progress bar; what has been found so far is drawn.

    Args:
        wish: what is asked for; another wish begins anew.
        count: pieces of it.
        ask: what a piece's place finds, within a second or so.
        draw: shows what has been found, the pieces in order.
    """
    job = st.session_state.setdefault(f"job {name}", {})
    if job.get("wish") != wish:
        job.clear()
        job.update(wish=wish, found=[], running=False)
    st.fragment(_panel, run_every=TICK if job["running"] else None)(name, job, count, ask, label, draw)


def _panel(
    name: str, job: dict[str, Any], count: int, ask: Callable[[int], Any], label: str, draw: Callable[[Sequence[Any]], None]
) -> None:
    """The job's fragment: one piece more where it runs, and what there is."""
    if job["running"]:
        _one_more(job, count, ask)
    found = job["found"]
    if job["running"]:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.progress(len(found) / count, f"{label}: {len(found)} of {count}", width="stretch")
            st.button("Stop", icon=":material/stop:", key=f"job_stop {name}", on_click=_turn, args=(job, False))
    elif len(found) < count:
        words = f"Go on, {len(found)} of {count} are there" if found else label
        st.button(words, icon=":material/play_arrow:", key=f"job_start {name}", on_click=_turn, args=(job, True))
    if job.get("sentence"):
        st.error(plain(job["sentence"]), icon=":material/error:")
    if found:
        draw(found)
    if job.pop("turned", False):
        st.rerun()  # the fragment gets or loses its clock


def _one_more(job: dict[str, Any], count: int, ask: Callable[[int], Any]) -> None:
    try:
        job["found"].append(ask(len(job["found"])))
    except BuilderError as error:
        job.update(running=False, turned=True, sentence=error.sentence)
        return
    if len(job["found"]) >= count:
        job.update(running=False, turned=True)


def _turn(job: dict[str, Any], running: bool) -> None:
    job.update(running=running, turned=True, sentence="")
