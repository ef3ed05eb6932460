"""Appends to the audit chain and checks it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from tifa.core.models import ChainHead, Event, sha256_of

BATCH = 2000


@dataclass(frozen=True)
class Action:
    """What happened to one object; ``detail`` holds JSON values only."""

    action: str
    object_type: str
    object_key: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Verification:
    """The state of the chain: how many links were read, and the first broken one with the reason."""

    checked: int
    head: str
    broken_at: int | None = None
    reason: str = ""

    @property
    def intact(self) -> bool:
        """Whether every link holds."""
        return self.broken_at is None


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
    previous = Verification(checked=0, head="")
    for event in Event.objects.order_by("sequence").iterator(chunk_size=BATCH):
        reason = _fault(event, previous)
        if reason:
            return Verification(previous.checked, previous.head, previous.checked + 1, reason)
        previous = Verification(previous.checked + 1, event.digest)
    return _against_head(previous)


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


def _fault(event: Event, previous: Verification) -> str:
    if event.sequence != previous.checked + 1:
        return f"row {previous.checked + 1} is missing"
    if event.previous_digest != previous.head:
        return "it does not follow from the row before it"
    if event.digest != _digest(event):
        return "its content was changed after it was written"
    return ""


def _against_head(end: Verification) -> Verification:
    head = ChainHead.objects.filter(pk=1).first()
    if head is None and end.checked == 0:
        return end
    if head is None or (head.sequence, head.digest) != (end.checked, end.head):
        return Verification(end.checked, end.head, end.checked + 1, "rows after the last one were removed")
    return end
