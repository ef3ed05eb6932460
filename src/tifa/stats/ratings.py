"""The ratings of a panel as arrays: who gave what to whom, in one fixed order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tifa.stats.errors import JudgingError

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]

NO_TOPIC: Final = ""


@dataclass(frozen=True)
class Rating:
    """One score of one judge for one criterion of one entry; ``score`` is None when it is missing."""

    entry: str
    judge: str
    criterion: str
    score: float | None
    topic: str = NO_TOPIC


@dataclass(frozen=True, eq=False)
class Panel:
    """All ratings, one row of ``scores`` a review, sorted by entry and judge.

    Names are sorted, so the order in which ratings arrive changes no sum. A missing score is NaN. Entries and
    judges without any score stand in ``unscored`` and ``silent`` and nowhere else.
    """

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    criteria: tuple[str, ...]
    topics: tuple[str, ...]
    entry_of: IntArray
    judge_of: IntArray
    topic_of: IntArray
    scores: FloatArray
    unscored: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def rated(self) -> BoolArray:
        """Return which scores are there."""
        return ~np.isnan(self.scores)

    @property
    def starts(self) -> IntArray:
        """Return where the reviews of each entry begin, and at last their number."""
        return np.searchsorted(self.entry_of, np.arange(len(self.entries) + 1))

    @property
    def reviews_each(self) -> IntArray:
        """Return the number of reviews of each entry."""
        return np.bincount(self.entry_of, minlength=len(self.entries))


@dataclass(frozen=True)
class Subset:
    """Entries and judges that no rating ties to the others."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]


def panel_of(ratings: Iterable[Rating]) -> Panel:
    """Arrange ratings, in any order, as a panel.

    Raises
    ------
    JudgingError
        When no score is there, a judge rated one criterion of an entry twice, a score is not finite, or an entry
        stands under two topics.
    """
    listed = list(ratings)
    topics = _topics(listed)
    cells = _cells(listed)
    entries = tuple(sorted({entry for entry, _, _ in cells}))
    judges = tuple(sorted({judge for _, judge, _ in cells}))
    criteria = tuple(sorted({criterion for _, _, criterion in cells}))
    keys = sorted({(entry, judge) for entry, judge, _ in cells})
    row = {key: position for position, key in enumerate(keys)}
    column = {name: position for position, name in enumerate(criteria)}
    scores = np.full((len(keys), len(criteria)), np.nan)
    for (entry, judge, criterion), score in cells.items():
        scores[row[entry, judge], column[criterion]] = score
    place = {name: position for position, name in enumerate(entries)}
    seat = {name: position for position, name in enumerate(judges)}
    names, topic_of = _topic_numbers(entries, topics)
    return Panel(
        entries=entries,
        judges=judges,
        criteria=criteria,
        topics=names,
        entry_of=np.array([place[entry] for entry, _ in keys], dtype=np.intp),
        judge_of=np.array([seat[judge] for _, judge in keys], dtype=np.intp),
        topic_of=topic_of,
        scores=scores,
        unscored=tuple(sorted({one.entry for one in listed} - set(entries))),
        silent=tuple(sorted({one.judge for one in listed} - set(judges))),
    )


def panel_from_arrays(
    entry_of: Sequence[int] | IntArray,
    judge_of: Sequence[int] | IntArray,
    scores: FloatArray,
    topic_of: Sequence[int] | IntArray | None = None,
) -> Panel:
    """Arrange numbered reviews, one row of ``scores`` each, as a panel; names are the numbers.

    ``topic_of`` has one topic an entry. Every entry and judge number up to the largest needs a review.
    """
    entry, judge = np.asarray(entry_of, dtype=np.intp), np.asarray(judge_of, dtype=np.intp)
    order = np.lexsort((judge, entry))
    entry, judge = entry[order], judge[order]
    if np.any((np.diff(entry) == 0) & (np.diff(judge) == 0)):
        raise JudgingError("A judge reviewed one entry twice; expected one review of each judge.")
    topic = np.zeros(entry[-1] + 1, dtype=np.intp) if topic_of is None else np.asarray(topic_of, np.intp)
    return Panel(
        entries=_numbered("e", int(entry[-1]) + 1),
        judges=_numbered("j", int(judge.max()) + 1),
        criteria=_numbered("c", scores.shape[1]),
        topics=() if topic_of is None else _numbered("t", int(topic.max()) + 1),
        entry_of=entry,
        judge_of=judge,
        topic_of=topic,
        scores=np.ascontiguousarray(scores[order], dtype=np.float64),
    )


def subsets_of(panel: Panel) -> tuple[Subset, ...]:
    """Return the connected parts of the panel, largest first: judges of different parts share no entry."""
    entries, judges = len(panel.entries), len(panel.judges)
    ties = coo_array(
        (np.ones(len(panel.entry_of)), (panel.entry_of, entries + panel.judge_of)),
        shape=(entries + judges, entries + judges),
    )
    count, part = connected_components(ties, directed=False)
    found = [
        Subset(
            tuple(panel.entries[i] for i in np.flatnonzero(part[:entries] == number)),
            tuple(panel.judges[i] for i in np.flatnonzero(part[entries:] == number)),
        )
        for number in range(count)
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.entries), one.entries)))


def criterion_weights(panel: Panel, weights: dict[str, float] | None) -> FloatArray:
    """Return the weight of each criterion, summing to 1; equal weights when ``weights`` is None.

    Raises
    ------
    JudgingError
        When a criterion has no weight, a weight belongs to no criterion, is negative, or none is above 0.
    """
    if weights is None:
        return np.full(len(panel.criteria), 1.0 / len(panel.criteria))
    for name in panel.criteria:
        if name not in weights:
            raise JudgingError(f"Criterion {name!r} has no weight; expected one for each criterion rated.")
    for name, weight in weights.items():
        if name not in panel.criteria:
            raise JudgingError(
                f"The weight of {name!r} belongs to no criterion rated; expected one of {', '.join(panel.criteria)}."
            )
        if not np.isfinite(weight) or weight < 0:
            raise JudgingError(f"The weight of {name!r} is {weight}; expected a number of 0 or more.")
    found = np.array([weights[name] for name in panel.criteria], dtype=np.float64)
    if found.sum() <= 0:
        raise JudgingError("No criterion has a weight above 0, so nothing can be ranked.")
    shares: FloatArray = found / found.sum()
    return shares


def review_scores(panel: Panel, weights: FloatArray) -> FloatArray:
    """Return the weighted mean of each review over the criteria it rates; NaN when those weigh nothing."""
    share = np.where(panel.rated, weights, 0.0)
    whole = share.sum(axis=1)
    points = np.where(panel.rated, panel.scores, 0.0) @ weights
    found = np.full(len(whole), np.nan)
    np.divide(points, whole, out=found, where=whole > 0)
    return found


def totals(group_of: IntArray, values: FloatArray, groups: int) -> FloatArray:
    """Return the sum of the values of each group, added in their order."""
    return np.asarray(np.bincount(group_of, values, minlength=groups), dtype=np.float64)


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    digits = len(str(max(count - 1, 0)))
    return tuple(f"{letter}{number:0{digits}}" for number in range(count))


def _topics(ratings: Sequence[Rating]) -> dict[str, str]:
    topics: dict[str, str] = {}
    for one in ratings:
        if topics.setdefault(one.entry, one.topic) != one.topic:
            raise JudgingError(
                f"Entry {one.entry!r} stands under the topics {topics[one.entry]!r} and {one.topic!r}; "
                "expected one topic an entry."
            )
    return topics


def _topic_numbers(entries: Sequence[str], topics: dict[str, str]) -> tuple[tuple[str, ...], IntArray]:
    names = tuple(sorted({topics[entry] for entry in entries}))
    number = {name: position for position, name in enumerate(names)}
    of = np.array([number[topics[entry]] for entry in entries], dtype=np.intp)
    return (() if names == (NO_TOPIC,) else names), of


def _cells(ratings: Sequence[Rating]) -> dict[tuple[str, str, str], float]:
    cells: dict[tuple[str, str, str], float] = {}
    seen: set[tuple[str, str, str]] = set()
    for one in ratings:
        key = (one.entry, one.judge, one.criterion)
        if key in seen:
            raise JudgingError(
                f"Judge {one.judge!r} rated criterion {one.criterion!r} of entry {one.entry!r} twice; "
                "keep one of the two."
            )
        seen.add(key)
        if one.score is None:
            continue
        if not np.isfinite(one.score):
            raise JudgingError(
                f"Judge {one.judge!r} gave {one.score} to {one.entry!r}, {one.criterion!r}; expected a number."
            )
        cells[key] = float(one.score)
    if not cells:
        raise JudgingError("There is no score, so nothing can be judged.")
    return cells
