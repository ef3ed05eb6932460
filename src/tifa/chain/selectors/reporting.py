"""What the report needs: the units a person reports for, their drafts, and the words used before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from tifa.chain.choices import GapKind, Step
from tifa.chain.models import HandOff, ReportDraft
from tifa.chain.selectors.calendar import ServiceLevels
from tifa.chain.selectors.campaigns import delegated_units
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import UnitChoice, UnitTree, ortal_unit, unit_choices, units_of
from tifa.registry.models import Innovation

SUGGESTIONS = 100


@dataclass(frozen=True)
class Receiver:
    """Who gets a report, and until when they have to act; None where no service level is set."""

    unit: Unit | None
    due: date | None


def units_to_report_for(person: Person, *, on: date, tree: UnitTree) -> tuple[UnitChoice, ...]:
    """Return the units for which a person reports, in the order of the tree.

    They are those of the person's roles, subtrees included, and those that asked the person's units to answer for
    them in a running campaign.
    """
    own = units_of(person, REPORTING_ROLES, tree)
    return unit_choices(tree, own | delegated_units(person, tree), on=on)


def units_to_find_in(person: Person, *, on: date, tree: UnitTree) -> tuple[UnitChoice, ...]:
    """Return the units about which a person of the organisation section may record a finding."""
    return unit_choices(tree, units_of(person, DECIDING_ROLES, tree), on=on)


def drafts_for(person: Person) -> QuerySet[ReportDraft]:
    """Return the drafts of a person, the newest first."""
    return ReportDraft.objects.filter(person=person).select_related("innovation__unit")


def services_named(units: Collection[int]) -> list[str]:
    """Return the public services that units have named so far."""
    rows = Innovation.objects.filter(unit__in=units).exclude(service="")
    return list(rows.order_by("service").values_list("service", flat=True).distinct()[:SUGGESTIONS])


def affairs_named(units: Collection[int]) -> list[str]:
    """Return the government affairs named so far by units or in the public catalogue."""
    rows = Innovation.objects.filter(Q(unit__in=units) | Q(published_on__isnull=False)).exclude(affairs="")
    return list(rows.order_by("affairs").values_list("affairs", flat=True).distinct()[:SUGGESTIONS])


def receiver_of_reports(tree: UnitTree, *, on: date) -> Receiver:
    """Return who gets a report that is sent on a day."""
    ortal = ortal_unit(tree)
    if ortal is None:
        return Receiver(None, None)
    return Receiver(ortal, ServiceLevels(tree).due(GapKind.UNVERIFIED, ortal.pk, on))


def first_report(unit: Unit, year: int) -> HandOff | None:
    """Return the first report that a unit made in a year, or nothing."""
    rows = HandOff.objects.filter(innovation__unit=unit, step=Step.REPORTED, on__year=year)
    return rows.select_related("innovation").order_by("on", "pk").first()


def nil_years(today: date) -> tuple[int, int]:
    """Return the years for which a nil report may be given: this one and the last."""
    return today.year, (today.replace(month=1, day=1) - timedelta(days=1)).year


def as_typed(innovation: Innovation) -> dict[str, str]:
    """Return what is recorded of an innovation as the text that a draft holds, with its version."""
    days = {name: getattr(innovation, name) for name in ("trial_started", "use_started")}
    texts = ("title", "function", "stage", "summary", "affairs", "service", "initiator")
    return {
        **{name: getattr(innovation, name) for name in texts},
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "unit": innovation.unit.code,
        "innovation_version": str(innovation.version),
    }
