"""Takes up single entries again after the publication; what changes is published as a correction."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from tifa.evaluation.choices import ReopeningKind, RoundState
from tifa.evaluation.models import Conflict, Entry, RankingPublication, Reopening, Revision, Round, ScoreSheet
from tifa.evaluation.services.locking import RoundRefused, lock_round
from tifa.evaluation.services.trail import trail
from tifa.organisation.models import Person


@transaction.atomic
def reopen(*, actor: Person, entry: Entry, kind: ReopeningKind, reason: str, now: datetime) -> Reopening:
    """Let the scores of one entry change, while all others stay as they were published.

    Raises
    ------
    RoundRefused
        When the round is not published, when the entry left it, when it is reopened already, or without a reason.
    """
    locked = lock_round(entry.round, {RoundState.PUBLISHED})
    if not reason.strip():
        raise RoundRefused(
            _("Write why this entry is taken up again: everybody reads it with the correction.")
        )
    if Entry.objects.filter(pk=entry.pk, withdrawn_at__isnull=False).exists():
        raise RoundRefused(
            _("This entry was withdrawn from the round, so its scores do not change any more.")
        )
    if Reopening.objects.filter(entry=entry, ended_at=None).exists():
        raise RoundRefused(_("This entry is taken up again already."))
    found = Reopening.objects.create(
        entry=entry, kind=kind, reason=reason.strip(), opened_by=actor, opened_at=now
    )
    trail(
        actor,
        "entry.reopened",
        locked,
        innovation=entry.innovation.code,
        kind=found.kind,
        reason=found.reason,
    )
    return found


@transaction.atomic
def end_unchanged(*, actor: Person, reopening: Reopening, answer: str, now: datetime) -> None:
    """End it without a correction.

    Raises
    ------
    RoundRefused
        When something has changed, which then has to be published; when it has ended already; or without an answer.
    """
    entry = reopening.entry
    locked = lock_round(entry.round, {RoundState.PUBLISHED})
    if not answer.strip():
        raise RoundRefused(_("Write why nothing changes: it is kept for the auditor."))
    if has_changed(reopening):
        raise RoundRefused(
            _("Something has changed in this entry since it was taken up again. Publish the correction.")
        )
    ended = Reopening.objects.filter(pk=reopening.pk, ended_at=None).update(
        ended_at=now, answer=answer.strip()
    )
    if not ended:
        raise RoundRefused(_("This has ended already. Reload the page."))
    trail(actor, "reopening.ended", locked, innovation=entry.innovation.code, answer=answer.strip())


def has_changed(reopening: Reopening) -> bool:
    """Return whether a sheet, a conflict or the entry itself has changed since it was taken up again."""
    entry, since = reopening.entry_id, reopening.opened_at
    counted = Entry.objects.filter(pk=entry).filter(
        Q(withdrawn_at__gte=since)
        | Exists(ScoreSheet.objects.filter(entry=OuterRef("pk"), submitted_at__gte=since))
        | Exists(Revision.objects.filter(sheet__entry=OuterRef("pk"), revised_at__gte=since))
        | Exists(
            Conflict.objects.filter(
                entry=OuterRef("pk"), declared_at__gte=since, member__sheets__entry=OuterRef("pk")
            )
        )
    )
    return counted.exists()


def end_published(*, round_: Round, publication: RankingPublication, now: datetime) -> None:
    """End all that is taken up again in a round with the correction that it led to."""
    Reopening.objects.filter(entry__round=round_, ended_at=None).update(ended_at=now, publication=publication)
