"""Session cookie: a secret token that says who is asking; the store keeps only its hash."""

import secrets
from collections.abc import Mapping

COOKIE = "layerloom"
YEARS_2 = 2 * 365 * 24 * 3600  # seconds


def owner_of(cookies: Mapping[str, str]) -> str:
    """The owner's token in a browser's cookies, or "" where there is none."""
    return cookies.get(COOKIE, "")


def fresh_cookie(*, secure: bool) -> str:
    """A `Set-Cookie` value with a new secret, which scripts cannot read and other sites cannot send along with a POST."""
    parts = [f"{COOKIE}={secrets.token_urlsafe(32)}", f"Max-Age={YEARS_2}", "Path=/", "HttpOnly", "SameSite=Lax"]
    return "; ".join([*parts, "Secure"] if secure else parts)
