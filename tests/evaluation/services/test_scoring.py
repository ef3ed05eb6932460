"""Tests of recording scores: nothing is lost, nothing is overwritten silently."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from tests.evaluation.makers import (
    CLOSED,
    NOW,
    SECTIONS,
    entries_of,
    judge_entry,
    make_judges,
    make_open_round,
    make_round,
    said,
)
from tests.factories import Town, build_town
from tifa.core import audit
from tifa.core.models import Event
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Entry, Score, ScoreSheet
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.rounds import close_round
from tifa.evaluation.services.scoring import (
    AlreadySubmitted,
    IncompleteSheet,
    NotOnPanel,
    SectionScore,
    StaleSheet,
    WrongScore,
    record_scores,
)
from tifa.organisation.models import Person


@pytest.fixture
def entry(town: Town, judge: Person) -> Entry:
    return entries_of(make_open_round(town, [judge]))[0]


def test_a_draft_keeps_numbers_states_and_notes(judge: Person, entry: Entry) -> None:
    scores = [
        SectionScore("kebaruan", ScoreState.SCORED, Decimal("80.55"), "jelas"),
        SectionScore("signifikansi", ScoreState.CONFLICT, None, "unit saya"),
        SectionScore("adaptabilitas", ScoreState.NOT_YET, None, "baca lagi"),
    ]

    sheet = record_scores(judge=judge, entry=entry, version=0, scores=scores, submit=False, now=NOW)

    assert (sheet.version, sheet.submitted_at) == (1, None)
    assert list(Score.objects.values_list("section", "state", "value", "note")) == [
        ("kebaruan", "scored", Decimal("80.55"), "jelas"),
        ("signifikansi", "conflict", None, "unit saya"),
        ("adaptabilitas", "not_yet", None, "baca lagi"),
    ]


def test_saving_the_same_again_changes_nothing(judge: Person, entry: Entry) -> None:
    first = judge_entry(judge, entry, 80, submit=False)
    events = Event.objects.count()

    again = record_scores(judge=judge, entry=entry, version=0, scores=said(80), submit=False, now=NOW)

    assert (again.pk, again.version) == (first.pk, 1)
    assert Event.objects.count() == events


def test_an_empty_form_makes_no_sheet(judge: Person, entry: Entry) -> None:
    empty = [SectionScore(name, ScoreState.NOT_YET) for name in SECTIONS]

    sheet = record_scores(judge=judge, entry=entry, version=0, scores=empty, submit=False, now=NOW)

    assert (sheet.version, ScoreSheet.objects.count()) == (0, 0)


def test_sections_that_are_left_out_stay(judge: Person, entry: Entry) -> None:
    judge_entry(judge, entry, 80, submit=False)
    one = [SectionScore("kebaruan", ScoreState.SCORED, Decimal(70))]

    sheet = record_scores(judge=judge, entry=entry, version=1, scores=one, submit=False, now=NOW)

    values = dict(Score.objects.values_list("section", "value"))
    assert sheet.version == 2
    assert values == dict.fromkeys(SECTIONS, Decimal(80)) | {"kebaruan": Decimal(70)}


def test_an_older_version_is_refused_and_both_texts_are_there(judge: Person, entry: Entry) -> None:
    judge_entry(judge, entry, 80, submit=False)
    record_scores(judge=judge, entry=entry, version=1, scores=said(70, "second"), submit=False, now=NOW)

    with pytest.raises(StaleSheet) as caught:
        record_scores(judge=judge, entry=entry, version=1, scores=said(60, "third"), submit=True, now=NOW)

    assert caught.value.stored.version == 2
    assert {score.note for score in caught.value.scores.values()} == {"second"}
    assert set(Score.objects.values_list("value", "note")) == {(Decimal(70), "second")}


def test_submitting_needs_every_section_that_counts(judge: Person, entry: Entry) -> None:
    scores = [score for score in said(80) if score.section not in {"kebaruan", "ringkasan"}]
    with pytest.raises(IncompleteSheet, match="kebaruan"):
        record_scores(judge=judge, entry=entry, version=0, scores=scores, submit=True, now=NOW)
    assert not ScoreSheet.objects.exists()

    scores.append(SectionScore("kebaruan", ScoreState.NOT_ASSESSABLE))
    sheet = record_scores(judge=judge, entry=entry, version=0, scores=scores, submit=True, now=NOW)

    assert sheet.submitted_at == NOW


def test_a_submitted_sheet_is_corrected_by_submitting_again(judge: Person, entry: Entry) -> None:
    judge_entry(judge, entry, 80)

    with pytest.raises(AlreadySubmitted):
        record_scores(judge=judge, entry=entry, version=1, scores=said(70), submit=False, now=NOW)
    sheet = record_scores(judge=judge, entry=entry, version=1, scores=said(70), submit=True, now=NOW)

    assert sheet.version == 2
    assert set(Score.objects.values_list("value", flat=True)) == {Decimal(70)}


@pytest.mark.parametrize("value", ["-1", "100.01", "80.123", "NaN", "Infinity"])
def test_a_number_outside_the_scale_is_refused(judge: Person, entry: Entry, value: str) -> None:
    scores = [SectionScore("kebaruan", ScoreState.SCORED, Decimal(value))]

    with pytest.raises(WrongScore, match="kebaruan"):
        record_scores(judge=judge, entry=entry, version=0, scores=scores, submit=False, now=NOW)
    assert not ScoreSheet.objects.exists()


@pytest.mark.parametrize(
    "score",
    [
        SectionScore("kebaruan", ScoreState.CONFLICT, Decimal(80)),
        SectionScore("kebaruan", ScoreState.SCORED),
        SectionScore("harga", ScoreState.SCORED, Decimal(80)),
    ],
)
def test_a_state_and_number_that_contradict_and_unknown_sections_are_refused(
    judge: Person, entry: Entry, score: SectionScore
) -> None:
    with pytest.raises(WrongScore, match=score.section):
        record_scores(judge=judge, entry=entry, version=0, scores=[score], submit=False, now=NOW)


def test_only_judges_of_the_round_score_and_only_while_it_is_open(
    town: Town, judge: Person, ortal: Person, entry: Entry
) -> None:
    (stranger,) = make_judges(town, 1)
    with pytest.raises(NotOnPanel):
        judge_entry(stranger, entry, 80)

    draft = entries_of(make_round(town, [judge], code="DRAFT"))[0]
    with pytest.raises(RoundRefused, match="not open"):
        judge_entry(judge, draft, 80)

    judge_entry(judge, entry, 80)
    close_round(actor=ortal, round_=entry.round, on=CLOSED)
    with pytest.raises(RoundRefused, match="not open"):
        record_scores(judge=judge, entry=entry, version=1, scores=said(70), submit=True, now=NOW)


def test_the_audit_log_proves_a_sheet_and_shows_no_score(judge: Person, entry: Entry) -> None:
    judge_entry(judge, entry, "77.31")

    event = Event.objects.get(action="scores.submitted")
    assert event.detail.keys() == {"innovation", "version", "sections", "digest"}
    assert "77" not in str({**event.detail, "digest": "", "innovation": ""})


def at_once(count: int, work: Callable[[int], None]) -> list[str]:
    """Run ``work`` in as many threads, and return what went wrong."""
    faults: list[str] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except Exception as fault:  # every fault of a thread is shown
            faults.append(repr(fault))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.django_db(transaction=True)
def test_eight_judges_at_once_lose_nothing() -> None:
    judges = make_judges(build_town(), 8)
    town = Town(*[judges[0].memberships.get().unit] * 6)
    entries = entries_of(make_open_round(town, judges, entries=3))

    def work(number: int) -> None:
        for entry in entries:
            for version, value in enumerate((60, 70)):
                record_scores(
                    judge=judges[number],
                    entry=entry,
                    version=version,
                    scores=said(value + number),
                    submit=version == 1,
                    now=NOW,
                )

    faults = at_once(8, work)

    assert faults == []
    assert ScoreSheet.objects.filter(submitted_at__isnull=False, version=2).count() == 24
    assert Score.objects.count() == 24 * len(SECTIONS)
    assert set(Score.objects.values_list("value", flat=True)) == {Decimal(70 + n) for n in range(8)}
    assert audit.verify().intact


@pytest.mark.django_db(transaction=True)
def test_two_windows_of_one_judge_at_once_do_not_overwrite_each_other() -> None:
    (judge,) = make_judges(build_town(), 1)
    town = Town(*[judge.memberships.get().unit] * 6)
    (entry,) = entries_of(make_open_round(town, [judge]))

    def work(number: int) -> None:
        record_scores(judge=judge, entry=entry, version=0, scores=said(50 + number), submit=False, now=NOW)

    faults = at_once(4, work)

    assert len(faults) == 3
    assert all("StaleSheet" in fault for fault in faults)
    assert len(set(Score.objects.values_list("value", flat=True))) == 1
    assert ScoreSheet.objects.get().version == 1
