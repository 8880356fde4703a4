"""Debian's Chromium, driven by Playwright: for the benches and the browser tests."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from builder.errors import BuilderError

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> str | None:
    """Where the browser is, or None."""
    return shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def browser(*more: str) -> Iterator[Any]:
    """A running Playwright browser, with more of its options."""
    from playwright.sync_api import sync_playwright

    if not chromium():
        raise BuilderError("this bench", "Chromium on the PATH", "none", "Install Debian's package `chromium`.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=[*OPTIONS, *more])
        try:
            yield opened
        finally:
            opened.close()


def ratio_row(name: str, ours: list[float], theirs: list[float], limit: float, unit: str = "ms") -> dict[str, Any]:
    """One bench row from interleaved pairs: medians, the median ratio of the pairs and its spread."""
    from statistics import median

    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return {
        "name": name,
        "ratio": round(median(ratios), 3),
        "ours": round(median(ours), 2),
        "theirs": round(median(theirs), 2),
        "unit": unit,
        "limit": limit,
        "spread": [round(min(ratios), 3), round(max(ratios), 3)],
        "pairs": len(ratios),
    }
