"""Finds conflicts of interest by themselves, keeps them as rows, and takes what they forbid from the judges."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tifa.core import audit
from tifa.evaluation.choices import ConflictKind, RoundState
from tifa.evaluation.models import Assignment, Conflict, ConflictWaiver, Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.services.locking import lock_round
from tifa.organisation.models import Person
from tifa.registry.interests import sources

CHANGEABLE = {RoundState.DRAFT, RoundState.OPEN}
# A conflict that turns up, or somebody who leaves, counts until the scores are closed.
BEFORE_CLOSING = CHANGEABLE | {RoundState.MODERATING}
BATCH = 1000
Pair = tuple[int, int]


@transaction.atomic
def look_for_conflicts(*, actor: Person | None, round_: Round) -> int:
    """Look at a round again, after units or roles were changed; return how many conflicts are new.

    Raises
    ------
    RoundRefused
        When the round is closed: the scores that count are settled by then.
    """
    return find_conflicts(actor=actor, round_=lock_round(round_, BEFORE_CLOSING))


def find_conflicts(*, actor: Person | None, round_: Round, spare: Collection[Pair] = ()) -> int:
    """Keep every interest that a source finds in a round as a conflict; return how many are new.

    The round is locked by the caller. Pairs of entry and judge that have a conflict, or that Ortal has decided on, stay as they are; so do the
    pairs of ``spare``. The number of statements depends on the sources only.
    """
    found = _found(round_)
    known = set(Conflict.objects.filter(entry__round=round_).values_list("entry_id", "member_id"))
    new = {pair: why for pair, why in found.items() if pair not in known and pair not in spare}
    if not new:
        return 0
    now = timezone.now()
    Conflict.objects.bulk_create(
        (
            Conflict(
                entry_id=entry,
                member_id=member,
                kind=ConflictKind.FOUND,
                source=source,
                reason=detail[:300],
                declared_at=now,
            )
            for (entry, member), (source, detail) in sorted(new.items())
        ),
        batch_size=BATCH,
    )
    free_conflicted(round_)
    audit.record(
        actor=actor,
        action="conflicts.found",
        object_type="round",
        object_key=round_.code,
        count=len(new),
        sources=[
            f"{name}: {count}"
            for name, count in sorted(Counter(source for source, _detail in new.values()).items())
        ],
        digest=hashlib.sha256(json.dumps(sorted(new)).encode()).hexdigest(),
    )
    return len(new)


def free_conflicted(round_: Round) -> int:
    """Take entries from the judges who have a conflict with them, so that somebody else gets them."""
    conflict = Conflict.objects.filter(entry=OuterRef("entry"), member=OuterRef("member"))
    count, _rows = Assignment.objects.filter(Exists(conflict), entry__round=round_).delete()
    return count


def assign_again(round_: Round, pair: Pair, now: datetime) -> None:
    """Give a judge an entry back whose sheet they had begun, when a conflict with it is taken back."""
    begun = ScoreSheet.objects.filter(entry=pair[0], member=pair[1])
    if round_.reviews_each is not None and begun.exists():
        Assignment.objects.get_or_create(entry_id=pair[0], member_id=pair[1], defaults={"assigned_at": now})


def _found(round_: Round) -> dict[Pair, tuple[str, str]]:
    """Return pairs of entry and judge with the first source that finds them and what it saw."""
    entries = Entry.objects.filter(round=round_).values_list("innovation_id", "pk", "innovation__unit_id")
    keys = {innovation: key for innovation, key, _unit in entries}
    units = {innovation: unit for innovation, _key, unit in entries}
    seats = dict(
        PanelMember.objects.filter(round=round_, person__isnull=False).values_list("person_id", "pk")
    )
    if not keys or not seats:
        return {}
    waived = set(
        ConflictWaiver.objects.filter(entry__round=round_).values_list("entry_id", "member_id", "source")
    )
    found: dict[Pair, tuple[str, str]] = {}
    for source in sources():
        for interest in source.find(units, list(seats)):
            pair = (keys[interest.innovation_id], seats[interest.person_id])
            if (*pair, source.name) not in waived:
                found.setdefault(pair, (source.name, interest.detail))
    return found
