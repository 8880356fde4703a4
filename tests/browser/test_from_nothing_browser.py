"""Networks from an empty canvas, in a real browser, with the presses and keys that they take: printed, and held against limits."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from builder import zoo
from builder.bench.browser import chromium
from builder.network import Network, from_json
from tests.kit.browsing import tab
from tests.kit.hands import Counted, card, open_from_the_zoo, title, wires

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(400)]
LENET = zoo.network("lenet5")
WORDS = ("in 32 32 1", "co 6 5 ta", "avg", "co 16 5 ta", "avg", "co 120 5 ta", "fl", "de 84 ta", "de 10 sof")
MADE = ("input", "conv2d", "average_pooling2d", "conv2d_1", "average_pooling2d_1", "conv2d_2", "flatten", "dense", "dense_1")


@pytest.fixture
def person(server: str, chrome: Any) -> Iterator[Counted]:
    """Someone before an empty network."""
    with tab(chrome) as page:
        page.goto(server)
        title(page, "conv_1")
        open_from_the_zoo(page, "Empty: an Input and nothing else")
        page.locator(".guide").wait_for()
        page.evaluate("document.activeElement.blur()")
        yield Counted(page)


def built(page: Any) -> Network:
    """The network as the server has it."""
    asked = parse_qs(urlsplit(page.url).query)
    answer = page.request.get(f"{page.url.split('?')[0]}api/projects/{asked['project'][0]}/network?network={asked['network'][0]}")
    return from_json(answer.json()["definition"])


def kinds(network: Network) -> list[tuple[str, dict[str, Any]]]:
    return [(node.layer, node.params) for node in network.nodes]


def whole(page: Any, parameters: str) -> None:
    """Keras counts these parameters and finds no problem."""
    page.locator(".totals", has_text=f"{parameters} parameters").wait_for()
    page.get_by_text("No problems").wait_for()


def cleared(person: Counted) -> None:
    """Its Input has another shape than what is built."""
    person.key("Delete")
    person.page.get_by_text("This network has no layers yet.").wait_for()


def test_lenet5_by_keyboard_takes_at_most_90_keys(person: Counted) -> None:
    cleared(person)
    for words, name in zip(WORDS, MADE, strict=True):
        person.add(words, name)
    whole(person.page, "61,706")
    print(f"LeNet-5 by keyboard: {person.keys} keys")
    assert kinds(built(person.page)) == kinds(LENET)
    assert person.presses == 0 and person.keys <= 90


def test_lenet5_by_mouse_takes_at_most_25_presses(person: Counted) -> None:
    person.press(person.page.get_by_role("button", name="Delete", exact=True))
    person.page.get_by_text("This network has no layers yet.").wait_for()
    palette = person.page.locator(".editor > .palette")
    for words, name in zip(WORDS, MADE, strict=True):
        person.press(palette.locator("input"))
        person.type(words)
        person.press(palette.locator(".kind").first)
        card(person.page, name).wait_for()
    whole(person.page, "61,706")
    print(f"LeNet-5 by mouse: {person.presses} presses and {person.keys} keys")
    assert kinds(built(person.page)) == kinds(LENET)
    assert person.presses <= 25


def test_a_residual_block_and_a_second_head(person: Counted) -> None:
    page = person.page
    cleared(person)
    for words, name in (("in 16 16 8", "input"), ("co 8 3 sa", "conv2d"), ("co 8 3 sa", "conv2d_1"), ("add", "add")):
        person.add(words, name)
    person.key("Home", "c", "End", "Enter")  # the skip connection
    page.get_by_label("Insert a layer between input and add").wait_for()
    whole(page, "1,168")
    print(f"Residual block: {person.keys} keys")
    assert wires(page) == {"input and conv2d", "conv2d and conv2d_1", "conv2d_1 and add", "input and add"}

    before = person.keys
    person.add("glob", "global_average_pooling2d")
    person.add("de 10 sof", "dense")
    person.key("ArrowUp")
    person.add("de 1 lin", "dense_1", opens="A")
    whole(page, "1,267")
    print(f"Two heads on it: {person.keys - before} keys")
    assert {node.name for node in built(page).outputs} == {"dense", "dense_1"}
    assert person.presses == 0 and person.keys <= 100


def test_an_encoder_decoder_with_a_skip_connection(person: Counted) -> None:
    page = person.page
    cleared(person)
    steps = ("in 28 28 1", "co 8 3 sa", "maxp", "co 16 3 sa", "ups", "conc", "co 1 3 sa sig")
    made = ("input", "conv2d", "max_pooling2d", "conv2d_1", "up_sampling2d", "concatenate", "conv2d_2")
    for words, name in zip(steps, made, strict=True):
        person.add(words, name)
    card(page, "concatenate").scroll_into_view_if_needed()
    person.press(card(page, "conv2d"))
    person.key("c")
    person.press(card(page, "concatenate"))
    page.get_by_label("Insert a layer between conv2d and concatenate").wait_for()
    whole(page, "1,465")
    print(f"Encoder-decoder: {person.keys} keys and {person.presses} presses")
    assert card(page, "conv2d_2").locator(".shape.brief, .shape.long").first.text_content() == "height 28 · width 28 · channels 1"
    assert person.keys + person.presses <= 100
