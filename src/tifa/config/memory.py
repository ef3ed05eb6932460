"""How the process that serves looks after its memory."""

import gc

# New objects until the collector looks again. A list of 30,000 gaps is made of as many tuples, none of which can be
# in a cycle; with Python's 700 the collector walks through them dozens of times while the list is made.
NEW_OBJECTS = 50_000


def spare_the_collector() -> None:
    """Leave what was loaded until now out of garbage collection, and collect less often from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
