"""Tests of choosing entries, naming judges and keeping conflicts."""

from datetime import date

import pytest

from tests.evaluation.makers import (
    CLOSED,
    NOW,
    OPENED,
    entries_of,
    judge_entry,
    make_judges,
    make_open_round,
    make_round,
)
from tests.factories import Town, make_innovation
from tifa.core.models import Event
from tifa.evaluation.models import Conflict, Entry, PanelMember
from tifa.evaluation.selectors.ranking import scores_of
from tifa.evaluation.selectors.rounds import candidates
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.panel import declare_conflict, name_judges, set_entries, withdraw_conflict
from tifa.evaluation.services.rounds import close_round
from tifa.evaluation.services.scoring import NotOnPanel
from tifa.organisation.models import Person


def test_set_entries_takes_verified_innovations_only(town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_round(town, [judge], entries=0)
    verified = make_innovation(town.puskesmas, verified_on=OPENED, published_on=OPENED)
    later = make_innovation(town.puskesmas, verified_on=date(2027, 1, 1))
    never = make_innovation(town.puskesmas)
    public = make_innovation(town.puskesmas, published_on=OPENED)

    changed = set_entries(actor=ortal, round_=round_, add=[verified.pk], remove=[], on=OPENED)

    assert changed == 1
    assert [one.pk for one in candidates(ortal, round_, OPENED)] == [verified.pk]
    for hidden in (later, never, public):
        with pytest.raises(RoundRefused, match="not verified"):
            set_entries(actor=ortal, round_=round_, add=[hidden.pk], remove=[], on=OPENED)
    assert [entry.innovation for entry in entries_of(round_)] == [verified]


def test_set_entries_keeps_what_is_judged(town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_open_round(town, [judge], entries=2)
    judged, free = entries_of(round_)
    judge_entry(judge, judged, 80, submit=False)
    keys = [judged.innovation_id, free.innovation_id]

    with pytest.raises(RoundRefused, match=judged.innovation.code):
        set_entries(actor=ortal, round_=round_, add=[], remove=keys, on=OPENED)
    assert Entry.objects.count() == 2

    set_entries(actor=ortal, round_=round_, add=[], remove=[free.innovation_id], on=OPENED)
    assert entries_of(round_) == [judged]


def test_name_judges_adds_and_removes(town: Town, ortal: Person) -> None:
    first, second, third = make_judges(town, 3)
    round_ = make_round(town, [first, second])

    panel = name_judges(actor=ortal, round_=round_, people=[second, third])

    assert [member.person for member in panel] == [second, third]
    assert Event.objects.get().detail == {"added": ["Judge 3"], "removed": ["Judge 1"]}


def test_name_judges_keeps_who_has_scored_and_who_has_no_account(town: Town, ortal: Person) -> None:
    first, second = make_judges(town, 2)
    round_ = make_open_round(town, [first, second])
    PanelMember.objects.create(round=round_, name="Guest")
    (entry,) = entries_of(round_)
    judge_entry(first, entry, 80, submit=False)

    with pytest.raises(RoundRefused, match="Judge 1"):
        name_judges(actor=ortal, round_=round_, people=[second])
    name_judges(actor=ortal, round_=round_, people=[first])

    assert [member.name for member in PanelMember.objects.all()] == ["Guest", "Judge 1"]


def test_name_judges_tells_two_of_one_name_apart(town: Town, ortal: Person) -> None:
    first, second = make_judges(town, 2)
    Person.objects.update(name="Maria")
    first.name = second.name = "Maria"

    name_judges(actor=ortal, round_=make_round(town, []), people=[first, second])

    assert [member.name for member in PanelMember.objects.all()] == ["Maria", "Maria (2)"]


def test_a_conflict_keeps_the_judge_away_and_their_sheet_uncounted(town: Town, ortal: Person) -> None:
    first, second = make_judges(town, 2)
    round_ = make_open_round(town, [first, second])
    (entry,) = entries_of(round_)
    judge_entry(first, entry, 10)
    judge_entry(second, entry, 90)

    member = PanelMember.objects.get(person=first)
    conflict = declare_conflict(actor=first, entry=entry, member=member, reason="my unit", now=NOW)

    (scores,) = scores_of(round_)
    assert {score.value for score in scores.scores} == {90}
    with pytest.raises(NotOnPanel):
        judge_entry(first, entry, 20)
    assert entry.sheets.count() == 2

    withdraw_conflict(actor=ortal, conflict=conflict)
    (scores,) = scores_of(round_)
    assert {score.value for score in scores.scores} == {10, 90}


def test_declaring_twice_is_one_conflict(town: Town, judge: Person) -> None:
    round_ = make_open_round(town, [judge])
    (entry,) = entries_of(round_)
    member = PanelMember.objects.get()

    for reason in ("my unit", "again"):
        declare_conflict(actor=judge, entry=entry, member=member, reason=reason, now=NOW)

    assert [conflict.reason for conflict in Conflict.objects.all()] == ["my unit"]
    assert Event.objects.filter(action="conflict.declared").count() == 1


def test_nothing_changes_in_a_closed_round(town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_open_round(town, [judge])
    (entry,) = entries_of(round_)
    judge_entry(judge, entry, 80)
    close_round(actor=ortal, round_=round_, on=CLOSED)

    with pytest.raises(RoundRefused):
        set_entries(actor=ortal, round_=round_, add=[], remove=[], on=CLOSED)
    with pytest.raises(RoundRefused):
        name_judges(actor=ortal, round_=round_, people=[])
    with pytest.raises(RoundRefused):
        declare_conflict(actor=judge, entry=entry, member=PanelMember.objects.get(), reason="", now=NOW)
