"""Moderation: when it may be, what is kept of a revision, and what counts in the end."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.evaluation.makers import CLOSED, NOW, entries_of, judge_entry, make_judges, make_open_round, said
from tests.factories import Town
from tifa.core.models import Event
from tifa.evaluation.bundle.verifying import verify
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import ModerationNote, Revision, Round, Score, ScoreSheet, Settlement
from tifa.evaluation.selectors.judging import sheet_for
from tifa.evaluation.selectors.moderation import board_of, letters_of, voices_of
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.moderation import say, settle, start_moderation
from tifa.evaluation.services.panel import declare_conflict
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import close_round
from tifa.evaluation.services.scoring import NotOnPanel, StaleSheet, record_scores, revise_scores
from tifa.organisation.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def judges(town: Town) -> list[Person]:
    return make_judges(town, 3)


@pytest.fixture
def moderated(town: Town, ortal: Person, judges: list[Person]) -> Round:
    """Make a round in moderation: over the first entry the judges are 40 points apart, over the others 4."""
    round_ = make_open_round(town, judges, entries=4)
    for number, entry in enumerate(entries_of(round_)):
        for seat, judge in enumerate(judges):
            judge_entry(judge, entry, 50 + (20 * seat if number == 0 else 2 * seat))
    return start_moderation(actor=ortal, round_=round_)


def revise(
    judge: Person, round_: Round, value: str, *, version: int | None = None, reason: str = "Bukti baru"
) -> ScoreSheet:
    entry = entries_of(round_)[0]
    seen = sheet_for(judge, entry).version if version is None else version
    return revise_scores(judge=judge, entry=entry, version=seen, scores=said(value), reason=reason, now=NOW)


def test_moderation_ends_the_scoring(moderated: Round, judges: list[Person], ortal: Person) -> None:
    assert moderated.state == RoundState.MODERATING
    with pytest.raises(RoundRefused, match="not open"):
        record_scores(
            judge=judges[0], entry=entries_of(moderated)[0], version=1, scores=said(99), submit=True, now=NOW
        )
    with pytest.raises(RoundRefused):
        start_moderation(actor=ortal, round_=moderated)


def test_nobody_moderates_before_a_sheet_is_in(town: Town, ortal: Person, judges: list[Person]) -> None:
    with pytest.raises(RoundRefused, match="nothing to talk about"):
        start_moderation(actor=ortal, round_=make_open_round(town, judges))


def test_the_board_has_those_first_whose_judges_are_far_apart(moderated: Round, ortal: Person) -> None:
    board = board_of(ortal, moderated, rubric_of(moderated))

    assert [case.far for case in board.cases] == [True, False, False, False]
    assert (board.middle, board.limit, board.open) == (Decimal(4), Decimal(10), 1)
    settle(actor=ortal, entry=entries_of(moderated)[0], note="Dibiarkan.", now=NOW)
    assert board_of(ortal, moderated, rubric_of(moderated)).open == 0


def test_a_revision_keeps_the_original_beside_the_new_score(moderated: Round, judges: list[Person]) -> None:
    sheet = revise(judges[0], moderated, "65")
    revise(judges[0], moderated, "70", reason="Sekali lagi")

    assert set(Score.objects.filter(sheet=sheet).values_list("value", flat=True)) == {Decimal(70)}
    first, second = Revision.objects.all()
    assert (first.before["kebaruan"], first.after["kebaruan"], first.reason) == ("50.00", "65", "Bukti baru")
    assert second.before["kebaruan"] == "65.00"
    own = next(
        voice for voice in voices_of(entries_of(moderated)[0], rubric_of(moderated), judges[0]) if voice.own
    )
    assert {(mark.now, mark.before) for mark in own.marks} == {(Decimal(70), "50.00")}
    assert own.reasons == ("Bukti baru", "Sekali lagi")
    event = Event.objects.filter(action="scores.revised").first()
    assert event is not None
    assert "65" not in str(event.detail)


def test_what_is_not_changed_is_no_revision(moderated: Round, judges: list[Person]) -> None:
    revise(judges[0], moderated, "50")

    assert not Revision.objects.exists()


def test_a_revision_needs_a_reason_a_sheet_and_the_right_of_a_judge(
    town: Town, ortal: Person, moderated: Round, judges: list[Person]
) -> None:
    with pytest.raises(RoundRefused, match="Write why"):
        revise(judges[0], moderated, "65", reason=" ")
    with pytest.raises(StaleSheet):
        revise(judges[0], moderated, "65", version=9)
    stranger = make_judges(town, 1, start=9)[0]
    with pytest.raises(NotOnPanel):
        revise(stranger, moderated, "65", version=0)
    ScoreSheet.objects.filter(member__person=judges[1]).update(submitted_at=None)
    with pytest.raises(RoundRefused, match="not submitted in time"):
        revise(judges[1], moderated, "65")
    entry = entries_of(moderated)[0]
    seat = moderated.panel.get(person=judges[2])
    declare_conflict(actor=ortal, entry=entry, member=seat, reason="", now=NOW)
    with pytest.raises(NotOnPanel):
        revise(judges[2], moderated, "65")
    close_round(actor=ortal, round_=moderated, on=CLOSED)
    with pytest.raises(RoundRefused):
        revise(judges[0], moderated, "65")
    assert not Revision.objects.exists()


def test_what_was_said_is_kept_and_not_told_to_the_audit_log(moderated: Round, judges: list[Person]) -> None:
    entry = entries_of(moderated)[0]
    say(author=judges[0], entry=entry, text=" Buktinya lemah. ", now=NOW)

    assert ModerationNote.objects.get().text == "Buktinya lemah."
    assert "lemah" not in str(Event.objects.get(action="moderation.said").detail)


def test_a_later_settlement_takes_the_place_of_the_one_before(moderated: Round, ortal: Person) -> None:
    entry = entries_of(moderated)[0]
    settle(actor=ortal, entry=entry, note="Satu", now=NOW)
    settle(actor=ortal, entry=entry, note="Dua", now=NOW)

    assert Settlement.objects.get().note == "Dua"


def test_letters_are_drawn_for_each_entry_anew(moderated: Round) -> None:
    members = list(moderated.panel.values_list("pk", flat=True))
    drawn = [letters_of(entry, members) for entry in entries_of(moderated)]

    assert all(sorted(letters.values()) == ["A", "B", "C"] for letters in drawn)
    assert len({tuple(sorted(letters.items())) for letters in drawn}) > 1
    assert letters_of(entries_of(moderated)[0], members[::-1]) == drawn[0]


def test_revised_scores_count_and_the_publication_tells_how_many(
    moderated: Round, judges: list[Person], ortal: Person, tmp_path: Path
) -> None:
    revise(judges[0], moderated, "80")
    closed = close_round(actor=ortal, round_=moderated, on=CLOSED)

    found = publish_ranking(actor=ortal, round_=closed, on=CLOSED, now=NOW)

    first = found.payload["entries"][0]
    assert (first["code"], first["total"]) == (entries_of(moderated)[0].innovation.code, "80.00")
    assert found.payload["moderation"] == {"sheets": 1, "entries": 1}
    path = tmp_path / "bundle.zip"
    path.write_bytes(found.bundle or b"")
    assert verify(path).equal
