"""Three levels and one way back in a real browser: from the network to a number, checked against numpy, through the epochs, by hand and by key."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from builder.bench.browser import chromium
from builder.datasets import parts
from builder.engine.shipped import SHIPPED
from builder.runs.run_folder import weights
from tests.kit.browsing import asked, epoch_is, tab

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def page(server: str, chrome: Any) -> Iterator[Any]:
    """A tab on the network of the run that ships, and nothing that its console complains of."""
    with tab(chrome) as page:
        page.goto(f"{server}/explore")
        page.locator(".ov-card[data-name=digits]").wait_for()
        page.get_by_text("The run's own output").first.wait_for()
        yield page


def layers(epoch: int) -> dict[str, np.ndarray]:
    """Every layer of digit_cnn by numpy, for the first sample of the test part."""
    kept = weights(Path(SHIPPED), epoch)
    x = parts("digits28", 1, 0.2).test.x[0].astype("float64")
    found = {}
    for number in (1, 2):
        windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(0, 1))  # (rows, columns, channels, 3, 3)
        x = found[f"conv_{number}"] = np.maximum(
            np.einsum("rcihw,hwio->rco", windows, kept[f"conv_{number}/0"]) + kept[f"conv_{number}/1"], 0
        )
        rows, columns = (size // 2 * 2 for size in x.shape[:2])
        x = found[f"pool_{number}"] = x[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2, -1).max(axis=(1, 3))
    x = found["flatten"] = x.reshape(-1)
    x = found["dense"] = np.maximum(x @ kept["dense/0"] + kept["dense/1"], 0)
    powers = np.exp(x @ kept["digits/0"] + kept["digits/1"])
    found["digits"] = powers / powers.sum()
    return found


def said(page: Any) -> tuple[str, tuple[int, ...], float]:
    """Layer, index and value of the number that is pointed at."""
    words = page.locator(".ov-said").inner_text()
    index, value = re.search(r"\[([\d, ]+)\] = (\S+)", words).groups()
    return words.split(" · ")[0], tuple(map(int, index.split(", "))), float(value.replace("−", "-"))


def level(page: Any, words: str) -> None:
    """Wait for a level, by the end of its trail."""
    page.locator(".ov-trail b", has_text=re.compile(f"^{re.escape(words)}$")).wait_for()


def result(page: Any) -> float:
    return float(page.locator(".ov-number .lens-sum b").last.inner_text().replace("−", "-"))


def ends(page: Any, place: str) -> list[float]:
    """The values at the ends of a legend."""
    return [float(each.replace("−", "-")) for each in re.findall(r"[−\d.e]+", page.locator(place).inner_text())]


def query(page: Any) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize(("layer", "x", "y"), [("conv_1", 140, 21), ("pool_2", 20, 12), ("dense", 200, 25), ("digits", 200, 10)])
def test_a_number_in_a_card_is_numpy_s_and_its_place_is_lit_around_it(page: Any, layer: str, x: int, y: int) -> None:
    requests = asked(page)
    page.locator(f".ov-card[data-name={layer}] canvas").hover(position={"x": x, "y": y})
    name, index, value = said(page)
    assert name == layer and value == pytest.approx(layers(12)[layer][index], rel=2e-5, abs=2e-5)
    assert page.locator(".ov-wire.lit").count() >= 1 and not requests


@pytest.mark.parametrize(
    ("layer", "x", "y", "pattern"), [("conv_2", 250, 90, r"map (\d+) · row (\d+), column (\d+)"), ("dense", 100, 20, r"unit (\d+)")]
)
def test_from_the_network_to_a_number_and_back(page: Any, layer: str, x: int, y: int, pattern: str) -> None:
    page.locator(f".ov-card[data-name={layer}] header").click()
    level(page, layer)
    page.get_by_text("How often each number").wait_for()
    assert query(page)["layer"] == layer and query(page)["unit"] == "all"
    page.locator(".ov-main canvas").click(position={"x": x, "y": y})
    page.locator(".ov-number .lens-sum b").first.wait_for()
    place = tuple(map(int, re.search(pattern, page.locator(".ov-number h4").inner_text()).groups()))
    index = (*place[1:], place[0])
    assert result(page) == pytest.approx(layers(12)[layer][index], abs=6e-4)
    assert query(page)["unit"] == ",".join(map(str, (place if len(place) > 1 else (0, *place))))
    page.locator(".lens-badge", has_text="equals Keras").wait_for()
    page.keyboard.press("Escape")
    level(page, layer)
    page.keyboard.press("Escape")
    level(page, "Network")
    page.wait_for_function("!new URLSearchParams(location.search).has('unit')")  # the server answers one press after the other
    assert query(page)["layer"] == layer
    assert page.locator(".ov-card[aria-current]").get_attribute("data-name") == layer


def test_the_keyboard_alone_walks_opens_and_goes_back(page: Any) -> None:
    page.locator(".ov-card[aria-current]").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    level(page, "pool_1")
    page.get_by_text("How often each number").wait_for()
    page.locator(".ov-main canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.locator(".ov-number .lens-sum b").first.wait_for()
    assert result(page) == pytest.approx(layers(12)["pool_1"][0, 0, 1], abs=6e-4)
    for words in ("pool_1", "Network"):
        page.keyboard.press("Escape")
        level(page, words)


def test_a_link_opens_at_its_number_and_empty_space_goes_back(page: Any) -> None:
    page.goto(f"{page.url.split('?')[0]}?{urlsplit(page.url).query}&layer=conv_1&unit=5,11,14")
    level(page, "map 5 · row 11, column 14")
    page.locator(".ov-number .lens-sum b").first.wait_for()
    assert result(page) == pytest.approx(layers(12)["conv_1"][11, 14, 5], abs=6e-4)
    box = page.locator(".ov-body").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + 120)
    level(page, "conv_1")


def test_another_epoch_shows_the_same_place_on_every_level(page: Any) -> None:
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("Home")
    epoch_is(page, "untrained")
    page.wait_for_timeout(2500)
    page.locator(".ov-card[data-name=conv_1] canvas").hover(position={"x": 140, "y": 21})
    name, index, value = said(page)
    assert value == pytest.approx(layers(0)[name][index], rel=2e-5, abs=2e-5)
    page.locator(".ov-card[data-name=conv_1] header").click()
    page.get_by_text("How often each number").wait_for()
    page.locator(".ov-main canvas").click(position={"x": 30, "y": 30})
    page.locator(".ov-number .lens-sum b").first.wait_for()
    title = page.locator(".ov-number h4").inner_text()
    number, row, column = map(int, re.search(r"map (\d+) · row (\d+), column (\d+)", title).groups())
    assert result(page) == pytest.approx(layers(0)["conv_1"][row, column, number], abs=6e-4)
    slider.focus()
    page.keyboard.press("End")
    epoch_is(page, "12")
    page.wait_for_timeout(2500)
    assert page.locator(".ov-number h4").inner_text() == title
    assert result(page) == pytest.approx(layers(12)["conv_1"][row, column, number], abs=6e-4)


def test_scales_are_symmetric_at_zero_and_each_has_its_legend(page: Any) -> None:
    own = layers(12)
    low, high = ends(page, ".ov-card[data-name=conv_2] .inspect-legend")
    assert low == -high == pytest.approx(-own["conv_2"].max(), abs=1e-3)
    page.get_by_label("Scale").select_option("network")
    low, high = ends(page, ".ov-head .inspect-legend")
    assert low == -high == pytest.approx(-max(each.max() for each in own.values()), abs=1e-3)
    page.get_by_label("Scale").select_option("map")
    assert page.locator(".ov-card[data-name=conv_2] .inspect-legend").count() == 1


def test_what_is_seen_is_saved_as_picture_and_numbers(page: Any, tmp_path: Path) -> None:
    for kind, head in (("PNG", b"\x89PNG"), ("SVG", b"<svg xmlns")):
        with page.expect_download() as got:
            page.locator(".ov-tools").get_by_role("button", name=kind, exact=True).click()
        got.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(head)
    assert ">conv_2<" in (tmp_path / "SVG").read_text()
    with page.expect_download() as got:
        page.get_by_role("button", name="Download the numbers").first.click()
    with np.load(io.BytesIO(Path(got.value.path()).read_bytes())) as file:
        np.testing.assert_allclose(file["digits"].reshape(-1), layers(12)["digits"], atol=1e-5)


def test_who_prefers_less_motion_sees_none(server: str, chrome: Any) -> None:
    with tab(chrome, reduced_motion="reduce") as page:
        page.goto(f"{server}/explore")
        page.locator(".ov-card[data-name=conv_1] header").click()
        assert page.locator(".ov-body").evaluate("body => body.getAnimations().length") == 0
        level(page, "conv_1")
        page.keyboard.press("Escape")
        assert page.locator(".ov-ghost").count() == 0


@pytest.mark.parametrize(
    ("steps", "query"),
    [
        ("address.change(pressed); address.write(chosen)", {"layer": ["pool_1"], "unit": ["all"], "run": ["7"]}),  # its script came late
        ("address.write(chosen); address.change(pressed); address.write(chosen)", {"layer": ["pool_1"], "unit": ["all"], "run": ["7"]}),
        ("address.write(chosen); address.change(pressed); address.write({ ...chosen, at: 2 })", {"layer": ["conv_1"], "run": ["7"]}),
        (
            "address.write({ ...chosen, at: 2 }); address.change(pressed); address.write(chosen)",
            {"layer": ["pool_1"], "unit": ["all"], "run": ["7"]},
        ),
    ],
)
def test_what_a_person_pressed_is_not_taken_from_the_address_by_what_the_server_said_before(
    server: str, chrome: Any, steps: str, query: Any
) -> None:
    chosen = '{ query: { layer: "conv_1", run: "7" }, keys: ["layer", "unit", "run"], at: 1 }'
    script = f'const chosen = {chosen}, pressed = {{ layer: "pool_1", unit: "all" }}; {steps}; return window.location.search'
    with tab(chrome) as page:
        page.goto(f"{server}/_stcore/health")
        said = page.evaluate(f'async () => {{ const address = await import("/assets/frame/address.js"); {script} }}')
    assert parse_qs(said.removeprefix("?")) == query
