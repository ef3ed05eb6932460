"""Ortal sets service levels, days off, and the reasons for holding back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tifa.chain.choices import DayCount, GapKind
from tifa.chain.models import HoldReason, Holiday, ServiceLevel
from tifa.chain.selectors.deadlines import levels_of, offered_reasons, state_of, state_of_reasons
from tifa.core import audit
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import UnitTree


class LevelsChanged(ValueError):
    """Somebody else changed the service levels of the unit meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Somebody changed these deadlines meanwhile. Read them, then save again."))


class ReasonsChanged(ValueError):
    """Somebody else changed the reasons for holding back meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed the reasons meanwhile; now they are: %(names)s. Add yours, then save again.")
            % {"names": ", ".join(offered_reasons()) or "–"}
        )


@dataclass(frozen=True)
class Level:
    """A number of days and how they are counted."""

    days: int
    counting: DayCount


@dataclass(frozen=True)
class DayFacts:
    """A day off as it was entered."""

    day: date
    name: str
    kind: str


@transaction.atomic
def set_service_levels(
    *, actor: Person, unit: Unit, tree: UnitTree, levels: Mapping[GapKind, Level | None], seen: str
) -> None:
    """Set the service levels of a unit; None takes one away, so that the unit above decides again.

    Raises
    ------
    LevelsChanged
        When what is stored is not what the person saw.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)
    rows = levels_of(unit, tree)
    if state_of(rows) != seen:
        raise LevelsChanged
    before = {row.kind.value: _words(row.own) for row in rows if row.own}
    for kind, level in levels.items():
        if level is None:
            ServiceLevel.objects.filter(unit=unit, kind=kind).delete()
        else:
            ServiceLevel.objects.update_or_create(unit=unit, kind=kind, defaults=vars(level))
    after = {row.kind.value: _words(row.own) for row in levels_of(unit, tree) if row.own}
    if before != after:
        audit.record(
            actor=actor,
            action="service_levels.changed",
            object_type="unit",
            object_key=unit.code,
            before=before,
            after=after,
        )


@transaction.atomic
def add_holidays(*, actor: Person, days: Sequence[DayFacts]) -> int:
    """Enter days off; a day that is there already takes the new name. Returns how many changed."""
    stored = {one.day: one for one in Holiday.objects.filter(day__in=[one.day for one in days])}
    changed = [one for one in days if one.day not in stored or _differs(stored[one.day], one)]
    for one in changed:
        Holiday.objects.update_or_create(day=one.day, defaults={"name": one.name, "kind": one.kind})
    if changed:
        audit.record(
            actor=actor,
            action="holidays.changed",
            object_type="holidays",
            object_key=str(changed[0].day.year),
            added=[f"{one.day.isoformat()} {one.name}" for one in changed],
        )
    return len(changed)


@transaction.atomic
def remove_holidays(*, actor: Person, days: Collection[date]) -> int:
    """Take days off out of the list; returns how many were there."""
    found = list(Holiday.objects.filter(day__in=days).order_by("day"))
    if found:
        Holiday.objects.filter(pk__in=[one.pk for one in found]).delete()
        audit.record(
            actor=actor,
            action="holidays.changed",
            object_type="holidays",
            object_key=str(found[0].day.year),
            removed=[f"{one.day.isoformat()} {one.name}" for one in found],
        )
    return len(found)


@transaction.atomic
def set_hold_reasons(*, actor: Person, names: Sequence[str], seen: str) -> None:
    """Offer exactly these reasons in this order; one that is left out is kept, and not offered any more.

    Raises
    ------
    ReasonsChanged
        When what is offered is not what the person saw.
    """
    # Of two who save at once, the second waits here and is refused.
    list(HoldReason.objects.select_for_update().order_by("pk"))
    before = offered_reasons()
    if state_of_reasons(before) != seen:
        raise ReasonsChanged
    if before == list(names):
        return
    HoldReason.objects.exclude(name__in=names).update(offered=False)
    for position, name in enumerate(names):
        HoldReason.objects.update_or_create(name=name, defaults={"position": position, "offered": True})
    audit.record(
        actor=actor,
        action="hold_reasons.changed",
        object_type="hold_reasons",
        object_key="daftar",
        before=before,
        after=list(names),
    )


def _words(level: ServiceLevel) -> str:
    return f"{level.days} {level.counting}"


def _differs(stored: Holiday, said: DayFacts) -> bool:
    return (stored.name, stored.kind) != (said.name, said.kind)
