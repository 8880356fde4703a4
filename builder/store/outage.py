"""Outage log (deduplication): a database that is away is told once in the log, and when it is back, for how long and to how many it was."""

import logging
import threading
import time

from builder.errors import Unavailable

LOG = logging.getLogger(__name__)
# What a broken connection is cleared away with; the error itself is told here.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)


class Outage:
    """Counter of the requests that met a database away, from the first to the next that is answered; thread-safe."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()
        self.met, self.since = 0, 0.0

    def add(self, told: Unavailable, error: Exception) -> None:
        """One more request met it; the first one is told, with the system's own words."""
        with self.lock:
            self.met += 1
            if self.met > 1:
                return
            self.since = time.monotonic()
        said = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
        LOG.warning("%s (%s: %s)", told.sentence, type(error).__name__, said[:300])

    def end(self) -> None:
        """A request was answered: where others had met it away, that is told."""
        if not self.met:
            return
        with self.lock:
            met, self.met = self.met, 0
        if met:
            LOG.warning("%s answers again after %.0f s; requests that met it away: %d.", self.name, time.monotonic() - self.since, met)
