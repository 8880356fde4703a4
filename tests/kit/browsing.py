"""What tests in a real browser watch."""

from typing import Any


def asked(page: Any) -> list[str]:
    """The addresses that the page fetches from now on; what it makes of its own memory (`blob:`) is not fetched."""
    addresses: list[str] = []
    page.on("request", lambda request: None if request.url.startswith("blob:") else addresses.append(request.url))
    return addresses
