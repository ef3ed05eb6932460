"""What a person wants by mail, what they have read, and the secret address of their calendar."""

from collections.abc import Collection
from datetime import datetime

from django.core import signing
from django.db import transaction

from tifa.chain.choices import MessageKind
from tifa.chain.models import Message, MessageSettings
from tifa.chain.models.messages import new_token
from tifa.chain.services.delivery import UNSUBSCRIBE_SALT
from tifa.core import audit
from tifa.organisation.models import Person


class BadLink(ValueError):
    """The link was not made here, or its person is gone."""


@transaction.atomic
def save_message_settings(*, person: Person, language: str, muted: Collection[str]) -> MessageSettings:
    """Keep in which language a person is told, and which kinds they do not want by mail."""
    wishes = _locked(person)
    wishes.language = language
    wishes.muted = sorted(muted)
    wishes.full_clean()
    wishes.save()
    _record(person, person, wishes)
    return wishes


@transaction.atomic
def renew_calendar(*, person: Person) -> MessageSettings:
    """Give a calendar a new secret address; the old one leads nowhere from now on."""
    wishes = _locked(person)
    wishes.calendar_token = new_token()
    wishes.save(update_fields=["calendar_token"])
    audit.record(actor=person, action="calendar.renewed", object_type="person", object_key=person.email)
    return wishes


@transaction.atomic
def mute_by_link(*, token: str) -> MessageKind:
    """Stop a kind of mail for the person of a signed link, and return the kind.

    Raises
    ------
    BadLink
        When the link was changed on the way or its person is gone.
    """
    person, kind = opened_link(token)
    wishes = _locked(person)
    if kind.value not in wishes.muted:
        wishes.muted = sorted({*wishes.muted, kind.value})
        wishes.save(update_fields=["muted"])
        _record(None, person, wishes)
    return kind


def opened_link(token: str) -> tuple[Person, MessageKind]:
    """Return whom a signed link belongs to and which kind it stops.

    Raises
    ------
    BadLink
        When the link was changed on the way or its person is gone.
    """
    try:
        key, kind = signing.loads(token, salt=UNSUBSCRIBE_SALT)
        return Person.objects.get(pk=key), MessageKind(kind)
    except (signing.BadSignature, Person.DoesNotExist, TypeError, ValueError) as error:
        raise BadLink from error


@transaction.atomic
def mark_read(*, person: Person, now: datetime, message: Message | None = None) -> int:
    """Mark one message of a person as read, or all of them."""
    rows = Message.objects.filter(person=person, read_at=None)
    if message is not None:
        rows = rows.filter(pk=message.pk)
    return rows.update(read_at=now)


@transaction.atomic
def calendar_token(*, person: Person) -> str:
    """Return the secret of a person's calendar, made when it is asked for the first time."""
    wishes, _created = MessageSettings.objects.get_or_create(person=person)
    return wishes.calendar_token


def _locked(person: Person) -> MessageSettings:
    MessageSettings.objects.get_or_create(person=person)
    return MessageSettings.objects.select_for_update().get(person=person)


def _record(actor: Person | None, person: Person, wishes: MessageSettings) -> None:
    audit.record(
        actor=actor,
        action="messages.chosen",
        object_type="person",
        object_key=person.email,
        language=wishes.language,
        muted=list(wishes.muted),
    )
