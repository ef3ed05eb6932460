"""The start page: what waits, by role."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.evaluation.makers import make_open_round
from tests.factories import Town, make_handoff, make_innovation, make_person, walk_chain
from tests.portal.conftest import RoomOf
from tests.whole.html import faults_of
from tifa.chain.choices import Step
from tifa.chain.models import ReportDraft
from tifa.organisation.models import Person

URL = reverse("portal:start")


def read(client: Client) -> str:
    response = client.get(URL)
    assert response.status_code == 200
    page = str(response.content.decode())
    assert faults_of(page) == []
    return page


def test_visitor_signs_in_first(visitor: Client) -> None:
    response = visitor.get(URL)

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={URL}"


def test_operator_sees_what_they_owe(room_of: RoomOf, town: Town, operator: Person) -> None:
    returned = make_innovation(town.puskesmas, title="Kembali")
    make_handoff(returned, Step.REPORTED, date(2025, 5, 1))
    make_handoff(returned, Step.RETURNED, date(2025, 5, 5), reason="Bukti kurang")
    make_innovation(town.puskesmas, title="Belum dilaporkan")
    make_innovation(town.kampung, title="Milik unit lain")
    draft = ReportDraft.objects.create(
        person=operator, content={"title": "Draf saya"}, saved_at=timezone.now()
    )

    page = read(room_of(operator))

    for shown in (
        reverse("chain:report_start"),
        reverse("chain:nil_report"),
        "Kembali",
        "Bukti kurang",
        "Belum dilaporkan",
        "Draf saya",
        reverse("chain:report_edit", args=[draft.pk]),
        "Puskesmas Abepura has said nothing in",
    ):
        assert shown in page
    assert "Milik unit lain" not in page
    assert "Where we stand" not in page


def test_draft_without_a_title_has_words_to_click(room_of: RoomOf, operator: Person) -> None:
    for title in ("", "  "):
        ReportDraft.objects.create(person=operator, content={"title": title}, saved_at=timezone.now())

    assert read(room_of(operator)).count(">Without a title yet</a>") == 2


def test_ortal_sees_what_waits_by_kind(room_of: RoomOf, town: Town, ortal: Person) -> None:
    walk_chain(make_innovation(town.puskesmas, title="Menunggu"), (Step.REPORTED, date(2025, 5, 1)))

    page = read(room_of(ortal))

    assert "Menunggu" in page
    assert f'{reverse("chain:gaps")}?kind=unverified">Reported but not verified</a></dt><dd>1</dd>' in page
    assert reverse("chain:finding_create") in page
    assert reverse("chain:nil_report") not in page


def test_leader_sees_where_it_is_stuck(room_of: RoomOf, town: Town, leader: Person) -> None:
    held = make_innovation(town.puskesmas, title="Tertahan")
    yesterday = timezone.localdate() - timedelta(days=1)
    make_handoff(held, Step.REPORTED, date(2025, 5, 1))
    make_handoff(held, Step.HELD, date(2025, 5, 2), reason="Menunggu data", due=yesterday)

    page = read(room_of(leader))

    for shown in ("Where we stand", "With whom it is stuck", "To decide this week", "Tertahan", "1 day late"):
        assert shown in page
    assert 'class="funnel"' in page
    assert reverse("chain:report_start") not in page


def test_judge_sees_their_rounds(room_of: RoomOf, town: Town, judge: Person) -> None:
    make_open_round(town, [judge], entries=2)
    other = make_person("other@example.org")
    make_open_round(town, [other], code="LAIN")

    page = read(room_of(judge))

    assert "Putaran KIPP-2026" in page
    assert "0 of 2 score sheets submitted" in page
    assert "Putaran LAIN" not in page


def test_person_without_a_role_is_told(room_of: RoomOf, town: Town) -> None:
    page = read(room_of(make_person("stranger@example.org")))

    assert "You have no role yet" in page


def test_nothing_waits(room_of: RoomOf, town: Town, ortal: Person) -> None:
    assert "Nothing waits for you today." in read(room_of(ortal))


def test_start_costs_the_same_with_one_and_three_rows(
    room_of: RoomOf, town: Town, ortal: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = room_of(ortal)
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, date(2025, 5, 1)))
    with django_assert_num_queries(11):
        read(client)

    for unit in (town.kampung, town.department):
        walk_chain(make_innovation(unit), (Step.REPORTED, date(2025, 5, 1)))
    with django_assert_num_queries(11):
        read(client)
