"""Uploaded images: decoded within limits of bytes and pixels, and fitted to a dataset's pictures, each step said."""

import struct
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from builder.errors import BuilderError

from .dataset import Dataset
from .fitting import GREY, shape_text
from .handwriting import Made, drawn
from .resizing import resize

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_BYTES = 20 * 2**20  # as many as the server takes
MOST_PIXELS = 24_000_000
MOST_SIDE = 16_384
WORKED = 512  # pixels of the longer side that ink is looked for in
FAINT = 0.25  # ink below this is paper
TRY = "Save it as a PNG, JPEG, WebP or GIF picture of a usual size."


def photograph(data: bytes) -> tuple[Image.Image, list[str]]:
    """A file's picture in red, green and blue, upright, with what was done to it; its size is known before it is unpacked.

    Raises:
        BuilderError: too many bytes or pixels, no picture of these formats, or a damaged one.
    """
    if len(data) > MOST_BYTES:
        came = f"{len(data) / 2**20:.1f} MiB"
        raise BuilderError("The picture", f"at most {MOST_BYTES // 2**20} MiB", came, "Make it smaller first.")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as file:
            _check_size(*file.size)
            moving = getattr(file, "is_animated", False)
            turned = file.getexif().get(0x0112, 1) != 1
            upright = ImageOps.exif_transpose(file)
            picture = _in_colour(upright if upright is not None else file)
    except Image.DecompressionBombError as error:
        raise _too_large("more than 178 million") from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, TypeError, IndexError) as error:
        raise BuilderError("The picture", "a whole PNG, JPEG, WebP or GIF file", "one that cannot be read", TRY) from error
    steps = ["Take the first of its frames"] if moving else []
    return picture, steps + (["Turn it upright, as the camera noted"] if turned else [])


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise _too_large(f"{width:,} × {height:,}")


def _too_large(came: str) -> BuilderError:
    return BuilderError("The picture", f"at most {MOST_PIXELS // 1_000_000} million pixels", came, "Make it smaller first.")


def _in_colour(picture: Image.Image) -> Image.Image:
    """Red, green and blue; what is transparent becomes white, 16 bits become 8."""
    if picture.mode.startswith(("I", "F")):
        return Image.fromarray((np.clip(np.asarray(picture, "float64") / 65535, 0, 1) * 255).round().astype("uint8")).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return picture.convert("RGB")


def fitted(dataset: Dataset, data: bytes) -> Made:
    """A picture file as one of the dataset's pictures.

    Raises:
        BuilderError: the file cannot be read, or holds no ink where the dataset's pictures are of ink.
    """
    picture, steps = photograph(data)
    height, width, channels = dataset.input_shape
    if dataset.ink:
        return _of_ink(dataset, picture, steps)
    picture, cut = middle(picture, height / width)
    steps += cut
    if picture.size != (width, height):
        steps.append(f"Resize to {shape_text((height, width))}, bilinear")
        picture = picture.resize((width, height), Image.Resampling.BILINEAR)
    pixels = np.asarray(picture, "float32") / 255
    if channels == 1:
        steps.append("Turn colour into grey: 0.299 red + 0.587 green + 0.114 blue")
        pixels = (pixels @ GREY)[..., None]
    return scaled(dataset, pixels, steps)


def scaled(dataset: Dataset, pixels: np.ndarray, steps: list[str]) -> Made:
    """Pixels from 0 to 1 in the dataset's range."""
    if (dataset.low, dataset.high) != (0, 1):
        steps = [*steps, f"Scale to {dataset.low:g} to {dataset.high:g}"]
    return Made((dataset.low + pixels * (dataset.high - dataset.low)).astype("float32"), tuple(steps))


def middle(picture: Image.Image, tall: float) -> tuple[Image.Image, list[str]]:
    """The largest part in the middle whose height is `tall` times its width."""
    width, height = picture.size
    across, down = min(width, max(round(height / tall), 1)), min(height, max(round(width * tall), 1))
    if (across, down) == (width, height):
        return picture, []
    left, top = (width - across) // 2, (height - down) // 2
    return picture.crop((left, top, left + across, top + down)), [f"Cut {shape_text((down, across))} from the middle"]


def _of_ink(dataset: Dataset, picture: Image.Image, steps: list[str]) -> Made:
    """Light strokes on dark, whichever way round they were, then as a drawing."""
    small = picture.copy()
    small.thumbnail((WORKED, WORKED))
    grey = (np.asarray(small, "float32") / 255) @ GREY
    edge = float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))
    steps = [*steps, "Turn colour into grey"]
    if edge > 0.5:
        grey, edge = 1 - grey, 1 - edge
        steps.append("Turn dark on light into light on dark")
    ink = np.clip(grey - edge, 0, 1)
    ink = np.clip(ink / max(float(np.quantile(ink, 0.995)), FAINT), 0, 1)
    steps.append(f"Take the paper away: what is fainter than {FAINT:.0%}")
    found = drawn(dataset, np.where(ink < FAINT, 0, ink))
    if found is None:
        raise BuilderError("The picture", "ink that stands out from its ground", "none", "Write larger and darker, on plain paper.")
    return Made(found.values, (*steps, *found.steps))


def sketched(dataset: Dataset, pixels: np.ndarray) -> Made | None:
    """What was drawn, (height, width, channels) from 0 to 1, as one of the dataset's pictures; None for an empty sheet."""
    if dataset.ink:
        return drawn(dataset, pixels[..., 0])
    if np.ptp(pixels.reshape(-1, pixels.shape[-1]), axis=0).max() == 0:
        return None
    before, after = pixels.shape[:2], dataset.input_shape[:2]
    steps = [f"Average {shape_text(before)} to {shape_text(after)}"] if before != after else []
    return scaled(dataset, resize(pixels[None], *after)[0], steps)
