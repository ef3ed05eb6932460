"""Tests of progress and of who sees which entry."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.evaluation.makers import (
    CLOSED,
    NOW,
    entries_of,
    judge_entry,
    make_judges,
    make_open_round,
    make_round,
)
from tests.factories import Town, make_innovation, make_person
from tifa.evaluation.models import PanelMember, Round
from tifa.evaluation.selectors.rounds import (
    conflicts_of,
    round_for,
    round_progress,
    rounds_for,
    visible_entries,
)
from tifa.evaluation.services.panel import declare_conflict
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import close_round
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person


def test_rounds_for_are_for_those_who_run_or_watch(
    town: Town, ortal: Person, leader: Person, auditor: Person, operator: Person, judge: Person
) -> None:
    round_ = make_round(town, [judge], entries=2)

    for person in (ortal, leader, auditor):
        (found,) = rounds_for(person)
        assert (found, found.entry_count, found.judge_count) == (round_, 2, 1)
    for stranger in (operator, judge, AnonymousUser()):
        assert list(rounds_for(stranger)) == list(round_for(stranger)) == []


def test_round_progress_counts_submitted_sheets_and_leaves_conflicts_out(town: Town, ortal: Person) -> None:
    first, second = make_judges(town, 2)
    round_ = make_open_round(town, [first, second], entries=3)
    one, two, three = entries_of(round_)
    judge_entry(first, one, 80)
    judge_entry(second, one, 70)
    judge_entry(first, two, 80, submit=False)
    judge_entry(second, three, 80)
    member = PanelMember.objects.get(person=second)
    declare_conflict(actor=second, entry=three, member=member, reason="", now=NOW)

    progress = round_progress(ortal, round_)

    assert (progress.entries, progress.complete, progress.begun, progress.untouched) == (3, 1, 1, 2)
    assert (progress.submitted, progress.expected, progress.drafts) == (2, 5, 1)
    figures = [(judge.submitted, judge.expected, judge.drafts, judge.conflicts) for judge in progress.judges]
    assert figures == [(1, 3, 1, 0), (1, 2, 0, 1)]
    assert [judge.done for judge in progress.judges] == [False, False]


def test_somebody_of_ortal_who_judges_does_not_see_their_conflicts(town: Town, ortal: Person) -> None:
    Membership.objects.create(person=ortal, unit=town.city, role=Role.JUDGE)
    round_ = make_open_round(town, [ortal], entries=2)
    hidden, shown = entries_of(round_)
    judge_entry(ortal, shown, 80)
    declare_conflict(actor=ortal, entry=hidden, member=PanelMember.objects.get(), reason="", now=NOW)

    assert list(visible_entries(ortal, round_)) == [shown]
    assert round_progress(ortal, round_).entries == 1
    assert list(conflicts_of(ortal, round_)) == []

    closed = close_round(actor=ortal, round_=round_, on=CLOSED)
    assert list(visible_entries(ortal, closed)) == [shown]
    publish_ranking(actor=ortal, round_=closed, on=CLOSED, now=NOW)
    assert list(visible_entries(ortal, Round.objects.get())) == [hidden, shown]


def test_a_leader_of_one_unit_sees_the_entries_of_its_subtree(town: Town, judge: Person) -> None:
    round_ = make_round(town, [judge], entries=1)
    other = make_round(town, [], entries=0, code="OTHER")
    inside = make_innovation(town.kampung)
    outside = entries_of(round_)[0]
    kept = round_.entries.create(innovation=inside)
    leader = make_person("lurah@example.org", Role.LEADER, town.distrik)

    assert list(visible_entries(leader, round_)) == [kept]
    assert outside not in visible_entries(leader, round_)
    assert list(visible_entries(leader, other)) == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR])
def test_who_looks_on_sees_scores_only_after_the_closing(town: Town, ortal: Person, role: Role) -> None:
    watcher = make_person("watcher@example.org", role, town.city)
    (judge,) = make_judges(town, 1)
    round_ = make_open_round(town, [judge])
    judge_entry(judge, entries_of(round_)[0], 80)

    before = watcher.has_perm("evaluation.view_scores", round_)
    closed = close_round(actor=ortal, round_=round_, on=CLOSED)

    assert (before, watcher.has_perm("evaluation.view_scores", closed)) == (False, True)
    assert ortal.has_perm("evaluation.view_scores", round_)


def test_who_judges_sees_scores_only_after_the_publication(town: Town, ortal: Person) -> None:
    round_ = make_open_round(town, [ortal])
    judge_entry(ortal, entries_of(round_)[0], 80)

    assert not ortal.has_perm("evaluation.view_scores", round_)
    closed = close_round(actor=ortal, round_=round_, on=CLOSED)
    assert not ortal.has_perm("evaluation.view_scores", closed)
    publish_ranking(actor=ortal, round_=closed, on=CLOSED, now=NOW)
    assert ortal.has_perm("evaluation.view_scores", Round.objects.get())
