"""Tests of publishing a ranking: frozen, anonymous, and computable again by anyone."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.evaluation.makers import (
    CLOSED,
    NOW,
    entries_of,
    judge_entry,
    make_judges,
    make_open_round,
)
from tests.evaluation.recomputing import recompute
from tests.factories import Town
from tifa.core.models import Event
from tifa.evaluation.choices import RoundState, ScoreState
from tifa.evaluation.models import Entry, PanelMember, RankingPublication, Round, Score
from tifa.evaluation.selectors.copies import ranking_in
from tifa.evaluation.selectors.publications import (
    current_publication,
    publication_by_code,
    published_results,
)
from tifa.evaluation.selectors.ranking import ranking_of
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.panel import declare_conflict
from tifa.evaluation.services.ranking import digest_of, publish_ranking
from tifa.evaluation.services.rounds import close_round
from tifa.organisation.models import Person
from tifa.registry.models import Innovation


@pytest.fixture
def judged(town: Town, ortal: Person) -> Round:
    """Three entries: one judged by two of three judges, one incompletely, one by nobody."""
    first, second, third = make_judges(town, 3)
    round_ = make_open_round(town, [first, second, third], entries=3)
    full, partial, _ = entries_of(round_)
    judge_entry(first, full, "80.55")
    judge_entry(second, full, 71, signifikansi=ScoreState.NOT_ASSESSABLE)
    judge_entry(third, full, 1)
    member = PanelMember.objects.get(person=third)
    declare_conflict(actor=third, entry=full, member=member, reason="secret reason", now=NOW)
    judge_entry(first, partial, 90, kebaruan=ScoreState.CONFLICT)
    judge_entry(second, partial, 95, submit=False)
    return close_round(actor=ortal, round_=round_, on=CLOSED)


def publish(round_: Round, actor: Person) -> RankingPublication:
    return publish_ranking(actor=actor, round_=round_, on=CLOSED, now=timezone.now())


def test_the_ranking_is_frozen_with_all_its_inputs(judged: Round, ortal: Person) -> None:
    publication = publish(judged, ortal)

    first, second, third = publication.payload["entries"]
    assert (first["rank"], first["judges"]) == (1, 2)
    # Only the first judge gave a number for signifikansi (weight 30); elsewhere (weight 70) both did:
    # (70 × (80.55 + 71) / 2 + 30 × 80.55) / 100 = 77.2075
    assert first["total"] == "77.21"
    assert first["scores"][0]["values"]["kebaruan"] == "80.55"
    assert first["scores"][1]["values"]["signifikansi"] == "no_score"
    assert [(row["rank"], row["total"]) for row in (second, third)] == [(None, None), (None, None)]
    assert second["missing"] == ["kebaruan"]
    assert len(third["missing"]) == 7
    assert publication.method == publication.payload["method"]["id"] == "weighted-mean/1"
    assert publication.payload["instrument"]["digest"] == judged.instrument_digest
    assert publication.payload["method"]["description"].keys() == {"id", "en"}
    assert Round.objects.get().state == RoundState.PUBLISHED
    assert Event.objects.filter(action="ranking.published").get().detail["digest"] == publication.digest


def test_anyone_can_compute_it_again(judged: Round, ortal: Person) -> None:
    payload = json.loads(json.dumps(publish(judged, ortal).payload))

    assert recompute(payload) == ranking_in(payload)
    assert [(row.entry, row.rank, row.total) for row in recompute(payload).entries] == [
        (row.entry, row.rank, row.total) for row in ranking_of(judged).entries
    ]
    assert digest_of(payload) == RankingPublication.objects.get().digest
    payload["entries"][0]["scores"][0]["values"]["kebaruan"] = "80.56"
    assert digest_of(payload) != RankingPublication.objects.get().digest


def test_later_changes_do_not_change_it(judged: Round, ortal: Person) -> None:
    payload = publish(judged, ortal).payload

    Score.objects.filter(state=ScoreState.SCORED).update(value=1)
    Innovation.objects.update(title="changed")
    Entry.objects.filter(innovation__code=payload["entries"][2]["code"]).delete()
    Round.objects.update(name="changed", instrument_copy={})

    current = current_publication(judged)
    assert current is not None
    assert current.payload == payload
    assert recompute(current.payload) == ranking_in(payload)


def test_it_names_no_judge_and_no_reason(judged: Round, ortal: Person) -> None:
    text = json.dumps(publish(judged, ortal).payload, ensure_ascii=False)

    for name in ("Judge 1", "Judge 2", "Judge 3", "judge1@example.org", "secret reason", "95.00"):
        assert name not in text


def test_the_numbers_of_judges_follow_their_scores_and_not_their_persons(town: Town, ortal: Person) -> None:
    first, second = make_judges(town, 2)
    round_ = make_open_round(town, [first, second], entries=2)
    one, other = entries_of(round_)
    for judge, entry, value in ((first, one, 60), (second, one, 90), (first, other, 100), (second, other, 7)):
        judge_entry(judge, entry, value)

    payload = publish(close_round(actor=ortal, round_=round_, on=CLOSED), ortal).payload

    labelled = {
        entry["code"]: [(sheet["judge"], sheet["values"]["kebaruan"]) for sheet in entry["scores"]]
        for entry in payload["entries"]
    }
    assert labelled[one.innovation.code] == [("Penilai 1", "90.00"), ("Penilai 2", "60.00")]
    assert labelled[other.innovation.code] == [("Penilai 1", "100.00"), ("Penilai 2", "7.00")]


def test_only_a_closed_round_is_published_and_once(town: Town, judged: Round, ortal: Person) -> None:
    (judge,) = make_judges(town, 1, start=9)
    with pytest.raises(RoundRefused):
        publish(make_open_round(town, [judge], code="OPEN"), ortal)
    publish(judged, ortal)

    with pytest.raises(RoundRefused):
        publish(judged, ortal)
    assert RankingPublication.objects.count() == 1


def test_an_entry_that_is_not_verified_stops_the_publication(judged: Round, ortal: Person) -> None:
    hidden = Innovation.objects.first()
    assert hidden is not None
    Innovation.objects.filter(pk=hidden.pk).update(verified_on=date(2027, 1, 1))

    with pytest.raises(RoundRefused, match=hidden.code):
        publish(judged, ortal)
    assert not RankingPublication.objects.exists()


def test_published_results_are_read_without_their_content(judged: Round, ortal: Person) -> None:
    publication = publish(judged, ortal)

    (listed,) = published_results()
    found = publication_by_code(judged.code)

    assert listed == found == publication
    assert listed.get_deferred_fields() == {"payload", "bundle"}
    assert found is not None
    assert found.get_deferred_fields() == {"bundle"}
    assert publication_by_code("nothing") is None


def test_equal_totals_share_a_rank(town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_open_round(town, [judge], entries=3)
    for entry, value in zip(entries_of(round_), (70, 80, 80), strict=True):
        judge_entry(judge, entry, value)

    publication = publish(close_round(actor=ortal, round_=round_, on=CLOSED), ortal)

    assert [(row["rank"], Decimal(row["total"])) for row in publication.payload["entries"]] == [
        (1, Decimal(80)),
        (1, Decimal(80)),
        (3, Decimal(70)),
    ]
