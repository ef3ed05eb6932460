"""Reads innovations: what a person may see, and what the public may."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import units_of
from tifa.registry.models import Evidence, Innovation

VIEWING_ROLES = frozenset({Role.OPERATOR, Role.HEAD, Role.ORTAL, Role.LEADER, Role.AUDITOR})
REPORTING_ROLES = frozenset({Role.OPERATOR, Role.HEAD})


def visible_innovations(person: Person | AnonymousUser) -> QuerySet[Innovation]:
    """Return the innovations of all units that a person's roles reach."""
    return (
        Innovation.objects.filter(unit__in=units_of(person, VIEWING_ROLES))
        .select_related("unit")
        .order_by("-recorded_at", "-pk")
    )


def published_innovations(on: date) -> QuerySet[Innovation]:
    """Return what the public may see on a day, the newest first."""
    return (
        Innovation.objects.filter(published_on__lte=on)
        .select_related("unit")
        .order_by("-published_on", "-pk")
    )


def evidence_of(innovation: Innovation) -> QuerySet[Evidence]:
    """Return the evidence of an innovation with its files."""
    return innovation.evidence.select_related("file", "added_by")
