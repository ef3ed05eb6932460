"""The internal list of innovations: searched, narrowed, in order, with where each one stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from tifa.chain.choices import BULK_STEPS, GAP_AFTER, HOLDER_OF, NEXT_STEPS, GapKind, Holder, Step
from tifa.chain.models import HandOff
from tifa.chain.models.ledgers import decides_on
from tifa.chain.selectors.ledgers import last_steps
from tifa.organisation.models import Person, Unit, UnitAlias
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation
from tifa.registry.selectors import visible_innovations

NOT_REPORTED = "belum"
WORDS = 8
SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("-recorded_at", "-pk"),
    "oldest": ("recorded_at", "pk"),
    "title": ("title", "pk"),
    "unit": ("unit__name", "title", "pk"),
}


@dataclass(frozen=True)
class Narrowing:
    """What a person looks for; empty values do not narrow.

    ``step`` is a step or ``NOT_REPORTED``; ``unit`` includes its subtree.
    """

    query: str = ""
    unit: Unit | None = None
    function: str = ""
    stage: str = ""
    step: str = ""
    holder: str = ""
    source: str = ""
    sort: str = "newest"


@dataclass(frozen=True)
class InnovationRow:
    """One innovation with the step that decides, what it waits for, and its age in months."""

    innovation: Innovation
    step: Step | None
    on: date | None
    kind: GapKind | None
    age: int | None

    @property
    def holder(self) -> Holder | None:
        """Return who has to act, or nothing when nobody has to."""
        return HOLDER_OF[self.kind] if self.kind else None

    @property
    def may_be_decided(self) -> bool:
        """Return whether one of the steps that many may take at once can follow."""
        return bool(set(NEXT_STEPS[self.step]) & set(BULK_STEPS))


def innovations_by(
    person: Person, narrowing: Narrowing, *, as_of: date, tree: UnitTree
) -> QuerySet[Innovation]:
    """Return what a person may see and looks for."""
    rows = visible_innovations(person, tree)
    if narrowing.unit is not None:
        rows = rows.filter(unit__in=tree.subtree(narrowing.unit.pk))
    for name in ("function", "stage", "source"):
        value = getattr(narrowing, name)
        if value:
            rows = rows.filter(**{name: value})
    if narrowing.step or narrowing.holder:
        rows = _standing(_with_last_step(rows, as_of), narrowing)
    rows = _searched(rows, narrowing.query, tree)
    return rows.order_by(*SORTS.get(narrowing.sort, SORTS["newest"]))


def innovation_rows(page: Iterable[Innovation], as_of: date) -> list[InnovationRow]:
    """Return the rows of one page, in one further statement."""
    innovations = list(page)
    last = last_steps([innovation.pk for innovation in innovations], as_of)
    return [_row(innovation, last.get(innovation.pk), as_of) for innovation in innovations]


def exported_rows(rows: QuerySet[Innovation], as_of: date) -> Iterable[InnovationRow]:
    """Yield all rows in one streamed statement."""
    for innovation in _with_last_step(rows, as_of).iterator(chunk_size=2000):
        step = innovation.last_step
        yield InnovationRow(
            innovation,
            Step(step) if step else None,
            innovation.last_on,
            GAP_AFTER.get(Step(step) if step else None),
            age_in_months(innovation, as_of),
        )


def age_in_months(innovation: Innovation, as_of: date) -> int | None:
    """Return for how many whole months it is in use, else on trial; None when no date tells."""
    start = innovation.use_started or innovation.trial_started
    if start is None or start > as_of:
        return None
    return (as_of.year - start.year) * 12 + as_of.month - start.month - (as_of.day < start.day)


def _row(innovation: Innovation, last: HandOff | None, as_of: date) -> InnovationRow:
    step = Step(last.step) if last else None
    return InnovationRow(
        innovation, step, last.on if last else None, GAP_AFTER.get(step), age_in_months(innovation, as_of)
    )


def _with_last_step(rows: QuerySet[Innovation], as_of: date) -> QuerySet[Any]:
    last = FilteredRelation("handoffs", condition=decides_on(as_of, "handoffs__"))
    return rows.annotate(last=last).annotate(last_step=F("last__step"), last_on=F("last__on"))


def _standing(rows: QuerySet[Any], narrowing: Narrowing) -> QuerySet[Innovation]:
    if narrowing.step == NOT_REPORTED:
        rows = rows.filter(last_step=None)
    elif narrowing.step:
        rows = rows.filter(last_step=narrowing.step)
    if not narrowing.holder:
        return rows
    steps = {step for step, kind in GAP_AFTER.items() if HOLDER_OF[kind] == narrowing.holder}
    named = Q(last_step__in=steps - {None})
    return rows.filter(named | Q(last_step=None) if None in steps else named)


def _searched(rows: QuerySet[Innovation], query: str, tree: UnitTree) -> QuerySet[Innovation]:
    words = query.split()[:WORDS]
    if not words:
        return rows
    names = _unit_names(tree)
    for word in words:
        units = [key for key, name in names.items() if word.casefold() in name]
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(code__icontains=word)
            | Q(summary__icontains=word)
            | Q(unit__in=units)
        )
    return rows


def _unit_names(tree: UnitTree) -> dict[int, str]:
    names = {key: f"{unit.name} {unit.code}".casefold() for key, unit in tree.units.items()}
    for key, text in UnitAlias.objects.order_by().values_list("unit", "text"):
        names[key] += f" {text.casefold()}"
    return names
