"""Tests of the result page of Ortal, and of publishing from it."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import ClientOf
from tests.evaluation.makers import CLOSED, make_closed_round, make_judges, make_open_round
from tests.evaluation.views.counting import statements_of
from tests.factories import Town, make_person
from tests.whole.html import faults_of
from tifa.evaluation.models import Assessment, PanelMember, RankingPublication, Round
from tifa.evaluation.services import assessing
from tifa.evaluation.services.ranking import publish_ranking
from tifa.organisation.choices import Role
from tifa.organisation.models import Person


def page_of(round_: Round, name: str = "round_result") -> str:
    return reverse(f"evaluation:{name}", args=[round_.pk])


def read(client: Client, address: str) -> str:
    client.cookies["tifa_language"] = "en"
    response = client.get(address)
    assert response.status_code == 200
    text = str(response.content.decode())
    assert faults_of(text) == []
    return text


@pytest.fixture
def closed(town: Town, ortal: Person) -> Round:
    return make_closed_round(town, ortal, make_judges(town, 4), missing={(1, 2), (3, 0)})


def test_ortal_computes_looks_and_publishes(client_of: ClientOf, closed: Round, ortal: Person) -> None:
    client = client_of(ortal)
    assert "Nothing is computed yet." in read(client, page_of(closed))

    client.post(page_of(closed), {"top": "2"})
    page = read(client, page_of(closed))

    for shown in (
        "Surely among the best 2 of 6",
        "Would the result change?",
        "Judge 1",
        "How strict are the judges?",
    ):
        assert shown in page
    assert page.count('<svg class="plot') == 4
    client.post(page_of(closed, "round_publish"))
    assert RankingPublication.objects.get().payload["fair"]["top"] == 2
    archive = client.get(page_of(closed, "result_bundle"))
    assert (archive["Content-Type"], archive.content[:2]) == ("application/zip", b"PK")


def test_numbers_of_the_page_are_those_of_the_method(
    client_of: ClientOf, closed: Round, ortal: Person
) -> None:
    client = client_of(ortal)
    client.post(page_of(closed), {"top": ""})
    results = Assessment.objects.get().results

    page = read(client, page_of(closed))

    assert results is not None
    for one in results["fair"]["entries"]:
        assert f"{one['fair']:.2f}" in page


@pytest.mark.parametrize("top", ["0", "7", "-1", "abc"])
def test_an_impossible_top_is_told_at_the_field(
    client_of: ClientOf, closed: Round, ortal: Person, top: str
) -> None:
    response = client_of(ortal).post(page_of(closed), {"top": top})

    assert (response.status_code, Assessment.objects.count()) == (422, 0)


def test_names_and_flags_of_judges_are_for_ortal_alone(
    client_of: ClientOf, closed: Round, ortal: Person, leader: Person, auditor: Person
) -> None:
    client_of(ortal).post(page_of(closed), {"top": ""})

    for person in (leader, auditor):
        page = read(client_of(person), page_of(closed))
        assert "Surely among the best" in page
        assert "Judge 1" not in page
        assert client_of(person).post(page_of(closed), {"top": ""}).status_code == 403


def test_who_judges_or_sees_a_part_only_does_not_see_the_result(
    client_of: ClientOf, town: Town, closed: Round, ortal: Person
) -> None:
    client_of(ortal).post(page_of(closed), {"top": ""})
    judge = PanelMember.objects.exclude(person=None).first()
    assert judge is not None
    assert judge.person is not None
    partial = make_person("camat@example.org", Role.LEADER, town.distrik)

    for person in (judge.person, partial):
        for name in ("round_result", "result_progress"):
            assert client_of(person).get(page_of(closed, name)).status_code == 403
    ortal_judge = make_person("both@example.org", Role.ORTAL, town.city)
    PanelMember.objects.create(round=closed, name="Both", person=ortal_judge)
    assert client_of(ortal_judge).get(page_of(closed)).status_code == 403


def test_an_open_round_has_no_result(client_of: ClientOf, town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_open_round(town, [judge])

    assert client_of(ortal).get(page_of(round_)).status_code == 404
    assert client_of(ortal).post(page_of(round_), {"top": ""}).status_code == 404


def test_a_large_round_is_computed_before_it_is_published(
    client_of: ClientOf, closed: Round, ortal: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessing, "LARGE", 3)
    client = client_of(ortal)

    response = client.post(page_of(closed, "round_publish"), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["warning"]
    assert not RankingPublication.objects.exists()
    client.post(page_of(closed), {"top": ""})
    client.post(page_of(closed, "round_publish"))

    assert RankingPublication.objects.count() == 1
    assert Assessment.objects.get().total == 5


def test_progress_is_shown_until_it_is_done(client_of: ClientOf, closed: Round, ortal: Person) -> None:
    found = assessing.request_assessment(actor=ortal, round_=closed, top=None, now=timezone.now())
    client = client_of(ortal)
    htmx = {"HX-Request": "true"}

    working = client.get(page_of(closed, "result_progress"), headers=htmx)
    assert (working.status_code, b"<progress" in working.content) == (200, True)
    assert "Being computed" in read(client, page_of(closed))
    assessing.assess(assessment_id=found.pk)
    assert client.get(page_of(closed, "result_progress"), headers=htmx).headers["HX-Refresh"] == "true"


def test_a_correction_asks_for_its_reason(client_of: ClientOf, closed: Round, ortal: Person) -> None:
    client = client_of(ortal)
    client.post(page_of(closed, "round_publish"))

    assert client.post(page_of(closed, "round_publish")).status_code == 422
    client.post(page_of(closed, "round_publish"), {"reason": "Salah ketik", "publish": "yes"})

    assert [one.reason for one in RankingPublication.objects.all()] == ["Salah ketik", ""]


@pytest.mark.parametrize("entries", [2, 3])
def test_it_costs_the_same_with_few_and_more_entries(
    client_of: ClientOf, town: Town, ortal: Person, entries: int
) -> None:
    round_ = make_closed_round(town, ortal, make_judges(town, 4), entries)
    client = client_of(ortal)
    client.post(page_of(round_), {"top": ""})

    assert statements_of(lambda: client.get(page_of(round_))) == 12


def test_the_round_page_offers_result_and_bundle(client_of: ClientOf, closed: Round, ortal: Person) -> None:
    assert page_of(closed) in read(client_of(ortal), page_of(closed, "round_detail"))
    publish_ranking(actor=ortal, round_=closed, on=CLOSED, now=timezone.now())

    page = read(client_of(ortal), page_of(closed, "round_detail"))
    assert page_of(closed, "result_bundle") in page
    assert not re.search(r"p-[a-z0-9]{6}\b", json.dumps(RankingPublication.objects.get().payload))
