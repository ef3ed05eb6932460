"""Chooses the entries of a round, names its judges, and keeps their conflicts of interest."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.evaluation.choices import ConflictKind, RoundState
from tifa.evaluation.models import Conflict, ConflictWaiver, Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.services.conflicts import (
    BEFORE_CLOSING,
    CHANGEABLE,
    assign_again,
    find_conflicts,
    free_conflicted,
)
from tifa.evaluation.services.locking import RoundRefused, lock_round, lock_round_of
from tifa.evaluation.services.trail import trail
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person
from tifa.registry.models import Innovation

BATCH = 500


@transaction.atomic
def set_entries(
    *, actor: Person | None, round_: Round, add: Collection[int], remove: Collection[int], on: date
) -> int:
    """Put innovations into a round and take others out, by primary key; return how many changed.

    A new entry takes the affairs of its innovation as its topic, and conflicts of interest with it are looked for.

    Raises
    ------
    RoundRefused
        When the round is closed, when an innovation is not verified by Ortal on ``on``, or when one to be taken
        out has a score sheet.
    """
    locked = lock_round(round_, CHANGEABLE)
    present = dict(Entry.objects.filter(round=locked).values_list("innovation_id", "pk"))
    coming = _verified([key for key in add if key not in present], on)
    going = {present[key] for key in remove if key in present}
    _refuse_judged(going)
    Entry.objects.bulk_create(
        (Entry(round=locked, innovation_id=key, topic=topic) for key, (_code, topic) in coming.items()),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    codes = list(Entry.objects.filter(pk__in=going).values_list("innovation__code", flat=True))
    Entry.objects.filter(pk__in=going).delete()
    if coming or going:
        audit.record(
            actor=actor,
            action="round.entries_chosen",
            object_type="round",
            object_key=locked.code,
            added=sorted(code for code, _topic in coming.values()),
            removed=sorted(codes),
        )
    if coming:
        find_conflicts(actor=actor, round_=locked)
    return len(coming) + len(going)


@transaction.atomic
def name_judges(
    *, actor: Person | None, round_: Round, people: Collection[Person]
) -> tuple[PanelMember, ...]:
    """Make ``people`` the judges of a round, and look for their conflicts of interest.

    Judges without an account, from a workbook, stay, and so do those who were withdrawn.

    Raises
    ------
    RoundRefused
        When the round is closed, when a judge who is left out has a score sheet, or when a new one is an auditor:
        the audit trail would show them what a conflict hides.
    """
    locked = lock_round(round_, CHANGEABLE)
    panel = list(PanelMember.objects.filter(round=locked))
    seats = {member.person_id: member for member in panel if member.person_id}
    wanted = {person.pk: person for person in people}
    going = [member for key, member in seats.items() if key not in wanted and member.withdrawn_at is None]
    _refuse_auditors([person for key, person in wanted.items() if key not in seats])
    _refuse_who_judged(going)
    taken = {member.name for member in panel}
    coming = []
    for key, person in wanted.items():
        if key not in seats:
            name = _free_name(str(person), taken)
            taken.add(name)
            coming.append(PanelMember(round=locked, name=name, person=person))
    PanelMember.objects.filter(pk__in=[member.pk for member in going]).delete()
    PanelMember.objects.bulk_create(coming)
    if coming or going:
        audit.record(
            actor=actor,
            action="round.judges_named",
            object_type="round",
            object_key=locked.code,
            added=sorted(member.name for member in coming),
            removed=sorted(member.name for member in going),
        )
    if coming:
        find_conflicts(actor=actor, round_=locked)
    return tuple(PanelMember.objects.filter(round=locked))


@transaction.atomic
def declare_conflict(
    *, actor: Person, entry: Entry, member: PanelMember, reason: str, now: datetime
) -> Conflict:
    """Keep a judge away from an entry; a sheet that they began stays stored, and counts nowhere.

    Somebody else than the judge adds a conflict, the judge declares it.

    Raises
    ------
    RoundRefused
        When the round is closed: the scores that count are settled by then.
    """
    locked = lock_round_of(entry, BEFORE_CLOSING)
    kind = ConflictKind.DECLARED if member.person_id == actor.pk else ConflictKind.ADDED
    conflict, created = Conflict.objects.get_or_create(
        entry=entry, member=member, defaults={"reason": reason, "declared_at": now, "kind": kind}
    )
    if created:
        free_conflicted(locked)
        trail(actor, f"conflict.{kind}", locked, **_told(conflict), reason=conflict.reason)
    return conflict


@transaction.atomic
def withdraw_conflict(
    *, actor: Person, conflict: Conflict, reason: str = "", now: datetime | None = None
) -> Conflict | None:
    """Let a judge see an entry again, with the sheet that they had begun; return a conflict that still stands.

    What a source found is not found by it again. Another source may find the pair at once: then that conflict stands,
    and is decided on its own.

    Raises
    ------
    RoundRefused
        When the round is closed, or when a found conflict is taken back without a reason.
    """
    locked = lock_round_of(conflict.entry, BEFORE_CLOSING)
    pair = (conflict.entry_id, conflict.member_id)
    moment = now or timezone.now()
    if conflict.kind == ConflictKind.FOUND:
        if not reason.strip():
            raise RoundRefused(
                _("Say why this is no conflict: Tifa found it, so the reason is kept for the auditor.")
            )
        ConflictWaiver.objects.get_or_create(
            entry=conflict.entry,
            member=conflict.member,
            source=conflict.source,
            defaults={"reason": reason, "waived_by": actor, "waived_at": moment},
        )
    trail(actor, "conflict.withdrawn", locked, **_told(conflict), reason=reason or conflict.reason)
    conflict.delete()
    if locked.state != RoundState.PUBLISHED:
        # After the publication only the entry that is taken up again may change, and not by itself.
        find_conflicts(actor=actor, round_=locked)
    left = Conflict.objects.filter(entry=pair[0], member=pair[1]).first()
    if left is None:
        assign_again(locked, pair, moment)
    return left


def _verified(keys: Iterable[int], on: date) -> dict[int, tuple[str, str]]:
    """Return code and affairs of innovations."""
    keys = set(keys)
    found = {
        key: (code, affairs)
        for key, code, affairs, verified in Innovation.objects.filter(pk__in=keys).values_list(
            "pk", "code", "affairs", "verified_on"
        )
        if verified and verified <= on
    }
    if len(found) < len(keys):
        raise RoundRefused(
            _(
                "%(count)d of the chosen innovations are not verified by Ortal. Verify them first, then choose again."
            )
            % {"count": len(keys) - len(found)}
        )
    return found


def _refuse_judged(entries: Collection[int]) -> None:
    judged = (
        ScoreSheet.objects.filter(entry__in=entries)
        .values_list("entry__innovation__code", flat=True)
        .order_by("entry__innovation__code")
        .distinct()
    )
    if judged:
        raise RoundRefused(
            _("These entries have score sheets and stay in the round: %(codes)s.")
            % {"codes": ", ".join(judged)}
        )


def _refuse_who_judged(members: Collection[PanelMember]) -> None:
    names = (
        ScoreSheet.objects.filter(member__in=members)
        .values_list("member__name", flat=True)
        .order_by("member__name")
        .distinct()
    )
    if names:
        raise RoundRefused(
            _("These judges have score sheets and stay on the panel: %(names)s.")
            % {"names": ", ".join(names)}
        )


def _refuse_auditors(people: Collection[Person]) -> None:
    if not people:
        return
    rows = Membership.objects.filter(person__in=people, role=Role.AUDITOR)
    names = sorted({str(membership.person) for membership in rows.select_related("person")})
    if names:
        raise RoundRefused(
            _(
                "An auditor reads the audit trail of every entry and cannot judge: %(names)s. Choose somebody else."
            )
            % {"names": ", ".join(names)}
        )


def _free_name(name: str, taken: Collection[str]) -> str:
    if name not in taken:
        return name
    return next(free for n in range(2, len(taken) + 3) if (free := f"{name} ({n})") not in taken)


def _told(conflict: Conflict) -> dict[str, str]:
    return {
        "innovation": conflict.entry.innovation.code,
        "judge": conflict.member.name,
        "kind": conflict.kind,
        "source": conflict.source,
    }
