"""When editions close: as the pack tells it, or as Ortal recorded it when the ministry moved the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tifa.dossiers.eligibility import closing_day
from tifa.dossiers.models import MovedDeadline
from tifa.instruments import Instrument


@dataclass(frozen=True)
class Deadline:
    """When an edition closes.

    ``day`` is None when no source tells it; ``moment`` is the time of day where one is told, which a moved day has not;
    ``moved`` is the record of the move that holds.
    """

    day: date | None
    moment: datetime | None
    moved: MovedDeadline | None


def deadlines_of(instruments: Iterable[Instrument]) -> dict[str, Deadline]:
    """Return when editions close, by their short names, in one statement."""
    editions = {one.id: one for one in instruments}
    moves = MovedDeadline.objects.filter(instrument_id__in=editions).select_related("recorded_by")
    holds = {one.instrument_id: one for one in moves.order_by("pk")}
    return {name: _deadline(one, holds.get(name)) for name, one in editions.items()}


def moves_of(instrument: Instrument) -> list[MovedDeadline]:
    """Return how often the closing of an edition was moved, the last first."""
    rows = MovedDeadline.objects.filter(instrument_id=instrument.id).select_related("recorded_by")
    return list(rows.order_by("-pk"))


def _deadline(instrument: Instrument, moved: MovedDeadline | None) -> Deadline:
    if moved is not None:
        return Deadline(moved.day, None, moved)
    moment = instrument.calendar.closes.at(date.max).value if instrument.calendar else None
    return Deadline(closing_day(instrument), moment, None)
