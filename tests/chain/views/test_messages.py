"""Messages on their pages: the list, wishes, the link without sign-in, the calendar, and Ortal's outbox."""

import io
import mailbox
import zipfile
from datetime import date
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.chain.campaigns import make_campaign
from tests.chain.conftest import Enter
from tests.conftest import TODAY
from tests.factories import Town, make_innovation, walk_chain
from tests.whole.html import faults_of
from tifa.chain.choices import DayCount, GapKind, MessageKind, MessageState, Step
from tifa.chain.models import Campaign, Message, MessageSettings, ServiceLevel
from tifa.chain.services.campaigns import extend_campaign
from tifa.chain.services.delivery import unsubscribe_url
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person
from tifa.organisation.selectors import unit_tree


def text_of(response: Any) -> str:
    page = response.content.decode()
    assert faults_of(page) == []
    return " ".join(page.split())


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


@pytest.fixture
def campaign(town: Town, ortal: Person, operator: Person, stranger: Person) -> Campaign:
    return make_campaign(ortal, town)


def test_list_marks_what_is_unread_and_opening_reads_it(
    enter: Enter, campaign: Campaign, operator: Person
) -> None:
    client = enter(operator)
    message = Message.objects.get(person=operator)

    assert "1 unread message." in text_of(client.get(reverse("chain:message_list")))
    assert "Pelaporan 2026" in text_of(client.get(reverse("chain:message_detail", args=[message.pk])))
    assert "0 unread messages." in text_of(client.get(reverse("chain:message_list")))


def test_all_can_be_marked_as_read(
    enter: Enter, campaign: Campaign, operator: Person, stranger: Person
) -> None:
    enter(operator).post(reverse("chain:messages_read"))

    assert set(Message.objects.filter(read_at=None).values_list("person", flat=True)) == {stranger.pk}


def test_message_of_somebody_else_is_not_found(
    enter: Enter, campaign: Campaign, operator: Person, stranger: Person
) -> None:
    theirs = Message.objects.get(person=stranger)

    response = enter(operator).get(reverse("chain:message_detail", args=[theirs.pk]))

    assert response.status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_for_any_number(
    enter: Enter, campaign: Campaign, operator: Person, django_assert_num_queries: Any, rows: int
) -> None:
    first = Message.objects.get(person=operator)
    for number in range(1, rows):
        first.pk, first.dedupe_key = None, f"k{number}"
        first.save()
    client = enter(operator)

    with django_assert_num_queries(10):
        client.get(reverse("chain:message_list"))


def test_wishes_are_kept_and_followed(
    enter: Enter, campaign: Campaign, operator: Person, ortal: Person
) -> None:
    address = reverse("chain:message_settings")
    enter(operator).post(address, {"language": "en", "wanted": ["undangan", "pengingat"]})

    extend_campaign(
        actor=ortal,
        campaign=campaign,
        unit=None,
        due=date(2026, 12, 9),
        reason="a",
        on=TODAY,
        tree=unit_tree(),
    )
    told = Message.objects.get(person=operator, kind=MessageKind.EXTENSION)
    assert (told.state, told.language) == (MessageState.MUTED, "en")
    assert told.subject == "Pelaporan 2026: now due 9 December 2026"
    assert MessageSettings.objects.get(person=operator).muted == [
        "berkas",
        "daftar",
        "kembali",
        "pelimpahan",
        "perpanjangan",
        "pertanyaan",
    ]


def test_link_in_a_mail_stops_the_kind_without_signing_in(campaign: Campaign, operator: Person) -> None:
    address = path_of(unsubscribe_url(operator, MessageKind.REMINDER))
    visitor = Client(enforce_csrf_checks=True)

    asked = visitor.get(address)
    assert MessageSettings.objects.count() == 0
    done = visitor.post(address, {"List-Unsubscribe": "One-Click"})

    assert (asked.status_code, done.status_code) == (200, 200)
    assert operator.email not in asked.content.decode() + done.content.decode()
    assert operator.name not in text_of(asked)
    assert MessageSettings.objects.get(person=operator).muted == ["pengingat"]


def test_changed_link_stops_nothing(campaign: Campaign, operator: Person) -> None:
    address = path_of(unsubscribe_url(operator, MessageKind.REMINDER))

    response = Client().post(address[:-3] + "x/")

    assert (response.status_code, MessageSettings.objects.count()) == (404, 0)


def test_calendar_holds_the_due_dates_of_the_person_and_of_nobody_else(
    enter: Enter, town: Town, campaign: Campaign, operator: Person, ortal: Person
) -> None:
    extend_campaign(
        actor=ortal,
        campaign=campaign,
        unit=town.puskesmas,
        due=date(2026, 12, 9),
        reason="a",
        on=TODAY,
        tree=unit_tree(),
    )
    enter(operator).get(reverse("chain:message_settings"))
    token = MessageSettings.objects.get(person=operator).calendar_token

    response = Client().get(reverse("chain:calendar_feed", args=[token]))

    words = response.content.decode().replace("\r\n ", "")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert words.count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20261209" in words
    assert f"UID:campaign-{campaign.pk}-PKM.ABEPURA@" in words
    assert town.kampung.name not in words


def test_calendar_holds_what_lies_with_the_person(
    enter: Enter, town: Town, operator: Person, ortal: Person
) -> None:
    level = {"counting": DayCount.CALENDAR, "days": 14}
    ServiceLevel.objects.update_or_create(unit=town.city, kind=GapKind.RETURNED, defaults=level)
    ServiceLevel.objects.update_or_create(unit=town.city, kind=GapKind.UNVERIFIED, defaults=level)
    for title in ("Perahu", "Kembang"):
        walk_chain(
            make_innovation(town.puskesmas, title=title),
            (Step.REPORTED, date(2026, 11, 1)),
            (Step.RETURNED, date(2026, 11, 10)),
        )
    walk_chain(make_innovation(town.puskesmas, title="Kapal"), (Step.REPORTED, date(2026, 11, 12)))
    words = {}
    for person in (operator, ortal):
        enter(person).get(reverse("chain:message_settings"))
        token = MessageSettings.objects.get(person=person).calendar_token
        feed = Client().get(reverse("chain:calendar_feed", args=[token])).content.decode()
        words[person] = feed.replace("\r\n ", "")

    assert words[operator].count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20261124" in words[operator]
    assert "Perahu" in words[operator]
    assert "Kembang" in words[operator]
    assert "Kapal" not in words[operator]
    assert "Kapal" in words[ortal]
    assert "Perahu" not in words[ortal]


def test_new_calendar_address_ends_the_old_one(enter: Enter, campaign: Campaign, operator: Person) -> None:
    client = enter(operator)
    client.get(reverse("chain:message_settings"))
    token = MessageSettings.objects.get(person=operator).calendar_token
    client.post(reverse("chain:message_settings"), {"action": "renew"})

    assert Client().get(reverse("chain:calendar_feed", args=[token])).status_code == 404


def test_outbox_shows_and_hands_out_what_would_be_sent(
    enter: Enter, campaign: Campaign, ortal: Person, operator: Person, tmp_path: Path
) -> None:
    client = enter(ortal)

    assert "This is what would be sent." in text_of(client.get(reverse("chain:outbox_list")))
    archive = client.get(reverse("chain:outbox_export", args=["zip"]))
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        mails = [
            BytesParser(policy=policy.default).parsebytes(opened.read(name)) for name in opened.namelist()
        ]
    assert sorted(str(one["To"]) for one in mails) == ["kampung@example.org", "operator@example.org"]
    assert "Pelaporan 2026" in str(mails[0]["Subject"])
    box = tmp_path / "box"
    box.write_bytes(client.get(reverse("chain:outbox_export", args=["mbox"])).content)
    assert len(mailbox.mbox(box)) == 2
    assert client.get(reverse("chain:outbox_export", args=["pst"])).status_code == 404


def test_preview_does_not_show_the_links_of_its_reader(
    enter: Enter, campaign: Campaign, ortal: Person, operator: Person
) -> None:
    message = Message.objects.get(person=operator)

    page = text_of(enter(ortal).get(reverse("chain:outbox_message", args=[message.pk])))

    assert ("Mohon laporkan" in page, "/pesan/berhenti/" in page) == (True, False)


def test_mail_is_withdrawn_and_sent_again(
    enter: Enter, campaign: Campaign, ortal: Person, operator: Person, settings: Settings
) -> None:
    message = Message.objects.get(person=operator)
    client, address = enter(ortal), reverse("chain:outbox_message", args=[message.pk])
    client.post(address, {"action": "withdraw"})
    message.refresh_from_db()
    assert message.state == MessageState.WITHDRAWN
    settings.EMAIL_HOST = "smtp.example.org"
    client.post(address, {"action": "retry"})

    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert "That is not possible any more" in text_of(client.post(address, {"action": "retry"}, follow=True))
    assert [one.to for one in mail.outbox].count([operator.email]) == 1


def test_what_was_told_of_a_unit_is_read_no_more_by_who_left_it(
    enter: Enter, campaign: Campaign, town: Town, operator: Person
) -> None:
    told = Message.objects.get(person=operator)
    Membership.objects.filter(person=operator).delete()
    Membership.objects.create(person=operator, unit=town.kampung, role=Role.OPERATOR)
    client = enter(operator)

    assert told.subject not in client.get(reverse("chain:message_list")).content.decode()
    assert client.get(reverse("chain:message_detail", args=[told.pk])).status_code == 404
