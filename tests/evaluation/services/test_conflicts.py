"""Tests of conflicts that are found by themselves, kept, and taken back."""

from decimal import Decimal

import pytest

from tests.evaluation.makers import (
    NOW,
    OPENED,
    entries_of,
    judge_entry,
    make_judges,
    make_open_round,
    make_round,
)
from tests.factories import Town, make_innovation, make_person, make_unit
from tifa.chain.services.reporting import submit_report
from tifa.core.models import Event
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Conflict, ConflictWaiver, Entry, PanelMember
from tifa.evaluation.selectors.interests import is_one_branch
from tifa.evaluation.services.conflicts import look_for_conflicts
from tifa.evaluation.services.importing import ImportedScore, import_scores
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.panel import declare_conflict, name_judges, set_entries, withdraw_conflict
from tifa.evaluation.services.rounds import open_round
from tifa.organisation.choices import Role, UnitKind
from tifa.organisation.models import Membership, Person, Unit
from tifa.organisation.selectors import unit_tree
from tifa.registry.interests import Interest, InterestSource, label_of, register, sources
from tifa.registry.services import InnovationContent


def found(round_code: str = "KIPP-2026") -> set[tuple[str, str, str, str]]:
    """Return judge, unit of the entry, source and what was seen."""
    rows = Conflict.objects.filter(entry__round__code=round_code, kind="found")
    return set(rows.values_list("member__name", "entry__innovation__unit__code", "source", "reason"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("puskesmas", "puskesmas", True),
        ("department", "puskesmas", True),
        ("puskesmas", "department", True),
        ("distrik", "puskesmas", False),
        ("city", "puskesmas", False),
        ("puskesmas", "city", False),
        ("city", "city", False),
        ("ortal", "department", False),
    ],
)
def test_a_branch_ends_below_the_root(town: Town, one: str, other: str, expected: bool) -> None:
    tree = unit_tree()

    assert is_one_branch(tree, getattr(town, one).pk, getattr(town, other).pk) is expected


def test_conflicts_are_found_when_judges_are_named_and_entries_are_chosen(town: Town, ortal: Person) -> None:
    inside, above, far, free = make_judges(town, 4)
    Membership.objects.create(person=inside, unit=town.puskesmas, role=Role.OPERATOR)
    Membership.objects.create(person=above, unit=town.department, role=Role.HEAD)
    Membership.objects.create(person=far, unit=town.kampung, role=Role.JUDGE)
    round_ = make_round(town, [], entries=1)

    name_judges(actor=ortal, round_=round_, people=[inside, above, far, free])
    assert found() == {
        ("Judge 1", "PKM.ABEPURA", "branch", "Puskesmas Abepura"),
        ("Judge 2", "PKM.ABEPURA", "manager", "Dinas Kesehatan"),
    }

    upper = make_innovation(town.distrik, verified_on=OPENED, published_on=OPENED, affairs="sosial")
    set_entries(actor=ortal, round_=round_, add=[upper.pk], remove=[], on=OPENED)
    assert ("Judge 3", "91.71.03", "branch", "Nafri") in found()
    assert Entry.objects.get(innovation=upper).topic == "sosial"
    event = Event.objects.filter(action="conflicts.found").order_by("-sequence")[0]
    assert (event.detail["count"], event.detail["sources"]) == (1, ["branch: 1"])


def test_conflicts_are_found_when_the_round_opens_and_on_asking(town: Town, ortal: Person) -> None:
    (judge,) = make_judges(town, 1)
    round_ = make_round(town, [judge], entries=1)
    Membership.objects.create(person=judge, unit=town.department, role=Role.OPERATOR)

    open_round(actor=ortal, round_=round_, on=OPENED)
    assert len(found()) == 1

    Membership.objects.create(person=judge, unit=town.distrik, role=Role.OPERATOR)
    round_.entries.create(innovation=make_innovation(town.kampung))
    assert look_for_conflicts(actor=ortal, round_=round_) == 1
    assert look_for_conflicts(actor=ortal, round_=round_) == 0


def test_whoever_reported_an_innovation_is_of_its_team(town: Town, ortal: Person) -> None:
    (judge,) = make_judges(town, 1)
    membership = Membership.objects.create(person=judge, unit=town.kampung, role=Role.OPERATOR)
    content = InnovationContent(title="Baru", unit=town.kampung, function="pelayanan", stage="penerapan")
    handoff = submit_report(author=judge, content=content, evidence=None, on=OPENED)
    membership.delete()
    handoff.innovation.verified_on = handoff.innovation.published_on = OPENED
    handoff.innovation.save()
    round_ = make_round(town, [judge], entries=1)

    set_entries(actor=ortal, round_=round_, add=[handoff.innovation_id], remove=[], on=OPENED)

    assert found() == {("Judge 1", "91.71.03.2001", "team", "Nafri")}


def test_other_cities_and_ortal_are_no_branch(town: Town, ortal: Person) -> None:
    other = make_unit("91.71.99", "Kabupaten Lain", UnitKind.REGENCY)
    below = make_unit("91.71.99.1", "Dinas Lain", UnitKind.DEPARTMENT, other)
    section, foreign = make_judges(town, 2)
    Membership.objects.create(person=section, unit=town.ortal, role=Role.ORTAL)
    Membership.objects.create(person=foreign, unit=below, role=Role.HEAD)

    make_open_round(town, [section, foreign], entries=1)

    assert found() == set()


def test_a_found_conflict_is_taken_back_with_a_reason_and_not_found_again(town: Town, ortal: Person) -> None:
    (judge,) = make_judges(town, 1)
    Membership.objects.create(person=judge, unit=town.department, role=Role.OPERATOR)
    round_ = make_open_round(town, [judge], entries=1)
    conflict = Conflict.objects.get()

    with pytest.raises(RoundRefused, match="Say why"):
        withdraw_conflict(actor=ortal, conflict=conflict)
    assert withdraw_conflict(actor=ortal, conflict=conflict, reason="left in 2019", now=NOW) is None

    look_for_conflicts(actor=ortal, round_=round_)
    assert found() == set()
    waiver = ConflictWaiver.objects.get()
    assert (waiver.source, waiver.reason, waiver.waived_by) == ("branch", "left in 2019", ortal)
    event = Event.objects.get(action="conflict.withdrawn")
    assert (event.detail["source"], event.detail["reason"]) == ("branch", "left in 2019")
    judge_entry(judge, entries_of(round_)[0], 80)


def test_another_source_still_stands_when_one_is_taken_back(town: Town, ortal: Person) -> None:
    (judge,) = make_judges(town, 1)
    Membership.objects.create(person=judge, unit=town.department, role=Role.HEAD)
    make_open_round(town, [judge], entries=1)

    left = withdraw_conflict(actor=ortal, conflict=Conflict.objects.get(), reason="acting only", now=NOW)

    assert left is not None
    assert left.source == "branch"


def test_a_declared_conflict_that_is_taken_back_may_be_found(town: Town, ortal: Person) -> None:
    (judge,) = make_judges(town, 1)
    round_ = make_open_round(town, [judge], entries=1)
    declared = declare_conflict(
        actor=judge, entry=entries_of(round_)[0], member=PanelMember.objects.get(), reason="mine", now=NOW
    )
    Membership.objects.create(person=judge, unit=town.department, role=Role.OPERATOR)

    left = withdraw_conflict(actor=ortal, conflict=declared)

    assert left is not None
    assert (declared.kind, left.kind) == ("declared", "found")


def test_ortal_adds_and_the_judge_declares(town: Town, ortal: Person) -> None:
    (judge,) = make_judges(town, 1)
    first, second = entries_of(make_open_round(town, [judge], entries=2))
    member = PanelMember.objects.get()

    for actor, entry in ((ortal, first), (judge, second)):
        declare_conflict(actor=actor, entry=entry, member=member, reason="", now=NOW)

    assert list(Conflict.objects.values_list("kind", flat=True)) == ["added", "declared"]


def test_an_auditor_does_not_judge(town: Town, ortal: Person, auditor: Person) -> None:
    round_ = make_round(town, [], entries=1)

    with pytest.raises(RoundRefused, match="auditor"):
        name_judges(actor=ortal, round_=round_, people=[auditor])
    assert not PanelMember.objects.exists()


def test_scores_of_a_workbook_count_and_the_rest_is_hidden(town: Town, ortal: Person) -> None:
    judge = make_person("judge1@example.org", Role.JUDGE, town.city, name="Judge 1")
    Membership.objects.create(person=judge, unit=town.department, role=Role.OPERATOR)
    round_ = make_open_round(town, make_judges(town, 1, start=7), entries=2)
    judged, other = entries_of(round_)
    rows = [ImportedScore(judged.innovation_id, judge.email, "kebaruan", ScoreState.SCORED, Decimal(50))]

    import_scores(actor=ortal, round_=round_, scores=rows)

    assert [conflict.entry for conflict in Conflict.objects.all()] == [other]


def test_a_later_package_adds_a_source(town: Town, ortal: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    (judge,) = make_judges(town, 1)
    monkeypatch.setattr("tifa.registry.interests._SOURCES", {one.name: one for one in sources()})
    register(
        InterestSource(
            "mentor",
            "Mentor of the innovation",
            lambda innovations, people: [Interest(key, judge.pk, "2026") for key in innovations],
        )
    )

    make_open_round(town, [judge], entries=1)

    assert found() == {("Judge 1", "PKM.ABEPURA", "mentor", "2026")}
    assert label_of("mentor") == "Mentor of the innovation"
    assert label_of("gone") == "gone"
    with pytest.raises(ValueError, match="mentor"):
        register(InterestSource("mentor", "Other", lambda innovations, people: []))
    assert Unit.objects.exists()
