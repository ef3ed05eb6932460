"""Campaigns on their pages: from the letter to the silence list, the answer of a unit, more time, delegation."""

import io
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from tests.chain.campaigns import make_campaign
from tests.chain.conftest import Enter
from tests.conftest import TODAY
from tests.factories import Town, make_innovation, make_person, make_unit, walk_chain
from tests.whole.html import faults_of
from tifa.chain.choices import Step, Vital
from tifa.chain.models import Campaign, CampaignNil, Delegation, Message, Reminder, ReportDraft, VitalCheck
from tifa.core.models import Event
from tifa.organisation.choices import Role
from tifa.organisation.models import Person

NEW = {
    "name": "Pelaporan 2026",
    "kind": "tahunan",
    "due": "2026-11-30",
    "reach": "semua",
    "asked": "Keadaan tiap inovasi.",
    "invitation": "Mohon melapor.",
    "letter_number": "000/1",
    "days_before": "7",
    "days_to_list": "7",
}


def text_of(response: Any) -> str:
    page = response.content.decode()
    assert faults_of(page) == []
    return " ".join(page.split())


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def unit_url(campaign: Campaign, code: str) -> str:
    return reverse("chain:campaign_unit", args=[campaign.pk, code])


@pytest.fixture
def campaign(town: Town, ortal: Person) -> Campaign:
    return make_campaign(ortal, town)


def test_campaign_goes_from_the_letter_to_the_silence_list(
    enter: Enter, town: Town, ortal: Person, operator: Person
) -> None:
    client = enter(ortal)

    prepared = client.post(reverse("chain:campaign_create"), NEW, follow=True)
    assert "Nobody is asked yet" in text_of(prepared)
    campaign = Campaign.objects.get()
    assert (campaign.starts_on, campaign.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert "1 person gets the invitation" in text_of(
        client.get(reverse("chain:campaign_open", args=[campaign.pk]))
    )
    opened = client.post(reverse("chain:campaign_open", args=[campaign.pk]), follow=True)
    assert "By branch" in text_of(opened)
    assert Message.objects.get().person == operator
    silent = text_of(client.get(campaign.get_absolute_url(), {"state": "diam", "branch": "OPD.DINKES"}))
    assert ("Puskesmas Abepura" in silent, "PKM.ABEPURA" in silent, "91.71.03.2001" in silent) == (
        True,
        True,
        False,
    )
    letter = client.get(reverse("chain:campaign_letter", args=[campaign.pk]))
    words = "\n".join(one.text for one in Document(io.BytesIO(letter.content)).paragraphs)
    assert ("Mohon melapor." in words, "{" in words) == (True, False)
    closed = client.post(reverse("chain:campaign_close", args=[campaign.pk]), follow=True)
    assert "The campaign is closed." in text_of(closed)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Give the campaign a name."),
        ({"due": "besok"}, "This is not a date"),
        ({"starts_on": "2027-01-01"}, "The period ends before it begins."),
        ({"reach": "sebagian"}, "Choose at least one unit."),
        ({"kind": "edisi"}, "Choose the edition."),
        ({"kind": "edisi", "edition": "kipp-2025"}, "The standard does not tell this day. Write it."),
        ({"days_before": "0"}, "greater than or equal to 1"),
    ],
)
def test_bad_campaign_gets_a_sentence_and_keeps_what_was_typed(
    enter: Enter, ortal: Person, changed: dict[str, str], sentence: str
) -> None:
    response = enter(ortal).post(reverse("chain:campaign_create"), {**NEW, **changed})

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "Mohon melapor." in text_of(response)
    assert Campaign.objects.count() == 0


def test_second_campaign_of_a_name_is_refused_at_the_field(
    enter: Enter, ortal: Person, campaign: Campaign
) -> None:
    response = enter(ortal).post(reverse("chain:campaign_create"), NEW)

    assert (response.status_code, "There is a campaign of this name already." in text_of(response)) == (
        422,
        True,
    )


def test_unit_answers_in_one_form(enter: Enter, town: Town, operator: Person, campaign: Campaign) -> None:
    running, stopped = make_innovation(town.puskesmas), make_innovation(town.puskesmas)
    client = enter(operator)

    owed = client.get(reverse("chain:campaign_list"))
    assert unit_url(campaign, town.puskesmas.code) in text_of(owed)
    answered = client.post(
        unit_url(campaign, town.puskesmas.code),
        {
            f"state_{running.pk}": "berjalan",
            f"state_{stopped.pk}": "berhenti",
            f"on_{stopped.pk}": "2026-05-01",
            f"note_{stopped.pk}": "Anggaran habis",
            "nothing_new": "on",
            "signed_by": "Kepala Puskesmas",
        },
        follow=True,
    )

    assert "The answer is complete." in text_of(answered)
    assert {(one.innovation, one.state, one.on) for one in VitalCheck.objects.all()} == {
        (running, Vital.RUNNING, TODAY),
        (stopped, Vital.STOPPED, date(2026, 5, 1)),
    }
    assert CampaignNil.objects.get().signed_in_person is False
    assert Event.objects.filter(action="innovation.checked").count() == 2


def test_saying_the_same_again_stores_nothing(
    enter: Enter, town: Town, operator: Person, campaign: Campaign
) -> None:
    innovation = make_innovation(town.puskesmas)
    client = enter(operator)
    for state in ("berjalan", "berjalan"):
        client.post(unit_url(campaign, town.puskesmas.code), {f"state_{innovation.pk}": state})

    assert VitalCheck.objects.count() == 1


def test_incomplete_answer_is_named_at_the_field_and_kept(
    enter: Enter, town: Town, operator: Person, campaign: Campaign
) -> None:
    innovation = make_innovation(town.puskesmas)

    response = enter(operator).post(
        unit_url(campaign, town.puskesmas.code),
        {f"state_{innovation.pk}": "berhenti", "nothing_new": "on", "signed_by": "", "nil_note": "Catatan"},
    )

    page = text_of(response)
    assert response.status_code == 422
    for sentence in (
        "Give the day since when it is so.",
        "Write in a few words",
        "Write who signs.",
        "Catatan",
    ):
        assert sentence in page
    assert VitalCheck.objects.count() == CampaignNil.objects.count() == 0


def test_unit_with_a_report_is_not_asked_to_sign(
    enter: Enter, town: Town, operator: Person, campaign: Campaign
) -> None:
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, TODAY))

    response = enter(operator).post(
        unit_url(campaign, town.puskesmas.code), {"nothing_new": "on", "signed_by": "Kepala"}, follow=True
    )

    assert "The answer is complete." in text_of(response)
    assert CampaignNil.objects.count() == 0


def test_answer_to_a_closed_campaign_is_refused(
    enter: Enter, town: Town, operator: Person, ortal: Person, campaign: Campaign
) -> None:
    enter(ortal).post(reverse("chain:campaign_close", args=[campaign.pk]))

    assert enter(operator).post(unit_url(campaign, town.puskesmas.code), {}).status_code == 403


def test_others_see_neither_the_unit_nor_its_campaign(
    enter: Enter, town: Town, ortal: Person, stranger: Person
) -> None:
    campaign = make_campaign(ortal, town, roots=[town.department.pk])
    client = enter(stranger)

    assert "Pelaporan 2026" not in text_of(client.get(reverse("chain:campaign_list")))
    for address in (campaign.get_absolute_url(), unit_url(campaign, town.puskesmas.code)):
        assert client.get(address).status_code == 404


def test_operator_sees_only_the_own_units_of_a_campaign(
    enter: Enter, town: Town, operator: Person, campaign: Campaign
) -> None:
    client = enter(operator)

    page = text_of(client.get(campaign.get_absolute_url()))
    export = client.get(reverse("chain:campaign_export", args=[campaign.pk, "csv"]))

    assert (town.puskesmas.name in page, town.kampung.name in page) == (True, False)
    rows = content_of(export).decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == [town.puskesmas.code]
    assert client.get(unit_url(campaign, town.kampung.code)).status_code == 404


def test_table_goes_out_as_a_workbook(enter: Enter, leader: Person, campaign: Campaign) -> None:
    response = enter(leader).get(reverse("chain:campaign_export", args=[campaign.pk, "xlsx"]))

    sheet = load_workbook(io.BytesIO(content_of(response))).active
    assert sheet is not None
    assert sheet.max_row == 7


def test_distrik_answers_for_a_unit_that_asked_it_to(
    enter: Enter, town: Town, stranger: Person, operator: Person, ortal: Person, campaign: Campaign
) -> None:
    innovation = make_innovation(town.kampung)
    address = unit_url(campaign, town.kampung.code)
    enter(stranger).post(
        reverse("chain:campaign_delegate", args=[campaign.pk, town.kampung.code]),
        {"to_unit": town.puskesmas.code, "reason": "Tidak ada sinyal"},
    )
    client = enter(operator)

    answered = client.post(address, {f"state_{innovation.pk}": "berjalan"}, follow=True)
    assert "was asked to answer for this unit" in text_of(answered)
    assert VitalCheck.objects.get().recorded_by == operator
    client.post(reverse("chain:report_start"), {"unit": town.kampung.code})
    assert ReportDraft.objects.get().content == {"unit": town.kampung.code}
    assert "answered by Puskesmas Abepura" in text_of(enter(ortal).get(campaign.get_absolute_url()))
    # What was delegated is not passed on, and can be taken back.
    again = reverse("chain:campaign_delegate", args=[campaign.pk, town.kampung.code])
    assert client.post(again, {"to_unit": town.distrik.code}).status_code == 404
    # The form that was sent twice changes nothing.
    enter(stranger).post(again, {"to_unit": town.puskesmas.code, "reason": "Tidak ada sinyal"})
    assert Delegation.objects.get().ended_on is None
    enter(stranger).post(again, {"action": "end"})
    assert Delegation.objects.get().ended_on == TODAY
    assert client.get(address).status_code == 404


def test_more_time_needs_a_reason_and_a_later_day(
    enter: Enter, town: Town, ortal: Person, operator: Person, campaign: Campaign
) -> None:
    client, address = enter(ortal), reverse("chain:campaign_extend", args=[campaign.pk])

    early = client.post(address, {"unit": town.puskesmas.code, "due": "2026-11-29", "reason": "Sakit"})
    assert "It is due on 30 November 2026 already" in text_of(early)
    assert "Write why there is more time." in text_of(
        client.post(address, {"due": "2026-12-09", "reason": ""})
    )
    done = client.post(
        address, {"unit": town.puskesmas.code, "due": "2026-12-09", "reason": "Sakit"}, follow=True
    )
    assert ("Sakit" in text_of(done), Message.objects.filter(kind="perpanjangan").get().person) == (
        True,
        operator,
    )


def test_reminders_are_shown_with_a_whatsapp_text_and_given_once(
    enter: Enter, town: Town, ortal: Person, operator: Person, campaign: Campaign
) -> None:
    client, address = enter(ortal), reverse("chain:campaign_remind", args=[campaign.pk])
    other = make_campaign(ortal, town, name="Masa lain")

    page = text_of(client.get(address))
    assert "https://wa.me/?text=" in page
    assert client.post(address, follow=True).status_code == 200
    assert "Nobody has to be reminded today." in text_of(client.get(address))
    assert Message.objects.filter(kind="pengingat").count() == 1
    assert not Reminder.objects.filter(campaign=other).exists()


@pytest.mark.parametrize(
    ("who", "name", "statements"),
    [
        ("ortal", "campaign_list", 6),
        ("operator", "campaign_list", 18),
        ("ortal", "campaign_detail", 15),
        ("operator", "campaign_unit", 26),
        ("ortal", "campaign_remind", 17),
    ],
)
def test_statements_do_not_grow_with_the_rows(
    request: pytest.FixtureRequest,
    enter: Enter,
    town: Town,
    operator: Person,
    ortal: Person,
    django_assert_num_queries: Any,
    who: str,
    name: str,
    statements: int,
) -> None:
    client = enter(request.getfixturevalue(who))
    for rows in (1, 3):
        for number in range(rows):
            make_innovation(town.puskesmas)
            unit = make_unit(f"U.{rows}.{number}", "Unit", "opd", town.city)
            make_person(f"u{rows}{number}@example.org", Role.OPERATOR, unit)
        campaign = make_campaign(ortal, town, name=f"Pelaporan {rows}")
        if rows == 3:
            enter(ortal).post(
                reverse("chain:campaign_close", args=[Campaign.objects.get(name="Pelaporan 1").pk])
            )
        kwargs: dict[str, Any] = {"pk": campaign.pk} if name != "campaign_list" else {}
        if name == "campaign_unit":
            kwargs["code"] = town.puskesmas.code
        with django_assert_num_queries(statements):
            client.get(reverse(f"chain:{name}", kwargs=kwargs))
