"""Reads innovations: what a person may see, and what the public may."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from tifa.core.models import StoredFile
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, units_of
from tifa.registry.models import Evidence, Innovation, InnovationAlias


@dataclass(frozen=True)
class Named:
    """What of an innovation a text may mention."""

    pk: int
    code: str
    title: str
    unit: str
    summary: str
    aliases: tuple[str, ...]


VIEWING_ROLES = frozenset({Role.OPERATOR, Role.HEAD, Role.ORTAL, Role.LEADER, Role.AUDITOR})
REPORTING_ROLES = frozenset({Role.OPERATOR, Role.HEAD})
DECIDING_ROLES = frozenset({Role.ORTAL})


def visible_innovations(person: Person | AnonymousUser, tree: UnitTree | None = None) -> QuerySet[Innovation]:
    """Return the innovations of all units that a person's roles reach."""
    return _innovations_by(person, VIEWING_ROLES, tree)


def reportable_innovations(person: Person, tree: UnitTree | None = None) -> QuerySet[Innovation]:
    """Return the innovations of the units for which a person reports."""
    return _innovations_by(person, REPORTING_ROLES, tree)


def decidable_innovations(person: Person, tree: UnitTree | None = None) -> QuerySet[Innovation]:
    """Return the innovations on which a person decides as the organisation section."""
    return _innovations_by(person, DECIDING_ROLES, tree)


def evidencable_innovations(person: Person, tree: UnitTree | None = None) -> QuerySet[Innovation]:
    """Return the innovations to which a person may add evidence."""
    return _innovations_by(person, REPORTING_ROLES | DECIDING_ROLES, tree)


def published_innovations(on: date) -> QuerySet[Innovation]:
    """Return what the public may see on a day, the newest first."""
    return (
        Innovation.objects.filter(published_on__lte=on)
        .select_related("unit")
        .order_by("-published_on", "-pk")
    )


def verified_innovations(on: date) -> QuerySet[Innovation]:
    """Return what Ortal has verified up to a day, by code."""
    return Innovation.objects.filter(verified_on__lte=on).select_related("unit").order_by("code", "pk")


def aliases_of(innovation: Innovation) -> QuerySet[InnovationAlias]:
    """Return the other names of an innovation."""
    return innovation.aliases.order_by("text", "pk")


def named_innovations() -> list[Named]:
    """Return every innovation with all its names, in two statements, for texts that speak of any of them."""
    others: dict[int, list[str]] = {}
    for key, text in InnovationAlias.objects.order_by("pk").values_list("innovation", "text"):
        others.setdefault(key, []).append(text)
    rows = Innovation.objects.order_by("code").values_list("pk", "code", "title", "unit__name", "summary")
    return [Named(*row, tuple(others.get(row[0], ()))) for row in rows]


def evidence_of(innovation: Innovation) -> QuerySet[Evidence]:
    """Return the evidence of an innovation with its files."""
    return innovation.evidence.select_related("file", "added_by")


def visible_evidence(person: Person) -> QuerySet[Evidence]:
    """Return the evidence of all innovations that a person may see."""
    return Evidence.objects.filter(innovation__in=visible_innovations(person).order_by()).select_related(
        "file", "innovation"
    )


def kept_files(person: Person) -> QuerySet[StoredFile]:
    """Return the files that a person uploaded themselves."""
    return StoredFile.objects.filter(uploaded_by=person)


def _innovations_by(
    person: Person | AnonymousUser, roles: frozenset[Role], tree: UnitTree | None
) -> QuerySet[Innovation]:
    return (
        Innovation.objects.filter(unit__in=units_of(person, roles, tree))
        .select_related("unit")
        .order_by("-recorded_at", "-pk")
    )
