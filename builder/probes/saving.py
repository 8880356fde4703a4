"""Export of a probe's arrays to a file: `.npz` arrays, a `.png` picture, or an `.html` page of pictures."""

import base64
from collections.abc import Callable
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from builder import files
from builder.errors import BuilderError
from builder.probes import PROBES
from builder.probes.model.record import Found, Probe
from builder.words import format_shape

if TYPE_CHECKING:
    from builder.figures.maps import Picture

ENDINGS = (".npz", ".png", ".html")


def save(run_folder: Path, name: str, out: Path, *, layer: str | None = None, sample: int = 0, epoch: int | None = None) -> None:
    """Compute a probe of a run and write it as `.npz`, `.png` or `.html`.

    Raises:
        BuilderError: the probe, the layer or the file's ending is not known, or the file cannot be written.
    """
    if name not in PROBES:
        raise BuilderError("The probe", f"one of {', '.join(PROBES)}", repr(name))
    if out.suffix.lower() not in ENDINGS:
        raise BuilderError("The file", f"an ending of {', '.join(ENDINGS)}", repr(out.name))
    found = PROBES[name].compute(run_folder, epoch, sample, layer)
    if layer and PROBES[name].by_layer and layer not in found:
        raise BuilderError("The layer", f"one of {', '.join(_names(PROBES[name], run_folder, epoch, sample))}", repr(layer))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.suffix.lower() == ".npz":
            with out.open("wb") as file:
                files.pack(file, found)
        else:
            out.write_bytes(_sheet(name, found) if out.suffix.lower() == ".png" else _page(name, found))
    except OSError as error:
        raise BuilderError("The file", f"a place that can be written, {out}", f"“{error.strerror or error}”") from error


def _names(probe: Probe, run_folder: Path, epoch: int | None, sample: int) -> list[str]:
    return [name for name in probe.compute(run_folder, epoch, sample, None) if name != "input"]


def _pictures(probe: str, found: Found) -> "dict[str, Picture]":
    from builder.figures.maps import grid, input_picture, kernels, layer_picture

    def matrices(value: np.ndarray) -> "Picture":  # queries from top to bottom, keys from left to right, a map for each head
        return grid(value.reshape(-1, *value.shape[-2:]), scale="layer", side=160)

    draw: Callable[[np.ndarray], Picture] = kernels if probe == "filters" else layer_picture
    special: dict[str, Callable[[np.ndarray], Picture]] = {"input": input_picture, "weights": matrices, "rollout": matrices}
    return {name: special.get(name, draw)(value) for name, value in found.items()}


def _sheet(probe: str, found: Found) -> bytes:
    """A contact sheet as PNG: all pictures one below the other, on white, in the order of the layers."""
    from PIL import Image

    from builder.figures import palette

    images = [Image.open(BytesIO(picture.png)).convert("RGBA") for picture in _pictures(probe, found).values()]
    sheet = Image.new(
        "RGB", (max(image.width for image in images) + 16, sum(image.height + 12 for image in images) + 4), palette.GROUND["light"]
    )
    top = 8
    for image in images:
        sheet.paste(image, (8, top), image)
        top += image.height + 12
    file = BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def _page(probe: str, found: Found) -> bytes:
    """An HTML page that stands alone: name, shape, range and picture of every layer."""
    from builder.figures import palette

    rows = []
    for name, picture in _pictures(probe, found).items():
        shape = format_shape(found[name].shape)
        source = base64.b64encode(picture.png).decode()
        rows.append(f"<h2>{escape(name)} <small>{shape} · {picture.low:.3g} to {picture.high:.3g}</small></h2>")
        rows.append(f'<img alt="" src="data:image/png;base64,{source}">')
    style = f"body{{font:15px sans-serif;margin:2em}}img{{image-rendering:pixelated}}small{{font-weight:400;color:{palette.QUIET}}}"
    head = f"<!doctype html><meta charset=utf-8><title>{escape(probe)}</title><style>{style}</style>"
    return (head + "".join(rows)).encode()
