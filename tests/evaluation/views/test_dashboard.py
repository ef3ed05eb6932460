"""Tests of the page of a round and of one entry."""

import io
import re

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import ClientOf
from tests.evaluation.makers import (
    CLOSED,
    NOW,
    entries_of,
    judge_entry,
    make_judges,
    make_open_round,
)
from tests.evaluation.views.counting import statements_of
from tests.factories import Town
from tests.whole.html import faults_of
from tifa.evaluation.models import PanelMember, Round
from tifa.evaluation.services.panel import declare_conflict
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import close_round
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person


def judged_round(town: Town, judges: int, entries: int) -> Round:
    people = make_judges(town, judges)
    round_ = make_open_round(town, people, entries=entries)
    for number, entry in enumerate(entries_of(round_)):
        for judge in people:
            judge_entry(judge, entry, 60 + number)
    return round_


def detail(round_: Round, **query: str) -> str:
    return reverse("evaluation:round_detail", args=[round_.pk], query=query or None)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("sort", "statements"), [("code", 15), ("mean", 14)])
def test_the_dashboard_costs_the_same(
    client_of: ClientOf, town: Town, ortal: Person, rows: int, sort: str, statements: int
) -> None:
    round_ = judged_round(town, rows, rows)
    client = client_of(ortal)

    assert statements_of(lambda: client.get(detail(round_, sort=sort))) == statements


@pytest.mark.parametrize("rows", [1, 3])
def test_an_entry_costs_the_same(client_of: ClientOf, town: Town, ortal: Person, rows: int) -> None:
    round_ = judged_round(town, rows, rows)
    address = reverse("evaluation:entry_detail", args=[entries_of(round_)[0].pk])
    client = client_of(ortal)

    assert statements_of(lambda: client.get(address)) == 11


def test_the_dashboard_is_searched_narrowed_and_sorted(
    client_of: ClientOf, town: Town, ortal: Person
) -> None:
    (judge,) = make_judges(town, 1)
    round_ = make_open_round(town, [judge], entries=3)
    low, high, untouched = entries_of(round_)
    judge_entry(judge, low, 50)
    judge_entry(judge, high, 90)
    client = client_of(ortal)

    def shown(**query: str) -> list[object]:
        response = client.get(detail(round_, **query))
        assert faults_of(response.content.decode()) == []
        return [row.entry for row in response.context["rows"]]

    assert shown() == [low, high, untouched]
    assert shown(sort="mean") == [high, low, untouched]
    assert shown(sort="spread") == [low, high, untouched]
    assert shown(sort="judges") == [untouched, low, high]
    assert shown(state="complete", sort="mean") == [high, low]
    assert shown(state="untouched") == [untouched]
    assert shown(q=high.innovation.code) == [high]
    assert shown(q="nothing") == []


def test_who_looks_on_sees_progress_and_no_score_before_the_closing(
    client_of: ClientOf, town: Town, ortal: Person, leader: Person
) -> None:
    (judge,) = make_judges(town, 1)
    round_ = make_open_round(town, [judge])
    (entry,) = entries_of(round_)
    judge_entry(judge, entry, "77.31")
    pages = [detail(round_), detail(round_, sort="mean"), reverse("evaluation:entry_detail", args=[entry.pk])]
    client = client_of(leader)

    for page in pages:
        content = client.get(page).content.decode()
        assert not re.search("77[,.]31", content)
        assert faults_of(content) == []
    for name in ("xlsx", "csv"):
        assert client.get(reverse("evaluation:round_export", args=[round_.pk, name])).status_code == 404

    close_round(actor=ortal, round_=round_, on=CLOSED)
    assert all("77,31" in client.get(page).content.decode() for page in pages)
    csv = client.get(reverse("evaluation:round_export", args=[round_.pk, "csv"]))
    assert "77.31" in b"".join(csv.streaming_content).decode()  # type: ignore[attr-defined]


def test_somebody_of_ortal_who_judges_finds_no_way_to_their_conflict(
    client_of: ClientOf, town: Town, ortal: Person
) -> None:
    Membership.objects.create(person=ortal, unit=town.city, role=Role.JUDGE)
    (other,) = make_judges(town, 1)
    round_ = make_open_round(town, [ortal, other], entries=2)
    hidden, shown = entries_of(round_)
    judge_entry(other, hidden, "77.31")
    judge_entry(other, shown, 80)
    member = PanelMember.objects.get(person=ortal)
    declare_conflict(actor=ortal, entry=hidden, member=member, reason="", now=NOW)
    client = client_of(ortal)

    for query in ({}, {"q": hidden.innovation.code}, {"sort": "mean"}):
        response = client.get(detail(round_, **query))
        assert hidden.innovation.title not in response.content.decode()
        assert response.context["progress"].entries == 1
    for name, key in (
        ("entry_detail", hidden.pk),
        ("conflict_declare", hidden.pk),
        ("sheet_edit", hidden.pk),
        ("sheet_conflict", hidden.pk),
    ):
        assert client.get(reverse(f"evaluation:{name}", args=[key])).status_code == 404
    assert client.get(reverse("evaluation:round_export", args=[round_.pk, "csv"])).status_code == 404
    conflicts = client.get(reverse("evaluation:conflict_list", args=[round_.pk]))
    assert hidden.innovation.title not in conflicts.content.decode()

    close_round(actor=ortal, round_=round_, on=CLOSED)
    publish_page = client.get(reverse("evaluation:round_publish", args=[round_.pk]))
    assert not re.search("77[,.]31", publish_page.content.decode())


def test_an_entry_shows_every_sheet_with_its_notes(client_of: ClientOf, town: Town, ortal: Person) -> None:
    round_ = judged_round(town, 2, 1)
    (entry,) = entries_of(round_)
    entry.sheets.first().scores.filter(section="kebaruan").update(note="<b>jelas</b>")  # type: ignore[union-attr]

    content = client_of(ortal).get(reverse("evaluation:entry_detail", args=[entry.pk])).content.decode()

    assert "&lt;b&gt;jelas&lt;/b&gt;" in content
    assert all(name in content for name in ("Judge 1", "Judge 2"))
    assert faults_of(content) == []


def test_ortal_records_and_takes_back_a_conflict(client_of: ClientOf, town: Town, ortal: Person) -> None:
    round_ = judged_round(town, 2, 1)
    (entry,) = entries_of(round_)
    member = PanelMember.objects.order_by("pk")[0]
    client = client_of(ortal)

    address = reverse("evaluation:conflict_declare", args=[entry.pk])
    assert faults_of(client.get(address).content.decode()) == []
    client.post(address, {"member": member.pk, "reason": "the head of the unit"})
    conflict = member.conflicts.get()
    listed = client.get(reverse("evaluation:conflict_list", args=[round_.pk])).content.decode()
    client.post(reverse("evaluation:conflict_withdraw", args=[round_.pk, conflict.pk]))

    assert conflict.reason == "the head of the unit"
    assert "the head of the unit" in listed
    assert faults_of(listed) == []
    assert not member.conflicts.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_conflicts_costs_the_same(
    client_of: ClientOf, town: Town, ortal: Person, rows: int
) -> None:
    round_ = judged_round(town, rows, 1)
    (entry,) = entries_of(round_)
    for member in PanelMember.objects.all():
        declare_conflict(actor=ortal, entry=entry, member=member, reason="", now=NOW)
    client = client_of(ortal)
    address = reverse("evaluation:conflict_list", args=[round_.pk])

    assert statements_of(lambda: client.get(address)) == 7


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", ["round_open", "round_close", "round_publish", "round_panel"])
def test_pages_of_the_round_cost_the_same(
    client_of: ClientOf, town: Town, ortal: Person, rows: int, name: str
) -> None:
    round_ = judged_round(town, rows, rows)
    client = client_of(ortal)
    statements = {"round_open": 8, "round_close": 8, "round_publish": 12, "round_panel": 7}

    address = reverse(f"evaluation:{name}", args=[round_.pk])
    assert statements_of(lambda: client.get(address)) == statements[name]


def test_the_published_ranking_is_handed_out(client_of: ClientOf, town: Town, ortal: Person) -> None:
    round_ = judged_round(town, 2, 2)
    publish_ranking(
        actor=ortal, round_=close_round(actor=ortal, round_=round_, on=CLOSED), on=CLOSED, now=NOW
    )
    client = client_of(ortal)

    page = client.get(detail(round_))
    content = client.get(reverse("evaluation:ranking_export", args=[round_.pk, "json"])).json()

    assert page.context["publication"].digest == content["digest"]
    assert [entry["total"] for entry in content["entries"]] == ["61.00", "60.00"]
    for name in ("csv", "xlsx"):
        answer = client.get(reverse("evaluation:ranking_export", args=[round_.pk, name]))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert client.get(reverse("evaluation:ranking_export", args=[round_.pk, "exe"])).status_code == 404


def test_exported_scores_are_numbers_with_two_places_and_times(
    client_of: ClientOf, town: Town, ortal: Person
) -> None:
    round_ = judged_round(town, 1, 1)
    answer = client_of(ortal).get(reverse("evaluation:round_export", args=[round_.pk, "xlsx"]))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]

    assert sheet is not None
    score, submitted = sheet["G2"], sheet["I2"]
    assert (score.data_type, score.number_format) == ("n", "0.00")
    assert submitted.is_date
    assert submitted.value == timezone.localtime(NOW).replace(tzinfo=None)
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["G"].width


@pytest.mark.parametrize("rows", [1, 3])
def test_the_export_of_scores_costs_the_same(
    client_of: ClientOf, town: Town, ortal: Person, rows: int
) -> None:
    round_ = judged_round(town, rows, rows)
    client = client_of(ortal)

    def export() -> None:
        answer = client.get(reverse("evaluation:round_export", args=[round_.pk, "csv"]))
        lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
        assert len(lines) == 1 + rows * rows * 8

    assert statements_of(export) == 8
