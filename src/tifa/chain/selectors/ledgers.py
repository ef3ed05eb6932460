"""The three ledgers and the gaps between them, on any day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from tifa.chain.choices import GAP_AFTER, HOLDER_OF, LEDGER_STEPS, GapKind, Holder, Ledger, Step
from tifa.chain.models import HandOff, ServiceLevel
from tifa.chain.selectors.silence import silent_ids
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import UnitTree, is_valid_on, ortal_unit, unit_tree, units_of
from tifa.registry.models import Innovation
from tifa.registry.selectors import VIEWING_ROLES


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
        undated = Q(trial_started=None, use_started=None)
        begun = Q(trial_started__lte=self.as_of) | Q(use_started__lte=self.as_of)
        return Innovation.objects.filter(self._condition(""), undated | begun | Exists(steps))

    def handoffs(self) -> QuerySet[HandOff]:
        """Return the steps that count: those up to the day; whoever has one was there."""
        return HandOff.objects.filter(self._condition("innovation__"), on__lte=self.as_of)

    def _condition(self, path: str) -> Q:
        condition = Q()
        if self.unit_ids is not None:
            condition &= Q(**{f"{path}unit__in": self.unit_ids})
        if self.function:
            condition &= Q(**{f"{path}function": self.function})
        return condition


@dataclass(frozen=True)
class Gap:
    """One innovation that waits: for whom, since when, until when.

    ``since`` and ``due`` are None when nothing tells them; ``days_left`` is negative when overdue.
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

    @property
    def counts(self) -> dict[GapKind, int]:
        """Return how many gaps there are of each kind."""
        found = dict.fromkeys(GapKind, 0)
        for gap in self.gaps:
            found[gap.kind] += 1
        return found

    @property
    def overdue(self) -> int:
        """Return how many gaps are past their date."""
        return sum(1 for gap in self.gaps if gap.days_late)

    @property
    def holders(self) -> dict[Holder, int]:
        """Return how many gaps each holder has to close."""
        found = dict.fromkeys(Holder, 0)
        for gap in self.gaps:
            found[gap.holder] += 1
        return found


@dataclass(frozen=True)
class _LastStep:
    step: Step
    on: date
    due: date | None
    reason: str


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
    gaps = sorted(_gaps(scope, tree), key=_urgency)
    return ReportingGap(
        as_of=scope.as_of,
        ledgers=ledger_counts(scope),
        gaps=tuple(gaps),
        silent_units=silent_units(scope, tree),
    )


def ledger_counts(scope: Scope) -> dict[Ledger, int]:
    """Return how many innovations ever reached each ledger."""
    reached = {
        ledger.value: Count("innovation", distinct=True, filter=Q(step__in=steps))
        for ledger, steps in LEDGER_STEPS.items()
    }
    counted = scope.handoffs().aggregate(**reached)
    return {Ledger.KNOWN: scope.innovations().count()} | {
        ledger: counted[ledger.value] for ledger in LEDGER_STEPS
    }


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
    rows = HandOff.objects.filter(innovation__in=innovations, on__lte=as_of).order_by("on", "pk")
    return {row.innovation_id: row for row in rows}


def gap_of(innovation: Innovation, *, as_of: date, tree: UnitTree) -> Gap | None:
    """Return what one innovation waits for on a day, or nothing when it waits for nobody."""
    step = last_steps([innovation.pk], as_of).get(innovation.pk)
    last = _LastStep(Step(step.step), step.on, step.due, step.reason) if step else None
    starts = (innovation.use_started, innovation.trial_started)
    started = _started(starts, as_of)
    if last is None and started is None and any(starts):
        return None
    return _gap(
        innovation.code,
        innovation.title,
        tree.units[innovation.unit_id],
        started,
        last=last,
        as_of=as_of,
        levels=ServiceLevels(tree),
    )


def _started(starts: tuple[date | None, ...], as_of: date) -> date | None:
    """Return the start of use, else of the trial, as far as it lies up to the day."""
    return next((start for start in starts if start and start <= as_of), None)


def _gaps(scope: Scope, tree: UnitTree) -> Iterator[Gap]:
    levels = ServiceLevels(tree)
    last = _last_steps(scope)
    rows = scope.innovations().values_list("pk", "code", "title", "unit_id", "trial_started", "use_started")
    for key, code, title, unit_id, trial, use in rows:
        gap = _gap(
            code,
            title,
            tree.units[unit_id],
            _started((use, trial), scope.as_of),
            last=last.get(key),
            as_of=scope.as_of,
            levels=levels,
        )
        if gap is not None:
            yield gap


def _gap(
    code: str,
    title: str,
    unit: Unit,
    started: date | None,
    *,
    last: _LastStep | None,
    as_of: date,
    levels: "ServiceLevels",
) -> Gap | None:
    kind = GAP_AFTER.get(last.step if last else None)
    if kind is None:
        return None
    since = last.on if last else started
    due = (last.due if last else None) or levels.due(kind, unit.pk, since)
    return Gap(
        kind=kind,
        innovation=code,
        title=title,
        unit=unit,
        holder=HOLDER_OF[kind],
        since=since,
        due=due,
        days_left=(due - as_of).days if due else None,
        deliberate=kind == GapKind.HELD,
        reason=last.reason if last else "",
    )


def _last_steps(scope: Scope) -> dict[int, _LastStep]:
    place = Window(RowNumber(), partition_by=F("innovation_id"), order_by=[F("on").desc(), F("pk").desc()])
    rows = (
        scope.handoffs()
        .annotate(place=place)
        .filter(place=1)
        .order_by()
        .values_list("innovation_id", "step", "on", "due", "reason")
    )
    return {key: _LastStep(Step(step), on, due, reason) for key, step, on, due, reason in rows}


def _urgency(gap: Gap) -> tuple[bool, int, str]:
    return (gap.days_left is None, gap.days_left or 0, gap.innovation)


class ServiceLevels:
    """Finds the service level that holds for whoever must act: the nearest one up the tree."""

    def __init__(self, tree: UnitTree) -> None:
        self._tree = tree
        self._ortal = ortal_unit(tree)
        self._days = {(level.unit_id, level.kind): level.days for level in ServiceLevel.objects.all()}

    def due(self, kind: GapKind, unit_id: int, since: date | None) -> date | None:
        """Return the day until which the holder must act, or None when no level is set."""
        if since is None or not self._days:
            return None
        acting = unit_id if HOLDER_OF[kind] == Holder.UNIT or self._ortal is None else self._ortal.pk
        for ancestor in self._tree.ancestors(acting):
            days = self._days.get((ancestor, kind))
            if days is not None:
                return since + timedelta(days=days)
        return None
