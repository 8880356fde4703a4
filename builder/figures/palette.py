"""Colour palettes for light and dark pages: curves, classes, and sequential and diverging scales; those of families are in catalogue/families.py.

CURVES and the first six of CLASSES on a light page are of Okabe and Ito's palette for colour-blind readers (Color Universal Design, 2008,
https://jfly.uni-koeln.de/color/); DIVERGING runs from its blue to its vermilion. Those for a dark page are lighter.
"""

# One colour a run, in the order in which runs are overlaid; validation is dashed as well, and the best epoch is marked.
CURVES: dict[str, dict[str, object]] = {
    "light": {"colours": ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"], "validation": "#E69F00", "best": "#009E73"},
    "dark": {"colours": ["#56A8DC", "#F58A3C", "#3CC79E", "#E09CC2", "#F0B83C", "#7CC8F2"], "validation": "#F0B83C", "best": "#3CC79E"},
}

# Classes of a scatter plot, in order; more classes than colours begin again.
CLASSES: tuple[str, ...] = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8B6BB8", "#5C6B73", "#B8A800", "#000000")
CLASSES_DARK: tuple[str, ...] = (
    "#56A8DC",
    "#F58A3C",
    "#3CC79E",
    "#E09CC2",
    "#F0B83C",
    "#7CC8F2",
    "#B59ADB",
    "#9FB0B8",
    "#E8DC55",
    "#FFFFFF",
)

# Signed values: blue below zero, white at zero, orange above. The middle stops keep small values visible.
DIVERGING: tuple[str, ...] = ("#0072B2", "#67A9CF", "#FFFFFF", "#F4A261", "#D55E00")
# Values that cannot be negative: white at zero, orange above, so that a colour means the same in both scales.
RISING: tuple[str, ...] = ("#FFFFFF", "#F4A261", "#D55E00")
# On a dark page a drawing's ground is dark too, and more is lighter, so that a sparse matrix does not glare.
DIVERGING_DARK: tuple[str, ...] = ("#7CC8F2", "#2F76A6", "#1A1F29", "#B8661F", "#FFB266")
RISING_DARK: tuple[str, ...] = ("#1A1F29", "#B8661F", "#FFB266")
GREY: tuple[str, ...] = ("#000000", "#FFFFFF")

EDGES = "#808080"  # the hairline around a map, mostly transparent
NOT_A_NUMBER = "#FF00FF"
GROUND: dict[str, str] = {"light": "#FFFFFF", "dark": "#0E1117"}
QUIET = "#666666"  # small print on a white page
INK: dict[str, str] = {"light": "#1F2330", "dark": "#E8EAF0"}
FAINT: dict[str, str] = {"light": "#E3E7EF", "dark": "#2B303B"}
