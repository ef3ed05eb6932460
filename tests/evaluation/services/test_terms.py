"""What is announced before the scoring: frozen at the opening, amended with a reason, and what it decides."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from tests.evaluation.makers import (
    CLOSED,
    INSTRUMENT,
    NOW,
    OPENED,
    entries_of,
    judge_entry,
    make_closed_round,
    make_judges,
    make_open_round,
    make_round,
)
from tests.factories import Town
from tifa.core.models import Event
from tifa.evaluation.bundle.verifying import verify
from tifa.evaluation.models import Amendment, RankingPublication, Round
from tifa.evaluation.selectors.material import band_choices
from tifa.evaluation.services.assessing import assess, request_assessment
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.ranking import PanelDecision, publish_ranking
from tifa.evaluation.services.rounds import (
    RoundTerms,
    amend_round,
    close_round,
    create_round,
    edit_round,
    open_round,
)
from tifa.organisation.models import Person

pytestmark = pytest.mark.django_db
FAIR = RoundTerms(official="fair", ties="lot", band="panel", top=2, score_until=date(2026, 10, 31))


def finished(town: Town, ortal: Person, **terms: object) -> Round:
    """Return a closed round of eight entries and four judges with other terms than it was made with."""
    closed = make_closed_round(town, ortal, make_judges(town, 4), entries=8)
    Round.objects.filter(pk=closed.pk).update(**terms)
    return Round.objects.get(pk=closed.pk)


def computed(ortal: Person, round_: Round) -> None:
    assess(assessment_id=request_assessment(actor=ortal, round_=round_, top=None, now=NOW).pk)


def publish(ortal: Person, round_: Round, panel: PanelDecision | None = None) -> RankingPublication:
    return publish_ranking(actor=ortal, round_=round_, on=CLOSED, now=NOW, panel=panel)


def test_terms_are_kept_from_the_preparation_on(ortal: Person) -> None:
    made = create_round(actor=ortal, code="A", name="A", instrument_id=INSTRUMENT, terms=FAIR)
    edit_round(actor=ortal, round_=made, code="A", name="B", instrument_id=INSTRUMENT, terms=FAIR)

    found = Round.objects.get()
    assert {name: getattr(found, name) for name in vars(FAIR)} == vars(FAIR)
    assert Event.objects.get(action="round.created").detail["terms"]["score_until"] == "2026-10-31"


def test_days_follow_each_other(ortal: Person) -> None:
    terms = RoundTerms(declare_until=date(2026, 10, 9), publish_on=date(2026, 10, 8))

    with pytest.raises(ValidationError) as caught:
        create_round(actor=ortal, code="A", name="A", instrument_id=INSTRUMENT, terms=terms)
    assert set(caught.value.message_dict) == {"publish_on"}


def test_the_lot_is_drawn_once_at_the_opening(town: Town, ortal: Person) -> None:
    first, second = make_round(town, make_judges(town, 1)), make_round(town, [], code="B")

    opened = open_round(actor=ortal, round_=first, on=OPENED)

    assert second.lot == ""
    assert len(opened.lot) == 32
    assert Event.objects.get(action="round.opened").detail["lot"] == opened.lot


def test_an_amendment_tells_what_changed_and_why(town: Town, ortal: Person) -> None:
    round_ = make_open_round(town, make_judges(town, 1))
    changes = {"score_until": date(2026, 11, 5), "official": "fair", "ties": round_.ties}

    amend_round(actor=ortal, round_=round_, changes=changes, reason="Listrik padam", now=NOW)

    amendment = Amendment.objects.get()
    assert amendment.changes == {"score_until": ["", "2026-11-05"], "official": ["mean", "fair"]}
    assert Round.objects.get().score_until == date(2026, 11, 5)
    assert Event.objects.filter(action="round.amended").count() == 1


def test_what_counts_stays_once_somebody_has_scored(town: Town, ortal: Person) -> None:
    judges = make_judges(town, 1)
    round_ = make_open_round(town, judges)
    judge_entry(judges[0], entries_of(round_)[0], 80)

    with pytest.raises(RoundRefused, match="cannot change any more"):
        amend_round(actor=ortal, round_=round_, changes={"official": "fair"}, reason="x", now=NOW)
    amend_round(actor=ortal, round_=round_, changes={"score_until": CLOSED}, reason="x", now=NOW)
    with pytest.raises(RoundRefused, match="Nothing is different"):
        amend_round(actor=ortal, round_=round_, changes={"score_until": CLOSED}, reason="x", now=NOW)
    published = close_round(actor=ortal, round_=round_, on=CLOSED)
    publish(ortal, published)
    with pytest.raises(RoundRefused):
        amend_round(actor=ortal, round_=round_, changes={"publish_on": CLOSED}, reason="x", now=NOW)
    assert Amendment.objects.count() == 1


@pytest.mark.parametrize("official", ["mean", "fair"])
def test_the_official_order_is_that_of_what_counts(town: Town, ortal: Person, official: str) -> None:
    payload = publish(ortal, finished(town, ortal, official=official, top=3)).payload

    assert payload["official"]["method"] == official
    assert [row["place"] for row in payload["entries"]] == sorted(row["place"] for row in payload["entries"])
    scores = [
        float(row["total"] if official == "mean" else row["fair"]["fair"]) for row in payload["entries"]
    ]
    assert scores == sorted(scores, reverse=True)
    assert [row["code"] for row in payload["entries"] if row["selected"]] == payload["official"]["selected"]
    assert payload["official"]["top"] == 3


def test_equal_entries_are_told_apart_by_the_lot_and_anybody_can_draw_it_again(
    town: Town, ortal: Person, tmp_path: Path
) -> None:
    judges = make_judges(town, 3)
    round_ = make_open_round(town, judges, entries=4)
    for entry in entries_of(round_):
        for judge in judges:
            judge_entry(judge, entry, 80)
    closed = close_round(actor=ortal, round_=round_, on=CLOSED)
    Round.objects.filter(pk=closed.pk).update(ties="lot", top=2)

    found = publish(ortal, Round.objects.get(pk=closed.pk))

    assert [(row["place"], row["by"]) for row in found.payload["entries"]] == [
        (at, "lot") for at in (1, 2, 3, 4)
    ]
    assert len(found.payload["official"]["selected"]) == 2
    path = tmp_path / "bundle.zip"
    path.write_bytes(found.bundle or b"")
    assert verify(path).equal


def test_the_panel_decides_on_those_in_doubt(town: Town, ortal: Person, tmp_path: Path) -> None:
    judges = make_judges(town, 4)
    opened = make_open_round(town, judges, entries=10)
    for number, entry in enumerate(entries_of(opened)):
        for seat, judge in enumerate(judges):
            # The judges differ more over an entry than the entries do, so the edge of the top is open.
            judge_entry(judge, entry, 60 + 3 * number - 4 * seat + (13 * seat + 7 * number) % 17)
    close_round(actor=ortal, round_=opened, on=CLOSED)
    Round.objects.update(official="fair", band="panel", top=3)
    round_ = Round.objects.get()
    computed(ortal, round_)
    band = [code for code, _title in band_choices(round_)]
    assert band
    with pytest.raises(RoundRefused, match="the panel decides on them"):
        publish(ortal, round_)

    found = publish(ortal, round_, PanelDecision(band[:1], "Dibahas pada rapat tim penilai."))

    official = found.payload["official"]
    assert official["decided"] == band[:1]
    assert band[0] in official["selected"]
    assert not set(band[1:]) & set(official["selected"])
    path = tmp_path / "bundle.zip"
    path.write_bytes(found.bundle or b"")
    assert verify(path).equal


def test_where_no_fair_score_can_be_estimated_the_mean_counts(town: Town, ortal: Person) -> None:
    judges = make_judges(town, 1)
    round_ = make_open_round(town, judges, entries=2)
    for number, entry in enumerate(entries_of(round_)):
        judge_entry(judges[0], entry, 70 + number)
    closed = close_round(actor=ortal, round_=round_, on=CLOSED)
    Round.objects.filter(pk=closed.pk).update(official="fair")

    assert publish(ortal, Round.objects.get(pk=closed.pk)).payload["official"]["method"] == "mean"
