"""What waits in dossiers: those that were sent back, and those whose edition closes soon."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from tifa.dossiers.choices import DossierState
from tifa.dossiers.eligibility import closing_day
from tifa.dossiers.models import Dossier
from tifa.instruments import BrokenInstrument, UnknownInstrument, load_instrument, spoken

# So many days before an edition closes a unit hears of a dossier that is not sent.
STAGES: Final = (1, 3, 7, 14, 30)
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


def _stage(left: int) -> int | None:
    return next((stage for stage in STAGES if 0 <= left <= stage), None)


def _closing_days(editions: Collection[str]) -> dict[str, date]:
    found = {}
    for edition in editions:
        try:
            day = closing_day(load_instrument(edition))
        except (UnknownInstrument, BrokenInstrument):  # an edition that was taken away closes no more
            continue
        if day is not None:
            found[edition] = day
    return found
