"""Pictures: planted shapes whose place is known, and patches of two real photographs."""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from .dataset import Arrays, Dataset

SEED = 14
SIDE = 32  # pixels
SHAPES = ("circle", "square", "triangle")


@cache
def planted(count: int = 3000) -> tuple[Arrays, np.ndarray]:
    """Noise with one bright shape in each picture, and the masks of the shapes: (samples, 32, 32) bool."""
    random = np.random.default_rng(SEED)
    y = random.integers(0, len(SHAPES), count)
    masks = np.stack([_mask(SHAPES[kind], int(random.integers(8, 13)), random) for kind in y])
    noise = random.normal(0.25, 0.12, (count, SIDE, SIDE))
    brightness = random.uniform(0.35, 0.65, (count, 1, 1))
    x = np.clip(noise + masks * brightness, 0, 1).astype("float32")
    return Arrays(x[..., None], y.astype("int64")), masks


def _mask(shape: str, size: int, random: np.random.Generator) -> np.ndarray:
    left, top = random.integers(1, SIDE - size - 1, 2)
    box = (int(left), int(top), int(left + size), int(top + size))
    picture = Image.new("1", (SIDE, SIDE))
    draw = ImageDraw.Draw(picture)
    if shape == "circle":
        draw.ellipse(box, fill=1)
    elif shape == "square":
        draw.rectangle(box, fill=1)
    else:
        draw.polygon([(box[0], box[3]), (box[2], box[3]), ((box[0] + box[2]) // 2, box[1])], fill=1)
    return np.asarray(picture)


def shapes() -> Arrays:
    """The pictures with the number of their shape in SHAPES."""
    return planted()[0]


PATCH = 16  # pixels


def photographs() -> dict[str, np.ndarray]:
    """Scikit-learn's two photographs, each (height, width, 3) from 0 to 1."""
    from sklearn.datasets import load_sample_images

    return dict(zip(("temple", "flower"), (np.asarray(image, "float32") / 255 for image in load_sample_images().images), strict=True))


@cache
def patches(count: int = 4000) -> Arrays:
    """Random 16 x 16 pieces of scikit-learn's two photographs, a temple and a flower; y says which of them."""
    random = np.random.default_rng(SEED)
    both = list(photographs().values())
    y = np.arange(count) % len(both)
    pieces = []
    for which in y:
        photograph = both[which]
        top, left = (random.integers(0, side - PATCH) for side in photograph.shape[:2])
        pieces.append(photograph[top : top + PATCH, left : left + PATCH])
    return Arrays(np.stack(pieces), y.astype("int64"))


PLANTED = (
    Dataset(
        name="shapes",
        title="Planted shapes",
        summary="3,000 noisy pictures of 32 × 32 with one bright circle, square or triangle each.",
        theory="The place of each shape is known, so a heat map that explains a decision can be checked: its peak must lie on the shape.",
        source="made from a rule",
        kind="image",
        input_shape=(SIDE, SIDE, 1),
        count=3000,
        load=shapes,
        classes=SHAPES,
        network="shapes_cnn",
        epochs=16,
        learning_rate=0.005,
    ),
    Dataset(
        name="patches",
        title="Patches of photographs",
        summary="4,000 pieces of 16 × 16 from two photographs, a temple and a flower.",
        theory="Neighbouring pixels are alike, so a few numbers describe a patch; the best linear ones are its principal components.",
        source="scikit-learn's sample images",
        kind="image",
        input_shape=(PATCH, PATCH, 3),
        count=4000,
        load=patches,
        classes=("temple", "flower"),
        network="patch_autoencoder",
        recipe="autoencoder",
        epochs=40,
        learning_rate=0.002,
    ),
)
