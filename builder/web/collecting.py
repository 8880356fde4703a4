"""Garbage collection (gc.collect) on a timer: Streamlit would do it after every rerun, with everyone waiting meanwhile."""

import asyncio
import gc
import time

SHARE = 0.005  # of the time, that whole collections may take: nobody is answered meanwhile, and who waited is answered late
SHORTEST = 15.0  # seconds between two
# Python's own collections, by how much was made: at 700 hundreds of first screens spent a fifth of their time in them,
# at 50,000 each stopped 300 people for 0.2 s.
THRESHOLDS = (5_000, 20, 50)


async def collect_on_timer() -> None:
    """Collect for as long as the server runs; the more there is to look through, the more seldom."""
    gc.set_threshold(*THRESHOLDS)
    gc.collect()
    gc.freeze()  # modules and what they hold are never garbage: a third of what a whole collection would look through
    pause = SHORTEST
    while True:
        await asyncio.sleep(pause)
        pause = pause_after(collected())


def collected() -> float:
    """One whole collection; the seconds that it took."""
    began = time.perf_counter()
    gc.collect()
    return time.perf_counter() - began


def pause_after(seconds: float) -> float:
    """Seconds until the next collection, so that all of them take no more than their share."""
    return max(SHORTEST, seconds / SHARE)
