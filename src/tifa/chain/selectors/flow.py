"""How long each step takes, how many keep the deadline, and where innovations stay behind.

Medians are computed here and not by the database: SQLite has none, and both databases must show the same number.
"""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import CharField
from django.db.models.functions import Cast

from tifa.chain.choices import HOLDER_OF, GapKind, Holder, Step
from tifa.chain.selectors.calendar import ServiceLevels
from tifa.chain.selectors.ledgers import GAP_WORDS, Days, Scope
from tifa.chain.selectors.national import NationalFigure, national_figures
from tifa.organisation.selectors import UnitTree

# What is held back on purpose is no throughput: its time is a decision.
TIMED = tuple(kind for kind in GapKind if kind not in {GapKind.UNREPORTED, GapKind.HELD})


@dataclass(frozen=True)
class StepTime:
    """How long one kind of waiting lasts: of those that ended the days, of those that last the number.

    ``in_time`` counts those that ended up to their due date among the ``judged`` that had one.
    """

    kind: GapKind
    ended: int
    median: float | None
    high: int | None
    judged: int
    in_time: int
    waiting: int

    @property
    def holder(self) -> Holder:
        """Return who holds it in this time."""
        return HOLDER_OF[self.kind]

    @property
    def share(self) -> float | None:
        """Return the share that kept the deadline."""
        return self.in_time / self.judged if self.judged else None


@dataclass(frozen=True)
class Loss:
    """Of what was reported, how much never reached the ministry; ``name`` is a unit, a kind or a year."""

    name: str
    key: str
    reported: int
    forwarded: int

    @property
    def lost(self) -> int:
        """Return how many never left."""
        return self.reported - self.forwarded

    @property
    def share(self) -> float | None:
        """Return the share that never left."""
        return self.lost / self.reported if self.reported else None


@dataclass(frozen=True)
class Flow:
    """The figures of a part of the city on a day."""

    as_of: date
    steps: tuple[StepTime, ...]
    total: Loss
    units: tuple[Loss, ...]
    years: tuple[Loss, ...]
    stuck: tuple[tuple[GapKind, int], ...]
    national: tuple[NationalFigure, ...]


class _Path(NamedTuple):
    """The steps of one innovation in order, each with its day and its due date as text."""

    unit: int
    stages: Sequence[tuple[str, str, str | None]]


class _Count:
    """How many were reported and forwarded, by whatever one asks for."""

    def __init__(self) -> None:
        self.reported: Counter[Any] = Counter()
        self.forwarded: Counter[Any] = Counter()

    def add(self, key: Any, *, forwarded: bool) -> None:
        self.reported[key] += 1
        self.forwarded[key] += forwarded

    def loss(self, key: Any, name: str, code: str) -> Loss:
        return Loss(name, code, self.reported[key], self.forwarded[key])


def flow(scope: Scope, tree: UnitTree) -> Flow:
    """Return the figures; the steps are read in one statement, and gone through once."""
    scope = scope.without_needless_units(tree)
    times = _Times(ServiceLevels(tree))
    all_, units, years = _Count(), _Count(), _Count()
    stuck: Counter[GapKind | None] = Counter()
    branches = _Branches(tree)
    for path in _paths(scope):
        times.add(path)
        steps = [step for step, _on, _due in path.stages]
        if Step.REPORTED not in steps:
            continue
        forwarded = Step.FORWARDED in steps
        all_.add("", forwarded=forwarded)
        units.add(branches[path.unit], forwarded=forwarded)
        years.add(path.stages[steps.index(Step.REPORTED)][1][:4], forwarded=forwarded)
        if not forwarded:
            stuck[GAP_WORDS.get(steps[-1])] += 1
    losses = (units.loss(key, tree.units[key].name, tree.units[key].code) for key in units.reported)
    return Flow(
        as_of=scope.as_of,
        steps=times.result(),
        total=all_.loss("", "", ""),
        units=tuple(sorted(losses, key=lambda loss: (-loss.lost, loss.key))),
        years=tuple(years.loss(year, year, year) for year in sorted(years.reported)),
        stuck=tuple((kind, stuck[kind]) for kind in GapKind if stuck[kind]),
        national=national_figures(),
    )


def frozen_flow(found: Flow) -> dict[str, Any]:
    """Return the figures as they are published: no person, no innovation, only counts and days."""
    return {
        "steps": [
            {
                "kind": step.kind.value,
                "ended": step.ended,
                "median": step.median,
                "high": step.high,
                "judged": step.judged,
                "in_time": step.in_time,
                "waiting": step.waiting,
            }
            for step in found.steps
        ],
        "total": _plain(found.total),
        "units": [_plain(loss) for loss in found.units],
        "years": [_plain(loss) for loss in found.years],
        "stuck": [[kind.value, count] for kind, count in found.stuck],
        "national": [{**vars(one), "sources": list(one.sources)} for one in found.national],
    }


def high_value(days: Sequence[int]) -> int | None:
    """Return the number of days within which nine of ten ended: the nearest rank, so it is a day that happened."""
    if not days:
        return None
    ordered = sorted(days)
    return ordered[-(-len(ordered) * 9 // 10) - 1]


def _paths(scope: Scope) -> Iterator[_Path]:
    rows = (
        scope.handoffs()
        .order_by("innovation", "on", "pk")
        .annotate(day=Cast("on", CharField()), last_day=Cast("due", CharField()))
        .values_list("innovation", "innovation__unit", "step", "day", "last_day")
    )
    for _key, group in groupby(rows.iterator(chunk_size=5000), key=itemgetter(0)):
        steps = list(group)
        yield _Path(steps[0][1], [step[2:] for step in steps])


class _Times:
    """Collects the days from each step to the next."""

    def __init__(self, levels: ServiceLevels) -> None:
        self._levels = levels
        self._days = Days()
        self._dues: dict[tuple[GapKind, int, str], date | None] = {}
        self._lasted: dict[GapKind, list[int]] = {kind: [] for kind in TIMED}
        self._judged: Counter[GapKind] = Counter()
        self._in_time: Counter[GapKind] = Counter()
        self._waiting: Counter[GapKind] = Counter()

    def add(self, path: _Path) -> None:
        """Take in the steps of one innovation."""
        stages = path.stages
        for (step, on, due), (_next, ended, _due) in pairwise(stages):
            kind = GAP_WORDS.get(step)
            if kind in self._lasted:
                self._end(kind, path.unit, on, due, ended)
        last = GAP_WORDS.get(stages[-1][0])
        if last in self._lasted:
            self._waiting[last] += 1

    def result(self) -> tuple[StepTime, ...]:
        """Return what was collected, kind by kind."""
        return tuple(
            StepTime(
                kind=kind,
                ended=len(days),
                median=statistics.median(days) if days else None,
                high=high_value(days),
                judged=self._judged[kind],
                in_time=self._in_time[kind],
                waiting=self._waiting[kind],
            )
            for kind, days in self._lasted.items()
        )

    def _end(self, kind: GapKind, unit: int, on: str, due: str | None, ended: str) -> None:
        since, until = self._days[on], self._days[ended]
        if since is None or until is None:
            return
        self._lasted[kind].append((until - since).days)
        day = self._days[due]
        if day is None:
            key = (kind, unit, on)
            if key not in self._dues:
                self._dues[key] = self._levels.due(kind, unit, since)
            day = self._dues[key]
        if day is not None:
            self._judged[kind] += 1
            self._in_time[kind] += until <= day


class _Branches(dict[int, int]):
    """The branch below the root in which a unit lies, itself when it is the root."""

    def __init__(self, tree: UnitTree) -> None:
        super().__init__()
        self._tree = tree

    def __missing__(self, unit: int) -> int:
        above = self._tree.ancestors(unit)
        found = self[unit] = above[-2] if len(above) > 1 else above[-1]
        return found


def _plain(loss: Loss) -> dict[str, Any]:
    return {"name": loss.name, "code": loss.key, "reported": loss.reported, "forwarded": loss.forwarded}
