"""Sends the outbox: at most one mail a day to each person, urgent ones at once, and none twice."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
from itertools import groupby
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tifa.chain.choices import MessageKind, MessageState
from tifa.chain.models import Message
from tifa.chain.selectors.messages import waiting
from tifa.chain.selectors.recipients import readable_units, settings_of
from tifa.chain.services.telling import address, written
from tifa.core import audit
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, unit_tree

logger = logging.getLogger(__name__)

UNSUBSCRIBE_SALT: Final = "tifa.chain.unsubscribe"
FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=12)
MOST_ATTEMPTS: Final = 8
# A sender that has not come back after this long was ended in the middle.
BROKEN_OFF: Final = timedelta(minutes=15)
TOO_OLD: Final = timedelta(days=14)
REFUSED_FOR_GOOD: Final = 500


@dataclass(frozen=True)
class Delivery:
    """What became of a run: mails sent, mails that failed or broke off, messages that still wait."""

    sent: int
    failed: int
    waiting: int


class NotWaiting(ValueError):
    """The message is in a state in which this cannot be done."""


class _Unsure(Exception):
    """The server may have taken the mail or not."""


def mail_is_set_up() -> bool:
    """Return whether a mail server is named."""
    return bool(settings.EMAIL_HOST)


def deliver(*, now: datetime) -> Delivery:
    """Send what may be sent; without a mail server everything keeps waiting and can be exported.

    A mail is claimed in a transaction of its own before it is sent, and nothing that was claimed is ever sent by
    itself again: when a run ends between the two, the messages are marked as broken off, and a person decides.
    """
    _sort_out(now)
    sent = failed = 0
    people = waiting(now).order_by("person_id").values_list("person_id", flat=True).distinct()
    if mail_is_set_up() and people.exists():
        connection = get_connection()
        try:
            connection.open()
        except (OSError, SMTPException) as error:
            logger.warning("The mail server cannot be used.", exc_info=True)
            return Delivery(0, 0, _put_all_off(now, error))
        try:
            tree = unit_tree()
            for key in list(people):
                for batch in claim(person_id=key, now=now, tree=tree):
                    done = _send(connection, batch, now)
                    sent, failed = sent + done, failed + (not done)
        finally:
            connection.close()
    return Delivery(sent, failed, Message.objects.filter(state=MessageState.QUEUED).count())


@transaction.atomic
def claim(*, person_id: int, now: datetime, tree: UnitTree) -> list[list[Message]]:
    """Take what may be sent to a person now, as the messages of each mail."""
    person = Person.objects.select_for_update().get(pk=person_id)
    messages = _still_right(person, list(waiting(now).filter(person=person)), tree)
    batches = batches_of(messages, had_one=_had_one(person, now))
    for batch in batches:
        mail_id = make_msgid(domain=_domain())
        for message in batch:
            message.state = MessageState.SENDING
            message.attempts += 1
            message.claimed_at = now
            message.mail_id = mail_id
            message.save(update_fields=["state", "attempts", "claimed_at", "mail_id"])
    return batches


def batches_of(messages: Sequence[Message], *, had_one: bool) -> list[list[Message]]:
    """Return the messages of each mail: all in one; when today's mail is out, only what is urgent."""
    chosen = [one for one in messages if one.urgent] if had_one else list(messages)
    return [chosen] if chosen else []


def mail_of(messages: Sequence[Message]) -> EmailMessage:
    """Return the mail that holds the messages of one person: one as it is, several as a digest."""
    first = messages[0]
    person, language = first.person, first.language
    if len(messages) == 1:
        subject, body = first.subject, first.body
    else:
        subject, body = written("ringkasan", language, {"person": person, "messages": messages})
    kinds = list(dict.fromkeys(MessageKind(one.kind) for one in messages))
    links = [(kind.label, unsubscribe_url(person, kind)) for kind in kinds]
    _subject, footer = written(
        "kaki", language, {"links": links, "list_url": address(reverse("chain:message_list"))}
    )
    headers = {
        "Message-ID": first.mail_id or f"<message-{first.pk}@{_domain()}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    if len(kinds) == 1:
        headers["List-Unsubscribe"] = f"<{links[0][1]}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=f"{body}\n{footer}",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
        headers=headers,
    )


def unsubscribe_url(person: Person, kind: MessageKind) -> str:
    """Return the address under which a person refuses a kind of mail without signing in."""
    token = signing.dumps([person.pk, kind.value], salt=UNSUBSCRIBE_SALT)
    return address(reverse("chain:unsubscribe", args=[token]))


def would_be_mails(messages: Iterable[Message]) -> list[EmailMessage]:
    """Return the mails in which waiting messages would leave, one a person."""
    ordered = sorted(messages, key=lambda one: (one.person_id, one.created_at, one.pk))
    return [
        mail_of(list(rows)) for _key, rows in groupby(ordered, key=lambda one: (one.person_id, one.language))
    ]


@transaction.atomic
def retry_message(*, actor: Person, message: Message, now: datetime) -> None:
    """Let a message that failed, broke off or was put aside be sent again.

    Raises
    ------
    NotWaiting
        When it was sent, or waits already.
    """
    states = (MessageState.FAILED, MessageState.UNCERTAIN, MessageState.WITHDRAWN, MessageState.LAPSED)
    _move(
        actor,
        "message.retried",
        message,
        states,
        {
            "state": MessageState.QUEUED,
            "attempts": 0,
            "next_attempt": now,
            "queued_at": now,
            "claimed_at": None,
        },
    )


@transaction.atomic
def withdraw_message(*, actor: Person, message: Message) -> None:
    """Keep a message from being sent; its reader still finds it in the workspace.

    Raises
    ------
    NotWaiting
        When it was sent already.
    """
    states = (MessageState.QUEUED, MessageState.FAILED, MessageState.UNCERTAIN)
    _move(actor, "message.withdrawn", message, states, {"state": MessageState.WITHDRAWN})


def _move(
    actor: Person,
    action: str,
    message: Message,
    states: Sequence[MessageState],
    values: dict[str, object],
) -> None:
    if not Message.objects.filter(pk=message.pk, state__in=states).update(error="", **values):
        message.refresh_from_db()
        raise NotWaiting(str(message.get_state_display()))
    audit.record(
        actor=actor,
        action=action,
        object_type="message",
        object_key=str(message.pk),
        to=message.person.email,
        kind=message.kind,
    )


def _sort_out(now: datetime) -> None:
    """Mark what an ended run left behind, and what waited too long to be of use."""
    Message.objects.filter(state=MessageState.SENDING, claimed_at__lte=now - BROKEN_OFF).update(
        state=MessageState.UNCERTAIN
    )
    Message.objects.filter(state=MessageState.QUEUED, queued_at__lte=now - TOO_OLD).update(
        state=MessageState.LAPSED
    )


def _still_right(person: Person, messages: list[Message], tree: UnitTree) -> list[Message]:
    """Return what the person may still read and still wants; the rest is put aside."""
    if not messages:
        return []
    readable = readable_units(person, tree)
    muted = set(settings_of([person])[person.pk].muted)
    left = []
    for message in messages:
        if message.kind in muted:
            message.state = MessageState.MUTED
        elif not readable.issuperset(message.units):
            message.state = MessageState.WITHDRAWN
        else:
            left.append(message)
            continue
        message.save(update_fields=["state"])
    return left


def _had_one(person: Person, now: datetime) -> bool:
    """Return whether a mail that was not urgent left for a person on this day."""
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Message.objects.filter(
        person=person,
        urgent=False,
        claimed_at__gte=day,
        claimed_at__lt=day + timedelta(days=1),
    ).exists()


def _send(connection: BaseEmailBackend, batch: Sequence[Message], now: datetime) -> bool:
    """Send one mail and store what became of it; return whether it was sent."""
    mail = mail_of(batch)
    try:
        _hand_over(connection, mail)
    except _Unsure as error:
        _store(batch, state=MessageState.UNCERTAIN, error=str(error)[:300])
        return False
    except (OSError, SMTPException) as error:
        logger.warning("A mail could not be sent.", exc_info=True)
        _put_off(batch, now, error)
        return False
    _store(batch, state=MessageState.SENT, sent_at=now, error="")
    return True


def _hand_over(connection: BaseEmailBackend, mail: EmailMessage) -> None:
    # Until the connection stands nothing was handed over, so a failure here can be tried again.
    connection.open()
    mail.connection = connection
    try:
        mail.send()
    except (SMTPServerDisconnected, TimeoutError, ConnectionError) as error:
        connection.close()
        raise _Unsure(f"{type(error).__name__}: {error}") from error


def _put_off(batch: Sequence[Message], now: datetime, error: Exception) -> None:
    attempts = batch[0].attempts
    given_up = attempts >= MOST_ATTEMPTS or _for_good(error)
    _store(
        batch,
        state=MessageState.FAILED if given_up else MessageState.QUEUED,
        next_attempt=now + pause_after(attempts),
        claimed_at=None,
        error=f"{type(error).__name__}: {error}"[:300],
    )


@transaction.atomic
def _put_all_off(now: datetime, error: Exception) -> int:
    """Let everything wait while the server is away; that is no fault of a message, so it is no attempt of one."""
    said = f"{type(error).__name__}: {error}"[:300]
    keys = list(waiting(now).order_by().values_list("pk", flat=True))
    Message.objects.filter(pk__in=keys).update(next_attempt=now + FIRST_PAUSE, error=said)
    return Message.objects.filter(state=MessageState.QUEUED).count()


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time, up to half a day."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 10), LONGEST_PAUSE)
    return pause


def _for_good(error: Exception) -> bool:
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= REFUSED_FOR_GOOD for code, _text in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code >= REFUSED_FOR_GOOD


@transaction.atomic
def _store(batch: Sequence[Message], **values: object) -> None:
    Message.objects.filter(pk__in=[one.pk for one in batch]).update(**values)


def _domain() -> str:
    return settings.SITE_URL.split("://", 1)[-1].split("/")[0].split(":")[0]
