"""Turns (semaphore) of the pages that are drawn at the same moment in this process."""

import threading

# Drawing is Python alone, which runs one thread at a time (GIL): forty pages at once would be no faster, and edits would wait among them.
AT_ONCE = 2
DRAWING = threading.Semaphore(AT_ONCE)
