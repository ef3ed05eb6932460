"""Decisions on many, taking them back, and what must hold on every path through the chain."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.conftest import TODAY
from tests.factories import Town, build_town, make_innovation, make_person, walk_chain
from tifa.chain.choices import (
    BULK_STEPS,
    GAP_AFTER,
    HOLDER_OF,
    NEXT_STEPS,
    REPORTABLE_AFTER,
    GapKind,
    Ledger,
    MessageKind,
    Step,
)
from tifa.chain.models import DecisionBatch, HandOff, Message, Reversal
from tifa.chain.selectors.handoffs import history_of, last_handoff, last_handoffs
from tifa.chain.selectors.ledgers import Scope, reporting_gap
from tifa.chain.selectors.messages import waiting
from tifa.chain.services.bulk import Chosen, NotUndoable, Outcome, decide_many, undo_batch
from tifa.chain.services.handoffs import Decision
from tifa.chain.services.reporting import submit_report
from tifa.core import audit
from tifa.core.models import Event
from tifa.evaluation.models import Entry
from tifa.evaluation.services.rounds import create_round
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Innovation
from tifa.registry.services import content_of

# What nobody waits for any more.
ENDED = {Step.RECEIVED, Step.REJECTED, Step.FINALIST, Step.AWARDED}
DAY = date(2026, 3, 1)
NOW = datetime(2026, 11, 24, 3, tzinfo=timezone.get_default_timezone())


def reported(town: Town, count: int = 3) -> list[Innovation]:
    return [walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY)) for _ in range(count)]


def decide(actor: Person, innovations: list[Innovation], step: Step, **facts: Any) -> Outcome:
    last = last_handoffs([one.pk for one in innovations])
    chosen = [Chosen(one, last[one.pk].pk if one.pk in last else None) for one in innovations]
    return decide_many(actor=actor, chosen=chosen, decision=Decision(step, TODAY, **facts), now=NOW)


def test_each_innovation_gets_its_step_and_its_audit_entry(town: Town, ortal: Person) -> None:
    innovations = reported(town)

    outcome = decide(ortal, innovations, Step.VERIFIED)

    assert [handoff.innovation.code for handoff in outcome.done] == [one.code for one in innovations]
    assert outcome.refused == ()
    entries = Event.objects.filter(action="handoff.diverifikasi").values_list("object_key", flat=True)
    assert sorted(entries) == sorted(one.code for one in innovations)
    assert audit.verify().intact


def test_what_cannot_take_the_step_is_named_and_the_rest_is_recorded(town: Town, ortal: Person) -> None:
    good, seen_before = reported(town, 2)
    finding = make_innovation(town.puskesmas)
    late = walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, TODAY + timedelta(days=1)))
    last = last_handoffs([one.pk for one in (good, late, seen_before)])
    walk_chain(seen_before, (Step.RETURNED, DAY))
    chosen = [
        Chosen(good, last[good.pk].pk),
        Chosen(finding, None),
        Chosen(late, last[late.pk].pk),
        Chosen(seen_before, last[seen_before.pk].pk),
    ]

    outcome = decide_many(actor=ortal, chosen=chosen, decision=Decision(Step.VERIFIED, TODAY), now=NOW)

    assert [handoff.innovation_id for handoff in outcome.done] == [good.pk]
    assert {one.innovation.pk: one.reason.split(".")[0] for one in outcome.refused} == {
        finding.pk: "“Verified” cannot follow “not reported”",
        late.pk: "The date lies before the last step (25 November 2026)",
        seen_before.pk: "Somebody recorded a step meanwhile: Returned on 1 March 2026",
    }
    assert finding.handoffs.count() == 0


def test_nothing_recorded_leaves_no_batch(town: Town, ortal: Person) -> None:
    outcome = decide(ortal, [make_innovation(town.puskesmas)], Step.VERIFIED)

    assert (outcome.batch, outcome.done, len(outcome.refused)) == (None, (), 1)
    assert DecisionBatch.objects.count() == 0


def test_taking_back_leaves_everything_as_if_it_had_not_been_decided(town: Town, ortal: Person) -> None:
    innovations = reported(town)
    before = reporting_gap(Scope(TODAY))
    batch = decide(ortal, innovations, Step.VERIFIED).batch
    assert batch is not None
    assert reporting_gap(Scope(TODAY)).ledgers[Ledger.VERIFIED] == 3

    outcome = undo_batch(actor=ortal, batch=batch, now=NOW + timedelta(seconds=59))

    assert (len(outcome.done), outcome.refused) == (3, ())
    after = reporting_gap(Scope(TODAY))
    assert (after.gaps, after.ledgers) == (before.gaps, before.ledgers)
    assert set(Innovation.objects.values_list("verified_on", "published_on")) == {(None, None)}
    history = list(history_of(innovations[0]))
    assert [step.step for step in history] == [Step.REPORTED, Step.VERIFIED]
    assert history[1].reversal.recorded_by == ortal
    assert Event.objects.filter(action="handoff.undone").count() == 3
    assert audit.verify().intact


def test_what_was_public_before_stays_public(town: Town, ortal: Person) -> None:
    (innovation,) = reported(town, 1)
    Innovation.objects.filter(pk=innovation.pk).update(published_on=DAY)
    batch = decide(ortal, [innovation], Step.VERIFIED).batch
    assert batch is not None

    undo_batch(actor=ortal, batch=batch, now=NOW)

    innovation.refresh_from_db()
    assert (innovation.verified_on, innovation.published_on) == (None, DAY)


def test_decided_again_after_taking_back(town: Town, ortal: Person) -> None:
    innovations = reported(town, 1)
    batch = decide(ortal, innovations, Step.VERIFIED).batch
    assert batch is not None
    undo_batch(actor=ortal, batch=batch, now=NOW)

    assert len(decide(ortal, innovations, Step.RETURNED, reason="bukti").done) == 1
    assert HandOff.objects.filter(innovation=innovations[0]).count() == 2
    assert HandOff.history.filter(innovation=innovations[0]).count() == 3


@pytest.mark.parametrize("seconds", [61, -61])
def test_after_a_minute_it_stands(town: Town, ortal: Person, seconds: int) -> None:
    batch = decide(ortal, reported(town), Step.VERIFIED).batch
    assert batch is not None

    with pytest.raises(NotUndoable, match="More than 60 seconds"):
        undo_batch(actor=ortal, batch=batch, now=NOW + timedelta(seconds=seconds))

    assert Reversal.objects.count() == 0


def test_a_letter_that_left_is_not_taken_back(town: Town, ortal: Person) -> None:
    innovations = [walk_chain(make_innovation(town.puskesmas), (Step.SELECTED, DAY))]
    batch = decide(ortal, innovations, Step.FORWARDED, letter_number="005/1").batch
    assert batch is not None

    with pytest.raises(NotUndoable, match="letter has left"):
        undo_batch(actor=ortal, batch=batch, now=NOW)


def test_only_who_decided_takes_it_back(town: Town, ortal: Person) -> None:
    batch = decide(ortal, reported(town), Step.VERIFIED).batch
    assert batch is not None
    other = make_person("lain@example.org", Role.ORTAL, town.city)

    with pytest.raises(NotUndoable, match="Only whoever decided"):
        undo_batch(actor=other, batch=batch, now=NOW)


def test_what_somebody_built_on_stands_and_is_named(town: Town, ortal: Person) -> None:
    free, passed, judged = reported(town)
    batch = decide(ortal, [free, passed, judged], Step.VERIFIED).batch
    assert batch is not None
    walk_chain(passed, (Step.SELECTED, TODAY))
    round_ = create_round(actor=ortal, code="P", name="Putaran", instrument_id="kipp-2023")
    Entry.objects.create(round=round_, innovation=judged)

    outcome = undo_batch(actor=ortal, batch=batch, now=NOW)

    assert [handoff.innovation_id for handoff in outcome.done] == [free.pk]
    assert {one.innovation.pk: one.reason.split(".")[0] for one in outcome.refused} == {
        passed.pk: "Somebody recorded a step meanwhile: Selected on 24 November 2026",
        judged.pk: "It was put into an evaluation round meanwhile",
    }


def test_taking_back_twice_takes_back_once(town: Town, ortal: Person) -> None:
    batch = decide(ortal, reported(town), Step.VERIFIED).batch
    assert batch is not None
    undo_batch(actor=ortal, batch=batch, now=NOW)

    assert undo_batch(actor=ortal, batch=batch, now=NOW).done == ()
    assert Reversal.objects.count() == 3


def test_every_state_has_a_holder_or_is_the_end() -> None:
    states: set[Step | None] = {None, *Step}

    # A unit that declines a find ends its way too, until Ortal asks again.
    assert set(GAP_AFTER) | ENDED | {Step.DECLINED} == states
    assert set(GAP_AFTER) & (ENDED | {Step.DECLINED}) == set()
    assert set(HOLDER_OF) == set(GapKind)
    assert set(NEXT_STEPS) == states


def test_from_every_state_the_end_can_be_reached() -> None:
    """No path loses an innovation: a way on exists from wherever it stands."""
    following: dict[Step | None, set[Step]] = {
        state: set(steps) | ({Step.REPORTED} if state in REPORTABLE_AFTER else set())
        for state, steps in NEXT_STEPS.items()
    }
    for start in following:
        reached: set[Step | None] = {start}
        while new := {step for state in reached for step in following[state]} - reached:
            reached |= new
        assert reached & ENDED, start


class Chain(RuleBasedStateMachine):
    """Reports, decisions on many and taking back in any order, with a clock that goes both ways."""

    @initialize()
    def build(self) -> None:
        self.town = build_town()
        self.ortal = make_person("ortal@example.org", Role.ORTAL, self.town.city)
        self.operator = make_person("operator@example.org", Role.OPERATOR, self.town.puskesmas)
        self.innovations = [make_innovation(self.town.puskesmas) for _ in range(3)]
        self.today = TODAY
        self.now = NOW
        self.batches: list[DecisionBatch] = []
        self.rows: list[tuple[int, str, date]] = []

    @rule(days=st.integers(-5, 20), seconds=st.integers(-90, 90))
    def the_clock_moves(self, days: int, seconds: int) -> None:
        self.today += timedelta(days=days)
        self.now += timedelta(seconds=seconds)

    @rule(which=st.integers(0, 2))
    def a_unit_reports(self, which: int) -> None:
        innovation = Innovation.objects.select_related("unit").get(pk=self.innovations[which].pk)
        last = last_handoff(innovation)
        if last is None or last.step in REPORTABLE_AFTER:
            submit_report(
                author=self.operator,
                content=content_of(innovation),
                evidence=None,
                on=self.today,
                innovation=innovation,
                version=innovation.version,
            )
            reported = last_handoff(innovation)
            assert reported is not None
            assert reported.step == Step.REPORTED

    @rule(step=st.sampled_from(BULK_STEPS), which=st.sets(st.integers(0, 2), min_size=1), sees=st.booleans())
    def ortal_decides(self, step: Step, which: set[int], *, sees: bool) -> None:
        innovations = [self.innovations[place] for place in sorted(which)]
        last = last_handoffs([one.pk for one in innovations])
        chosen = [Chosen(one, last[one.pk].pk if sees and one.pk in last else None) for one in innovations]
        decision = Decision(step, self.today, letter_number="1", due=self.today, reason="alasan")
        outcome = decide_many(actor=self.ortal, chosen=chosen, decision=decision, now=self.now)
        assert len(outcome.done) + len(outcome.refused) == len(chosen)
        if outcome.batch:
            self.batches.append(outcome.batch)

    @precondition(lambda self: bool(getattr(self, "batches", None)))
    @rule(back=st.integers(0, 2))
    def ortal_takes_back(self, back: int) -> None:
        batch = self.batches[-1 - min(back, len(self.batches) - 1)]
        try:
            outcome = undo_batch(actor=self.ortal, batch=batch, now=self.now)
        except NotUndoable:
            return
        assert not (outcome.done and batch.step == Step.FORWARDED)

    @invariant()
    def history_only_grows(self) -> None:
        if not hasattr(self, "rows"):
            return
        rows = list(HandOff.history.order_by("pk").values_list("pk", "step", "on"))
        assert rows[: len(self.rows)] == self.rows
        self.rows = rows

    @invariant()
    def nothing_is_lost_and_everything_has_a_holder(self) -> None:
        if not hasattr(self, "innovations"):
            return
        found = reporting_gap(Scope(date(2027, 12, 31)))
        waiting = {gap.innovation: gap for gap in found.gaps}
        assert found.ledgers[Ledger.KNOWN] == 3
        assert all(gap.holder == HOLDER_OF[gap.kind] for gap in waiting.values())
        for innovation in self.innovations:
            last = last_handoff(innovation)
            assert (innovation.code in waiting) == (last is None or last.step not in ENDED)

    @invariant()
    def only_what_is_verified_is_public(self) -> None:
        if not hasattr(self, "innovations"):
            return
        verified = set(
            HandOff.objects.filter(step=Step.VERIFIED).values_list("innovation", flat=True).distinct()
        )
        public = set(Innovation.objects.exclude(published_on=None).values_list("pk", flat=True))
        assert public == verified


def run_chain(machine: type[Chain]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


@pytest.mark.django_db
def test_no_path_loses_an_innovation() -> None:
    class Isolated(Chain):
        """Each run begins with an empty database."""

        def __init__(self) -> None:
            super().__init__()
            self._block = transaction.atomic()
            self._block.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self._block.__exit__(None, None, None)

    run_chain(Isolated)


def test_what_was_told_of_a_return_is_taken_back_with_it(town: Town, ortal: Person, operator: Person) -> None:
    innovations = reported(town, 2)
    batch = decide(ortal, innovations, Step.RETURNED, reason="Bukti belum ada.").batch
    assert batch is not None
    told = Message.objects.filter(kind=MessageKind.RETURNED, person=operator)
    assert told.count() == 2
    assert not waiting(timezone.now()).exists()  # mail waits longer than the decision can be taken back
    assert waiting(timezone.now() + timedelta(seconds=90)).filter(pk__in=told).count() == 2

    undo_batch(actor=ortal, batch=batch, now=NOW + timedelta(seconds=30))

    assert not told.exists()
