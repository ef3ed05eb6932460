"""Tests of what a judge sees: their own, and nothing of a conflict."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.evaluation.makers import NOW, entries_of, judge_entry, make_judges, make_open_round, make_round
from tests.factories import Town
from tifa.evaluation.models import PanelMember
from tifa.evaluation.selectors.judging import (
    Place,
    judging_rounds,
    my_entries,
    my_entry,
    next_entry,
    place_of,
    sheet_for,
)
from tifa.evaluation.services.panel import declare_conflict
from tifa.organisation.models import Person


def test_a_judge_sees_their_rounds_with_their_own_progress(town: Town) -> None:
    first, second = make_judges(town, 2)
    round_ = make_open_round(town, [first, second], entries=3)
    make_round(town, [first], code="DRAFT")
    make_open_round(town, [second], code="OTHER")
    one, two, _ = entries_of(round_)
    judge_entry(first, one, 80)
    judge_entry(first, two, 80, submit=False)
    judge_entry(second, one, 80)

    (found,) = judging_rounds(first)

    assert (found, found.expected, found.submitted, found.drafts) == (round_, 3, 1, 1)
    states = [entry.sheet_state for entry in my_entries(first).filter(round=round_)]
    assert states == ["submitted", "draft", "not_begun"]


def test_an_entry_of_a_conflict_is_nowhere(town: Town) -> None:
    first, second = make_judges(town, 2)
    round_ = make_open_round(town, [first, second], entries=2)
    hidden, shown = entries_of(round_)
    judge_entry(first, hidden, 80)
    member = PanelMember.objects.get(person=first)
    declare_conflict(actor=first, entry=hidden, member=member, reason="", now=NOW)

    (found,) = judging_rounds(first)

    assert (found.expected, found.submitted, found.drafts) == (1, 0, 0)
    assert list(my_entries(first)) == list(my_entry(first)) == [shown]
    assert next_entry(first, round_, "") == shown
    assert list(my_entries(second)) == [hidden, shown]


def test_a_sheet_is_ones_own(town: Town) -> None:
    first, second = make_judges(town, 2)
    (entry,) = entries_of(make_open_round(town, [first, second]))
    judge_entry(first, entry, 80)

    mine, other = sheet_for(first, entry), sheet_for(second, entry)

    assert (mine.version, mine.submitted, len(mine.scores)) == (1, True, 8)
    assert (other.version, other.stored, other.scores) == (0, None, {})


def test_nobody_has_nothing_although_some_judges_have_no_account(town: Town, judge: Person) -> None:
    round_ = make_open_round(town, [judge])
    PanelMember.objects.create(round=round_, name="Guest")

    assert list(my_entries(AnonymousUser())) == []
    assert list(judging_rounds(AnonymousUser())) == []


@pytest.mark.parametrize(("after", "expected"), [("", 1), ("zzz", 1)])
def test_the_next_entry_is_the_next_that_is_not_submitted(
    town: Town, judge: Person, after: str, expected: int
) -> None:
    round_ = make_open_round(town, [judge], entries=3)
    entries = entries_of(round_)
    judge_entry(judge, entries[0], 80)

    assert next_entry(judge, round_, after) == entries[expected]
    assert next_entry(judge, round_, entries[1].innovation.code) == entries[2]


def test_the_place_of_an_entry_counts_only_what_the_judge_sees(town: Town) -> None:
    judge, other = make_judges(town, 2)
    round_ = make_open_round(town, [judge, other], entries=4)
    first, hidden, middle, last = entries_of(round_)
    member = PanelMember.objects.get(person=judge)
    declare_conflict(actor=judge, entry=hidden, member=member, reason="", now=NOW)
    judge_entry(judge, first, 80)
    judge_entry(other, middle, 80)

    assert place_of(judge, first) == Place(1, 3, 1, None, middle.pk)
    assert place_of(judge, middle) == Place(2, 3, 1, first.pk, last.pk)
    assert place_of(judge, last) == Place(3, 3, 1, middle.pk, None)
