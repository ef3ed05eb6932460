"""Which unit reported how much, when last, and which was silent."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from tifa.chain.choices import Step
from tifa.chain.models import NilReport
from tifa.chain.selectors.ledgers import Scope, silent_units
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitTree


@dataclass(frozen=True)
class CoverageRow:
    """One unit: its own innovations and those of its subtree, its last report, its nil reports."""

    unit: Unit
    depth: int
    innovations: int
    in_subtree: int
    last_report: date | None
    nil_years: tuple[int, ...]
    silent: bool


def coverage(scope: Scope, tree: UnitTree) -> tuple[CoverageRow, ...]:
    """Return every unit of the scope in the order of the tree; the statements do not depend on the rows."""
    own = _counts(scope)
    last = _last_reports(scope)
    nil = _nil_years(scope)
    silent = {unit.pk for unit in silent_units(scope, tree)}
    return tuple(
        CoverageRow(
            unit=unit,
            depth=depth,
            innovations=own.get(unit.pk, 0),
            in_subtree=sum(own.get(key, 0) for key in tree.subtree(unit.pk)),
            last_report=last.get(unit.pk),
            nil_years=nil.get(unit.pk, ()),
            silent=unit.pk in silent,
        )
        for depth, unit in tree.in_order()
        if scope.unit_ids is None or unit.pk in scope.unit_ids
    )


def _counts(scope: Scope) -> dict[int, int]:
    return dict(scope.innovations().order_by().values_list("unit").annotate(n=Count("pk")))


def _last_reports(scope: Scope) -> dict[int, date]:
    reported = scope.handoffs().filter(step=Step.REPORTED).order_by()
    return dict(reported.values_list("innovation__unit").annotate(last=Max("on")))


def _nil_years(scope: Scope) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for unit_id, year in (
        NilReport.objects.filter(on__lte=scope.as_of).values_list("unit", "year").order_by("year")
    ):
        found[unit_id] = (*found.get(unit_id, ()), year)
    return found
