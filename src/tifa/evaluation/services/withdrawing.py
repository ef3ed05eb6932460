"""Takes judges and entries out of a running round: what was submitted stays, the rest is assigned again."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Assignment, Entry, PanelMember, ScoreSheet
from tifa.evaluation.services.conflicts import BEFORE_CLOSING, find_conflicts
from tifa.evaluation.services.locking import RoundRefused, lock_round, lock_round_of
from tifa.evaluation.services.trail import trail
from tifa.organisation.models import Person


@transaction.atomic
def withdraw_judge(*, actor: Person, member: PanelMember, reason: str, now: datetime) -> int:
    """End the work of a judge; return how many entries need somebody else.

    Submitted sheets stay and count. Drafts are kept and count nowhere.

    Raises
    ------
    RoundRefused
        When the round is closed, when the judge was withdrawn already, or when no reason is given.
    """
    locked = lock_round(member.round, BEFORE_CLOSING)
    _need_reason(reason)
    changed = PanelMember.objects.filter(pk=member.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_reason=reason
    )
    if not changed:
        raise RoundRefused(_("%(judge)s was withdrawn already.") % {"judge": member.name})
    freed = _free(Assignment.objects.filter(member=member))
    trail(actor, "judge.withdrawn", locked, judge=member.name, reason=reason, freed=freed)
    return freed


@transaction.atomic
def restore_judge(*, actor: Person, member: PanelMember) -> None:
    """Let a withdrawn judge judge again; entries come by the next plan or by hand.

    Raises
    ------
    RoundRefused
        When the round is closed.
    """
    locked = lock_round(member.round, BEFORE_CLOSING)
    PanelMember.objects.filter(pk=member.pk).update(withdrawn_at=None, withdrawn_reason="")
    trail(actor, "judge.restored", locked, judge=member.name)
    find_conflicts(actor=actor, round_=locked)


@transaction.atomic
def withdraw_entry(*, actor: Person, entry: Entry, reason: str, now: datetime) -> int:
    """Take an entry out of the ranking; return how many judges need not judge it any more.

    Submitted sheets stay, and count for the judges who wrote them.

    Raises
    ------
    RoundRefused
        When the round is closed and the entry is not taken up again, when the entry was withdrawn already, or when no
        reason is given.
    """
    locked = lock_round_of(entry, BEFORE_CLOSING)
    _need_reason(reason)
    changed = Entry.objects.filter(pk=entry.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_reason=reason
    )
    if not changed:
        raise RoundRefused(_("This entry was withdrawn already."))
    freed = _free(Assignment.objects.filter(entry=entry))
    trail(actor, "entry.withdrawn", locked, innovation=entry.innovation.code, reason=reason, freed=freed)
    return freed


@transaction.atomic
def restore_entry(*, actor: Person, entry: Entry) -> None:
    """Take a withdrawn entry back into the round; judges come by the next plan or by hand.

    Raises
    ------
    RoundRefused
        When the round is closed.
    """
    locked = lock_round_of(entry, BEFORE_CLOSING)
    Entry.objects.filter(pk=entry.pk).update(withdrawn_at=None, withdrawn_reason="")
    trail(actor, "entry.restored", locked, innovation=entry.innovation.code)
    if locked.state != RoundState.PUBLISHED:
        find_conflicts(actor=actor, round_=locked)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise RoundRefused(_("Give a reason: it is kept for the auditor."))


def _free(assignments: "models.QuerySet[Assignment]") -> int:
    submitted = ScoreSheet.objects.filter(
        entry=OuterRef("entry"), member=OuterRef("member"), submitted_at__isnull=False
    )
    count, _rows = assignments.filter(~Exists(submitted)).delete()
    return count
