"""What Ortal sets: service levels of each branch, days off, and the reasons for holding back."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from tifa.chain.choices import HOLDER_OF, GapKind, Holder
from tifa.chain.models import HoldReason, Holiday, ServiceLevel
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitTree, ortal_unit

# What is held back carries a date of its own.
KINDS = tuple(kind for kind in GapKind if kind != GapKind.HELD)


@dataclass(frozen=True)
class LevelRow:
    """The service level of one kind in one unit: its own, and the one that holds without it."""

    kind: GapKind
    own: ServiceLevel | None
    inherited: ServiceLevel | None


def levels_of(unit: Unit, tree: UnitTree) -> tuple[LevelRow, ...]:
    """Return what may be set in a unit: what its branch holds, and what Ortal holds only where Ortal lies."""
    levels = {(level.unit_id, level.kind): level for level in ServiceLevel.objects.select_related("unit")}
    ortal = ortal_unit(tree)
    above_ortal = ortal is None or unit.pk in tree.ancestors(ortal.pk)
    return tuple(
        LevelRow(
            kind,
            levels.get((unit.pk, kind)),
            next(
                (levels[key, kind] for key in tree.ancestors(unit.pk)[1:] if (key, kind) in levels),
                None,
            ),
        )
        for kind in KINDS
        if above_ortal or HOLDER_OF[kind] == Holder.UNIT
    )


def units_with_levels() -> QuerySet[Unit]:
    """Return the units that have service levels of their own."""
    return Unit.objects.filter(service_levels__isnull=False).distinct().order_by("code")


def state_of(rows: Sequence[LevelRow]) -> str:
    """Return a mark of what is stored, by which a form knows whether somebody changed it meanwhile."""
    stored = [(row.kind.value, row.own.days, row.own.counting) for row in rows if row.own]
    return _mark(stored)


def state_of_reasons(names: Sequence[str]) -> str:
    """Return a mark of the reasons that are offered, for the same purpose."""
    return _mark(list(names))


def holidays() -> QuerySet[Holiday]:
    """Return the days off, the newest first."""
    return Holiday.objects.order_by("-day")


def offered_reasons() -> list[str]:
    """Return the reasons for holding back that the forms offer."""
    return list(HoldReason.objects.filter(offered=True).values_list("name", flat=True))


def hold_reasons() -> QuerySet[HoldReason]:
    """Return all reasons for holding back, also those that are no longer offered."""
    return HoldReason.objects.order_by("position", "pk")


def _mark(stored: object) -> str:
    return hashlib.sha256(repr(stored).encode()).hexdigest()[:16]
