"""How long each step takes, how many keep the deadline, and where innovations stay behind.

Medians are computed here and not by the database: SQLite has none, and both databases must show the same number.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from tifa.chain.choices import GAP_AFTER, HOLDER_OF, GapKind, Holder, Step
from tifa.chain.selectors.calendar import ServiceLevels
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.selectors.national import NationalFigure, national_figures
from tifa.organisation.models import Unit
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


class _Stage(NamedTuple):
    innovation: int
    unit: int
    step: str
    on: date
    due: date | None


@dataclass(frozen=True)
class _Path:
    """The steps of one innovation in order."""

    unit: int
    stages: Sequence[_Stage]

    @property
    def reported(self) -> date | None:
        return next((stage.on for stage in self.stages if stage.step == Step.REPORTED), None)

    @property
    def forwarded(self) -> bool:
        return any(stage.step == Step.FORWARDED for stage in self.stages)


def flow(scope: Scope, tree: UnitTree) -> Flow:
    """Return the figures; the steps are read in one statement."""
    scope = scope.without_needless_units(tree)
    paths = list(_paths(scope))
    reported = [path for path in paths if path.reported]
    years = {path.reported.year for path in reported if path.reported}
    branches = _branches(tree, {path.unit for path in reported})
    last = Counter(GAP_AFTER.get(Step(path.stages[-1].step)) for path in reported if not path.forwarded)
    return Flow(
        as_of=scope.as_of,
        steps=_times(paths, scope.as_of, ServiceLevels(tree)),
        total=_loss("", "", reported),
        units=tuple(
            sorted(
                (
                    _loss(unit.name, unit.code, [path for path in reported if branches[path.unit] == unit])
                    for unit in dict.fromkeys(branches.values())
                ),
                key=lambda loss: (-loss.lost, loss.key),
            )
        ),
        years=tuple(
            _loss(
                str(year),
                str(year),
                [path for path in reported if path.reported and path.reported.year == year],
            )
            for year in sorted(years)
        ),
        stuck=tuple((kind, last[kind]) for kind in GapKind if last[kind]),
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
    rows = scope.handoffs().order_by("innovation", "on", "pk")
    stages: list[_Stage] = []
    for row in rows.values_list("innovation", "innovation__unit", "step", "on", "due").iterator(
        chunk_size=2000
    ):
        stage = _Stage(*row)
        if stages and stages[-1].innovation != stage.innovation:
            yield _Path(stages[0].unit, stages)
            stages = []
        stages.append(stage)
    if stages:
        yield _Path(stages[0].unit, stages)


def _times(paths: Iterable[_Path], as_of: date, levels: ServiceLevels) -> tuple[StepTime, ...]:
    days: dict[GapKind, list[int]] = {kind: [] for kind in TIMED}
    judged, in_time, waiting = Counter[GapKind](), Counter[GapKind](), Counter[GapKind]()
    for path in paths:
        for number, stage in enumerate(path.stages):
            kind = GAP_AFTER.get(Step(stage.step))
            if kind not in days:
                continue
            if number + 1 == len(path.stages):
                waiting[kind] += 1
                continue
            ended = path.stages[number + 1].on
            days[kind].append((ended - stage.on).days)
            due = stage.due or levels.due(kind, path.unit, stage.on)
            if due is not None:
                judged[kind] += 1
                in_time[kind] += ended <= due
    return tuple(
        StepTime(
            kind=kind,
            ended=len(days[kind]),
            median=statistics.median(days[kind]) if days[kind] else None,
            high=high_value(days[kind]),
            judged=judged[kind],
            in_time=in_time[kind],
            waiting=waiting[kind],
        )
        for kind in TIMED
    )


def _branches(tree: UnitTree, units: Iterable[int]) -> dict[int, Unit]:
    """Return for each unit the branch below the root in which it lies, itself when it is the root."""
    found = {}
    for unit in units:
        above = tree.ancestors(unit)
        found[unit] = tree.units[above[-2] if len(above) > 1 else above[-1]]
    return found


def _loss(name: str, key: str, paths: Sequence[_Path]) -> Loss:
    return Loss(name, key, len(paths), sum(1 for path in paths if path.forwarded))


def _plain(loss: Loss) -> dict[str, Any]:
    return {"name": loss.name, "code": loss.key, "reported": loss.reported, "forwarded": loss.forwarded}
