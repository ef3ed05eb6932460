"""What is announced of a round on its pages: for Ortal, for judges, and for everybody in the end."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import ClientOf
from tests.evaluation.makers import CLOSED, NOW, entries_of, judge_entry, make_judges, make_open_round
from tests.factories import Town
from tests.whole.html import faults_of
from tifa.evaluation.models import Amendment, Round
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import close_round
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

pytestmark = pytest.mark.django_db
RULE = {"official": "mean", "ties": "share", "band": "order", "top": ""}


def page_of(client_of: ClientOf, person: Person, name: str, key: int) -> str:
    client = client_of(person)
    client.cookies["tifa_language"] = "en"
    content = client.get(reverse(f"evaluation:{name}", args=[key])).content.decode()
    assert faults_of(content) == []
    return content


def test_a_change_after_the_opening_is_read_by_every_judge_and_in_the_end_by_all(
    client_of: ClientOf, town: Town, ortal: Person
) -> None:
    judge, other = make_judges(town, 2)
    round_ = make_open_round(town, [judge, other])
    address = reverse("evaluation:round_amend", args=[round_.pk])
    client = client_of(ortal)

    refused = client.post(address, {**RULE, "official": "fair", "score_until": "2026-12-24", "reason": " "})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"reason"}
    client.post(address, {**RULE, "official": "fair", "score_until": "2026-12-24", "reason": "Listrik padam"})

    for person in (judge, other):
        page = page_of(client_of, person, "judging_round", round_.pk)
        assert "Listrik padam" in page
        assert "the weighted mean → the fair score" in page
        assert "24 December 2026" in page
    for person in (judge, other):
        judge_entry(person, entries_of(round_)[0], 80)
    publish_ranking(
        actor=ortal, round_=close_round(actor=ortal, round_=round_, on=CLOSED), on=CLOSED, now=NOW
    )
    public = Client().get(reverse("portal:result", args=[round_.code])).content.decode()
    assert "Listrik padam" in public
    assert faults_of(public) == []
    assert client.get(address).status_code == 404


def test_after_the_first_sheet_only_the_days_can_move(client_of: ClientOf, town: Town, ortal: Person) -> None:
    (judge,) = make_judges(town, 1)
    round_ = make_open_round(town, [judge])
    judge_entry(judge, entries_of(round_)[0], 80)
    client = client_of(ortal)
    address = reverse("evaluation:round_amend", args=[round_.pk])

    assert set(client.get(address).context["form"].fields) == {
        "declare_until",
        "score_until",
        "publish_on",
        "reason",
    }
    client.post(address, {"official": "fair", "score_until": "2026-12-24", "reason": "Libur"})

    assert Round.objects.get().official == "mean"
    assert list(Amendment.objects.get().changes) == ["score_until"]


def test_only_ortal_changes_what_was_announced(
    client_of: ClientOf, town: Town, leader: Person, judge: Person
) -> None:
    round_ = make_open_round(town, [judge])

    for person in (leader, judge):
        assert client_of(person).get(reverse("evaluation:round_amend", args=[round_.pk])).status_code == 403


def test_judges_of_a_blind_round_read_no_unit(client_of: ClientOf, town: Town, ortal: Person) -> None:
    (judge,) = make_judges(town, 1)
    round_ = make_open_round(town, [judge], entries=2)
    entry = entries_of(round_)[0]
    Innovation.objects.filter(pk=entry.innovation_id).update(summary="Perahu menjemput pasien.")
    pages = [("judging_round", round_.pk), ("sheet_edit", entry.pk), ("sheet_conflict", entry.pk)]
    assert any("Puskesmas Abepura" in page_of(client_of, judge, *page) for page in pages)

    Round.objects.update(blind=True)

    for page in pages:
        assert "Puskesmas Abepura" not in page_of(client_of, judge, *page)
    assert "the innovation without the name of its unit" in page_of(
        client_of, judge, "judging_round", round_.pk
    )
    stale = client_of(judge).post(
        reverse("evaluation:sheet_edit", args=[entry.pk]), {"version": "7", "action": "draft"}
    )
    assert "Puskesmas Abepura" not in stale.content.decode()
