"""Ranks entries by the weighted mean of their section scores, exactly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, Literal

METHOD: Final = "weighted-mean/1"

State = Literal["scored", "conflict", "not_assessable"]


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
        When no section has a weight, a weight is negative, a section is unknown or scored twice by one judge,
        or a value and its state contradict each other.

    Notes
    -----
    The mean of a section is taken over the judges who scored it: a conflict of interest and “not assessable”
    are states, not numbers. The total is the sum of weight times mean over the sum of weights, over sections
    with a weight. An entry that lacks a score in such a section has no total, because leaving the section out
    would compare it with others on another rubric. Sums are exact fractions; only what is shown is rounded,
    half up.

    Examples
    --------
    >>> rubric = [SectionWeight("a", Decimal(75)), SectionWeight("b", Decimal(25))]
    >>> scores = (SectionScore("x", "a", Decimal(80)), SectionScore("x", "b", Decimal(60)))
    >>> rank([EntryScores("perahu", scores)], rubric).entries[0].total
    Decimal('75.00')
    """
    weights = _checked_weights(sections)
    scored = [(_totalled(entry, sections, weights, places), entry.entry) for entry in entries]
    complete = sorted(((total, row) for (total, row), _ in scored if total is not None), key=_order)
    incomplete = sorted((row for (total, row), _ in scored if total is None), key=lambda row: row.entry)
    return Ranking(METHOD, places, (*_ranked(complete), *incomplete))


def rounded(value: Fraction, places: int) -> Decimal:
    """Return ``value`` with ``places`` decimal places, rounded half up.

    Examples
    --------
    >>> rounded(Fraction(5, 8), 2)
    Decimal('0.63')
    """
    scale = 10**places
    whole, rest = divmod(abs(value.numerator) * scale, value.denominator)
    whole += 2 * rest >= value.denominator
    return (
        Decimal(whole if value >= 0 else -whole)
        .scaleb(-places)
        .quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    )


def _checked_weights(sections: Sequence[SectionWeight]) -> dict[str, Fraction]:
    weights = {section.section: Fraction(section.weight) for section in sections}
    if len(weights) != len(sections):
        raise RankingError("A section stands twice in the rubric.")
    if any(weight < 0 for weight in weights.values()):
        raise RankingError("A weight is negative.")
    if not any(weights.values()):
        raise RankingError("No section has a weight, so nothing can be ranked.")
    return weights


def _totalled(
    entry: EntryScores, sections: Sequence[SectionWeight], weights: Mapping[str, Fraction], places: int
) -> tuple[Fraction | None, RankedEntry]:
    means = _means(entry, weights)
    whole = sum(weights.values(), Fraction(0))
    missing = tuple(one.section for one in sections if weights[one.section] and means[one.section] is None)
    total = (
        None
        if missing
        else sum((weight * (means[name] or 0) for name, weight in weights.items() if weight), Fraction(0))
        / whole
    )
    row = RankedEntry(
        entry=entry.entry,
        rank=None,
        total=None if total is None else rounded(total, places),
        judges=len({score.judge for score in entry.scores if score.state == "scored"}),
        sections=tuple(_section(entry, one, means[one.section], whole, places) for one in sections),
        missing=missing,
    )
    return total, row


def _means(entry: EntryScores, weights: Mapping[str, Fraction]) -> dict[str, Fraction | None]:
    sums: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for score in entry.scores:
        _check(entry.entry, score, weights, seen)
        if score.value is not None:
            sums[score.section] = sums.get(score.section, Decimal(0)) + score.value
            counts[score.section] = counts.get(score.section, 0) + 1
    return {name: Fraction(sums[name]) / counts[name] if name in counts else None for name in weights}


def _check(
    entry: str, score: SectionScore, weights: Mapping[str, Fraction], seen: set[tuple[str, str]]
) -> None:
    if score.section not in weights:
        raise RankingError(f"{entry}: the rubric has no section {score.section!r}.")
    if (score.value is None) == (score.state == "scored"):
        raise RankingError(
            f"{entry}, {score.section}: a value stands with the state “scored” and with no other."
        )
    key = (score.judge, score.section)
    if key in seen:
        raise RankingError(f"{entry}, {score.section}: {score.judge} scored twice.")
    seen.add(key)


def _section(
    entry: EntryScores, section: SectionWeight, mean: Fraction | None, whole: Fraction, places: int
) -> SectionMean:
    states = [score.state for score in entry.scores if score.section == section.section]
    return SectionMean(
        section=section.section,
        weight=section.weight,
        mean=None if mean is None else rounded(mean, places),
        n=states.count("scored"),
        conflicts=states.count("conflict"),
        not_assessable=states.count("not_assessable"),
        contribution=None if mean is None else rounded(mean * Fraction(section.weight) / whole, places),
    )


def _order(scored: tuple[Fraction, RankedEntry]) -> tuple[Fraction, str]:
    return -scored[0], scored[1].entry


def _ranked(complete: Sequence[tuple[Fraction, RankedEntry]]) -> Iterable[RankedEntry]:
    place, before = 0, None
    for position, (total, row) in enumerate(complete, start=1):
        if total != before:
            place, before = position, total
        yield RankedEntry(row.entry, place, row.total, row.judges, row.sections, row.missing)
