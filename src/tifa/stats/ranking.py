"""Ranks entries by the weighted mean of their section scores, exactly."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final, Literal, get_args

from tifa.stats.rounding import rounded, rounded_ratio

METHOD: Final = "weighted-mean/1"

State = Literal["scored", "conflict", "not_assessable"]
STATES: Final = frozenset(get_args(State))


class RankingError(ValueError):
    """The scores or weights cannot be ranked; the message says which."""


@dataclass(frozen=True)
class SectionWeight:
    """A section of the rubric with its weight; weights need not sum to anything."""

    section: str
    weight: Decimal


@dataclass(frozen=True)
class SectionScore:
    """What one judge said of one section; only ``scored`` carries a value."""

    judge: str
    section: str
    value: Decimal | None
    state: State = "scored"


@dataclass(frozen=True)
class EntryScores:
    """Everything that judges said of one entry."""

    entry: str
    scores: tuple[SectionScore, ...]


@dataclass(frozen=True)
class SectionMean:
    """One section of one entry: the mean of its ``n`` scores, and what it adds to the total.

    ``mean`` and ``contribution`` are rounded for showing; None when nobody scored the section.
    """

    section: str
    weight: Decimal
    mean: Decimal | None
    n: int
    conflicts: int
    not_assessable: int
    contribution: Decimal | None


@dataclass(frozen=True)
class RankedEntry:
    """One row of a ranking; ``total`` and ``rank`` are None while a weighted section is ``missing``."""

    entry: str
    rank: int | None
    total: Decimal | None
    judges: int
    sections: tuple[SectionMean, ...]
    missing: tuple[str, ...]

    @property
    def conflicts(self) -> int:
        """Return how many section scores were withheld for a conflict of interest."""
        return sum(section.conflicts for section in self.sections)


@dataclass(frozen=True)
class Ranking:
    """The entries in order, with the method that made it."""

    method: str
    places: int
    entries: tuple[RankedEntry, ...]


def rank(entries: Iterable[EntryScores], sections: Sequence[SectionWeight], *, places: int = 2) -> Ranking:
    """Rank entries by the weighted mean of their section means.

    Parameters
    ----------
    entries
        Scores of each entry, in any order. Values lie on one scale.
    sections
        Sections of the rubric with weights of at least 0; their sum must be above 0.
    places
        Decimal places of what is shown. The order follows the exact values.

    Returns
    -------
    Ranking
        Ranked entries first, those with equal exact totals sharing a rank (1, 2, 2, 4); then the incomplete
        ones by name.

    Raises
    ------
    RankingError
        When no section has a weight, a weight is negative, an entry stands twice, a section is unknown or
        scored twice by one judge, a value is no finite number, a value and its state contradict each other, or
        ``places`` is negative.

    Notes
    -----
    The mean of a section is taken over the judges who scored it: a conflict of interest and “not assessable”
    are states, not numbers. The total is the sum of weight times mean over the sum of weights, over sections
    with a weight. An entry that lacks a score in such a section has no total, because leaving the section out
    would compare it with others on another rubric. Only what is shown is rounded, half up.

    All values are brought to one common denominator and added as whole numbers, which Python keeps exactly at any
    size; so are the weights. A fraction is made once a section and once an entry, not once a score: that is what
    makes 3,000 entries of 3 judges and 8 sections a matter of a fraction of a second.

    Examples
    --------
    >>> rubric = [SectionWeight("a", Decimal(75)), SectionWeight("b", Decimal(25))]
    >>> scores = (SectionScore("x", "a", Decimal(80)), SectionScore("x", "b", Decimal(60)))
    >>> rank([EntryScores("perahu", scores)], rubric).entries[0].total
    Decimal('75.00')
    """
    if places < 0:
        raise RankingError(f"Totals cannot be shown with {places} decimal places; expected 0 or more.")
    grid = _grid(sections)
    listed = list(entries)
    _refuse_doubles(listed)
    scale = _common_denominator(score.value for entry in listed for score in entry.scores)
    totalled = [_totalled(entry, grid, scale, places) for entry in listed]
    complete = sorted(((total, row) for total, row in totalled if total is not None), key=_order)
    incomplete = sorted((row for total, row in totalled if total is None), key=lambda row: row.entry)
    return Ranking(METHOD, places, (*_placed(complete), *incomplete))


@dataclass(frozen=True)
class _Grid:
    """The rubric in whole numbers: each weight times their common denominator."""

    sections: Sequence[SectionWeight]
    weights: Mapping[str, int]
    whole: int


def _grid(sections: Sequence[SectionWeight]) -> _Grid:
    if len({one.section for one in sections}) != len(sections):
        raise RankingError("A section stands twice in the rubric.")
    for one in sections:
        if not one.weight.is_finite() or one.weight < 0:
            raise RankingError(
                f"The weight of section {one.section!r} is {one.weight}; expected a number of 0 or more."
            )
    scale = _common_denominator(one.weight for one in sections)
    weights = {one.section: _scaled(one.weight, scale) for one in sections}
    whole = sum(weights.values())
    if not whole:
        raise RankingError("No section has a weight, so nothing can be ranked.")
    return _Grid(sections, weights, whole)


def _refuse_doubles(entries: Sequence[EntryScores]) -> None:
    if len({entry.entry for entry in entries}) != len(entries):
        name, _ = Counter(entry.entry for entry in entries).most_common(1)[0]
        raise RankingError(f"{name} stands twice among the entries.")


def _common_denominator(values: Iterable[Decimal | None]) -> int:
    distinct = {value for value in values if value is not None and value.is_finite()}
    return lcm(*{value.as_integer_ratio()[1] for value in distinct})


def _scaled(value: Decimal, scale: int) -> int:
    numerator, denominator = value.as_integer_ratio()
    return numerator * (scale // denominator)


@dataclass
class _Tally:
    """What was said of one section of one entry; the sum is in units of the common denominator."""

    sum: int = 0
    scored: int = 0
    conflict: int = 0
    not_assessable: int = 0


def _totalled(
    entry: EntryScores, grid: _Grid, scale: int, places: int
) -> tuple[Fraction | None, RankedEntry]:
    tallies = _tallies(entry, grid, scale)
    missing = tuple(name for name, tally in tallies.items() if grid.weights[name] and not tally.scored)
    total = None if missing else _total(tallies, grid, scale)
    row = RankedEntry(
        entry=entry.entry,
        rank=None,
        total=None if total is None else rounded(total, places),
        judges=len({score.judge for score in entry.scores if score.value is not None}),
        sections=tuple(_mean(one, tallies[one.section], grid, scale, places) for one in grid.sections),
        missing=missing,
    )
    return total, row


def _tallies(entry: EntryScores, grid: _Grid, scale: int) -> dict[str, _Tally]:
    tallies = {name: _Tally() for name in grid.weights}
    seen: set[tuple[str, str]] = set()
    for score in entry.scores:
        _check(entry.entry, score, tallies, seen)
        tally = tallies[score.section]
        if score.value is not None:
            tally.sum += _scaled(score.value, scale)
            tally.scored += 1
        elif score.state == "conflict":
            tally.conflict += 1
        else:
            tally.not_assessable += 1
    return tallies


def _total(tallies: Mapping[str, _Tally], grid: _Grid, scale: int) -> Fraction:
    counted = [(grid.weights[name], tally) for name, tally in tallies.items() if grid.weights[name]]
    common = lcm(*{tally.scored for _, tally in counted})
    points = sum(weight * tally.sum * (common // tally.scored) for weight, tally in counted)
    return Fraction(points, common * scale * grid.whole)


def _check(entry: str, score: SectionScore, known: Mapping[str, object], seen: set[tuple[str, str]]) -> None:
    if score.section not in known:
        raise RankingError(f"{entry}: the rubric has no section {score.section!r}.")
    if score.state not in STATES:
        raise RankingError(
            f"{entry}, {score.section}: the state is {score.state!r}; expected one of {', '.join(sorted(STATES))}."
        )
    if (score.value is None) == (score.state == "scored"):
        raise RankingError(
            f"{entry}, {score.section}: a value stands with the state “scored” and with no other."
        )
    if score.value is not None and not score.value.is_finite():
        raise RankingError(f"{entry}, {score.section}: found {score.value}; expected a number.")
    key = (score.judge, score.section)
    if key in seen:
        raise RankingError(f"{entry}, {score.section}: {score.judge} scored twice.")
    seen.add(key)


def _mean(section: SectionWeight, tally: _Tally, grid: _Grid, scale: int, places: int) -> SectionMean:
    count = tally.scored * scale
    weighted = tally.sum * grid.weights[section.section]
    return SectionMean(
        section=section.section,
        weight=section.weight,
        mean=rounded_ratio(tally.sum, count, places) if count else None,
        n=tally.scored,
        conflicts=tally.conflict,
        not_assessable=tally.not_assessable,
        contribution=rounded_ratio(weighted, count * grid.whole, places) if count else None,
    )


def _order(scored: tuple[Fraction, RankedEntry]) -> tuple[Fraction, str]:
    return -scored[0], scored[1].entry


def _placed(complete: Sequence[tuple[Fraction, RankedEntry]]) -> Iterable[RankedEntry]:
    place, before = 0, None
    for position, (total, row) in enumerate(complete, start=1):
        if total != before:
            place, before = position, total
        yield replace(row, rank=place)
