"""Work on many keys in pieces that a statement can take."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

# Fewer than the variables that a statement of SQLite may have.
KEYS_AT_ONCE = 5000

Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int = KEYS_AT_ONCE) -> Iterator[list[Item]]:
    """Yield the items in lists of at most ``size``."""
    iterator = iter(items)
    while piece := list(islice(iterator, size)):
        yield piece
