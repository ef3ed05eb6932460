"""Tests that the dashboard shows what the ranking says, on both databases."""

import random
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.evaluation.makers import NOW, SECTIONS, entries_of, judge_entry, make_judges, make_open_round
from tests.factories import Town
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import PanelMember
from tifa.evaluation.selectors.figures import EntryFigures, figures_of
from tifa.evaluation.selectors.ranking import ranking_of, scores_of
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.panel import declare_conflict
from tifa.evaluation.services.scoring import SectionScore, record_scores


@pytest.mark.parametrize("seed", range(5))
def test_the_mean_is_the_one_of_the_ranking(town: Town, seed: int) -> None:
    dice = random.Random(seed)
    judges = make_judges(town, 3)
    round_ = make_open_round(town, judges, entries=4)
    entries = entries_of(round_)
    for entry in entries:
        for judge in judges:
            scores = [
                SectionScore(name, ScoreState.NOT_ASSESSABLE)
                if dice.random() < 0.2
                else SectionScore(name, ScoreState.SCORED, Decimal(dice.randrange(10001)) / 100)
                for name in SECTIONS
            ]
            record_scores(judge=judge, entry=entry, version=0, scores=scores, submit=True, now=NOW)
    member = PanelMember.objects.get(person=judges[0])
    declare_conflict(actor=judges[0], entry=entries[0], member=member, reason="", now=NOW)

    figures = figures_of(round_, rubric_of(round_))

    totals = {row.entry: row.total for row in ranking_of(round_).entries}
    assert {entry.innovation.code: figures[entry.pk].mean for entry in entries} == totals


def test_the_spread_is_between_whole_sheets(town: Town) -> None:
    judges = make_judges(town, 3)
    round_ = make_open_round(town, judges)
    (entry,) = entries_of(round_)
    judge_entry(judges[0], entry, "60.10")
    judge_entry(judges[1], entry, "80.35")
    judge_entry(judges[2], entry, 1, kebaruan=ScoreState.NOT_ASSESSABLE)

    figures = figures_of(round_, rubric_of(round_), [entry.pk])[entry.pk]

    assert (figures.lowest, figures.highest, figures.spread) == (
        Decimal("60.10"),
        Decimal("80.35"),
        Decimal("20.25"),
    )


def test_drafts_and_unjudged_entries_have_no_figures(town: Town) -> None:
    (judge,) = make_judges(town, 1)
    round_ = make_open_round(town, [judge], entries=2)
    judge_entry(judge, entries_of(round_)[0], 80, submit=False)

    assert figures_of(round_, rubric_of(round_)) == {}
    assert EntryFigures().spread is None


@pytest.mark.parametrize("entries", [1, 3])
def test_the_number_of_statements_does_not_grow(town: Town, entries: int) -> None:
    judges = make_judges(town, entries)
    round_ = make_open_round(town, judges, entries=entries)
    for entry in entries_of(round_):
        for judge in judges:
            judge_entry(judge, entry, 80)

    with CaptureQueriesContext(connection) as queries:
        figures_of(round_, rubric_of(round_))
        scores_of(round_)

    assert len(queries) == 4
