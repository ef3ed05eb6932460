"""Appends to the audit chain and checks it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import OperationalError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tifa.core.models import ChainHead, Event, sha256_of

BATCH = 2000
# What reading a row gives when something else than we wrote stands in it; SQLite keeps any bytes in any column.
UNREADABLE = (AttributeError, OverflowError, TypeError, ValueError)
NOT_TEXT = "Could not decode"


@dataclass(frozen=True)
class Action:
    """What happened to one object; ``detail`` holds JSON values only."""

    action: str
    object_type: str
    object_key: str
    detail: Mapping[str, Any]


class Fault(models.TextChoices):
    """What is wrong with the first broken row."""

    MISSING = "missing", _("the row is missing")
    UNLINKED = "unlinked", _("it does not follow from the row before it")
    CHANGED = "changed", _("its content was changed after it was written")
    UNREADABLE = "unreadable", _("its content is damaged and cannot be read")
    CUT = "cut", _("rows at the end were removed")


@dataclass(frozen=True)
class Verification:
    """The state of the chain: how many links were read, and the first broken one with the reason."""

    checked: int
    head: str
    broken_at: int | None = None
    reason: Fault | None = None

    @property
    def intact(self) -> bool:
        """Whether every link holds."""
        return self.broken_at is None

    @property
    def sentence(self) -> str:
        """Return what is wrong in words, empty when nothing is."""
        return str(self.reason.label) if self.reason else ""


def record(
    *, actor: AbstractBaseUser | None, action: str, object_type: str, object_key: str, **detail: Any
) -> None:
    """Append one event; call it inside the transaction of the change that it records."""
    record_many(actor=actor, actions=[Action(action, object_type, object_key, detail)])


def record_many(*, actor: AbstractBaseUser | None, actions: Sequence[Action]) -> None:
    """Append events in order, in the running transaction.

    The head row is locked last and held until the transaction ends, so two writers cannot append after the
    same link.
    """
    if not actions:
        return
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event belongs into the transaction of its change.")
    head = _locked_head()
    now = timezone.now()
    events = []
    for action in actions:
        event = _event(actor, action, head, now)
        head.sequence, head.digest = event.sequence, event.digest
        events.append(event)
    Event.objects.bulk_create(events, batch_size=BATCH)
    head.save()


def verify() -> Verification:
    """Read the whole chain in order and return its state; memory does not grow with its length."""
    read = _walk(Verification(checked=0, head=""), BATCH)
    if read.reason == Fault.UNREADABLE:
        # A chunk fails as a whole: from the last good row on, one at a time finds the row itself.
        read = _walk(Verification(read.checked, read.head), 1)
    return read if read.broken_at else _against_head(read)


def _walk(previous: Verification, chunk: int) -> Verification:
    """Return the state of the chain after ``previous``, up to the first row that is broken or cannot be read."""
    rows = Event.objects.filter(sequence__gt=previous.checked) if previous.checked else Event.objects.all()
    try:
        for event in rows.order_by("sequence").iterator(chunk_size=chunk):
            reason = _fault(event, previous)
            if reason:
                return _broken(previous, reason)
            previous = Verification(previous.checked + 1, event.digest)
    except OperationalError as error:
        if NOT_TEXT not in str(error):
            raise
        return _broken(previous, Fault.UNREADABLE)
    except UNREADABLE:
        return _broken(previous, Fault.UNREADABLE)
    return previous


def _broken(previous: Verification, reason: Fault) -> Verification:
    return Verification(previous.checked, previous.head, previous.checked + 1, reason)


def _locked_head() -> ChainHead:
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        ChainHead.objects.get_or_create(pk=1)
        head = ChainHead.objects.select_for_update().get(pk=1)
    return head


def _event(actor: AbstractBaseUser | None, action: Action, head: ChainHead, at: datetime) -> Event:
    event = Event(
        sequence=head.sequence + 1,
        at=at,
        actor_id=actor.pk if actor else None,
        actor_name=actor.get_username() if actor else "",
        action=action.action,
        object_type=action.object_type,
        object_key=action.object_key,
        detail=json.loads(json.dumps(action.detail, default=str)),
        previous_digest=head.digest,
    )
    event.digest = _digest(event)
    return event


def _digest(event: Event) -> str:
    content = [
        event.sequence,
        event.at.astimezone(UTC).isoformat(),
        event.actor_id,
        event.actor_name,
        event.action,
        event.object_type,
        event.object_key,
        event.detail,
        event.previous_digest,
    ]
    return sha256_of(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())


def _fault(event: Event, previous: Verification) -> Fault | None:
    if event.sequence != previous.checked + 1:
        return Fault.MISSING
    if event.previous_digest != previous.head:
        return Fault.UNLINKED
    if event.digest != _digest(event):
        return Fault.CHANGED
    return None


def _against_head(end: Verification) -> Verification:
    head = ChainHead.objects.filter(pk=1).first()
    if head is None and end.checked == 0:
        return end
    if head is None or (head.sequence, head.digest) != (end.checked, end.head):
        return _broken(end, Fault.CUT)
    return end
