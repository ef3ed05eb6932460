"""How a process looks after its memory."""

import gc

# New objects until the collector looks again. Loading the program makes some 300,000, and a list of 30,000 gaps is made
# of as many tuples; with Python's 700 the collector walks through them dozens of times, and finds nothing to free.
NEW_OBJECTS = 50_000


def collect_seldom() -> None:
    """Collect garbage less often from here on; worth most before anything else is loaded."""
    gc.set_threshold(NEW_OBJECTS, 10, 10)


def spare_the_collector() -> None:
    """Leave what was loaded until now out of garbage collection, and collect less often from here on."""
    gc.collect()
    gc.freeze()
    collect_seldom()
