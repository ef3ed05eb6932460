"""Which numbers of small groups may be shown, so that no two looks together tell what a few people answered."""

from collections.abc import Mapping


def shown_live(count: int, least: int) -> int:
    """Return how many of the first answers of a group count in a number that is shown while answers still come.

    Parameters
    ----------
    count
        How many have answered so far.
    least
        How many people a number must stand for.

    Notes
    -----
    Only whole batches of ``least`` answers count, and the last one that is full is held back. So two looks at different
    times differ by 0 or at least ``least`` people, and so do the last look and the final number, which counts all.
    """
    return max(count // least - 1, 0) * least


def withheld_groups(counts: Mapping[str, int], least: int) -> frozenset[str]:
    """Return which parts of a whole are withheld when the whole is shown too.

    Parameters
    ----------
    counts
        How many answered in each part; every person is in one.
    least
        How many people a number must stand for.

    Notes
    -----
    A part with fewer than ``least`` people is withheld. What is withheld can be computed from the whole and the parts that
    are shown; so when all that is withheld stands for fewer than ``least`` people, the smallest part that is left is
    withheld with it. Parts in which nobody answered tell nothing and are not withheld.
    """
    there = {name: count for name, count in counts.items() if count}
    hidden = {name for name, count in there.items() if count < least}
    rest = sorted((count, name) for name, count in there.items() if name not in hidden)
    while hidden and rest and sum(there[name] for name in hidden) < least:
        hidden.add(rest.pop(0)[1])
    return frozenset(hidden)
