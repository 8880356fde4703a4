"""Hands in a real browser: what is dropped lands where the light was, several layers are one, and copies go anywhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from builder.bench.browser import chromium
from builder.network import Edge, Network, Node, dump
from tests.kit.browsing import tab
from tests.kit.hands import card, drag, focus, kind, marked, names, open_from_the_zoo, point, title, wires

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(300)]
STATES = Network(
    name="states",
    nodes=(
        Node(name="input", layer="Input", params={"shape": [7, 4]}),
        Node(name="lstm", layer="LSTM", params={"units": 6, "return_state": True}),
        Node(name="answer", layer="Dense", params={"units": 2}),
    ),
    edges=(Edge(source="input", target="lstm"), Edge(source="lstm", target="answer")),
)


@pytest.fixture
def page(server: str, chrome: Any) -> Iterator[Any]:
    """A first visit, its network and its form drawn."""
    with tab(chrome) as page:
        page.goto(server)
        title(page, "conv_1")
        yield page


def seen(page: Any, name: str) -> bool:
    """Whether a card is on the screen, clear of the bar."""
    box = card(page, name).bounding_box()
    return bool(
        box["y"] >= page.locator(".stage").bounding_box()["y"] - 1 and box["y"] + box["height"] <= page.locator(".bar").bounding_box()["y"]
    )


def test_a_palette_entry_lands_on_the_wire_the_card_or_the_ground_below_it(page: Any) -> None:
    pool = card(page, "pool_2").bounding_box()
    drag(page, kind(page, "LeakyReLU"), (pool["x"] + pool["width"] + 60, pool["y"] + 40))
    title(page, "leaky_re_lu")
    assert marked(page, "loose") == {"leaky_re_lu"}
    assert abs(card(page, "leaky_re_lu").bounding_box()["y"] - card(page, "pool_2").bounding_box()["y"]) < 2  # the row where it was dropped

    drag(page, kind(page, "Activation"), point(card(page, "conv_1"), 0.1, 1.1))
    title(page, "activation")
    assert {"conv_1 and activation", "activation and pool_1"} <= wires(page)

    drag(page, kind(page, "ReLU"), point(card(page, "flatten"), 0.3, 0.7))
    title(page, "re_lu")
    assert {"flatten and re_lu", "re_lu and dense"} <= wires(page)

    drag(page, point(card(page, "leaky_re_lu"), 0.3), point(card(page, "pool_2"), 0.5, -0.1))  # a loose card onto a wire
    page.get_by_label("Insert a layer between leaky_re_lu and pool_2").wait_for()
    page.locator(".card.loose").wait_for(state="detached")


def test_a_dot_on_the_ground_branches_and_shift_stands_beside_a_wire(page: Any) -> None:
    card(page, "flatten").click()
    drag(page, point(card(page, "flatten").locator(".handle")), point(card(page, "dense"), 1.1))
    page.locator(".picker input").wait_for()
    page.keyboard.type("dense 5")
    page.keyboard.press("Enter")
    title(page, "dense_1")
    assert {"flatten and dense_1", "flatten and dense"} <= wires(page)

    page.get_by_label("Insert a layer between conv_1 and pool_1").click(modifiers=["Shift"])
    page.keyboard.type("conv 32 3 same")
    page.keyboard.press("Enter")
    title(page, "conv2d")
    assert {"conv_1 and conv2d", "conv2d and add", "conv_1 and add", "add and pool_1"} <= wires(page)
    card(page, "add").get_by_text("26 × 26 × 32").wait_for()
    assert not page.locator(".card.has-error").count()


def test_a_card_that_is_cut_off_stays_in_view(page: Any) -> None:
    before = card(page, "dense").bounding_box()["y"]
    page.get_by_label("Insert a layer between flatten and dense").click()
    page.get_by_text("Remove this connection").click()
    page.get_by_label("Insert a layer between flatten and dense").wait_for(state="detached")
    page.wait_for_timeout(700)  # cards slide
    assert marked(page, "loose") == {"dense", "digits"}
    assert seen(page, "dense") and abs(card(page, "dense").bounding_box()["y"] - before) < 100
    assert focus(page) == "dense"


def test_several_layers_are_selected_copied_and_deleted_as_one(page: Any) -> None:
    card(page, "conv_1").click()
    card(page, "pool_2").click(modifiers=["Shift"])
    assert marked(page, "selected") == {"conv_1", "pool_2"}
    left, top = point(card(page, "conv_1"), -0.1, 0.5)
    page.keyboard.down("Shift")
    drag(page, (left, top), point(card(page, "conv_2"), 0.5, 0.5))
    page.keyboard.up("Shift")
    assert marked(page, "selected") == {"conv_1", "pool_1", "conv_2"}
    page.wait_for_timeout(800)  # what copying needs has come
    page.keyboard.press("Control+c")
    page.get_by_text("3 layers copied.").wait_for()

    page.keyboard.press("Delete")
    page.get_by_label("Insert a layer between input and pool_2").wait_for()
    page.keyboard.press("Control+z")
    card(page, "conv_2").wait_for()
    assert len(names(page)) == 8  # one edit, one step

    open_from_the_zoo(page, "Multilayer perceptron")
    card(page, "input").click()
    page.keyboard.press("Control+v")
    card(page, "conv_2").wait_for()
    assert {"input and conv_1", "conv_1 and pool_1", "pool_1 and conv_2"} <= wires(page)
    page.wait_for_timeout(300)
    assert marked(page, "selected") == {"conv_1", "pool_1", "conv_2"}
    page.keyboard.press("Control+d")
    card(page, "pool_2").wait_for()
    assert "conv_2 and conv_3" in wires(page)
    page.keyboard.press("Escape")
    page.evaluate("navigator.clipboard?.writeText('no layers').catch(() => {})")


def test_a_large_network_is_found_in_fitted_and_seen_in_small(page: Any) -> None:
    assert not page.locator(".minimap").is_visible()
    open_from_the_zoo(page, "ResNet-18")
    page.locator(".minimap").wait_for()
    page.keyboard.press("Control+f")
    page.keyboard.type("global")
    page.get_by_text("1 of 1").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_timeout(800)
    assert focus(page) == "avg_pool" and seen(page, "avg_pool")
    page.locator(".minimap svg").click(position={"x": 20, "y": 2})
    page.wait_for_timeout(200)
    assert page.locator(".stage").evaluate("stage => stage.scrollTop") == 0
    page.keyboard.press("f")
    assert all(seen(page, name) for name in (names(page)[0], names(page)[-1]))


def test_a_branch_starts_at_the_dot_of_the_output_that_was_dragged(page: Any) -> None:
    page.locator(".st-key-project_menu button").first.click()
    file = {"name": "several.json", "mimeType": "application/json", "buffer": dump(STATES).encode()}
    page.locator("[data-testid=stFileUploader] input").set_input_files(file)
    card(page, "lstm").wait_for()
    page.keyboard.press("Escape")
    lstm = card(page, "lstm")
    lstm.click()
    assert lstm.locator(".handle").evaluate_all("all => all.map(each => each.dataset.port)") == ["output", "hidden", "cell"]
    box = lstm.bounding_box()
    drag(page, point(lstm.locator(".handle[data-port=cell]")), (box["x"] - 60, box["y"] + box["height"] + 30))
    page.locator(".picker input").wait_for()
    assert page.locator(".picker").get_attribute("aria-label") == "Add a branch after the cell of lstm"
    page.locator(".picker input").fill("dense 3")
    page.keyboard.press("Enter")
    title(page, "dense")
    assert page.locator(".carries:not(:empty)").all_inner_texts() == ["cell"]
    starts = page.locator("path.wire").evaluate_all("all => all.map(each => Number(each.getAttribute('d').match(/M(\\S+)/)[1]))")
    dot = lstm.locator(".handle[data-port=cell]").evaluate("dot => dot.offsetLeft + dot.closest('.card').offsetLeft + dot.offsetWidth / 2")
    assert any(abs(start - dot) < 2 for start in starts)

    page.keyboard.press("Control+z")
    card(page, "dense").wait_for(state="detached")
    lstm.click()
    page.keyboard.press("Shift+A")  # by keyboard the output is chosen
    page.locator(".picker").get_by_role("button", name="hidden").click()
    page.locator(".picker input").fill("dense 4")
    page.keyboard.press("Enter")
    title(page, "dense")
    assert page.locator(".carries:not(:empty)").all_inner_texts() == ["hidden"]
