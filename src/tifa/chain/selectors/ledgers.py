"""The three ledgers and the gaps between them, on any day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import (
    CharField,
    Count,
    Exists,
    FilteredRelation,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Cast

from tifa.chain.choices import GAP_AFTER, HOLDER_OF, LEDGER_STEPS, GapKind, Holder, Ledger
from tifa.chain.models import HandOff
from tifa.chain.models.ledgers import decides_on
from tifa.chain.selectors.calendar import ServiceLevels
from tifa.chain.selectors.silence import silent_ids
from tifa.organisation.choices import VIEWING_ROLES
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import UnitTree, is_valid_on, unit_tree, units_of
from tifa.registry.models import Innovation


@dataclass(frozen=True)
class Scope:
    """Which part of the city is looked at, and on which day.

    ``unit_ids`` None means every unit; ``function`` empty means all three.
    """

    as_of: date
    unit_ids: frozenset[int] | None = None
    function: str = ""

    def innovations(self) -> QuerySet[Innovation]:
        """Return the innovations of this part that were there on the day.

        One was there when its known start or one of its steps lies up to the day, or when no start is known.
        """
        steps = HandOff.objects.filter(innovation=OuterRef("pk"), on__lte=self.as_of)
        return Innovation.objects.filter(self.condition(), self.begun() | Exists(steps))

    def begun(self) -> Q:
        """Return the condition that an innovation had started on the day, or that no start of it is known."""
        undated = Q(trial_started=None, use_started=None)
        return undated | Q(trial_started__lte=self.as_of) | Q(use_started__lte=self.as_of)

    def without_needless_units(self, tree: UnitTree) -> "Scope":
        """Return the same part without naming every unit of the city, which would cost a join."""
        return replace(self, unit_ids=None) if self.unit_ids == frozenset(tree.units) else self

    def handoffs(self) -> QuerySet[HandOff]:
        """Return the steps that count: those up to the day; whoever has one was there."""
        return HandOff.objects.filter(self.condition("innovation__"), on__lte=self.as_of)

    def condition(self, path: str = "") -> Q:
        """Return the condition that an innovation, to which ``path`` leads, is of this part of the city."""
        condition = Q()
        if self.unit_ids is not None:
            condition &= Q(**{f"{path}unit__in": self.unit_ids})
        if self.function:
            condition &= Q(**{f"{path}function": self.function})
        return condition


class Gap(NamedTuple):
    """One innovation that waits: for whom, since when, until when.

    ``since`` and ``due`` are None when nothing tells them; ``days_left`` is negative when overdue. A tuple,
    because a list of 30,000 is made in a fifth of the time that dataclasses take.
    """

    kind: GapKind
    innovation: str
    title: str
    unit: Unit
    holder: Holder
    since: date | None
    due: date | None
    days_left: int | None
    deliberate: bool
    reason: str

    @property
    def days_late(self) -> int:
        """Return by how many days it is overdue, 0 when it is not or when no date is known."""
        return max(-(self.days_left or 0), 0)

    @property
    def is_back(self) -> bool:
        """Whether it was held back until a day that has come, so that Ortal decides anew."""
        return self.deliberate and self.days_left is not None and self.days_left <= 0


@dataclass(frozen=True)
class FunnelRow:
    """One ledger: how many reached it, and which share of the ledger before it that is."""

    ledger: Ledger
    count: int
    share: float | None
    lost: int


@dataclass(frozen=True)
class ReportingGap:
    """The ledgers of a part of the city on a day, the lists between them, and who was silent."""

    as_of: date
    ledgers: dict[Ledger, int]
    gaps: tuple[Gap, ...]
    silent_units: tuple[Unit, ...]

    def of_kind(self, kind: GapKind) -> tuple[Gap, ...]:
        """Return the gaps of one kind."""
        return tuple(gap for gap in self.gaps if gap.kind == kind)

    @cached_property
    def counts(self) -> dict[GapKind, int]:
        """Return how many gaps there are of each kind."""
        found = dict.fromkeys(GapKind, 0)
        for gap in self.gaps:
            found[gap.kind] += 1
        return found

    @cached_property
    def overdue(self) -> int:
        """Return how many gaps are past their date."""
        return sum(1 for gap in self.gaps if gap.days_left is not None and gap.days_left < 0)


def visible_scope(
    person: Person, *, as_of: date, unit: Unit | None = None, function: str = "", tree: UnitTree
) -> Scope:
    """Return the part of the city that a person may look at, narrowed to a unit and its subtree."""
    visible = units_of(person, VIEWING_ROLES, tree)
    if unit is not None:
        visible &= tree.subtree(unit.pk)
    return Scope(as_of, visible, function)


def reporting_gap(scope: Scope, *, tree: UnitTree | None = None) -> ReportingGap:
    """Return ledgers, gaps and silent units; the number of statements does not depend on the rows."""
    tree = tree or unit_tree()
    scope = scope.without_needless_units(tree)
    rows = _standing(scope)
    gaps = sorted(_gaps(rows, scope.as_of, tree), key=_urgency)
    return ReportingGap(
        as_of=scope.as_of,
        ledgers={Ledger.KNOWN: len(rows)} | _reached(scope),
        gaps=tuple(gaps),
        silent_units=silent_units(scope, tree),
    )


def ledger_counts(scope: Scope) -> dict[Ledger, int]:
    """Return how many innovations ever reached each ledger."""
    return {Ledger.KNOWN: scope.innovations().count()} | _reached(scope)


def _reached(scope: Scope) -> dict[Ledger, int]:
    # A step that was taken back reached nothing, so it need not be looked for.
    rows = HandOff.history.filter(scope.condition("innovation__"), on__lte=scope.as_of).exclude(reached="")
    counted = dict(rows.order_by().values_list("reached").annotate(n=Count("pk")))
    return {ledger: counted.get(ledger.value, 0) for ledger in LEDGER_STEPS}


def funnel(ledgers: dict[Ledger, int]) -> tuple[FunnelRow, ...]:
    """Return the ledgers in order with the share that went on and the number that did not."""
    rows = []
    before: int | None = None
    for ledger in Ledger:
        count = ledgers[ledger]
        share = count / before if before else None
        rows.append(FunnelRow(ledger, count, share, max((before or count) - count, 0)))
        before = count
    return tuple(rows)


def largest_loss(rows: tuple[FunnelRow, ...]) -> FunnelRow | None:
    """Return the ledger before which most innovations stay behind, or nothing when none does."""
    worst = max(rows, key=lambda row: row.lost)
    return worst if worst.lost else None


def silent_units(scope: Scope, tree: UnitTree) -> tuple[Unit, ...]:
    """Return the units that exist on the day and were silent: in a running campaign, else in its calendar year."""
    listed = [
        unit
        for _, unit in tree.in_order()
        if (scope.unit_ids is None or unit.pk in scope.unit_ids) and is_valid_on(unit, scope.as_of)
    ]
    silent = silent_ids([unit.pk for unit in listed], scope.as_of)
    return tuple(unit for unit in listed if unit.pk in silent)


def first_year(scope: Scope) -> int:
    """Return the year of the first step in a part of the city, that of the day itself when there is none."""
    first = scope.handoffs().aggregate(first=Min("on"))["first"]
    return first.year if first else scope.as_of.year


def last_steps(innovations: list[int], as_of: date) -> dict[int, HandOff]:
    """Return the step that decides for each of a page of innovations, in one statement."""
    rows = HandOff.objects.filter(decides_on(as_of), innovation__in=innovations).order_by()
    return {row.innovation_id: row for row in rows}


def gap_of(innovation: Innovation, *, as_of: date, tree: UnitTree) -> Gap | None:
    """Return what one innovation waits for on a day, or nothing when it waits for nobody."""
    rows = _standing(Scope(as_of), innovation.pk)
    return next(_gaps(rows, as_of, tree), None)


# Where one innovation stands on a day: code, title, unit, start of trial and of use; step, its day, its due date and its
# reason. The days are text, since most of them repeat and need reading only once.
_Standing = tuple[str, str, int, str | None, str | None, str | None, str | None, str | None, str | None]


def _standing(scope: Scope, only: int | None = None) -> list[_Standing]:
    """Return each innovation of the scope with the step that decides, in one statement."""
    last = FilteredRelation("handoffs", condition=decides_on(scope.as_of, "handoffs__"))
    rows = Innovation.objects.filter(scope.condition()).annotate(last=last)
    if only is not None:
        rows = rows.filter(pk=only)
    days = {
        name: Cast(path, CharField())
        for name, path in (("trial", "trial_started"), ("use", "use_started"), ("on", "last__on"))
    }
    found = (
        rows.filter(scope.begun() | Q(last__isnull=False))
        .order_by()
        .annotate(**days, due=Cast("last__due", CharField()))
        .values_list("code", "title", "unit_id", "trial", "use", "last__step", "on", "due", "last__reason")
    )
    return list(found)


def _gaps(rows: Iterable[_Standing], as_of: date, tree: UnitTree) -> Iterator[Gap]:
    levels = ServiceLevels(tree)
    days = Days()
    units = tree.units
    for code, title, unit_id, trial, use, step, on, said, reason in rows:
        found = WAITING.get(step)
        if found is None:
            continue
        kind, holder = found
        since = days[on] if on else _started((days[use], days[trial]), as_of)
        due = days[said] or levels.due(kind, unit_id, since)
        yield Gap(
            kind,
            code,
            title,
            units[unit_id],
            holder,
            since,
            due,
            (due - as_of).days if due else None,
            kind is GapKind.HELD,
            reason or "",
        )


# A step compares equal to its word, so the words of the rows need not become steps first.
GAP_WORDS: Mapping[str | None, GapKind] = dict(GAP_AFTER.items())
# By the word of the last step: what the innovation waits for, and for whom.
WAITING = {word: (kind, HOLDER_OF[kind]) for word, kind in GAP_WORDS.items()}


class Days(dict[str | None, date | None]):
    """Reads days written as text; one that was read before costs a look."""

    def __missing__(self, text: str | None) -> date | None:
        day = self[text] = date.fromisoformat(text) if text else None
        return day


def _started(starts: tuple[date | None, ...], as_of: date) -> date | None:
    """Return the start of use, else of the trial, as far as it lies up to the day."""
    return next((start for start in starts if start and start <= as_of), None)


def _urgency(gap: Gap) -> tuple[bool, int, str]:
    return (gap.days_left is None, gap.days_left or 0, gap.innovation)
