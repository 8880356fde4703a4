"""Convolution and pooling by hand: a kernel of a person's own over a picture, computed in the browser as it is typed, and again by numpy."""

from typing import Any

import numpy as np
import streamlit as st

from builder.errors import BuilderError
from builder.probes.convolution import kernel_by_hand as by_hand
from builder.words import format_count
from pages.explore import drawing
from pages.explore import html as marks
from pages.explore.convolution import kernel_picture
from pages.frame import state
from pages.frame.words import plain

TITLE = "Kernel by hand"
KEY = "explore_kernel"
NOTE = (
    "Each sum is a window of the picture times the kernel. Layers of networks do the same, which is a cross-correlation; a "
    "convolution in the mathematical sense flips the kernel first. Pooling takes a window's maximum or average instead. It shows what one kernel answers to, not what a network has learned."
)


def desk(sample: kernel_picture.Sample | None) -> None:
    """Convolution by hand: a picture to choose, the kernel beside it, and numpy's check of what is shown."""
    st.html(marks.note(NOTE))
    chosen = kernel_picture.chosen(sample)
    if chosen is None:
        return
    name, picture = chosen
    place = kernel_picture.place()
    told: dict[str, Any] = {
        "id": name,
        "picture": picture,
        "start": _start(),
        "limits": LIMITS,
        "about": f"{TITLE} · {kernel_picture.PLACES[place]}",
    }
    told["numbers"] = place == kernel_picture.NUMBERS
    drawing.draw("explore/convolution/kernel", KEY, told, on_kernel_change=_take)
    checked(name, picture)


LIMITS: dict[str, Any] = {
    "sides": list(by_hand.SIDES),
    "stride": by_hand.MOST_STRIDE,
    "dilation": by_hand.MOST_DILATION,
    "paddings": by_hand.PADDINGS,
    "does": by_hand.DOES,
    "presets": {name: [list(row) for row in rows] for name, rows in by_hand.PRESETS.items()},
    "divided": list(by_hand.DIVIDED),
}


def _start() -> dict[str, Any]:
    """The initial kernel in the browser, the project's last one; fixed in session state, so that nothing is sent twice."""
    if "kernel_start" not in st.session_state:
        st.session_state["kernel_start"] = _kept() or by_hand.Kernel(by_hand.PRESETS["Vertical edges"])._asdict()
    return dict(st.session_state["kernel_start"])


def _kept() -> dict[str, Any] | None:
    """The kernel that was last typed; one that pools keeps what was typed `before` it."""
    try:
        kept = state.chosen("kernel") or {}
        before = {"before": by_hand.read(kept["before"])._asdict()} if kept.get("before") else {}
        return by_hand.read(kept)._asdict() | before
    except (BuilderError, AttributeError):
        return None


def _take() -> None:
    """The callback of the debounced kernel: what the browser computed, once the typing has paused."""
    asked = getattr(st.session_state[KEY], "kernel", None)
    if asked:
        st.session_state["kernel_typed"] = asked
        state.choose(kernel=asked["kernel"])


def checked(name: str, picture: np.ndarray) -> None:
    """Check of the convolution: the same sums by numpy, held against the browser's; and the arrays to take home."""
    typed = st.session_state.get("kernel_typed")
    if not typed or typed.get("id") != name:
        return
    try:
        kernel = by_hand.read(typed["kernel"])
        found = by_hand.over(picture, kernel)
        off = by_hand.gap(found, typed["sums"]["rows"], typed["sums"]["columns"])
    except BuilderError as error:
        st.warning(plain(error.sentence), icon=":material/edit:")
        return
    count = format_count(found.size, "sum" if kernel.does == "sum" else "number")
    drawing.badges([{"name": f"{count}, added by row and by column, against numpy's", "value": off}], limit=1e-9)
    if kernel.stride > 1 and kernel.dilation > 1:
        st.html(marks.note("Keras's own Conv2D takes a stride or a dilation above 1, not both; here they can be tried together."))
    arrays = {"picture": picture, "kernel": kernel.array, "sums": found}
    drawing.download(arrays, "kernel by hand", "kernel_npz")
