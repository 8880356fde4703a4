"""What can be worked out by hand, without a run: a kernel or pooling over a picture, self-attention, positional encodings."""

import streamlit as st

from builder.datasets import Dataset
from builder.errors import BuilderError
from builder.runs import Run
from pages.explore.attention import by_hand as attention
from pages.explore.attention import positions
from pages.explore.convolution import kernel, kernel_picture
from pages.explore.view import View
from pages.frame.words import plain

TITLE = "By hand"
KERNEL, ATTENTION, POSITIONS = "Kernel and pooling", "Self-attention", "Positions"


def applies(run: Run, dataset: Dataset) -> bool:
    """It needs no run, so it is there for every one."""
    return True


def show(run: Run, view: View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Each part in its tab; the sample at the left is among the kernel's pictures."""
    parts(kernel_picture.Sample(view, dataset) if dataset.kind == "image" else None, KERNEL)


@st.fragment
def alone() -> None:
    """The same in a project that has no run to look inside; nothing is computed until a part is chosen."""
    st.markdown("Meanwhile, work one of these out by hand:")
    try:
        parts(None)
    except BuilderError as error:
        st.error(plain(error.sentence), icon=":material/error:")


def parts(sample: kernel_picture.Sample | None, first: str | None = None) -> None:
    """The tabs and the chosen part, at first `first`."""
    tabs = (KERNEL, ATTENTION, POSITIONS)
    if st.session_state.get("by_hand_part") not in tabs:
        st.session_state["by_hand_part"] = first
    tab = st.segmented_control("By hand", tabs, key="by_hand_part", persist_state="session", label_visibility="collapsed")
    if tab == ATTENTION:
        attention.show()
    elif tab == POSITIONS:
        positions.by_formula()
    elif tab == KERNEL:
        kernel.desk(sample)
