"""Tests of the pages that divide the work."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from tests.conftest import ClientOf
from tests.evaluation.dividing import divide, pairs_of, plan
from tests.evaluation.makers import NOW, entries_of, judge_entry, make_judges, make_open_round, make_round
from tests.evaluation.views.counting import statements_of
from tests.factories import Town
from tests.whole.html import faults_of
from tifa.evaluation.choices import PlanState
from tifa.evaluation.models import AssignmentPlan, Conflict, Entry, PanelMember, Round
from tifa.evaluation.selectors.plans import PlanResult
from tifa.evaluation.services.panel import declare_conflict
from tifa.evaluation.views import dividing
from tifa.evaluation.views.plan_words import REASONS, comparability, sentence_of
from tifa.organisation.choices import Role
from tifa.organisation.models import Membership, Person
from tifa.stats import infeasibility


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "query", "statements"),
    [
        ("assignment", {}, 11),
        ("assignment_judges", {}, 8),
        ("plan_detail", {}, 10),
        ("plan_detail", {"show": "judges"}, 8),
    ],
)
def test_pages_of_the_division_cost_the_same(
    client_of: ClientOf,
    town: Town,
    ortal: Person,
    rows: int,
    name: str,
    query: dict[str, str],
    statements: int,
) -> None:
    round_ = divide(ortal, make_open_round(town, make_judges(town, rows), entries=rows), each=1)
    args = [round_.pk, round_.plans.get().pk] if name == "plan_detail" else [round_.pk]
    client = client_of(ortal)
    address = reverse(f"evaluation:{name}", args=args, query=query or None)

    assert faults_of(client.get(address).content.decode()) == []
    assert statements_of(lambda: client.get(address)) == statements


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "statements"), [("round_detail", 15), ("round_list", 5), ("conflict_list", 7)]
)
def test_pages_of_a_divided_round_cost_the_same(
    client_of: ClientOf, town: Town, ortal: Person, rows: int, name: str, statements: int
) -> None:
    round_ = divide(ortal, make_open_round(town, make_judges(town, rows + 1), entries=rows), each=1)
    for entry in entries_of(round_):
        member = PanelMember.objects.exclude(assignments__entry=entry)[0]
        declare_conflict(actor=ortal, entry=entry, member=member, reason="", now=NOW)
    client = client_of(ortal)
    address = reverse(f"evaluation:{name}", args=[] if name == "round_list" else [round_.pk])

    assert statements_of(lambda: client.get(address)) == statements


@pytest.mark.parametrize("rows", [1, 3])
def test_accepting_a_plan_costs_the_same(client_of: ClientOf, town: Town, ortal: Person, rows: int) -> None:
    round_ = make_open_round(town, make_judges(town, rows), entries=rows)
    ready = plan(ortal, round_)
    client = client_of(ortal)
    address = reverse("evaluation:plan_accept", args=[round_.pk, ready.pk])

    assert statements_of(lambda: client.post(address)) == 21
    assert len(pairs_of(round_)) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_one_entry_costs_the_same(client_of: ClientOf, town: Town, ortal: Person, rows: int) -> None:
    round_ = divide(ortal, make_open_round(town, make_judges(town, rows), entries=rows), each=rows)
    address = reverse("evaluation:entry_assign", args=[entries_of(round_)[0].pk])
    client = client_of(ortal)

    assert statements_of(lambda: client.get(address)) == 10


@pytest.mark.parametrize("small", [True, False])
def test_ortal_makes_looks_at_and_accepts_a_plan(
    client_of: ClientOf, town: Town, ortal: Person, monkeypatch: pytest.MonkeyPatch, small: bool
) -> None:
    monkeypatch.setattr(dividing, "SMALL", 20_000 if small else 0)
    round_ = make_round(town, make_judges(town, 4), entries=8)
    client = client_of(ortal)
    client.cookies["tifa_language"] = "en"

    asked = client.post(reverse("evaluation:assignment", args=[round_.pk]), {"reviews_each": 2})
    page = client.get(asked["Location"])
    content = page.content.decode()
    assert page.context["plan"].state == PlanState.READY
    assert faults_of(content) == []
    assert all(words in content for words in ("4 entries", "Comparability", "Accept the plan", "<rect"))
    assert Round.objects.get().reviews_each is None
    accepted = client.post(
        reverse("evaluation:plan_accept", args=[round_.pk, page.context["plan"].pk]), follow=True
    )

    assert "16 score sheets are assigned" in accepted.content.decode()
    assert len(pairs_of(round_)) == 16
    again = client.post(
        reverse("evaluation:plan_accept", args=[round_.pk, page.context["plan"].pk]), follow=True
    )
    assert "accepted already" in again.content.decode()
    gone = client.post(reverse("evaluation:plan_accept", args=[round_.pk, 0]), follow=True)
    assert "another plan meanwhile" in gone.content.decode()


def test_a_plan_that_cannot_be_is_explained(client_of: ClientOf, town: Town, ortal: Person) -> None:
    round_ = make_round(town, make_judges(town, 2), entries=2)
    client = client_of(ortal)
    client.cookies["tifa_language"] = "en"

    page = client.post(reverse("evaluation:assignment", args=[round_.pk]), {"reviews_each": 3}, follow=True)

    assert "Every entry needs 3 judges and there are 2. Add 1 judges" in page.content.decode()
    assert "Accept the plan" not in page.content.decode()
    assert faults_of(page.content.decode()) == []


def test_many_reasons_are_shortened(client_of: ClientOf, town: Town, ortal: Person) -> None:
    round_ = make_round(town, make_judges(town, 2), entries=14)
    for entry in entries_of(round_):
        member = PanelMember.objects.all()[0]
        declare_conflict(actor=ortal, entry=entry, member=member, reason="", now=NOW)
    client = client_of(ortal)
    client.cookies["tifa_language"] = "en"

    page = client.post(reverse("evaluation:assignment", args=[round_.pk]), {"reviews_each": 2}, follow=True)

    assert len(page.context["reasons"]) == 10
    assert "and more of the kind: 4" in page.content.decode()


def test_progress_polls_until_the_plan_is_there(client_of: ClientOf, town: Town, ortal: Person) -> None:
    round_ = make_round(town, make_judges(town, 2), entries=2)
    ready = plan(ortal, round_)
    client = client_of(ortal)
    address = reverse("evaluation:plan_progress", args=[round_.pk, ready.pk])
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204

    AssignmentPlan.objects.update(state=PlanState.WORKING)
    waiting = client.get(reverse("evaluation:plan_detail", args=[round_.pk, ready.pk])).content.decode()
    assert "<progress" in waiting
    assert "http-equiv" in waiting
    assert faults_of(waiting) == []
    assert "<progress" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    client.post(reverse("evaluation:plan_resume", args=[round_.pk, ready.pk]))
    assert AssignmentPlan.objects.get().state == PlanState.READY
    assert client.get(address).status_code == 302


def test_a_pair_is_moved_by_hand_and_a_conflict_is_refused_with_a_sentence(
    client_of: ClientOf, town: Town, ortal: Person
) -> None:
    round_ = divide(ortal, make_open_round(town, make_judges(town, 3), entries=1), each=1)
    (entry,) = entries_of(round_)
    had = PanelMember.objects.get(assignments__entry=entry)
    barred, free = PanelMember.objects.exclude(pk=had.pk).order_by("pk")
    declare_conflict(actor=ortal, entry=entry, member=barred, reason="", now=NOW)
    address = reverse("evaluation:entry_assign", args=[entry.pk])
    client = client_of(ortal)
    client.cookies["tifa_language"] = "en"
    assert faults_of(client.get(address).content.decode()) == []

    refused = client.post(address, {"action": "give", "member": barred.pk, "instead_of": had.pk}, follow=True)
    assert "has a conflict of interest with this entry" in refused.content.decode()
    client.post(address, {"action": "give", "member": free.pk, "instead_of": had.pk})
    assert pairs_of(round_) == {(entry.innovation.code, free.name)}
    client.post(address, {"action": "topic", "topic": "kesehatan jiwa"})
    assert Entry.objects.get().topic == "kesehatan jiwa"
    client.post(address, {"action": "take", "member": free.pk})
    assert pairs_of(round_) == set()
    assert client.post(address, {"action": "give"}).status_code == 422
    for nobody in ("abc", "", "-1", "9" * 40):
        assert client.post(address, {"action": "take", "member": nobody}).status_code == 404


def test_topics_of_judges_are_stored_page_by_page(client_of: ClientOf, town: Town, ortal: Person) -> None:
    first, second = make_judges(town, 2)
    round_ = make_round(town, [first, second], entries=1)
    one, other = PanelMember.objects.order_by("pk")
    address = reverse("evaluation:assignment_judges", args=[round_.pk])
    client = client_of(ortal)

    wrong = client.post(address, {f"expertise-{one.pk}": "x" * 121})
    assert wrong.status_code == 422
    assert faults_of(wrong.content.decode()) == []
    client.post(address + "?q=Judge", {f"expertise-{one.pk}": " kesehatan ;sosial; kesehatan;"})

    assert list(PanelMember.objects.order_by("pk").values_list("expertise", flat=True)) == [
        ["kesehatan", "sosial"],
        [],
    ]
    assert len(client.get(address, {"q": other.name}).context["page_obj"].object_list) == 1


def test_judges_and_entries_are_withdrawn_and_taken_back(
    client_of: ClientOf, town: Town, ortal: Person
) -> None:
    people = make_judges(town, 2)
    round_ = divide(ortal, make_open_round(town, people, entries=2), each=1)
    member = PanelMember.objects.order_by("pk")[0]
    entry = entries_of(round_)[0]
    client = client_of(ortal)
    for address, row in (
        (reverse("evaluation:judge_withdraw", args=[round_.pk, member.pk]), member),
        (reverse("evaluation:entry_withdraw", args=[entry.pk]), entry),
    ):
        assert client.post(address, {"action": "withdraw"}).status_code == 422
        client.post(address, {"action": "withdraw", "reason": "Sakit"})
        row.refresh_from_db()
        assert (row.withdrawn_at is not None, row.withdrawn_reason) == (True, "Sakit")
        assert faults_of(client.get(address).content.decode()) == []
        page = client.get(reverse("evaluation:round_detail", args=[round_.pk])).content.decode()
        assert faults_of(page) == []
        client.post(address, {"action": "restore"})
        row.refresh_from_db()
        assert row.withdrawn_at is None


def test_a_found_conflict_is_taken_back_with_a_reason(client_of: ClientOf, town: Town, ortal: Person) -> None:
    (judge,) = make_judges(town, 1)
    Membership.objects.create(person=judge, unit=town.department, role=Role.HEAD)
    round_ = make_open_round(town, [judge], entries=1)
    client = client_of(ortal)
    client.cookies["tifa_language"] = "en"
    listed = client.get(reverse("evaluation:conflict_list", args=[round_.pk], query={"kind": "found"}))
    assert "Leads the unit or one above it: Dinas Kesehatan" in listed.content.decode()
    address = reverse("evaluation:conflict_withdraw", args=[round_.pk, Conflict.objects.get().pk])

    assert faults_of(client.get(address).content.decode()) == []
    assert client.post(address, {"reason": " "}).status_code == 422
    page = client.post(address, {"reason": "acting head only"}, follow=True)
    assert "another one was found: Belongs to the unit or its branch" in page.content.decode()
    last = reverse("evaluation:conflict_withdraw", args=[round_.pk, Conflict.objects.get().pk])
    client.post(last, {"reason": "left"})
    again = client.post(reverse("evaluation:conflict_find", args=[round_.pk]), follow=True)

    assert "New conflicts found: 0" in again.content.decode()
    assert not Conflict.objects.exists()


def test_the_division_is_given_up(client_of: ClientOf, town: Town, ortal: Person) -> None:
    people = make_judges(town, 2)
    round_ = divide(ortal, make_open_round(town, people, entries=2), each=1)
    judge_entry(
        people[0],
        next(
            iter(entry for entry in entries_of(round_) if entry.assignments.filter(member__person=people[0]))
        ),
        80,
    )

    client_of(ortal).post(reverse("evaluation:assignment_dissolve", args=[round_.pk]))

    assert Round.objects.get().reviews_each is None
    assert pairs_of(round_) == set()


@pytest.mark.parametrize(
    ("each", "components", "efficiency", "tone"),
    [(1, 4, 0.0, "warn"), (2, 2, 0.0, "warn"), (3, 1, 0.9, "ok"), (3, 1, 0.6, "info"), (3, 1, 0.2, "warn")],
)
def test_comparability_is_said_in_words(each: int, components: int, efficiency: float, tone: str) -> None:
    result = PlanResult((), 0, 0, 0, components, efficiency)

    assert comparability(result, each)[0] == tone


def test_every_reason_that_a_plan_can_meet_has_words() -> None:
    """Reasons about a least load have none: a plan gives the least load up before it gives up."""
    codes = set(
        re.findall(r'^ +"([a-z_]+)",?$', Path(infeasibility.__file__).read_text("utf-8"), re.MULTILINE)
    )

    assert codes - REASONS.keys() == {"much_duty", "lonely_judge", "idle"}
    for code in REASONS:
        assert "%" not in sentence_of({"code": code, "values": _Any(), "sentence": ""})
    assert sentence_of({"code": "other", "values": {}, "sentence": "As it came."}) == "As it came."


class _Any(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return key
