"""Layerloom's server: Streamlit's pages and our own routes in one process. Start it with `make run`."""

import asyncio
import gc
import runpy
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

FRAME = Path(__file__).resolve().parent / "pages" / "frame" / "frame.py"
# Loaded before the first visitor comes: what the first page imports, and what Streamlit imports for its first component.
FIRST_PAGE = (
    "pandas",
    "streamlit.material_icon_names",
    "pages.build.canvas",
    "pages.build.code",
    "pages.build.form",
    "pages.frame.menu",
)
HEAD_START = 5.0  # seconds that the first page gets before Keras loads: it needs a core, and the page needs no Keras


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Load what the first page needs, then start Keras's processes beside it; end them with the server."""
    from builder.engine import calls
    from builder.home import home
    from builder.web.collecting import collect_on_timer
    from builder.web.descriptors import raise_limit
    from builder.web.tcp_nodelay import disable_nagle
    from pages.frame.failures import keep_log_of_bugs
    from pages.frame.state import warm

    for part in FIRST_PAGE:
        import_module(part)
    keep_log_of_bugs()
    raise_limit()
    disable_nagle()
    warm()
    (home() / "address").write_text(f"http://localhost:{st.get_option('server.port')}")  # the command line ends with links to it
    with ExitStack() as held:
        tasks = [asyncio.create_task(start_helpers(held)), asyncio.create_task(collect_on_timer())]
        try:
            yield {}
        finally:
            for task in tasks:
                task.cancel()
            calls.shut_down()


async def start_helpers(held: ExitStack) -> None:
    """Start the kernels and make sure of a supervisor, for as long as `held` is."""
    from builder.engine import calls, supervisor

    await asyncio.sleep(HEAD_START)
    calls.warm_up()
    held.enter_context(supervisor.hold_app())
    gc.collect()
    gc.freeze()  # what lives for ever need not be looked through again


def show_error(error: Exception) -> bool:
    """A page that fails says so in its place."""
    from pages.frame.failures import show_failure

    return show_failure(error)


# Streamlit's own test runner runs this file as the page; the server imports it and never does.
if get_script_run_ctx(suppress_warning=True) is not None:
    runpy.run_path(str(FRAME), run_name="__main__")
else:
    from builder.web import MIDDLEWARE, ROUTES

    app = st.App(FRAME, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan, on_script_error=show_error)
