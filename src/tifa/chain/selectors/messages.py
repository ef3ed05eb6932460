"""Messages of a person, and the outbox for the organisation section."""

from collections import Counter
from datetime import datetime

from django.db.models import Q, QuerySet

from tifa.chain.choices import MessageState
from tifa.chain.models import Message, MessageSettings
from tifa.chain.selectors.campaigns import managed_campaigns
from tifa.chain.selectors.recipients import readable_units
from tifa.organisation.choices import DECIDING_ROLES
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, units_of

WAITING = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNCERTAIN, MessageState.FAILED)


def messages_of(person: Person, tree: UnitTree) -> QuerySet[Message]:
    """Return what a person was told of units that they may still read of, the newest first."""
    readable = readable_units(person, tree)
    rows = Message.objects.filter(person=person).order_by("-created_at", "-pk")
    lost = [
        key for key, units in rows.order_by().values_list("pk", "units") if not readable.issuperset(units)
    ]
    return rows.exclude(pk__in=lost) if lost else rows


def unread_of(person: Person) -> int:
    """Return how many messages a person has not read."""
    return Message.objects.filter(person=person, read_at=None).count()


def outbox(person: Person, tree: UnitTree, state: str = "") -> QuerySet[Message]:
    """Return the messages of the campaigns and to the units of a person of the organisation section, the newest first."""
    reach = units_of(person, DECIDING_ROLES, tree)
    rows = Message.objects.filter(
        Q(campaign__in=managed_campaigns(person, tree).order_by()) | Q(innovation__unit__in=reach)
    )
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("person", "campaign", "innovation").order_by("-created_at", "-pk")


def outbox_counts(person: Person, tree: UnitTree) -> dict[MessageState, int]:
    """Return how many messages of the outbox are in each state."""
    counted = Counter(outbox(person, tree).order_by().values_list("state", flat=True))
    return {state: counted[state.value] for state in MessageState}


def waiting(now: datetime) -> QuerySet[Message]:
    """Return what may be sent at a moment, person by person, the oldest first."""
    rows = Message.objects.filter(state=MessageState.QUEUED, next_attempt__lte=now, person__is_active=True)
    return rows.order_by("person_id", "created_at", "pk")


def message_settings(person: Person) -> MessageSettings:
    """Return how a person wants to be told; not stored when they chose nothing yet."""
    return MessageSettings.objects.filter(person=person).first() or MessageSettings(person=person)
