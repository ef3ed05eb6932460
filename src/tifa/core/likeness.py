"""How alike two texts are, whatever the case, the signs and the order of the words."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, in percent."""
    return fuzz.token_sort_ratio(one, other, processor=default_process)


def nearest(text: str, others: Sequence[str], *, least: float, most: int) -> list[tuple[int, float]]:
    """Return the places of the texts that are at least so alike, the most alike first, and how alike they are.

    Parameters
    ----------
    text, others
        The text, and those that it is held against.
    least
        From which likeness on, in percent.
    most
        How many are returned at most.
    """
    found = process.extract(
        text, others, scorer=fuzz.token_sort_ratio, processor=default_process, score_cutoff=least, limit=most
    )
    return [(place, value) for _text, value, place in found]
