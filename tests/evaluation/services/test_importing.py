"""Tests of taking rounds and scores from a workbook."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.evaluation.makers import CLOSED, INSTRUMENT, OPENED, SECTIONS, make_open_round
from tests.factories import Town, make_innovation
from tifa.core.models import Event
from tifa.evaluation.choices import RoundState, ScoreState
from tifa.evaluation.models import Entry, PanelMember, Round, Score, ScoreSheet
from tifa.evaluation.services.importing import ImportCount, ImportedScore, import_round, import_scores
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.scoring import WrongScore
from tifa.organisation.models import Person
from tifa.registry.models import Innovation


def take(opened_on: date | None, closed_on: date | None, name: str = "KIPP 2026") -> tuple[Round, str]:
    return import_round(
        actor=None,
        code="KIPP-2026",
        name=name,
        instrument_id=INSTRUMENT,
        opened_on=opened_on,
        closed_on=closed_on,
    )


def rows_of(innovations: list[Innovation], judges: int = 3, value: str = "80") -> list[ImportedScore]:
    return [
        ImportedScore(innovation.pk, f"Penilai {judge}", section, ScoreState.SCORED, Decimal(value), "baik")
        for innovation in innovations
        for judge in range(judges)
        for section in SECTIONS
    ]


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "state"),
    [
        (None, None, RoundState.DRAFT),
        (OPENED, None, RoundState.OPEN),
        (OPENED, CLOSED, RoundState.CLOSED),
    ],
)
def test_the_dates_of_a_round_tell_its_state(
    db: None, opened_on: date | None, closed_on: date | None, state: RoundState
) -> None:
    round_, outcome = take(opened_on, closed_on)
    again, second = take(opened_on, closed_on)

    assert (round_.state, outcome, second) == (state, "created", "unchanged")
    assert (again.pk, again.opened_on, again.closed_on) == (round_.pk, opened_on, closed_on)
    assert bool(round_.instrument_digest) == (state != RoundState.DRAFT)
    assert Event.objects.count() == 1


def test_a_round_goes_on_and_not_back(db: None) -> None:
    take(OPENED, None)
    round_, outcome = take(OPENED, CLOSED, name="KIPP 2026 kota")

    assert (round_.state, round_.name, outcome) == (RoundState.CLOSED, "KIPP 2026 kota", "changed")
    with pytest.raises(RoundRefused, match="take it back"):
        take(OPENED, None)


def test_scores_come_with_their_entries_and_judges(town: Town) -> None:
    round_, _ = take(OPENED, CLOSED)
    innovations = [make_innovation(town.puskesmas) for _ in range(2)]

    count = import_scores(actor=None, round_=round_, scores=rows_of(innovations))

    assert count == ImportCount(created=48, changed=0, unchanged=0)
    assert (Entry.objects.count(), PanelMember.objects.count(), ScoreSheet.objects.count()) == (2, 3, 6)
    assert set(Score.objects.values_list("value", "note")) == {(Decimal(80), "baik")}
    assert not ScoreSheet.objects.filter(submitted_at=None).exists()


def test_the_same_scores_twice_change_nothing_and_others_are_counted(town: Town) -> None:
    round_, _ = take(OPENED, CLOSED)
    rows = rows_of([make_innovation(town.puskesmas)])
    import_scores(actor=None, round_=round_, scores=rows)
    events = Event.objects.count()

    again = import_scores(actor=None, round_=round_, scores=rows)
    other = ImportedScore(rows[0].innovation_id, "Penilai 0", SECTIONS[0], ScoreState.CONFLICT, None, "")
    changed = import_scores(actor=None, round_=round_, scores=[other, *rows[1:]])

    assert again == ImportCount(created=0, changed=0, unchanged=24)
    assert changed == ImportCount(created=0, changed=1, unchanged=23)
    assert Event.objects.count() == events + 1
    assert sorted(ScoreSheet.objects.values_list("version", flat=True)) == [1, 1, 2]


def test_scores_join_the_judge_of_the_same_name(town: Town, judge: Person) -> None:
    round_ = make_open_round(town, [judge])
    (entry,) = Entry.objects.all()
    row = ImportedScore(entry.innovation_id, judge.name, "kebaruan", ScoreState.SCORED, Decimal(80), "")

    import_scores(actor=None, round_=round_, scores=[row])

    assert ScoreSheet.objects.get().member.person == judge
    assert (Entry.objects.count(), PanelMember.objects.count()) == (1, 1)


def test_rows_that_do_not_fit_are_refused(town: Town) -> None:
    round_, _ = take(OPENED, CLOSED)
    key = make_innovation(town.puskesmas).pk
    for row in (
        ImportedScore(key, "A", "harga", ScoreState.SCORED, Decimal(80), ""),
        ImportedScore(key, "A", "kebaruan", ScoreState.SCORED, Decimal(101), ""),
    ):
        with pytest.raises(WrongScore):
            import_scores(actor=None, round_=round_, scores=[row])
    assert not Entry.objects.exists()


def test_a_draft_round_takes_no_scores_and_a_published_one_only_the_same(town: Town, ortal: Person) -> None:
    rows = rows_of([make_innovation(town.puskesmas, verified_on=OPENED, published_on=OPENED)])
    draft, _ = take(None, None)
    with pytest.raises(RoundRefused):
        import_scores(actor=None, round_=draft, scores=rows)

    round_, _ = take(OPENED, CLOSED)
    import_scores(actor=None, round_=round_, scores=rows)
    publish_ranking(actor=ortal, round_=round_, on=CLOSED, now=timezone.now())

    assert import_scores(actor=None, round_=round_, scores=rows).unchanged == 24
    assert take(OPENED, CLOSED)[1] == "unchanged"
    with pytest.raises(RoundRefused, match="published"):
        import_scores(actor=None, round_=round_, scores=rows_of([Innovation.objects.get()], value="70"))


def test_the_number_of_statements_does_not_grow_with_rows(town: Town) -> None:
    counts = []
    for number in (1, 3):
        round_ = (
            Round.objects.filter(code=f"R{number}").first()
            or import_round(
                actor=None,
                code=f"R{number}",
                name="R",
                instrument_id=INSTRUMENT,
                opened_on=OPENED,
                closed_on=CLOSED,
            )[0]
        )
        innovations = [make_innovation(town.puskesmas) for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_scores(actor=None, round_=round_, scores=rows_of(innovations))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_judge_named_by_address_is_the_person_with_that_account(town: Town, judge: Person) -> None:
    round_, _ = take(OPENED, None)
    innovation = make_innovation(town.puskesmas)
    rows = [
        ImportedScore(innovation.pk, name, SECTIONS[0], ScoreState.SCORED, Decimal(80))
        for name in ("Judge@example.org", "judge")
    ]

    import_scores(actor=None, round_=round_, scores=rows)

    people = dict(PanelMember.objects.filter(round=round_).values_list("name", "person"))
    assert people == {"Judge@example.org": judge.pk, "judge": None}
