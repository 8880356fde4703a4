"""Limit of open descriptors (RLIMIT_NOFILE), raised to what the system lets us have."""

import resource
from contextlib import suppress

WANTED = 65_536  # each person takes six: three connections, and the event loop that Streamlit makes for each session


def raise_limit() -> int:
    """Raise the soft limit as far as it goes, to WANTED at most; the limit that then holds. Many systems begin with 1024: 170 people."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):  # some systems have a lower limit that they do not tell
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
