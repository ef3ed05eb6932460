"""What waits in dossiers: those that were sent back, and those whose edition closes soon."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from tifa.core.clock import months_after
from tifa.dossiers.choices import DossierState
from tifa.dossiers.models import Dossier
from tifa.dossiers.selectors.deadlines import deadlines_of
from tifa.dossiers.selectors.dossiers import form_of
from tifa.instruments import (
    BrokenInstrument,
    Instrument,
    UnknownInstrument,
    list_instruments,
    load_instrument,
    spoken,
)
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation
from tifa.registry.selectors import visible_innovations

# So many days before an edition closes a unit hears of a dossier that is not sent.
STAGES: Final = (1, 3, 7, 14, 30)
A_YEAR: Final = 12
WAITING: Final = (DossierState.WRITING, DossierState.RETURNED, DossierState.READY)


@dataclass(frozen=True)
class Closing:
    """A dossier that is not sent, and when its edition closes; ``stage`` is how many days before it is told."""

    dossier: Dossier
    closes: date
    stage: int


@dataclass(frozen=True)
class ClosingEdition:
    """An edition that closes, with how many dossiers of some units are not sent."""

    id: str
    title: str
    closes: date
    waiting: int


@dataclass(frozen=True)
class OldEnough:
    """An innovation that soon is in use for as many months as an edition asks, and from which day."""

    innovation: Innovation
    edition: str
    months: int
    day: date


def returned_dossiers() -> QuerySet[Dossier]:
    """Return the dossiers that were sent back and are not ready again."""
    return (
        Dossier.objects.filter(state=DossierState.RETURNED).select_related("innovation__unit").order_by("pk")
    )


def closing_dossiers(today: date) -> list[Closing]:
    """Return the dossiers that are not sent while their edition closes within the longest stage."""
    rows = Dossier.objects.filter(state__in=WAITING).select_related("innovation__unit").order_by("pk")
    days = _closing_days({row.instrument_id for row in rows})
    found = []
    for row in rows:
        closes = days.get(row.instrument_id)
        stage = _stage((closes - today).days) if closes else None
        if closes and stage:
            found.append(Closing(row, closes, stage))
    return found


def closing_editions(units: Collection[int], today: date) -> list[ClosingEdition]:
    """Return the editions that close from today on and for which some units have dossiers that are not sent."""
    rows = Dossier.objects.filter(state__in=WAITING, innovation__unit__in=units).order_by()
    counted: dict[str, int] = {}
    for edition in rows.values_list("instrument_id", flat=True):
        counted[edition] = counted.get(edition, 0) + 1
    return [
        ClosingEdition(edition, spoken(load_instrument(edition).title), closes, counted[edition])
        for edition, closes in sorted(_closing_days(counted).items())
        if closes >= today
    ]


def soon_old_enough(person: Person, tree: UnitTree, today: date) -> list[OldEnough]:
    """Return the innovations that within a year are in use for as long as an edition asks, what comes first first.

    The age is that of the newest edition of each form of which a source tells it; whether the next one asks the same,
    nobody knows yet.
    """
    rules = _age_rules()
    longest = max((months for _edition, months in rules), default=0)
    rows = visible_innovations(person, tree).filter(use_started__gte=months_after(today, -longest))
    found = []
    for innovation in rows.order_by("use_started", "pk"):
        for edition, months in rules:
            day = months_after(innovation.use_started or today, months)
            if today < day <= months_after(today, A_YEAR):
                found.append(OldEnough(innovation, spoken(edition.title), months, day))
    return sorted(found, key=lambda one: (one.day, one.innovation.code, one.edition))


def _age_rules() -> list[tuple[Instrument, int]]:
    """Return for each form the newest edition that tells how old an innovation has to be, and how many months."""
    newest: dict[str, tuple[Instrument, int]] = {}
    for edition in sorted((load_instrument(one.id) for one in list_instruments()), key=lambda one: -one.year):
        months = _months_asked(edition)
        if months is not None:
            newest.setdefault(form_of(edition.id), (edition, months))
    return list(newest.values())


def _months_asked(edition: Instrument) -> int | None:
    """Return how many months of use an edition asks of everybody on the day that registration closes."""
    limits = [
        one.limit.value
        for one in edition.conditions
        if one.counted_from == "registration_close" and one.limit is not None and not one.instead_of
    ]
    return max((limit for limit in limits if limit is not None), default=None)


def _stage(left: int) -> int | None:
    return next((stage for stage in STAGES if 0 <= left <= stage), None)


def _closing_days(editions: Collection[str]) -> dict[str, date]:
    known = []
    for edition in editions:
        with suppress(UnknownInstrument, BrokenInstrument):  # an edition that was taken away closes no more
            known.append(load_instrument(edition))
    return {name: one.day for name, one in deadlines_of(known).items() if one.day is not None}
