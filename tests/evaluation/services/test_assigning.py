"""Tests of dividing the work: plans, acceptance, single pairs, and who sees what then."""

from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from tests.evaluation.dividing import divide, pairs_of, plan
from tests.evaluation.makers import NOW, entries_of, judge_entry, make_judges, make_open_round, make_round
from tests.evaluation.services.test_scoring import at_once
from tests.factories import Town, build_town, make_innovation, make_person
from tifa.core.models import Event
from tifa.evaluation.choices import PlanState
from tifa.evaluation.models import Assignment, AssignmentPlan, Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.selectors.judging import judging_rounds, my_entries
from tifa.evaluation.selectors.planning import plan_inputs, solve
from tifa.evaluation.selectors.plans import PlanResult, Wish
from tifa.evaluation.selectors.rounds import round_progress
from tifa.evaluation.services.assigning import (
    accept_plan,
    assign_judge,
    judge_everything,
    set_expertise,
    set_topics,
    take_assignment,
)
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.panel import declare_conflict, name_judges, withdraw_conflict
from tifa.evaluation.services.rounds import open_round
from tifa.evaluation.services.scoring import NotOnPanel
from tifa.evaluation.services.withdrawing import (
    restore_entry,
    restore_judge,
    withdraw_entry,
    withdraw_judge,
)
from tifa.organisation.choices import Role
from tifa.organisation.models import Person


def seat(person: Person) -> PanelMember:
    return PanelMember.objects.select_related("round").get(person=person)


def test_a_plan_shares_the_work_evenly_and_keeps_conflicts(town: Town, ortal: Person) -> None:
    people = make_judges(town, 4)
    round_ = make_round(town, people, entries=6)
    first = entries_of(round_)[0]
    declare_conflict(actor=ortal, entry=first, member=seat(people[0]), reason="", now=NOW)

    divided = divide(ortal, round_, each=2)

    pairs = pairs_of(divided)
    assert (len(pairs), divided.reviews_each) == (12, 2)
    assert set(Counter(name for _code, name in pairs).values()) == {3}
    assert (first.innovation.code, people[0].name) not in pairs
    event = Event.objects.get(action="assignment.accepted")
    assert (event.detail["pairs"], event.detail["reviews_each"]) == (12, 2)


def test_the_plan_does_not_depend_on_the_order_of_rows(town: Town, ortal: Person) -> None:
    people = make_judges(town, 5)
    round_ = make_round(town, people, entries=9)
    first = solve(plan_inputs(round_, Wish(2, None, keep=False)))
    named = {
        (Entry.objects.get(pk=entry).innovation.code, PanelMember.objects.get(pk=member).name)
        for entry, member in first.pairs
    }
    innovations = [entry.innovation for entry in entries_of(round_)]
    Round.objects.all().delete()
    again = make_round(town, people[::-1], entries=0)
    for innovation in innovations[::-1]:
        again.entries.create(innovation=innovation)

    divided = divide(ortal, again, each=2)

    assert pairs_of(divided) == named


def test_expertise_decides_who_gets_what(town: Town, ortal: Person) -> None:
    people = make_judges(town, 4)
    round_ = make_round(town, people, entries=8)
    entries = entries_of(round_)
    topics = {entry.pk: "Kesehatan" if n % 2 else "sosial" for n, entry in enumerate(entries)}
    expertise = {seat(one).pk: ["kesehatan" if n % 2 else "sosial"] for n, one in enumerate(people)}

    assert set_topics(actor=ortal, round_=round_, topics=topics) == 8
    assert set_expertise(actor=ortal, round_=round_, expertise=expertise) == 4
    assert set_expertise(actor=ortal, round_=round_, expertise=expertise) == 0
    result = PlanResult.from_json(plan(ortal, round_, each=1).result or {})

    assert (result.fits, result.known, len(result.pairs)) == (8, 8, 8)
    assert set(result.loads.values()) == {2}


def test_a_plan_that_cannot_be_says_why_and_is_not_accepted(town: Town, ortal: Person) -> None:
    people = make_judges(town, 2)
    round_ = make_round(town, people, entries=2)

    impossible = plan(ortal, round_, each=3)

    assert impossible.state == PlanState.IMPOSSIBLE
    (reason, *_) = impossible.result["reasons"]  # type: ignore[index]
    assert (reason["code"], reason["values"]["add"]) == ("few_judges", 1)
    with pytest.raises(RoundRefused, match="cannot be accepted"):
        accept_plan(actor=ortal, plan=impossible, now=NOW)


def test_without_a_largest_load_uneven_shares_are_found(town: Town, ortal: Person) -> None:
    people = make_judges(town, 3)
    round_ = make_round(town, people, entries=6)
    for entry in entries_of(round_)[:5]:
        declare_conflict(actor=ortal, entry=entry, member=seat(people[0]), reason="", now=NOW)

    result = PlanResult.from_json(plan(ortal, round_, each=1).result or {})

    assert sorted(result.loads.values()) == [1, 2, 3]
    assert plan(ortal, round_, each=2, most=4).state == PlanState.IMPOSSIBLE


def test_a_plan_of_yesterdays_panel_is_not_accepted(town: Town, ortal: Person) -> None:
    people = make_judges(town, 3)
    round_ = make_round(town, people, entries=3)
    old = plan(ortal, round_)
    name_judges(actor=ortal, round_=round_, people=people[:2])

    with pytest.raises(RoundRefused, match="have changed"):
        accept_plan(actor=ortal, plan=old, now=NOW)
    assert Round.objects.get().reviews_each is None

    accept_plan(actor=ortal, plan=plan(ortal, round_), now=NOW)
    with pytest.raises(RoundRefused, match="accepted already"):
        accept_plan(actor=ortal, plan=AssignmentPlan.objects.get(), now=NOW)


def test_a_judge_sees_counts_and_scores_what_is_assigned(town: Town, ortal: Person) -> None:
    people = make_judges(town, 3)
    divided = divide(ortal, make_open_round(town, people, entries=6), each=1)
    entries = {entry.innovation.code: entry for entry in entries_of(divided)}
    pairs = pairs_of(divided)

    for person in people:
        own = {code for code, name in pairs if name == person.name}
        assert {entry.innovation.code for entry in my_entries(person)} == own
        (found,) = judging_rounds(person)
        assert found.expected == len(own) == 2
        other = next(entries[code] for code in entries if code not in own)
        with pytest.raises(NotOnPanel):
            judge_entry(person, other, 80)
    code, name = min(pairs)
    judge_entry(next(one for one in people if one.name == name), entries[code], 80)

    progress = round_progress(ortal, divided)
    assert (progress.expected, progress.submitted, progress.complete) == (6, 1, 1)
    assert [judge.expected for judge in progress.judges] == [2, 2, 2]


def test_a_conflict_frees_the_entry_and_gives_it_back(town: Town, ortal: Person) -> None:
    people = make_judges(town, 2)
    divided = divide(ortal, make_open_round(town, people, entries=2), each=1)
    entry = next(one for one in entries_of(divided) if my_entries(people[0]).filter(pk=one.pk).exists())
    judge_entry(people[0], entry, 80)

    conflict = declare_conflict(actor=people[0], entry=entry, member=seat(people[0]), reason="", now=NOW)
    assert len(pairs_of(divided)) == 1
    withdraw_conflict(actor=ortal, conflict=conflict)

    assert (entry.innovation.code, people[0].name) in pairs_of(divided)
    (found,) = judging_rounds(people[0])
    assert (found.expected, found.submitted) == (1, 1)


def test_single_pairs_move_by_hand_and_conflicts_are_refused(town: Town, ortal: Person) -> None:
    people = make_judges(town, 3)
    divided = divide(ortal, make_open_round(town, people, entries=1), each=1)
    (entry,) = entries_of(divided)
    ((_, holder),) = pairs_of(divided)
    had = PanelMember.objects.get(name=holder)
    barred, free = PanelMember.objects.exclude(pk=had.pk)
    declare_conflict(actor=ortal, entry=entry, member=barred, reason="", now=NOW)

    with pytest.raises(RoundRefused, match="conflict of interest"):
        assign_judge(actor=ortal, entry=entry, member=barred, instead_of=had, now=NOW)
    with pytest.raises(RoundRefused, match="already"):
        assign_judge(actor=ortal, entry=entry, member=had, instead_of=None, now=NOW)
    assign_judge(actor=ortal, entry=entry, member=free, instead_of=had, now=NOW)

    assert pairs_of(divided) == {(entry.innovation.code, free.name)}
    judge_entry(free.person or ortal, entry, 80)
    with pytest.raises(RoundRefused, match="submitted"):
        take_assignment(actor=ortal, entry=entry, member=free)


def test_a_pair_is_taken_and_nobody_is_given_to_a_round_that_all_judge(town: Town, ortal: Person) -> None:
    people = make_judges(town, 2)
    round_ = make_open_round(town, people, entries=1)
    (entry,) = entries_of(round_)
    with pytest.raises(RoundRefused, match="Every judge"):
        assign_judge(actor=ortal, entry=entry, member=seat(people[0]), instead_of=None, now=NOW)

    divided = divide(ortal, round_, each=1)
    ((_, holder),) = pairs_of(divided)
    take_assignment(actor=ortal, entry=entry, member=PanelMember.objects.get(name=holder))

    assert pairs_of(divided) == set()
    progress = round_progress(ortal, divided)
    assert (progress.complete, progress.expected) == (0, 0)
    judge_everything(actor=ortal, round_=divided)
    assert [my_entries(one).count() for one in people] == [1, 1]


def test_a_withdrawn_judge_keeps_what_was_submitted_and_the_rest_is_planned_again(
    town: Town, ortal: Person
) -> None:
    people = make_judges(town, 3)
    divided = divide(ortal, make_open_round(town, people, entries=6), each=1)
    mine = list(my_entries(people[0]))
    done = Entry.objects.select_related("round", "innovation").get(pk=mine[0].pk)
    judge_entry(people[0], done, 80)
    before = pairs_of(divided)

    with pytest.raises(RoundRefused, match="reason"):
        withdraw_judge(actor=ortal, member=seat(people[0]), reason=" ", now=NOW)
    freed = withdraw_judge(actor=ortal, member=seat(people[0]), reason="ill", now=NOW)
    divided = divide(ortal, divided, each=1, keep=True)

    assert freed == 1
    assert list(my_entries(people[0])) == list(judging_rounds(people[0])) == []
    pairs = pairs_of(divided)
    assert len(pairs) == 6
    assert {pair for pair in before if pair[1] != people[0].name} < pairs
    assert (done.innovation.code, people[0].name) in pairs
    progress = round_progress(ortal, divided)
    assert (progress.expected, progress.submitted) == (6, 1)
    assert [judge.expected for judge in progress.judges] == [1, 2, 3] or [
        judge.expected for judge in progress.judges
    ] == [1, 3, 2]
    with pytest.raises(NotOnPanel):
        judge_entry(people[0], Entry.objects.select_related("round").get(pk=mine[1].pk), 70)
    restore_judge(actor=ortal, member=seat(people[0]))
    assert judging_rounds(people[0]).get().expected == 1


def test_a_late_judge_gets_what_is_missing(town: Town, ortal: Person) -> None:
    people = make_judges(town, 2)
    divided = divide(ortal, make_open_round(town, people, entries=4), each=1)
    late = make_judges(town, 1, start=9)
    name_judges(actor=ortal, round_=divided, people=[*people, *late])
    new = make_innovation(town.distrik, verified_on=NOW.date(), published_on=NOW.date())
    divided.entries.create(innovation=new)

    divided = divide(ortal, divided, each=1, keep=True)

    assert (new.code, "Judge 9") in pairs_of(divided)
    assert len(pairs_of(divided)) == 5


def test_a_withdrawn_entry_keeps_its_submitted_sheets(town: Town, ortal: Person) -> None:
    people = make_judges(town, 2)
    divided = divide(ortal, make_open_round(town, people, entries=2), each=2)
    one, other = entries_of(divided)
    judge_entry(people[0], one, 80)

    freed = withdraw_entry(actor=ortal, entry=one, reason="stopped", now=NOW)

    assert freed == 1
    first, second = judging_rounds(people[0]).get(), judging_rounds(people[1]).get()
    assert (first.expected, first.submitted) == (2, 1)
    assert (second.expected, second.submitted) == (1, 0)
    assert list(my_entries(people[1])) == [other]
    with pytest.raises(RoundRefused, match="withdrawn"):
        assign_judge(actor=ortal, entry=one, member=seat(people[1]), instead_of=None, now=NOW)
    progress = round_progress(ortal, divided)
    assert (progress.entries, progress.expected, progress.submitted) == (1, 3, 1)
    restore_entry(actor=ortal, entry=one)
    assert round_progress(ortal, divided).entries == 2


def test_withdrawals_count_in_a_round_that_all_judge(town: Town, ortal: Person) -> None:
    people = make_judges(town, 3)
    round_ = make_open_round(town, people, entries=3)
    one, other, _third = entries_of(round_)
    judge_entry(people[0], one, 80)
    judge_entry(people[1], other, 80)

    withdraw_judge(actor=ortal, member=seat(people[0]), reason="ill", now=NOW)
    withdraw_entry(actor=ortal, entry=other, reason="stopped", now=NOW)

    progress = round_progress(ortal, round_)
    assert [(one.submitted, one.expected) for one in progress.judges] == [(1, 1), (1, 3), (0, 2)]
    assert [judging_rounds(one).get().expected for one in people[1:]] == [3, 2]
    for person in people[1:]:
        judge_entry(person, one, 70)
    assert round_progress(ortal, round_).complete == 1


@pytest.mark.django_db(transaction=True)
def test_two_plans_accepted_at_once_are_one_assignment() -> None:
    town = build_town()
    ortal = make_person("ortal@example.org", Role.ORTAL, town.city)
    round_ = open_round(actor=None, round_=make_round(town, make_judges(town, 4), entries=8), on=NOW.date())
    ready = plan(ortal, round_, each=2)

    def work(_number: int) -> None:
        accept_plan(actor=ortal, plan=ready, now=NOW)

    faults = at_once(4, work)

    assert len(faults) == 3
    with translation.override(settings.LANGUAGE_CODE):  # threads of their own speak the city's language
        said = gettext(
            "This plan cannot be accepted: it was accepted already, or replaced by another one. Look at the newest one."
        )
    assert all(said in fault for fault in faults)
    assert Assignment.objects.count() == 16
    assert Event.objects.filter(action="assignment.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_judge_who_is_withdrawn_while_saving_saves_before_or_not_at_all() -> None:
    town = build_town()
    ortal = make_person("ortal@example.org", Role.ORTAL, town.city)
    (judge,) = make_judges(town, 1)
    round_ = divide(ortal, make_open_round(town, [judge], entries=8), each=1)
    entries = entries_of(round_)
    member = seat(judge)

    def work(number: int) -> None:
        if number == 0:
            withdraw_judge(actor=ortal, member=member, reason="ill", now=NOW)
        else:
            judge_entry(judge, entries[number - 1], 80)

    faults = at_once(9, work)

    withdrawn = Event.objects.get(action="judge.withdrawn").sequence
    late = Event.objects.filter(action="scores.submitted", sequence__gt=withdrawn)
    assert not late.exists()
    assert all("NotOnPanel" in fault for fault in faults)
    assert len(faults) + ScoreSheet.objects.count() == 8
    assert Assignment.objects.count() == ScoreSheet.objects.count()
    connection.close()
