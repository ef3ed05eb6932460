"""Moderation on its pages: who sees what, and that nothing of it leaves the circle of an entry's judges."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tests.conftest import ClientOf
from tests.evaluation.makers import NOW, SECTIONS, entries_of, judge_entry, make_judges, make_open_round
from tests.evaluation.views.counting import statements_of
from tests.factories import Town
from tests.whole.html import faults_of
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import ModerationNote, Revision, Round, ScoreSheet, Settlement
from tifa.evaluation.services.moderation import say, start_moderation
from tifa.evaluation.services.panel import declare_conflict
from tifa.organisation.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def judges(town: Town) -> list[Person]:
    return make_judges(town, 3)


@pytest.fixture
def moderated(town: Town, ortal: Person, judges: list[Person]) -> Round:
    round_ = make_open_round(town, judges, entries=2)
    for entry in entries_of(round_):
        for seat, judge in enumerate(judges):
            judge_entry(judge, entry, f"{50 + 20 * seat}.13")
    return start_moderation(actor=ortal, round_=round_)


def sheet_of(round_: Round) -> str:
    return reverse("evaluation:moderation_sheet", args=[entries_of(round_)[0].pk])


def filled(value: str, version: int = 1) -> dict[str, str]:
    marks = {f"{name}-value": value for name in SECTIONS} | {f"{name}-state": "scored" for name in SECTIONS}
    return {**marks, "version": str(version), "action": "revise", "reason": "Bukti baru"}


def test_ortal_begins_talks_and_settles(
    client_of: ClientOf, town: Town, ortal: Person, judges: list[Person]
) -> None:
    round_ = make_open_round(town, judges)
    (entry,) = entries_of(round_)
    judge_entry(judges[0], entry, 50)
    client = client_of(ortal)
    start = reverse("evaluation:moderation_start", args=[round_.pk])
    assert faults_of(client.get(start).content.decode()) == []
    assert Round.objects.get().state == RoundState.OPEN
    client.post(start)
    assert Round.objects.get().state == RoundState.MODERATING
    page = reverse("evaluation:moderation_entry", args=[entry.pk])

    assert client.post(page, {"action": "say", "text": " "}).status_code == 422
    client.post(page, {"action": "say", "text": "Mohon bukti dibaca lagi."})
    client.post(page, {"action": "settle", "note": "Selesai."})

    assert ModerationNote.objects.get().author == ortal
    assert Settlement.objects.get().note == "Selesai."
    shown = client.get(page).content.decode()
    assert judges[0].name in shown
    assert "Mohon bukti dibaca lagi." in shown
    assert faults_of(shown) == []


def test_a_judge_reads_marks_without_names_and_revises(
    client_of: ClientOf, moderated: Round, judges: list[Person], ortal: Person
) -> None:
    client = client_of(judges[0])
    client.cookies["tifa_language"] = "en"
    say(author=judges[1], entry=entries_of(moderated)[0], text="Menurut saya kuat.", now=NOW)

    page = client.get(sheet_of(moderated)).content.decode()
    assert faults_of(page) == []
    assert "90.13" in page
    assert "Menurut saya kuat." in page
    assert not [judge.name for judge in judges[1:] if judge.name in page]
    listed = client.get(reverse("evaluation:judging_round", args=[moderated.pk])).content.decode()
    assert sheet_of(moderated) in listed

    assert client.post(sheet_of(moderated), filled("101")).status_code == 422
    assert client.post(sheet_of(moderated), filled("65")).status_code == 302
    stale = client.post(sheet_of(moderated), filled("75"))
    assert stale.status_code == 422
    assert "in another window" in stale.content.decode()
    assert set(ScoreSheet.objects.get(revisions__isnull=False).scores.values_list("value", flat=True)) == {
        Decimal(65)
    }
    assert Revision.objects.count() == 1


def test_who_has_no_sheet_or_a_conflict_is_outside(
    client_of: ClientOf, town: Town, moderated: Round, judges: list[Person], ortal: Person, leader: Person
) -> None:
    entry = entries_of(moderated)[0]
    ScoreSheet.objects.filter(member__person=judges[1]).update(submitted_at=None)
    seat = moderated.panel.get(person=judges[2])
    declare_conflict(actor=ortal, entry=entry, member=seat, reason="", now=NOW)
    outsider = make_judges(town, 1, start=9)[0]

    for person in (judges[1], judges[2], outsider):
        client = client_of(person)
        assert client.get(sheet_of(moderated)).status_code == 404
        assert client.post(sheet_of(moderated), {"action": "say", "text": "x"}).status_code == 404
        assert client.post(sheet_of(moderated), filled("65")).status_code == 404
    for name in ("moderation_board", "moderation_start"):
        assert client_of(leader).get(reverse(f"evaluation:{name}", args=[moderated.pk])).status_code == 403
    assert client_of(leader).get(reverse("evaluation:moderation_entry", args=[entry.pk])).status_code == 403
    assert not ModerationNote.objects.exists()


def test_nothing_is_read_before_the_scoring_is_over(
    client_of: ClientOf, town: Town, judges: list[Person], ortal: Person
) -> None:
    round_ = make_open_round(town, judges)
    judge_entry(judges[0], entries_of(round_)[0], 50)

    assert client_of(judges[0]).get(sheet_of(round_)).status_code == 404
    assert client_of(ortal).get(reverse("evaluation:moderation_board", args=[round_.pk])).status_code == 404


def test_ortal_who_judges_sees_the_board_of_others_not(
    client_of: ClientOf, moderated: Round, ortal: Person
) -> None:
    moderated.panel.create(name="Ortal", person=ortal)

    assert (
        client_of(ortal).get(reverse("evaluation:moderation_board", args=[moderated.pk])).status_code == 403
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same(client_of: ClientOf, town: Town, ortal: Person, rows: int) -> None:
    judges = make_judges(town, rows)
    round_ = make_open_round(town, judges, entries=rows)
    for entry in entries_of(round_):
        for judge in judges:
            judge_entry(judge, entry, 80)
    start_moderation(actor=ortal, round_=round_)
    board = reverse("evaluation:moderation_board", args=[round_.pk])

    desk, seat = client_of(ortal), client_of(judges[0])

    assert statements_of(lambda: desk.get(board)) == 9
    assert statements_of(lambda: seat.get(sheet_of(round_))) == 13
