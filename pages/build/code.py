"""Code export: the network and its training as a Keras program that runs without Layerloom."""

import streamlit as st

from builder import code
from builder.network import Analysis, Network, dump
from builder.runs import Settings


def show(network: Network, analysis: Analysis, settings: Settings) -> None:
    """The exported program, which trains as the Train page would now, and the three forms to download it in."""
    ends = code.Ends.of(network, analysis)
    if ends:
        st.caption("Builds the network on the canvas, trains it with what is set on Train, and tests it: without Layerloom.")
    else:
        st.caption("Builds the network on the canvas, without Layerloom. How it trains is added once every layer's shape is known.")
    name = "".join(sign if sign.isalnum() else "_" for sign in network.name)[:60] or "network"
    with st.container(horizontal=True, gap="small", key="downloads", vertical_alignment="center"):
        st.download_button("Program", lambda: code.program(network, settings, ends), f"{name}.py", "text/x-python", on_click="ignore")
        st.download_button(
            "Notebook",
            lambda: code.notebook(network, settings, ends),
            f"{name}.ipynb",
            "application/x-ipynb+json",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button("Network", lambda: dump(network), f"{name}.json", "application/json", on_click="ignore")
    st.code(code.program(network, settings, ends), language="python")
