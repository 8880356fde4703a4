"""The Explore page and its address: what it opens, what a link shares, what each view keeps."""

import json
import shutil

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.runs import Run, folder
from builder.store import Project, Store
from pages.frame.state import IN_ADDRESS
from tests.kit.kernel import Asked
from tests.kit.making import stored
from tests.kit.numbers import number
from tests.kit.pages import Opened, html


def test_an_address_with_a_layer_opens_it_in_full(opened: Opened, run: Run, blocks: Asked) -> None:
    page = opened(layer="conv_2", unit="all")
    assert not page.exception
    (block,) = blocks
    assert "network" not in block or block["place"]["level"] == 2
    layer = block["layer"]
    assert layer["name"] == "conv_2" and layer["numbers"].shape == (64, 11, 11) and sum(layer["counts"]) == 11 * 11 * 64
    assert layer["kernel"]["values"].shape == (64, 16, 3, 3) and layer["less"] is None
    assert "The run's own output" in "\n".join(element.value for element in page.markdown)


def test_an_address_with_a_number_opens_its_arithmetic(opened: Opened, run: Run, blocks: Asked) -> None:
    assert not opened(layer="conv_1", unit="5,11,14").exception
    answer = blocks[-1]["lens"]["answer"]
    assert (answer["layer"], answer["map"], answer["at"]) == ("conv_1", 5, [11, 14]) and answer["check"]["value"] < 1e-5


@pytest.mark.parametrize("unit", ["x", "-1", "5,99,99", "999999", "5,x", ",,", "²", "5,²", "9" * 5000, "5,٣,९", ":²", "½:5"])
def test_an_address_with_a_number_that_is_not_there_shows_the_nearest(opened: Opened, run: Run, blocks: Asked, unit: str) -> None:
    page = opened(layer="conv_1", unit=unit)
    assert not page.exception and not page.error and blocks[-1]["place"]["level"] > 1


@pytest.mark.parametrize(
    "query",
    [{"sample": "99999"}, {"sample": "-3"}, {"sample": "abc"}, {"epoch": "7"}, {"epoch": "x"}, {"layer": "gone"}]
    + [dict.fromkeys(("sample", "epoch", "part", "view", "unit"), text) for text in ("²", "9" * 5000, "-" * 5000, "1e9", "\x00")],
)
def test_an_address_that_asks_for_what_is_not_there_shows_the_nearest(opened: Opened, run: Run, query: dict[str, str]) -> None:
    page = opened(**query)
    assert not page.error and "It says" in html(page)


def test_a_run_whose_table_is_gone_says_so_and_another_run_can_be_chosen(opened: Opened, run: Run, store: Store, project: Project) -> None:
    gone = stored(zoo.network("first_model"), "moons", project=project.id)
    settings = gone.settings.model_copy(update={"dataset": "table:" + 20 * "0"})
    mine = store.create_run(project.id, gone.network, settings)
    shutil.copytree(folder(gone.id), folder(mine.id))
    page = opened(run=mine.id)
    assert "a table that is here" in page.error[0].value.replace("\\", "")
    page.selectbox(key="explore_run").select(run.id).run()
    assert not page.error and "It says" in html(page)


def linked(page: AppTest) -> dict[str, str]:
    """The address that the page writes, without the project."""
    chosen = page.session_state["_choices"]
    return {key: str(chosen[key]) for key in IN_ADDRESS[1:] if key in chosen and chosen[key] not in (None, "")}


def test_a_shared_link_shows_the_sample_that_the_other_person_looks_at_whatever_the_project_shows_since(run: Run, opened: Opened) -> None:
    page = opened(layer="conv_2")
    page.segmented_control(key="explore_part").set_value("train").run()
    number(page, key="explore_sample").set_value(5).run()
    link = linked(page)
    assert (link["part"], link["sample"]) == ("train", "5")
    page = opened()
    page.segmented_control(key="explore_part").set_value("validation").run()
    page.select_slider(key="explore_epoch").set_value(4).run()  # the owner goes on; the link says nothing of an epoch
    theirs = opened(**link)
    shown = theirs.segmented_control(key="explore_part").value, number(theirs, key="explore_sample").value
    assert shown == ("train", 5) and theirs.select_slider(key="explore_epoch").value == run.epoch


def test_everything_that_decides_what_is_looked_at_is_in_the_address(run: Run, opened: Opened, store: Store, project: Project) -> None:
    page = opened()
    page.segmented_control(key="explore_part").set_value("train").run()
    number(page, key="explore_sample").set_value(5).run()
    page.select_slider(key="explore_epoch").set_value(4).run()
    assert set(store.project(project.id).choices) == {"part", "sample", "epoch"} < set(IN_ADDRESS)


def test_the_fragment_writes_run_epoch_sample_and_view_into_the_address(run: Run, opened: Opened, project: Project) -> None:
    def written(page: AppTest) -> dict[str, str]:
        [proto] = [each.proto for each in page.get("bidi_component") if each.proto.component_name.endswith("_address_seen")]
        return json.loads(proto.json)["query"]

    page = opened()
    assert written(page) == {"project": project.id, "network": "digit_cnn", "run": run.id}
    page.select_slider(key="explore_epoch").set_value(4).run()
    number(page, key="explore_sample").set_value(5).run()
    page.segmented_control(key="explore_view_name").set_value("heat").run()
    seen = {"run": run.id, "epoch": "4", "sample": "5", "view": "heat"}
    assert written(page) == {"project": project.id, "network": "digit_cnn", **seen}


def test_what_was_set_in_one_view_is_still_set_after_another_was_looked_at(run: Run, opened: Opened) -> None:
    page = opened(view="kernel")
    page.selectbox(key="kernel_side").select(96).run()
    page.toggle(key="kernel_colour").set_value(True).run()
    page.segmented_control(key="explore_view_name").set_value("layers").run()
    assert "kernel_side" not in [each.key for each in page.selectbox]
    page.segmented_control(key="explore_view_name").set_value("kernel").run()
    assert not page.exception
    assert (page.selectbox(key="kernel_side").value, page.toggle(key="kernel_colour").value) == (96, True)


def test_a_change_of_one_field_sets_no_other_so_that_what_is_done_there_meanwhile_is_not_lost(run: Run, opened: Opened) -> None:
    """A browser that is told a field's value again takes it over a change that it has not sent yet."""

    def told(page: AppTest) -> list[str]:
        fields = [*page.selectbox, *page.segmented_control, *page.text_input, *page.select_slider]
        return [str(each.key) for each in fields if str(each.key).startswith("explore_") and each.proto.set_value]

    page = opened()
    page.select_slider(key="explore_epoch").set_value(4).run()
    assert told(page) == []
    number(page, key="explore_sample").set_value(5).run()
    assert told(page) == []
    page.button(key="explore_sample more").click().run()
    assert told(page) == ["explore_sample"]  # which the buttons beside it changed
