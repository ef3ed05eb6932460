"""The official order of a result: what counts, how equal entries are told apart, and who goes on.

No number is estimated here: the rule was published before anybody scored, and this applies it.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

TieRule = Literal["share", "section", "lot"]
BandRule = Literal["order", "all", "panel"]
Verdict = Literal["in", "band", "out"]


@dataclass(frozen=True)
class Candidate:
    """An entry with what decides.

    ``score`` is None when it has no official score, and equal only when two are to count as equal. ``sections`` are
    the means of the sections, the one with the largest weight first. ``verdict`` says whether the data tell that the
    entry belongs to the top, None when nothing was estimated.
    """

    entry: str
    score: float | None
    sections: tuple[float | None, ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Standing:
    """The place of an entry, None without a score, and what decided between equal scores, None when nothing had to."""

    entry: str
    place: int | None
    by: Literal["section", "lot"] | None = None


def standings(candidates: Sequence[Candidate], ties: TieRule, lot: str = "") -> tuple[Standing, ...]:
    """Return the places, best first; entries without a score come last, by name.

    Parameters
    ----------
    candidates
        The entries.
    ties
        What happens to equal scores: they share the place; the mean of the section with the largest weight decides,
        then that of the next one; or the lot. Equal entries that sections cannot tell apart share the place.
    lot
        The seed of the lot, published before the scoring: the order is that of the SHA-256 of ``lot:entry``.
    """
    known = [one for one in candidates if one.score is not None]
    scored = sorted(known, key=lambda one: (-(one.score or 0.0), one.entry))
    found: list[Standing] = []
    for _score, equal in groupby(scored, key=lambda one: one.score):
        found += _apart(list(equal), ties, lot, len(found) + 1)
    names = {one.entry for one in found}
    rest = sorted(one.entry for one in candidates if one.entry not in names)
    return (*found, *(Standing(name, None) for name in rest))


def selected(
    candidates: Sequence[Candidate],
    places: Sequence[Standing],
    band: BandRule,
    top: int,
    decided: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the entries that go on, in the official order.

    Parameters
    ----------
    candidates, places
        The entries, and their standings.
    band
        What happens to the entries of which the data cannot tell whether they belong to the top: the official order
        decides, all of them go on, or the panel has decided in discussion. Without estimates the order decides.
    top
        How many places count as the top; entries that share the last one all go on.
    decided
        The entries of the band that the panel has taken.
    """
    verdicts = {one.entry: one.verdict for one in candidates}
    if band == "order" or not any(verdicts.values()):
        return tuple(one.entry for one in places if one.place is not None and one.place <= top)
    return tuple(
        one.entry
        for one in places
        if verdicts[one.entry] == "in"
        or (verdicts[one.entry] == "band" and (band == "all" or one.entry in decided))
    )


def _apart(equal: list[Candidate], ties: TieRule, lot: str, first: int) -> list[Standing]:
    """Return the standings of entries with one score, from the place ``first`` on."""
    if len(equal) == 1 or ties == "share":
        return [Standing(one.entry, first) for one in equal]
    if ties == "lot":
        drawn = sorted(equal, key=lambda one: hashlib.sha256(f"{lot}:{one.entry}".encode()).hexdigest())
        return [Standing(one.entry, first + at, "lot") for at, one in enumerate(drawn)]
    found: list[Standing] = []
    ordered = sorted(equal, key=_by_sections)
    for _means, same in groupby(ordered, key=_by_sections):
        alike = list(same)
        place = first + len(found)
        found += [
            Standing(one.entry, place, None if len(alike) == len(equal) else "section") for one in alike
        ]
    return found


def _by_sections(candidate: Candidate) -> tuple[tuple[bool, float], ...]:
    """Return the key by which the better sections come first; one without a mean counts below every number."""
    return tuple((mean is None, -(mean or 0.0)) for mean in candidate.sections)
