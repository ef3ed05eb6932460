"""Releases the notes of judges to the unit that was judged; a note is private until somebody says otherwise."""

from collections.abc import Collection

from django.db import transaction

from tifa.core import audit
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Entry, Score
from tifa.evaluation.services.locking import lock_round
from tifa.organisation.models import Person


@transaction.atomic
def release_notes(*, actor: Person, entry: Entry, released: Collection[int]) -> int:
    """Make exactly the notes with these keys readable for the unit of an entry; return how many changed.

    Raises
    ------
    RoundRefused
        When judges still work: until then their notes are theirs.
    """
    locked = lock_round(entry.round, {RoundState.CLOSED, RoundState.PUBLISHED})
    notes = Score.objects.filter(sheet__entry=entry, sheet__submitted_at__isnull=False).exclude(note="")
    opened = notes.filter(pk__in=released, note_released=False).update(note_released=True)
    shut = notes.exclude(pk__in=released).filter(note_released=True).update(note_released=False)
    if opened or shut:
        audit.record(
            actor=actor,
            action="notes.released",
            object_type="round",
            object_key=locked.code,
            innovation=entry.innovation.code,
            released=opened,
            withheld=shut,
        )
    return opened + shut
