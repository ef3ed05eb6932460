"""Reads innovations: what a person may see, and what the public may."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q, QuerySet, Subquery

from tifa.core.models import StoredFile
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES, VIEWING_ROLES, Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, units_of
from tifa.registry.choices import Confidentiality
from tifa.registry.models import Evidence, FileReading, Innovation, InnovationAlias


@dataclass(frozen=True)
class Named:
    """What of an innovation a text may mention."""

    pk: int
    code: str
    title: str
    unit: str
    summary: str
    aliases: tuple[str, ...]


# More words are not looked for; each reads the texts once.
MOST_WORDS = 6


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
    return innovation.evidence.select_related("file", "redacted", "added_by")


def original_units(person: Person, tree: UnitTree | None = None) -> frozenset[int]:
    """Return the units whose evidence a person may open as it is, also where it holds data of persons."""
    return units_of(person, REPORTING_ROLES | DECIDING_ROLES, tree)


def shared_evidence(innovation: Innovation) -> list[Evidence]:
    """Return the evidence that judges see and that goes with a dossier: links, files, and redacted copies."""
    return [one for one in evidence_of(innovation) if one.shared_url or one.handed_out]


def file_for(evidence: Evidence, *, original: bool) -> StoredFile | None:
    """Return the file that somebody gets: the original for whoever may open it, else what is handed out."""
    return evidence.file if original else evidence.handed_out


def vault(person: Person, tree: UnitTree | None = None) -> QuerySet[Any]:
    """Return all evidence that a person may know of, the newest first, with what was read in it.

    Of evidence that holds data of persons, whoever may not open it knows nothing, unless there is a redacted copy.
    ``pages`` and ``note`` come from the reading of the file, of a redacted copy nothing is read.
    """
    mine = Q(innovation__unit__in=original_units(person, tree))
    readings = FileReading.objects.filter(sha256=OuterRef("file__sha256"))
    return (
        Evidence.objects.filter(innovation__in=visible_innovations(person, tree).order_by())
        .filter(mine | ~Q(confidentiality=Confidentiality.PERSONAL) | ~Q(redacted=None))
        .select_related("file", "redacted", "owner", "innovation__unit", "added_by")
        .annotate(pages=Subquery(readings.values("pages")), note=Subquery(readings.values("note")))
        .order_by("-added_at", "-pk")
    )


def found_in_vault(
    rows: QuerySet[Any], words: str, person: Person, tree: UnitTree | None = None
) -> QuerySet[Any]:
    """Return the evidence in which every word stands: in what is said of it, or in its file.

    The words of a file that holds data of persons are searched only for whoever may open it.
    """
    mine = Q(innovation__unit__in=original_units(person, tree)) | ~Q(confidentiality=Confidentiality.PERSONAL)
    for word in words.split()[:MOST_WORDS]:
        inside = FileReading.objects.filter(text__icontains=word).values("sha256")
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(number__icontains=word)
            | Q(issuer__icontains=word)
            | Q(summary__icontains=word)
            | Q(innovation__title__icontains=word)
            | (mine & Q(file__sha256__in=inside))
        )
    return rows


def twins_of(evidence: Evidence, person: Person, tree: UnitTree | None = None) -> QuerySet[Any]:
    """Return other evidence with the same content, as far as a person may know of it."""
    same = Q(file__sha256=evidence.file.sha256) if evidence.file else Q(url=evidence.url)
    return vault(person, tree).filter(same).exclude(pk=evidence.pk)


def reading_of(stored: StoredFile | None) -> FileReading | None:
    """Return what was read in a file; None while nobody has looked into it."""
    return FileReading.objects.filter(sha256=stored.sha256).first() if stored else None


def unread_files() -> QuerySet[StoredFile]:
    """Return the files of evidence that nobody has looked into yet."""
    used = Evidence.objects.exclude(file=None).order_by().values("file")
    return (
        StoredFile.objects.filter(pk__in=used)
        .exclude(sha256__in=FileReading.objects.values("sha256"))
        .order_by("pk")
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
