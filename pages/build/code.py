"""Code export: the network as a Keras program that runs without Layerloom."""

import streamlit as st

from builder import code
from builder.network import Network, dump


def show(network: Network) -> None:
    """The exported program, and the three forms to download it in."""
    st.caption("This program builds the network on the canvas, and needs nothing but Keras.")
    name = "".join(sign if sign.isalnum() else "_" for sign in network.name)[:60] or "network"
    with st.container(horizontal=True, gap="small", key="downloads", vertical_alignment="center"):
        st.download_button("Program", lambda: code.program(network), f"{name}.py", "text/x-python", on_click="ignore")
        st.download_button(
            "Notebook",
            lambda: code.notebook(network),
            f"{name}.ipynb",
            "application/x-ipynb+json",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button("Network", lambda: dump(network), f"{name}.json", "application/json", on_click="ignore")
    st.code(code.program(network), language="python")
