"""Tests of the list of rounds and of the form."""

import pytest
from django.urls import reverse

from tests.conftest import ClientOf
from tests.evaluation.makers import CLOSED, INSTRUMENT, entries_of, judge_entry, make_open_round, make_round
from tests.evaluation.views.counting import statements_of
from tests.factories import Town
from tests.whole.html import faults_of
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import RankingPublication, Round
from tifa.evaluation.services.rounds import close_round
from tifa.organisation.models import Person

TERMS = {"official": "fair", "ties": "lot", "band": "all"}
LIST = "/ruang/putaran/"


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_list_of_rounds_costs_the_same(
    client_of: ClientOf, town: Town, ortal: Person, judge: Person, rounds: int
) -> None:
    for number in range(rounds):
        make_round(town, [judge], entries=number, code=f"R{number}")
    client = client_of(ortal)

    assert statements_of(lambda: client.get(LIST)) == 5


def test_the_list_is_searched_and_narrowed(
    client_of: ClientOf, town: Town, ortal: Person, judge: Person
) -> None:
    draft = make_round(town, [judge], code="DRAFT")
    opened = make_open_round(town, [judge], code="OPEN")
    client = client_of(ortal)

    assert list(client.get(LIST).context["page_obj"]) == [draft, opened]
    assert list(client.get(LIST, {"q": "dra"}).context["page_obj"]) == [draft]
    assert list(client.get(LIST, {"state": "open"}).context["page_obj"]) == [opened]
    assert faults_of(client.get(LIST).content.decode()) == []


def test_a_round_is_prepared_opened_closed_and_published(
    client_of: ClientOf, town: Town, ortal: Person, judge: Person
) -> None:
    client = client_of(ortal)
    values = {"code": "KIPP-2026", "name": "KIPP 2026", "instrument_id": INSTRUMENT, **TERMS}
    client.post(reverse("evaluation:round_create"), values)
    made = Round.objects.get()
    entry = make_round(town, [], code="OTHER").entries.get()
    entries = reverse("evaluation:round_entries", args=[made.pk])
    client.post(entries, {"shown": entry.innovation_id, "chosen": entry.innovation_id, "action": "page"})
    client.post(reverse("evaluation:round_panel", args=[made.pk]), {"people": judge.pk})
    client.post(reverse("evaluation:round_open", args=[made.pk]))
    judge_entry(judge, entries_of(made)[0], 80)
    client.post(reverse("evaluation:round_close", args=[made.pk]))
    client.post(reverse("evaluation:round_publish", args=[made.pk]))

    made.refresh_from_db()
    assert made.state == RoundState.PUBLISHED
    payload = RankingPublication.objects.get().payload
    assert payload["entries"][0]["total"] == "80.00"
    assert payload["terms"] | TERMS == payload["terms"]


def test_a_wrong_form_keeps_what_was_typed(client_of: ClientOf, town: Town, ortal: Person) -> None:
    make_round(town, [], code="TAKEN")

    values = {"code": "TAKEN", "name": "Typed", "instrument_id": INSTRUMENT, **TERMS}
    response = client_of(ortal).post(reverse("evaluation:round_create"), values)

    assert response.status_code == 422
    assert response.context["form"]["name"].value() == "Typed"
    assert set(response.context["form"].errors) == {"code"}
    assert faults_of(response.content.decode()) == []


def test_an_open_round_is_not_changed(client_of: ClientOf, town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_open_round(town, [judge])

    values = {"code": "NEW", "name": "New", "instrument_id": INSTRUMENT, **TERMS}
    response = client_of(ortal).post(reverse("evaluation:round_edit", args=[round_.pk]), values)

    assert response.status_code == 422
    assert Round.objects.get().code == "KIPP-2026"


@pytest.mark.parametrize("name", ["round_open", "round_close", "round_publish"])
def test_nothing_happens_by_looking(
    client_of: ClientOf, town: Town, ortal: Person, judge: Person, name: str
) -> None:
    round_ = make_open_round(town, [judge])
    judge_entry(judge, entries_of(round_)[0], 80)
    if name == "round_publish":
        close_round(actor=ortal, round_=round_, on=CLOSED)
    before = Round.objects.get().state

    response = client_of(ortal).get(reverse(f"evaluation:{name}", args=[round_.pk]))

    assert response.status_code == 200
    assert faults_of(response.content.decode()) == []
    assert Round.objects.get().state == before


def test_a_refusal_is_told_and_changes_nothing(client_of: ClientOf, town: Town, ortal: Person) -> None:
    round_ = make_round(town, [], entries=1)

    response = client_of(ortal).post(reverse("evaluation:round_open", args=[round_.pk]), follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert Round.objects.get().state == RoundState.DRAFT


@pytest.mark.parametrize("name", ["round_create", "round_edit", "round_entries", "round_panel", "round_open"])
def test_who_looks_on_changes_nothing(
    client_of: ClientOf, town: Town, leader: Person, judge: Person, operator: Person, name: str
) -> None:
    round_ = make_round(town, [judge])
    address = reverse(f"evaluation:{name}", args=[] if name == "round_create" else [round_.pk])

    for person in (leader, judge, operator):
        assert client_of(person).post(address).status_code == 403
    assert Round.objects.get().state == RoundState.DRAFT


def test_the_pages_of_preparation_are_valid(
    client_of: ClientOf, town: Town, ortal: Person, judge: Person
) -> None:
    round_ = make_round(town, [judge], entries=2)
    client = client_of(ortal)

    for name in ("round_edit", "round_entries", "round_panel", "conflict_list", "round_detail"):
        response = client.get(reverse(f"evaluation:{name}", args=[round_.pk]))
        assert (name, response.status_code) == (name, 200)
        assert faults_of(response.content.decode()) == []


@pytest.mark.parametrize("entries", [1, 3])
def test_choosing_entries_costs_the_same(
    client_of: ClientOf, town: Town, ortal: Person, judge: Person, entries: int
) -> None:
    round_ = make_round(town, [judge], entries=entries)
    client = client_of(ortal)

    assert statements_of(lambda: client.get(reverse("evaluation:round_entries", args=[round_.pk]))) == 6


def test_all_that_is_found_is_taken_at_once(client_of: ClientOf, town: Town, ortal: Person) -> None:
    make_round(town, [], entries=3, code="OTHER")
    round_ = make_round(town, [], entries=0)
    address = reverse("evaluation:round_entries", args=[round_.pk])

    client_of(ortal).post(address, {"action": "all"})

    assert round_.entries.count() == 3
