"""Widget state between views: what was set in one view is still set when another was looked at and one comes back."""

from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.store import default_store
from pages.explore.training import training
from tests.kit.kernel import Asked
from tests.kit.making import stored

ME = "session-me"
AUTOENCODER, STATISTICS = "pages.explore.autoencoder.autoencoder", "pages.explore.training.training"


def two_views(run_id: str) -> None:
    """The view that the session's `module` names."""
    import streamlit as st

    from tests.kit.viewing import chosen

    chosen(st.session_state["module"], run_id)


def look(page: AppTest, module: str) -> AppTest:
    page.session_state["module"] = module
    page.run()
    assert not page.exception
    return page


def test_a_slider_and_a_choice_keep_their_values_while_another_view_is_looked_at(asked: Asked) -> None:
    project = default_store().create_project(ME, "mine", [zoo.network("linear_autoencoder")])
    run = stored(zoo.network("linear_autoencoder"), "digits", "autoencoder", project=project.id)
    page = AppTest.from_function(two_views, default_timeout=60, args=(run.id,))
    page.session_state["_owner"], page.session_state["training_part"] = ME, training.LANDSCAPE
    page.query_params["project"] = project.id
    look(page, STATISTICS).selectbox(key="landscape_side").select(9).run()
    look(page, AUTOENCODER).slider(key="autoencoder_noise").set_value(0.75).run()
    assert look(page, STATISTICS).selectbox(key="landscape_side").value == 9
    assert look(page, AUTOENCODER).slider(key="autoencoder_noise").value == 0.75
