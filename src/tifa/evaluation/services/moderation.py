"""Moderation: the judges of an entry talk about it with Ortal, and what came of it is settled."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Entry, ModerationNote, Round, Settlement
from tifa.evaluation.selectors.rounds import has_submitted
from tifa.evaluation.services.locking import RoundRefused, lock_round, lock_round_of
from tifa.evaluation.services.trail import trail
from tifa.organisation.models import Person


@transaction.atomic
def start_moderation(*, actor: Person, round_: Round) -> Round:
    """End the scoring and begin the moderation; sheets that were not submitted do not count.

    Raises
    ------
    RoundRefused
        When the round is not open, or when nobody has submitted a sheet.
    """
    locked = lock_round(round_, {RoundState.OPEN})
    if not has_submitted(locked):
        raise RoundRefused(_("No judge has submitted a score sheet yet, so there is nothing to talk about."))
    locked.state = RoundState.MODERATING
    locked.save(update_fields=["state"])
    audit.record(actor=actor, action="moderation.started", object_type="round", object_key=locked.code)
    return locked


@transaction.atomic
def say(*, author: Person, entry: Entry, text: str, now: datetime) -> ModerationNote:
    """Keep what was said of an entry; the audit log tells that something was said, and not what.

    Raises
    ------
    RoundRefused
        When neither the round is in moderation nor the entry is taken up again.
    """
    locked = lock_round_of(entry, {RoundState.MODERATING})
    note = ModerationNote.objects.create(entry=entry, author=author, text=text.strip(), said_at=now)
    trail(author, "moderation.said", locked, innovation=entry.innovation.code)
    return note


@transaction.atomic
def settle(*, actor: Person, entry: Entry, note: str, now: datetime) -> Settlement:
    """Note how the moderation of an entry ended; a later note takes the place of the one before.

    Raises
    ------
    RoundRefused
        When the round is not in moderation.
    """
    locked = lock_round(entry.round, {RoundState.MODERATING})
    settlement, _created = Settlement.objects.update_or_create(
        entry=entry, defaults={"note": note.strip(), "settled_by": actor, "settled_at": now}
    )
    trail(actor, "moderation.settled", locked, innovation=entry.innovation.code, note=settlement.note)
    return settlement
