"""FAMILIES of layers: name, icon and colours, in the order of the palette."""

from typing import NamedTuple


class Family(NamedTuple):
    """A family of layers as palette, canvas and Explore show it.

    Attributes:
        icon: of Material Symbols, which Streamlit brings along; it says the same as the colour.
        light, dark: the colour on a light and on a dark page: Okabe and Ito's, which stay apart for colour-blind eyes.
    """

    icon: str
    light: str
    dark: str


FAMILIES: dict[str, Family] = {
    "core": Family("grid_view", "#0072B2", "#56A8DC"),
    "convolution": Family("blur_on", "#D55E00", "#F58A3C"),
    "pooling": Family("compress", "#E69F00", "#F0B83C"),
    "recurrent": Family("replay", "#009E73", "#3CC79E"),
    "attention": Family("visibility", "#CC79A7", "#E09CC2"),
    "normalisation": Family("equalizer", "#56B4E9", "#7CC8F2"),
    "regularisation": Family("shield", "#8C8C8C", "#B0B0B0"),
    "merge": Family("merge", "#8B6BB8", "#B59ADB"),
    "reshape": Family("transform", "#5C6B73", "#9FB0B8"),
    "preprocessing": Family("tune", "#B8A800", "#E8DC55"),
    "block": Family("widgets", "#3B3B58", "#C7C7E0"),
}
