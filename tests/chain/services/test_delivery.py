"""The outbox: one mail a day, urgent ones at once, none twice, and nothing to who may not read it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from pytest_django import Settings

from tests.chain.campaigns import DUE, make_campaign
from tests.factories import Town
from tifa.chain.choices import MessageKind, MessageState
from tifa.chain.models import Campaign, Message, MessageSettings
from tifa.chain.services import delivery
from tifa.chain.services.delivery import deliver, pause_after, retry_message, withdraw_message
from tifa.chain.services.reminders import give_reminders
from tifa.organisation.models import Membership, Person

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 10.00 in Jayapura
TEST_DOMAIN = "tifa.example.org"


@pytest.fixture(autouse=True)
def server(settings: Settings) -> None:
    settings.EMAIL_HOST = "smtp.example.org"
    settings.SITE_URL = f"https://{TEST_DOMAIN}"


@pytest.fixture
def campaign(town: Town, ortal: Person, operator: Person, stranger: Person) -> Campaign:
    campaign = make_campaign(ortal, town)
    Message.objects.update(created_at=NOW, queued_at=NOW, next_attempt=NOW)
    return campaign


def states() -> set[str]:
    return set(Message.objects.values_list("state", flat=True))


def tell(person: Person, campaign: Campaign, key: str, **fields: Any) -> Message:
    values = {
        "kind": MessageKind.REMINDER,
        "subject": f"Pesan {key}",
        "body": "Isi.\n",
        "language": "id",
        "created_at": NOW,
        "queued_at": NOW,
        "next_attempt": NOW,
    }
    return Message.objects.create(person=person, campaign=campaign, dedupe_key=key, **{**values, **fields})


def test_without_a_server_everything_waits(settings: Settings, campaign: Campaign) -> None:
    settings.EMAIL_HOST = ""

    assert deliver(now=NOW).waiting == 2
    assert (mail.outbox, states()) == ([], {MessageState.QUEUED})


def test_mail_leaves_once(campaign: Campaign) -> None:
    assert deliver(now=NOW).sent == 2
    assert deliver(now=NOW + timedelta(days=3)).sent == 0

    assert sorted(one.to[0] for one in mail.outbox) == ["kampung@example.org", "operator@example.org"]
    assert states() == {MessageState.SENT}


def test_one_mail_a_day_holds_all_and_what_is_due_today_does_not_wait(
    campaign: Campaign, operator: Person
) -> None:
    tell(operator, campaign, "a")
    deliver(now=NOW)
    tell(operator, campaign, "b")
    tell(operator, campaign, "c", urgent=True)
    deliver(now=NOW + timedelta(hours=3))

    mine = [one for one in mail.outbox if one.to == [operator.email]]
    assert [one.subject for one in mine] == ["2 pesan dari Kota Jayapura", "Pesan c"]
    assert "Pesan a" in mine[0].body
    deliver(now=NOW + timedelta(hours=8))
    assert len(mail.outbox) == 3
    # 15.00 UTC is midnight in Jayapura.
    deliver(now=NOW + timedelta(hours=14))
    assert mail.outbox[-1].subject == "Pesan b"


def test_who_lost_the_role_gets_nothing(campaign: Campaign, operator: Person) -> None:
    Membership.objects.filter(person=operator).delete()

    deliver(now=NOW)

    assert [one.to for one in mail.outbox] == [["kampung@example.org"]]
    assert Message.objects.get(person=operator).state == MessageState.WITHDRAWN


def test_who_may_not_sign_in_any_more_gets_nothing(campaign: Campaign, operator: Person) -> None:
    operator.is_active = False
    operator.save()

    deliver(now=NOW)

    assert [one.to for one in mail.outbox] == [["kampung@example.org"]]


def test_kind_that_is_not_wanted_is_not_mailed(campaign: Campaign, operator: Person) -> None:
    MessageSettings.objects.create(person=operator, muted=[MessageKind.INVITATION.value])

    deliver(now=NOW)

    assert [one.to for one in mail.outbox] == [["kampung@example.org"]]
    assert Message.objects.get(person=operator).state == MessageState.MUTED


def test_mail_can_be_stopped_with_one_click(campaign: Campaign) -> None:
    deliver(now=NOW)

    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe"].startswith(f"<https://{TEST_DOMAIN}/ruang/pesan/berhenti/")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Message-ID"].endswith(f"@{TEST_DOMAIN}>")


class Broken(EmailBackend):
    """A server that fails in the way that the test names."""

    fault: BaseException | None = None
    closed: bool = False

    def open(self) -> bool:
        if Broken.closed:
            raise ConnectionRefusedError("refused")
        return True

    def send_messages(self, messages: Any) -> int:
        if Broken.fault is not None:
            raise Broken.fault
        return int(super().send_messages(messages))


@pytest.fixture
def broken(settings: Settings) -> Iterator[type[Broken]]:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    yield Broken
    Broken.fault, Broken.closed = None, False


def test_server_that_is_away_costs_nothing_but_time(campaign: Campaign, broken: type[Broken]) -> None:
    broken.closed = True
    deliver(now=NOW)
    assert {(one.state, one.attempts) for one in Message.objects.all()} == {(MessageState.QUEUED, 0)}

    broken.closed = False
    assert deliver(now=NOW + timedelta(minutes=1)).sent == 0
    assert deliver(now=NOW + timedelta(minutes=5)).sent == 2


def test_refused_reader_is_given_up_and_a_temporary_fault_is_tried_again(
    campaign: Campaign, broken: type[Broken], operator: Person
) -> None:
    broken.fault = SMTPRecipientsRefused({operator.email: (450, b"later")})
    deliver(now=NOW)
    assert states() == {MessageState.QUEUED}

    broken.fault = SMTPRecipientsRefused({operator.email: (550, b"unknown")})
    deliver(now=NOW + timedelta(minutes=5))
    assert states() == {MessageState.FAILED}


def test_connection_that_breaks_while_sending_is_left_to_a_person(
    campaign: Campaign, broken: type[Broken], ortal: Person
) -> None:
    broken.fault = SMTPServerDisconnected("gone")
    deliver(now=NOW)
    broken.fault = None
    deliver(now=NOW + timedelta(days=2))
    assert (states(), mail.outbox) == ({MessageState.UNCERTAIN}, [])

    first, second = Message.objects.order_by("pk")
    retry_message(actor=ortal, message=first, now=NOW + timedelta(days=2))
    withdraw_message(actor=ortal, message=second)
    deliver(now=NOW + timedelta(days=2))
    assert [one.to for one in mail.outbox] == [[first.person.email]]


class Killed(BaseException):
    """The process ended here."""


@pytest.mark.parametrize("after", [False, True])
def test_run_that_ends_while_sending_sends_nothing_twice(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    hand_over = delivery._hand_over

    def killed(connection: Any, one: Any) -> None:
        if after:
            hand_over(connection, one)
        raise Killed

    monkeypatch.setattr(delivery, "_hand_over", killed)
    with pytest.raises(Killed):
        deliver(now=NOW)
    monkeypatch.setattr(delivery, "_hand_over", hand_over)
    for minutes in (1, 20, 60):
        deliver(now=NOW + timedelta(minutes=minutes))

    readers = [one.to[0] for one in mail.outbox]
    assert len(readers) == len(set(readers)) == (2 if after else 1)
    assert states() == {MessageState.SENT, MessageState.UNCERTAIN}


def test_reminders_and_mail_broken_off_between_them_are_sent_once(campaign: Campaign) -> None:
    deliver(now=NOW)
    give_reminders(as_of=DUE, now=NOW)
    give_reminders(as_of=DUE, now=NOW)
    deliver(now=NOW)
    deliver(now=NOW)

    assert sorted(one.to[0] for one in mail.outbox) == [
        "kampung@example.org",
        "kampung@example.org",
        "operator@example.org",
        "operator@example.org",
    ]


def test_old_messages_do_not_flood_people_when_a_server_is_set_up(campaign: Campaign) -> None:
    assert deliver(now=NOW + timedelta(days=15)).sent == 0
    assert states() == {MessageState.LAPSED}


def test_pauses_grow_up_to_half_a_day() -> None:
    minutes = [pause_after(number).total_seconds() / 60 for number in (1, 2, 3, 4, 8, 100)]

    assert minutes == [5, 10, 20, 40, 640, 720]
