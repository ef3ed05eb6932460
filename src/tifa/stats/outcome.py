"""What a panel says in the end: plain means, fair scores, the band in doubt, and what would change the result."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

import numpy as np

from tifa.stats.categories import MOST_CATEGORIES
from tifa.stats.errors import JudgingError
from tifa.stats.fair import fair_scores, linear_fair_scores
from tifa.stats.judging import (
    Correction,
    JudgedEntry,
    Judgement,
    JudgingOptions,
    Model,
    judge,
    raw_scores,
)
from tifa.stats.linear import fit_linear
from tifa.stats.mfrm import MfrmFit, fit_mfrm
from tifa.stats.ranking import EntryScores, Ranking, SectionScore, SectionWeight, rank
from tifa.stats.ratings import FloatArray, IntArray, Panel, Rating, criterion_weights, panel_of
from tifa.stats.reviews import FEWEST_JUDGES, OUT, SURE, Progress, Review, Terms, top_of
from tifa.stats.uncertain import ranks_of

_LEAST_RELIABILITY: Final = 0.01

Verdict = Literal["in", "band", "out"]
Reason = Literal["few-entries", "few-judges", "single-reviews", "nothing-to-separate", "not-settled"]


@dataclass(frozen=True)
class FairEntry:
    """One entry with its fair score, 95 % interval, place, 90 % interval of the place, and chance of the top."""

    entry: str
    fair: float
    low: float
    high: float
    place: int
    place_low: int
    place_high: int
    p_top: float
    verdict: Verdict


@dataclass(frozen=True)
class Shift:
    """How one ranking differs from another: who enters and leaves the top, how many places change, by how much.

    ``lost`` are entries that stand in the first ranking only; places are counted without them.
    """

    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    moved: int
    farthest: int
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Without:
    """What happens when the reviews of one judge are left out, to the fair places and to the plain ones."""

    judge: str
    fair: Shift | None
    plain: Shift


@dataclass(frozen=True)
class Fair:
    """The result corrected for severity; ``plain_to_fair`` says what the correction changes."""

    model: Model
    top: int
    entries: tuple[FairEntry, ...]
    judgement: Judgement
    plain_to_fair: Shift
    without: tuple[Without, ...]


@dataclass(frozen=True)
class Outcome:
    """The plain ranking, and the fair one or the reason why there is none."""

    plain: Ranking
    fair: Fair | None
    reason: Reason | None


class _NotFair(Exception):
    """Severity cannot be estimated."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def outcome(
    entries: Sequence[str],
    reviews: Sequence[Review],
    terms: Terms,
    progress: Progress | None = None,
    published: Sequence[Review] | None = None,
    moments: Mapping[tuple[str, str], float] | None = None,
) -> Outcome:
    """Judge a round.

    Parameters
    ----------
    entries
        Names of all entries, also of those without a review.
    reviews
        What was said, in any order.
    terms
        Weights, size of the top, seed.
    progress
        Called with the steps done and their number.
    published
        The reviews of the first publication, where this corrects it: severities, steps and variances then stay those,
        and only entries whose reviews differ are scored anew.
    moments
        When each review was written, by entry and judge, in any unit; with them, judges who changed are pointed out.

    Returns
    -------
    Outcome
        Always the plain ranking. The fair one stands beside it when at least three judges with two reviews each
        share entries, at least two entries are complete, and the entries differ.

    Raises
    ------
    RankingError
        When the scores contradict the rubric.
    JudgingError
        When ``terms.top`` is no possible number of places.

    Notes
    -----
    Fair scores are computed from the sections that have a weight and from the entries that the plain mean ranks, so
    that both lists hold the same entries. On a scale of at most ten whole steps the many-facet Rasch model with a
    review effect is used, else (or when it does not settle) the linear model on the weighted score of each review.
    The scale decides, and not the scores that happened to be given, so the model is known before anybody scores.
    """
    plain = _plain(entries, reviews, terms)
    ranked = _ranked(plain)
    counted = _counted(reviews, ranked, terms)
    base = counted if published is None else _base(published, terms)
    if published is not None and terms.top is not None:
        # Entries may have left since; what was the top stays it.
        terms = replace(terms, top=min(terms.top, max(len(ranked), 1)))
    top = top_of(len(ranked), terms.top)
    try:
        _check(base)
        if len(ranked) < 2:
            raise _NotFair("few-entries")
        return Outcome(plain, _fair(base, counted, terms, top, progress, moments), None)
    except _NotFair as refusal:
        return Outcome(plain, None, refusal.reason)


def verdict_of(p_top: float) -> Verdict:
    """Return whether an entry is surely in the top, surely out of it, or in the band that the data leave open.

    Examples
    --------
    >>> verdict_of(0.95), verdict_of(0.5), verdict_of(0.1)
    ('in', 'band', 'out')
    """
    if p_top >= SURE:
        return "in"
    return "band" if p_top > OUT else "out"


def shift(before: Mapping[str, float], after: Mapping[str, float], top: int) -> Shift:
    """Compare two rankings given by their scores; entries that stand in ``before`` only are left out of both.

    Examples
    --------
    >>> shift({"a": 3.0, "b": 2.0, "c": 1.0}, {"a": 1.5, "b": 2.0, "c": 1.0}, 1)
    Shift(entering=('b',), leaving=('a',), moved=2, farthest=1, lost=())
    """
    names = sorted(before.keys() & after.keys())
    old, new = (ranks_of(np.array([of[name] for name in names])) for of in (before, after))
    steps = np.abs(old - new)
    return Shift(
        entering=tuple(name for name, a, b in zip(names, old, new, strict=True) if b <= top < a),
        leaving=tuple(name for name, a, b in zip(names, old, new, strict=True) if a <= top < b),
        moved=int((steps > 0).sum()),
        farthest=int(steps.max(initial=0)),
        lost=tuple(sorted(before.keys() - after.keys())),
    )


def _plain(entries: Sequence[str], reviews: Sequence[Review], terms: Terms) -> Ranking:
    said: dict[str, list[SectionScore]] = {name: [] for name in entries}
    for review in reviews:
        for section, value in review.values.items():
            state: Literal["scored", "not_assessable"] = "not_assessable" if value is None else "scored"
            said[review.entry].append(SectionScore(review.judge, section, value, state))
    scores = [EntryScores(name, tuple(listed)) for name, listed in said.items()]
    return rank(scores, terms.sections, places=terms.places)


def _ranked(plain: Ranking) -> frozenset[str]:
    return frozenset(row.entry for row in plain.entries if row.rank is not None)


def _base(published: Sequence[Review], terms: Terms) -> list[Review]:
    """Return the reviews of a first publication that went into its fair scores."""
    entries = sorted({review.entry for review in published})
    return _counted(published, _ranked(_plain(entries, published, terms)), terms)


def _counted(reviews: Sequence[Review], ranked: frozenset[str], terms: Terms) -> list[Review]:
    """Return the reviews of ranked entries with the scores of sections that weigh, without empty ones."""
    weighing = {one.section for one in terms.sections if one.weight}
    kept = [
        replace(
            review,
            values={
                name: value for name, value in review.values.items() if name in weighing and value is not None
            },
        )
        for review in reviews
        if review.entry in ranked
    ]
    return sorted((one for one in kept if one.values), key=lambda one: (one.entry, one.judge))


def _check(reviews: Sequence[Review]) -> None:
    if len({review.entry for review in reviews}) < 2:
        raise _NotFair("few-entries")
    busy = Counter(review.judge for review in reviews if review.linked)
    if sum(count > 1 for count in busy.values()) < FEWEST_JUDGES:
        raise _NotFair("few-judges")
    if max(Counter(review.entry for review in reviews).values()) < 2:
        raise _NotFair("single-reviews")


def _fair(
    base: Sequence[Review],
    reviews: Sequence[Review],
    terms: Terms,
    top: int,
    progress: Progress | None,
    moments: Mapping[tuple[str, str], float] | None,
) -> Fair:
    judges = sorted({review.judge for review in reviews if review.linked})
    tell = progress or (lambda done, total: None)
    steps = len(judges) + 1
    tell(0, steps)
    panel = _panel(reviews)
    first = _panel(base)
    late = None if moments is None or base is not reviews else _late(first, moments)
    judgement, model = _judgement(first, terms, _correction(base, reviews, panel), late)
    tell(1, steps)
    entries = tuple(_entry(row) for row in judgement.entries)
    fair, means = {one.entry: -float(one.place) for one in entries}, _means(panel, terms)
    without = []
    for number, name in enumerate(judges):
        rest = [review for review in reviews if review.judge != name]
        without.append(_without(name, rest, model, terms, fair, means, top))
        tell(number + 2, steps)
    return Fair(model, top, entries, judgement, shift(means, fair, top), tuple(without))


def _correction(base: Sequence[Review], reviews: Sequence[Review], now: Panel) -> Correction | None:
    """Return what differs from the published reviews; None when these are they."""
    if base is reviews:
        return None
    before, after = _by_entry(base), _by_entry(reviews)
    anew = [review for review in reviews if before.get(review.entry) != after[review.entry]]
    known = frozenset(review.judge for review in base if review.linked)
    return Correction(now, _panel(anew) if anew else None, known)


def _late(panel: Panel, moments: Mapping[tuple[str, str], float]) -> IntArray | None:
    """Return which reviews lie in the later half of their judge's; None when a moment is unknown."""
    pairs = zip(panel.entry_of, panel.judge_of, strict=True)
    known = [moments.get((panel.entries[entry], panel.judges[judge])) for entry, judge in pairs]
    if None in known:
        return None
    when = np.array(known, dtype=np.float64)
    late = np.zeros(len(when), dtype=np.intp)
    for seat in range(len(panel.judges)):
        own = np.flatnonzero(panel.judge_of == seat)
        order = own[np.argsort(when[own], kind="stable")]
        late[order[(len(order) + 1) // 2 :]] = 1
    return late


def _by_entry(reviews: Sequence[Review]) -> dict[str, dict[str, Mapping[str, Decimal | None]]]:
    found: dict[str, dict[str, Mapping[str, Decimal | None]]] = {}
    for review in reviews:
        found.setdefault(review.entry, {})[review.judge] = review.values
    return found


def _entry(row: JudgedEntry) -> FairEntry:
    numbers = (row.fair, row.fair_lo, row.fair_hi, row.p_top, row.rank, row.rank_lo, row.rank_hi)
    fair, low, high, p_top, place, place_low, place_high = (
        math.nan if one is None else one for one in numbers
    )
    if math.isnan(sum((fair, low, high, p_top, place, place_low, place_high))):
        raise _NotFair("not-settled")
    return FairEntry(
        row.entry, fair, low, high, int(place), int(place_low), int(place_high), p_top, verdict_of(p_top)
    )


def _panel(reviews: Sequence[Review]) -> Panel:
    return panel_of(
        Rating(review.entry, review.judge, section, float(value))
        for review in reviews
        for section, value in review.values.items()
        if value is not None
    )


def _weights(panel: Panel, terms: Terms) -> dict[str, float]:
    return {one.section: float(one.weight) for one in terms.sections if one.section in panel.criteria}


def _judgement(
    panel: Panel, terms: Terms, correction: Correction | None, late: IntArray | None
) -> tuple[Judgement, Model]:
    for model in _models(terms):
        try:
            found = judge(
                panel,
                JudgingOptions(model=model, weights=_weights(panel, terms), top=terms.top, seed=terms.seed),
                correction,
                late,
            )
        except JudgingError:
            continue
        if not found.converged:
            continue
        if not found.agreement.reliability or found.agreement.reliability < _LEAST_RELIABILITY:
            raise _NotFair("nothing-to-separate")
        return found, model
    raise _NotFair("nothing-to-separate" if np.ptp(panel.scores[panel.rated]) == 0 else "not-settled")


def _models(terms: Terms) -> tuple[Model, ...]:
    steps = terms.maximum - terms.minimum + 1
    return ("mfrm", "linear") if steps <= MOST_CATEGORIES else ("linear",)


def _means(panel: Panel, terms: Terms) -> dict[str, float]:
    """Return the plain mean of each entry that has one."""
    means = raw_scores(panel, criterion_weights(panel, _weights(panel, terms)))
    return {name: float(mean) for name, mean in zip(panel.entries, means, strict=True) if not np.isnan(mean)}


def _without(
    name: str,
    rest: Sequence[Review],
    model: Model,
    terms: Terms,
    fair: Mapping[str, float],
    means: Mapping[str, float],
    top: int,
) -> Without:
    if not rest:
        return Without(name, None, shift(means, {}, top))
    panel = _panel(rest)
    left = {} if len(_weights(panel, terms)) < len(_weighing(terms)) else _means(panel, terms)
    values = _fair_alone(panel, model, terms)
    if values is None:
        return Without(name, None, shift(means, left, top))
    after = {entry: float(value) for entry, value in zip(panel.entries, values, strict=True) if entry in left}
    return Without(name, shift(fair, after, top), shift(means, left, top))


def _weighing(terms: Terms) -> list[SectionWeight]:
    return [one for one in terms.sections if one.weight]


def _fair_alone(panel: Panel, model: Model, terms: Terms) -> FloatArray | None:
    """Return the estimates by which entries are ranked, without all that is told of them; None when none settle."""
    weights = criterion_weights(panel, _weights(panel, terms))
    try:
        fit = fit_mfrm(panel) if model == "mfrm" else fit_linear(panel, weights)
    except JudgingError:
        return None
    if not fit.converged:
        return None
    found = fair_scores(fit, weights) if isinstance(fit, MfrmFit) else linear_fair_scores(fit.estimates)
    return found.ranked.value
