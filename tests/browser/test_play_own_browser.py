"""A person's own samples on the strip of Play, and its answers for each kind of task, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from builder import zoo
from builder.bench.browser import chromium
from builder.bench.server import serving
from builder.store import Store
from builder.web.owner import COOKIE
from tests.kit.browsing import draw, tab

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"), pytest.mark.timeout(900)]
LONG = 180_000  # ms that a worker may take to start on a busy machine


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def own_server(place: Path) -> Iterator[str]:
    """A server whose data folder the test may write to."""
    with serving(home=place, BUILDER_STANDBY="1") as url:
        yield url


def play(page: Any) -> None:
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("section.play")).to_have_attribute("data-frame", re.compile("^[1-9]"), timeout=LONG)


def opened(page: Any, url: str, place: Path, network: str, **training: Any) -> None:
    """The Build page of another network of the zoo, with choices that would have been made on Train."""
    [project] = parse_qs(urlsplit(page.url).query)["project"]
    store = Store(f"sqlite:///{place / 'layerloom.sqlite'}")
    store.add_network(project, zoo.network(network))
    owner = next(each["value"] for each in page.context.cookies() if each["name"] == COOKIE)
    store.choose_as(owner, project, training=training)
    page.goto(f"{url}/?project={project}&network={network}")
    page.locator(f'.play[data-network="{network}"]').wait_for()
    page.locator(".sample").first.wait_for()


def mine(page: Any) -> Any:
    return page.locator('.sample[aria-label^="Your own"]')


def first_card(page: Any) -> str:
    """What is drawn on the input's card."""
    return str(page.locator(".card .flow canvas").first.evaluate("canvas => canvas.toDataURL()"))


def words(page: Any) -> Any:
    return page.locator(".answer-words")


def test_an_own_drawing_is_followed_while_it_plays_when_it_is_paused_and_after_an_edit(chrome: Any, own_server: str) -> None:
    with tab(chrome, timeout=LONG) as page:
        page.goto(own_server)
        page.locator(".sample").first.wait_for()
        play(page)
        expect(words(page)).to_have_text(re.compile("[✓✗]"), timeout=LONG)
        page.get_by_role("button", name="Draw one of your own").click()
        page.get_by_role("dialog", name="Draw one of your own").wait_for()
        draw(page, 1)
        expect(mine(page)).to_have_attribute("aria-checked", "true", timeout=LONG)
        expect(words(page)).to_have_text(re.compile(r"^\S+ (under |over )?\d+ %$"), timeout=LONG)  # nobody knows what is right

        page.keyboard.press("Escape")
        page.get_by_role("button", name="Pause", exact=True).click()
        page.locator(".play-line", has_text="Paused").wait_for()
        page.wait_for_timeout(500)
        step = page.locator('[data-name="conv_1"] .when').inner_text()
        before = first_card(page)
        page.get_by_role("button", name="Draw one of your own").click()
        draw(page, 4)
        page.wait_for_timeout(1500)
        assert first_card(page) != before
        assert page.locator('[data-name="conv_1"] .when').inner_text() == step
        page.get_by_role("button", name="Clear").click()
        expect(page.locator(".own-said")).to_have_text("The drawing needs some ink, but got an empty sheet.", timeout=LONG)
        page.keyboard.press("Escape")

        page.get_by_label("What wires show").select_option("gradient")
        expect(page.locator('[data-name="conv_1"] .when')).to_have_text(re.compile("gradient"), timeout=LONG)
        expect(page.locator(".wire.moving").first).to_be_attached()
        page.get_by_label("What wires show").select_option("plain")
        expect(page.locator(".wire.moving")).to_have_count(0)

        page.get_by_role("button", name="Play", exact=True).click()
        strip, run = page.locator("section.play"), page.locator("section.play").get_attribute("data-run")
        page.locator('[data-name="dense"]').click()
        page.keyboard.press("Control+d")
        expect(strip).not_to_have_attribute("data-run", str(run), timeout=LONG)
        expect(strip).to_have_attribute("data-frame", re.compile("^[1-9]"), timeout=LONG)
        expect(mine(page)).to_have_attribute("aria-checked", "true", timeout=LONG)
        page.get_by_role("button", name="Next sample").click()
        expect(words(page)).to_have_text(re.compile("[✓✗]"), timeout=LONG)


def test_typed_samples_and_the_answers_of_every_kind_of_task(chrome: Any, own_server: str, place: Path) -> None:
    with tab(chrome, timeout=LONG) as page:
        page.goto(own_server)
        page.locator(".sample").first.wait_for()
        opened(page, own_server, place, "iris_mlp")
        play(page)
        page.get_by_role("button", name="Type one of your own").click()
        field = page.locator(".own-row").get_by_label("petal length")
        field.fill("700")
        expect(page.locator(".own-said")).to_have_text("petal length needs a number from -1.599 to 1.783, but got “700”.", timeout=LONG)
        field.fill("1,25")
        expect(mine(page)).to_have_attribute("aria-checked", "true", timeout=LONG)
        expect(page.locator(".own-said")).to_be_empty(timeout=LONG)
        expect(words(page)).to_have_text(re.compile("%$"), timeout=LONG)

        opened(page, own_server, place, "induction_transformer")
        play(page)
        expect(words(page)).to_have_text(re.compile("→ . .*%.*[✓✗]"), timeout=LONG)
        page.get_by_role("button", name="Type one of your own").click()
        page.get_by_label("Your own text").fill("abcdefghijklmnopabcdefghijklmno")
        expect(words(page)).to_have_text(re.compile("^…jklmno → [a-t] .*%$"), timeout=LONG)
        page.get_by_label("Your own text").fill("abc9")
        expect(page.locator(".own-said")).to_have_text("The input needs words of “Repeated random symbols”, but got “9”.", timeout=LONG)

        opened(page, own_server, place, "conv_autoencoder")
        play(page)
        expect(words(page)).to_have_text(re.compile("^mean squared error 0"), timeout=LONG)
        assert page.locator(".answer-bars canvas").count() == 1

        opened(page, own_server, place, "seq2seq_transformer", dataset="reversal")
        play(page)
        expect(words(page)).to_have_text(re.compile("^[0-9]+ of 16 steps right$"), timeout=LONG)
        page.get_by_role("button", name="Type one of your own").click()
        page.get_by_label("Your own text").fill("0123456789012345")
        expect(words(page)).to_have_text("Its own answer", timeout=LONG)

        opened(page, own_server, place, "diabetes_mlp", optimizer="sgd", learning_rate=1e-5)
        play(page)
        expect(words(page)).to_have_text(re.compile(r"^[\d.−]+ · right is [\d.−]+$"), timeout=LONG)


def test_a_play_whose_loss_is_no_number_says_so_on_its_layers_and_on_the_strip(chrome: Any, own_server: str, place: Path) -> None:
    with tab(chrome, timeout=LONG) as page:
        page.goto(own_server)
        page.locator(".sample").first.wait_for()
        opened(page, own_server, place, "diabetes_mlp", optimizer="sgd", learning_rate=10.0, epochs=50)
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.locator(".play-line")).to_have_text(re.compile("^The loss is no longer a number since epoch 1"), timeout=LONG)
        expect(page.locator(".card.in-trouble .when").first).to_have_text(re.compile("not a number$"), timeout=LONG)
        expect(words(page)).to_have_text(re.compile("not a number"), timeout=LONG)
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
