"""In a real browser: a digit drawn, uploaded or photographed is the input; two epochs, two drawings are compared."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from builder.bench.browser import chromium
from builder.datasets import parts
from builder.engine.shipped import SHIPPED
from builder.runs.run_folder import weights
from tests.kit.browsing import asked, draw, tab

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def page(server: str, chrome: Any) -> Iterator[Any]:
    """A tab on Explore, and nothing that its console complains of."""
    with tab(chrome, height=1000) as page:
        page.goto(f"{server}/explore")
        page.get_by_text("It says 3").wait_for()
        yield page


def first_convolution(epoch: int, x: np.ndarray, row: int, column: int, channel: int) -> float:
    """relu(window · kernel + bias) of conv_1 in numpy."""
    kept = weights(Path(SHIPPED), epoch)
    window = x[row : row + 3, column : column + 3, 0].astype("float64")
    return max(float((window * kept["conv_1/0"][:, :, 0, channel]).sum() + kept["conv_1/1"][channel]), 0.0)


def read(page: Any) -> tuple[list[int], list[float]]:
    """The index that is pointed at, and this value, the other one and their difference."""
    words = page.locator(".cmp-said").filter(has_text="[").first.inner_text().replace("−", "-")
    index, *values = words.split(" · ")
    return [int(each) for each in re.findall(r"\d+", index)], [float(value.rsplit(": ", 1)[1]) for value in values]


def test_drawn_digits_are_told_and_one_press_goes_back(page: Any) -> None:
    page.get_by_text("Draw", exact=True).first.click()
    page.get_by_text("Nothing drawn yet").wait_for()
    for digit in (7, 0, 4):
        draw(page, digit)
        page.get_by_text(f"It says {digit}.").wait_for()
        page.get_by_text("Draw its strokes as thick as theirs").wait_for()
        page.get_by_role("button", name="Clear").click()
        page.get_by_text("Nothing drawn yet").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("It says 4.").wait_for()
    assert "own" not in page.url and "drawn" not in page.url
    page.get_by_text("Sample", exact=True).first.click()
    page.get_by_text("It says 3, which is right").wait_for()


def test_the_sheet_is_drawn_on_with_the_keyboard_too(page: Any) -> None:
    page.get_by_text("Draw", exact=True).first.click()
    page.locator(".draw-sheet").focus()
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    for _ in range(18):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("It says 1.")).to_be_visible(timeout=60_000)


def test_two_epochs_are_compared_and_both_numbers_are_numpys(page: Any) -> None:
    page.get_by_text("Compare", exact=True).first.click()
    canvas = page.locator("canvas[aria-label='conv_1, Epoch 12']")
    canvas.wait_for()
    requests = asked(page)
    canvas.hover(position={"x": 30, "y": 24})
    page.locator(".cmp-said", has_text="difference").first.wait_for()
    (row, column, channel), (this, other, gap) = read(page)
    x = parts("digits28", 1, 0.2).test.x[0]
    assert this == pytest.approx(first_convolution(12, x, row, column, channel), abs=1e-5)
    assert other == pytest.approx(first_convolution(0, x, row, column, channel), abs=1e-5)
    assert gap == pytest.approx(this - other, abs=1e-6)
    assert not requests
    for kind, beginning in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as saved:
            page.locator(".inspect-save button", has_text=kind).first.click()
        assert Path(saved.value.path()).read_bytes().startswith(beginning)
    page.get_by_text("This side with itself, after the other: exact").first.wait_for()
    page.locator(".cmp-card button", has_text="conv_2").click()
    page.locator(".cmp-card[aria-current='true']", has_text="conv_2").wait_for()


def test_a_turned_digit_stands_beside_the_original(page: Any) -> None:
    page.get_by_label("Change it").first.click()
    page.get_by_text("Turned", exact=True).last.click()
    page.get_by_text("Turned by 30°").first.wait_for()
    page.locator("canvas[aria-label='conv_1, Turned by 30°']").wait_for()
    assert page.locator("canvas[aria-label='conv_1, Original']").count() == 1


def test_two_drawings_face_each_other(page: Any) -> None:
    page.get_by_text("Draw", exact=True).first.click()
    page.get_by_text("Nothing drawn yet").wait_for()
    draw(page, 7)
    page.get_by_text("It says 7.").wait_for()
    page.get_by_role("button", name="Keep this input for Compare").click()
    page.get_by_text("Kept as Drawing 1.").wait_for()
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Nothing drawn yet").wait_for()
    draw(page, 0)
    page.get_by_text("It says 0.").wait_for()
    page.get_by_text("Compare", exact=True).first.click()
    page.get_by_text("A kept input").click()
    page.get_by_text("Drawing says 0, Drawing 1 says 7.").wait_for()
    page.locator("canvas[aria-label='conv_1, Drawing']").hover(position={"x": 30, "y": 24})
    page.locator(".cmp-said", has_text="Drawing 1: ").first.wait_for()
    _, (this, other, gap) = read(page)
    assert gap == pytest.approx(this - other, abs=1e-6)
    page.get_by_role("button", name="Stop keeping Drawing 1").click()
    page.get_by_text("A kept input").wait_for(state="detached")
    assert "Drawing" not in page.url and "kept" not in page.url


def written(kind: str) -> dict[str, Any]:
    """A file with a dark 7 on light paper; a text where there is no such kind of picture."""
    sheet, out = Image.new("L", (200, 250), 250), io.BytesIO()
    ImageDraw.Draw(sheet).line([(50, 50), (150, 50), (85, 200)], fill=15, width=20)
    if kind == "text":
        return {"name": "text.png", "mimeType": "image/png", "buffer": b"not a picture"}
    if kind == "deep":
        Image.fromarray(np.asarray(sheet).astype("uint16") * 257).save(out, "PNG")
    elif kind == "GIF":
        sheet.convert("P").save(out, kind, save_all=True, append_images=[Image.new("P", sheet.size)], duration=100)
    else:
        sheet.save(out, kind)
    return {"name": f"seven.{kind.lower()}", "mimeType": f"image/{'png' if kind == 'deep' else kind.lower()}", "buffer": out.getvalue()}


def test_an_uploaded_file_is_the_input_or_the_reason_is_said(page: Any) -> None:
    page.get_by_text("Upload", exact=True).first.click()
    page.get_by_text("Nothing uploaded yet").wait_for()
    for kind in ("JPEG", "deep", "GIF"):
        page.locator("[data-testid=stFileUploader] input").set_input_files(written(kind))
        page.locator("[data-testid=stFileUploader]", has_text=f"seven.{kind.lower()}").wait_for()
        page.get_by_text("It says 7.").wait_for()
        page.get_by_text("Turn dark on light into light on dark").wait_for()
    page.get_by_text("Take the first of its frames").wait_for()
    page.locator("[data-testid=stFileUploader] input").set_input_files(written("text"))
    page.get_by_text("one that cannot be read").wait_for()
    expect(page.get_by_text("Nothing uploaded yet: the sample is shown.")).to_be_visible(timeout=60_000)


def test_a_photograph_from_the_camera_is_the_input_and_what_a_kernel_goes_over(page: Any) -> None:
    page.get_by_text("Camera", exact=True).first.click()
    page.get_by_text("No photograph yet").wait_for()
    take_photo(page)
    page.get_by_text("Turn colour into grey").wait_for()
    page.get_by_text("By hand", exact=True).first.click()
    page.get_by_text("Camera", exact=True).nth(1).click()
    take_photo(page)
    page.get_by_text(re.compile("sums, added by row and by column, against numpy's: exact")).first.wait_for()
    page.get_by_role("button", name="Clear photo").first.click()
    expect(page.get_by_text("No photograph yet")).to_be_visible(timeout=60_000)


def take_photo(page: Any) -> None:
    """A press once the camera shows something; a press before that takes nothing."""
    page.wait_for_function("[...document.querySelectorAll('video')].some((each) => each.videoWidth > 0 && !each.paused)")
    page.get_by_role("button", name="Take Photo").click()
