"""Gives judges labels for one publication, and unties the reviews whose absence would tell who has a conflict."""

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LEAST_CROWD: Final = 3
LINKED: Final = "p-"
UNTIED: Final = "u-"
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH: Final = 6


@dataclass(frozen=True)
class Labels:
    """A label for every review by entry and judge; ``untied`` are the entries whose labels occur nowhere else."""

    of: Mapping[tuple[str, str], str]
    untied: frozenset[str]


def labels_for(
    pairs: Collection[tuple[str, str]],
    conflicts: Mapping[str, Collection[str]],
    dice: random.Random,
    *,
    linked: bool = True,
) -> Labels:
    """Label the reviews of a round.

    Parameters
    ----------
    pairs
        Entry and judge of each review.
    conflicts
        For each judge the entries that they may not judge.
    dice
        Where randomness comes from; in publishing it must be unpredictable.
    linked
        Whether a judge has one label in the round at all; without a correction for severity nobody needs it.

    Notes
    -----
    A judge has one label in the whole round, because severity cannot be estimated otherwise. Who knows that a judge
    leads the unit of an entry then looks for the label that is missing there: where all judges but one scored, the
    hole names the judge, and with them everything else that they scored. So for every judge with conflicts at least
    three labels must be missing at all of these entries. Where fewer are, each review of these entries gets a label
    of its own, and every label is missing there.

    Being untied must not tell of a conflict either. Where most entries were scored by every judge, all entries
    with a hole are untied, whatever it comes from. Elsewhere as many other entries with the same number of reviews,
    drawn by lot, are treated likewise.
    """
    entries = sorted({entry for entry, _ in pairs})
    judges = sorted({judge for _, judge in pairs})
    untied = frozenset(entries) if not linked else _untied(pairs, entries, judges, conflicts, dice)
    tokens = iter(_tokens(len(judges) + len(pairs), dice))
    of_judge = {judge: f"{LINKED}{next(tokens)}" for judge in judges}
    return Labels(
        {
            (entry, judge): f"{UNTIED}{next(tokens)}" if entry in untied else of_judge[judge]
            for entry, judge in sorted(pairs)
        },
        untied,
    )


def labels_after(
    first: Mapping[tuple[str, str], str], pairs: Collection[tuple[str, str]], dice: random.Random
) -> Labels:
    """Label the reviews of a round that was published: as there, and new ones by what is known of their judge.

    Parameters
    ----------
    first
        The labels of the publication by entry and judge.
    pairs
        Entry and judge of each review that counts now.
    dice
        Where randomness comes from.

    Notes
    -----
    The ratings of the first publication stay readable in every correction, so other labels would hide nothing. A new
    review gets the judge's label where the labels of the entry are those of judges; else, and when the judge has none, a
    label of its own, so that nothing is taken from how strict they were elsewhere.
    """
    of_judge = {judge: label for (_entry, judge), label in first.items() if label.startswith(LINKED)}
    tied = {entry for (entry, _judge), label in first.items() if label.startswith(LINKED)}
    taken = set(first.values())
    tokens = (
        label for token in _tokens(len(pairs) + len(taken), dice) if (label := UNTIED + token) not in taken
    )
    of = {
        (entry, judge): first.get((entry, judge))
        or (of_judge[judge] if entry in tied and judge in of_judge else next(tokens))
        for entry, judge in sorted(pairs)
    }
    return Labels(of, frozenset(entry for (entry, _judge), label in of.items() if entry not in tied))


def _untied(
    pairs: Collection[tuple[str, str]],
    entries: Sequence[str],
    judges: Sequence[str],
    conflicts: Mapping[str, Collection[str]],
    dice: random.Random,
) -> frozenset[str]:
    said = {judge: {entry for entry, other in pairs if other == judge} for judge in judges}
    needed: set[str] = set()
    rare = _rare_holes(pairs, entries, judges)
    for forbidden in conflicts.values():
        shown = set(forbidden).intersection(entries) - needed
        absent = [judge for judge in judges if not said[judge] & shown]
        if shown and len(absent) < min(LEAST_CROWD, len(judges)):
            needed |= shown
    return frozenset(needed | rare | _companions(pairs, entries, conflicts, needed - rare, dice))


def _rare_holes(
    pairs: Collection[tuple[str, str]], entries: Sequence[str], judges: Sequence[str]
) -> set[str]:
    """Return the entries with a hole where most have none; nobody can then tell one cause from another."""
    reviews = Counter(entry for entry, _ in pairs)
    holes = {entry: len(judges) - reviews[entry] for entry in entries}
    if 2 * sum(count == 0 for count in holes.values()) < len(entries):
        return set()
    return {entry for entry, count in holes.items() if 0 < count < LEAST_CROWD}


def _companions(
    pairs: Collection[tuple[str, str]],
    entries: Sequence[str],
    conflicts: Mapping[str, Collection[str]],
    needed: Collection[str],
    dice: random.Random,
) -> set[str]:
    """Draw entries without a conflict, as many as are untied for one, with the same number of reviews."""
    reviews = Counter(entry for entry, _ in pairs)
    known = {entry for forbidden in conflicts.values() for entry in forbidden}
    drawn: set[str] = set()
    for count in sorted({reviews[entry] for entry in needed}):
        alike = [entry for entry in entries if reviews[entry] == count and entry not in known]
        wanted = sum(reviews[entry] == count for entry in needed)
        drawn.update(dice.sample(alike, min(wanted, len(alike))))
    return drawn


def _tokens(count: int, dice: random.Random) -> list[str]:
    """Return different tokens in random order; their making tells nothing of who gets them."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(dice.choice(_ALPHABET) for _ in range(_LENGTH))] = None
    tokens = list(found)
    dice.shuffle(tokens)
    return tokens
