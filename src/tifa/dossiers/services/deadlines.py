"""Records that the ministry moved the day on which an edition closes."""

from datetime import date, datetime

from django.db import transaction

from tifa.core import audit
from tifa.dossiers.models import MovedDeadline
from tifa.instruments import Instrument
from tifa.organisation.models import Person


@transaction.atomic
def move_deadline(
    *, actor: Person, instrument: Instrument, day: date, source: str, now: datetime
) -> MovedDeadline:
    """Keep the new closing day with where it was told; who may enter and what closes soon follow from it at once."""
    moved = MovedDeadline.objects.create(
        instrument_id=instrument.id, day=day, source=source, recorded_by=actor, recorded_at=now
    )
    audit.record(
        actor=actor,
        action="deadline.moved",
        object_type="instrument",
        object_key=instrument.id,
        on=day.isoformat(),
        source=source,
    )
    return moved
