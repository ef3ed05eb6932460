"""Tests of what units read of their own entries: released notes, no names, and nobody else's."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import ClientOf
from tests.evaluation.makers import (
    CLOSED,
    NOW,
    entries_of,
    judge_entry,
    make_closed_round,
    make_judges,
    make_open_round,
    said,
)
from tests.evaluation.views.counting import statements_of
from tests.factories import Town, make_person
from tests.whole.html import faults_of
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Entry, Round, Score
from tifa.evaluation.services.importing import ImportedScore, import_scores
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import close_round
from tifa.evaluation.services.scoring import SectionScore, record_scores
from tifa.evaluation.services.withdrawing import withdraw_entry
from tifa.organisation.choices import Role
from tifa.organisation.models import Person

LIST = "/ruang/umpan-balik/"


def address(entry: Entry, name: str = "feedback") -> str:
    return reverse(f"evaluation:{name}", args=[entry.pk])


def read(client: Client, target: str) -> str:
    client.cookies["tifa_language"] = "en"
    response = client.get(target)
    assert response.status_code == 200
    page = str(response.content.decode())
    assert faults_of(page) == []
    return page


@pytest.fixture
def closed(town: Town, ortal: Person) -> Round:
    round_ = make_closed_round(town, ortal, make_judges(town, 4))
    for number, score in enumerate(Score.objects.filter(section="kebaruan").order_by("pk")):
        score.note = f"note {number}"
        score.note_released = number % 2 == 0
        score.save()
    return round_


def publish(round_: Round, actor: Person) -> Round:
    publish_ranking(actor=actor, round_=round_, on=CLOSED, now=NOW)
    return Round.objects.get(pk=round_.pk)


def test_a_unit_reads_its_feedback_after_the_publication(
    client_of: ClientOf, closed: Round, ortal: Person, operator: Person
) -> None:
    entry = entries_of(closed)[0]
    client = client_of(operator)
    assert client.get(address(entry)).status_code == 404
    assert entry.innovation.title not in read(client, LIST)

    publish(closed, ortal)

    assert entry.innovation.title in read(client, LIST)
    page = read(client, address(entry))
    for shown in (
        "clearly below the round",
        "To the last of the best 1 by fair score there are",
        "note 0",
        "note 2",
    ):
        assert shown in page
    for secret in ("note 1", "note 3", "Judge 1", "note 4"):
        assert secret not in page


def test_the_best_entry_hears_so(client_of: ClientOf, closed: Round, ortal: Person, operator: Person) -> None:
    publish(closed, ortal)

    page = read(client_of(operator), address(entries_of(closed)[5]))

    assert "clearly above the round" in page
    assert "the data leave no doubt" in page


def test_an_entry_that_was_withdrawn_is_not_listed(
    client_of: ClientOf, town: Town, ortal: Person, operator: Person
) -> None:
    judges = make_judges(town, 2)
    round_ = make_open_round(town, judges, entries=3)
    for entry in entries_of(round_):
        for one in judges:
            judge_entry(one, entry, 70)
    gone = entries_of(round_)[0]
    withdraw_entry(actor=ortal, entry=gone, reason="Pindah unit", now=NOW)
    publish(close_round(actor=ortal, round_=round_, on=CLOSED), ortal)

    page = read(client_of(operator), LIST)

    assert address(gone) not in page
    assert address(entries_of(round_)[1]) in page


def test_no_other_unit_sees_it(
    client_of: ClientOf, town: Town, closed: Round, ortal: Person, judge: Person
) -> None:
    publish(closed, ortal)
    entry = entries_of(closed)[0]
    others = [
        make_person("camat@example.org", Role.OPERATOR, town.distrik),
        make_person("kampung@example.org", Role.HEAD, town.kampung),
    ]

    for person in others:
        assert client_of(person).get(address(entry)).status_code == 404
        assert entry.innovation.title not in read(client_of(person), LIST)
    for person in (ortal, judge):
        assert client_of(person).get(address(entry)).status_code == 403


def test_ortal_chooses_which_notes_are_read(
    client_of: ClientOf, closed: Round, ortal: Person, operator: Person
) -> None:
    entry = entries_of(closed)[0]
    own = list(Score.objects.filter(sheet__entry=entry).exclude(note="").order_by("pk"))
    foreign = Score.objects.exclude(sheet__entry=entry).filter(note_released=False).exclude(note="").first()
    assert foreign is not None
    client = client_of(ortal)
    assert all(score.note in read(client, address(entry, "notes_release")) for score in own)

    client.post(address(entry, "notes_release"), {"released": [own[1].pk]})
    refused = client.post(address(entry, "notes_release"), {"released": [foreign.pk]})

    assert refused.status_code == 422
    assert [Score.objects.get(pk=one.pk).note_released for one in own] == [False, True, False, False]
    assert not Score.objects.get(pk=foreign.pk).note_released
    publish(closed, ortal)
    page = read(client_of(operator), address(entry))
    assert ("note 1" in page, "note 0" in page) == (True, False)
    assert client_of(operator).get(address(entry, "notes_release")).status_code == 403


def test_a_note_is_private_unless_the_judge_says_otherwise(
    client_of: ClientOf, town: Town, judge: Person
) -> None:
    entry = entries_of(make_open_round(town, [judge]))[0]
    target = reverse("evaluation:sheet_edit", args=[entry.pk])
    fields = {"version": "0", "action": "draft", "kebaruan-note": "For all", "kebaruan-released": "on"}
    other = {"implementasi-note": "Mine", "signifikansi-released": "on"}

    client_of(judge).post(target, fields | other)

    assert dict(Score.objects.exclude(note="").values_list("note", "note_released")) == {
        "For all": True,
        "Mine": False,
    }
    assert not Score.objects.filter(section="signifikansi", note_released=True).exists()
    page = client_of(judge).get(target).content.decode()
    assert page.count("checked") == 1


def test_releasing_alone_is_a_change_and_a_stale_one_is_told(town: Town, judge: Person) -> None:
    entry = entries_of(make_open_round(town, [judge]))[0]
    first = record_scores(judge=judge, entry=entry, version=0, scores=said(80, "Good"), submit=False, now=NOW)
    released = SectionScore("kebaruan", ScoreState.SCORED, Decimal(80), "Good", note_released=True)

    second = record_scores(
        judge=judge, entry=entry, version=first.version, scores=[released], submit=False, now=NOW
    )

    assert (first.version, second.version) == (1, 2)
    assert Score.objects.filter(note_released=True).count() == 1


def test_a_note_that_a_workbook_changes_is_private_again(closed: Round, ortal: Person) -> None:
    score = Score.objects.filter(note_released=True).select_related("sheet__entry", "sheet__member").first()
    assert score is not None
    row = ImportedScore(
        score.sheet.entry.innovation_id,
        score.sheet.member.name,
        score.section,
        ScoreState.SCORED,
        score.value,
        "Other",
    )

    import_scores(actor=ortal, round_=closed, scores=[row])

    score.refresh_from_db()
    assert (score.note, score.note_released) == ("Other", False)


@pytest.mark.parametrize("entries", [2, 3])
def test_the_list_and_the_page_cost_the_same(
    client_of: ClientOf, town: Town, ortal: Person, operator: Person, entries: int
) -> None:
    round_ = publish(make_closed_round(town, ortal, make_judges(town, 4), entries), ortal)
    client = client_of(operator)
    entry = entries_of(round_)[0]

    assert statements_of(lambda: client.get(LIST)) == 7
    assert statements_of(lambda: client.get(address(entry))) == 9
