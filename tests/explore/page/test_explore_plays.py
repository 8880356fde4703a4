"""Plays among Explore's runs: folded away unless somebody wants them, and their epoch 0 is what it is."""

import shutil
from typing import Any

from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine.shipped import SHIPPED
from builder.runs import Run, Settings, Status, folder
from builder.runs.record import Lineage
from builder.runs.run_folder import epoch_path, epochs
from builder.store import Project, Store
from tests.kit.pages import Opened, html, labelled


def a_play(store: Store, project: Project, most: int = 12, **fields: Any) -> Run:
    """A play that has ended, with what a run leaves of its first epochs."""
    fields = {"played": True, "status": Status.stopped, "epoch": most, **fields}
    run = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"), **fields)
    place = folder(run.id)
    shutil.copytree(SHIPPED, place)
    for epoch in epochs(place):
        if epoch > most:
            epoch_path(place, epoch).unlink()
    return run


def offered(page: Any, key: str = "explore_run") -> list[str]:
    return list(next(each for each in page.selectbox if each.key == key).options)


def test_plays_that_nobody_kept_do_not_bury_the_runs(opened: Opened, run: Run, store: Store, project: Project) -> None:
    plays = [a_play(store, project) for _ in range(10)]
    store.update_run(plays[3].id, pinned=True)
    page = opened(run=run.id)
    assert [name.split(" · ")[0] for name in offered(page)] == [plays[3].name, run.name]
    labelled(page.toggle, "Plays on Build (9)").set_value(True).run()
    assert len(offered(page)) == 11 and not page.exception


def test_a_play_that_is_looked_at_is_in_the_list(opened: Opened, run: Run, store: Store, project: Project) -> None:
    one, other = (a_play(store, project) for _ in range(2))
    page = opened(run=one.id)
    assert [name.split(" · ")[0] for name in offered(page)] == [one.name, run.name]
    assert labelled(page.toggle, "Plays on Build (1)").value is False and other


def test_a_comparison_offers_the_runs_first_and_the_plays_behind_a_switch(run: Run, store: Store, project: Project) -> None:
    def script(project: str, shown: str) -> None:
        import streamlit as st

        from builder.runs import epochs, folder
        from builder.store import default_store
        from pages.explore import view
        from pages.explore.compare import other_side

        st.query_params["project"] = project
        run = default_store().run(shown)
        other_side.choose(run, view.View(shown, 12, "test", 0), view.dataset_of(run), epochs(folder(shown)))

    second = a_play(store, project, played=False)
    for _ in range(3):
        a_play(store, project)
    page = AppTest.from_function(script, default_timeout=60, kwargs={"project": project.id, "shown": run.id})
    page.session_state["compare_way"] = "Another run"
    page.run()
    assert [name.split(" · ")[0] for name in offered(page, "compare_run")] == [second.name]
    page.toggle(key="compare_plays").set_value(True).run()
    assert len(offered(page, "compare_run")) == 4 and not page.exception


def test_a_run_that_went_on_from_another_does_not_begin_untrained(opened: Opened, run: Run, store: Store, project: Project) -> None:
    play = a_play(store, project, lineage=Lineage(parent=run.id, name=run.name, kept=("conv_1",)))
    page = opened(run=play.id)
    assert page.select_slider(key="explore_epoch").options[0] == "start"
    page.select_slider(key="explore_epoch").set_value(0).run()
    assert "The weights that it began with" in html(page)
    assert any(button.label == "Play from start" for button in page.button)


def test_explore_opens_on_what_has_learned_rather_than_on_a_play_that_was_ended_at_once(
    opened: Opened, run: Run, store: Store, project: Project
) -> None:
    a_play(store, project, most=0)
    assert opened().selectbox(key="explore_run").value == run.id
    learned = a_play(store, project)
    assert opened().selectbox(key="explore_run").value == learned.id


def test_a_play_that_ended_within_its_first_epoch_waits_for_nothing(opened: Opened, store: Store, project: Project) -> None:
    page = opened(run=a_play(store, project, most=0).id)
    assert "Untrained: it ended within its first epoch." in html(page) and "appear here" not in html(page)
