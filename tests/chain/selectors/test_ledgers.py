"""The gap table row by row, service levels, silence, and what must always hold."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation, walk_chain
from tifa.chain.choices import GapKind, Holder, Ledger, Step
from tifa.chain.models import HandOff, NilReport, ServiceLevel
from tifa.chain.selectors.ledgers import (
    Gap,
    Scope,
    first_year,
    funnel,
    gap_of,
    largest_loss,
    reporting_gap,
)
from tifa.organisation.models import Unit
from tifa.organisation.selectors import unit_tree
from tifa.registry.models import Innovation

DAY = date(2026, 3, 1)
HELD = {"reason": "menunggu anggaran", "due": date(2027, 1, 31)}


def gaps_on(day: date = TODAY, **scope: Any) -> tuple[Gap, ...]:
    return reporting_gap(Scope(day, **scope)).gaps


def only_gap(day: date = TODAY) -> Gap:
    (gap,) = gaps_on(day)
    return gap


def level(unit: Unit, kind: GapKind, days: int) -> None:
    ServiceLevel.objects.create(unit=unit, kind=kind, days=days)


@pytest.mark.parametrize(
    ("step", "kind", "holder", "deliberate"),
    [
        (None, GapKind.UNREPORTED, Holder.UNIT, False),
        (Step.REPORTED, GapKind.UNVERIFIED, Holder.ORTAL, False),
        (Step.RETURNED, GapKind.RETURNED, Holder.UNIT, False),
        (Step.VERIFIED, GapKind.UNDECIDED, Holder.ORTAL, False),
        (Step.HELD, GapKind.HELD, Holder.ORTAL, True),
        (Step.SELECTED, GapKind.UNFORWARDED, Holder.ORTAL, False),
        (Step.FORWARDED, GapKind.UNRECEIPTED, Holder.MINISTRY, False),
    ],
)
def test_last_step_decides_the_gap(
    town: Town, step: Step | None, kind: GapKind, holder: Holder, *, deliberate: bool
) -> None:
    innovation = make_innovation(town.puskesmas)
    if step:
        make_handoff(innovation, step, DAY, **(HELD if step in {Step.HELD, Step.DECLINED} else {}))

    gap = only_gap()

    assert (gap.kind, gap.holder, gap.deliberate) == (kind, holder, deliberate)
    assert gap.since == (DAY if step else innovation.use_started)
    assert gap_of(innovation, as_of=TODAY, tree=unit_tree()) == gap


@pytest.mark.parametrize("step", [Step.RECEIVED, Step.REJECTED, Step.FINALIST, Step.AWARDED])
def test_answer_of_the_ministry_ends_the_gap(town: Town, step: Step) -> None:
    innovation = walk_chain(make_innovation(town.puskesmas), (Step.FORWARDED, DAY), (step, DAY))

    assert gaps_on() == ()
    assert gap_of(innovation, as_of=TODAY, tree=unit_tree()) is None


@pytest.mark.parametrize(
    ("use", "trial", "since"),
    [
        (date(2025, 3, 1), date(2024, 9, 1), date(2025, 3, 1)),
        (None, date(2024, 9, 1), date(2024, 9, 1)),
        (None, None, None),
    ],
)
def test_unreported_waits_since_use_else_trial_else_unknown(
    town: Town, use: date | None, trial: date | None, since: date | None
) -> None:
    make_innovation(town.puskesmas, use_started=use, trial_started=trial)
    level(town.city, GapKind.UNREPORTED, 30)

    gap = only_gap()

    assert gap.since == since
    assert gap.due == (since + timedelta(days=30) if since else None)
    assert (gap.days_left is None) == (since is None)


def test_only_steps_up_to_the_day_count(town: Town) -> None:
    walk_chain(
        make_innovation(town.puskesmas), (Step.REPORTED, DAY), (Step.VERIFIED, DAY + timedelta(days=10))
    )

    assert only_gap(DAY - timedelta(days=1)).kind == GapKind.UNREPORTED
    assert only_gap(DAY).kind == GapKind.UNVERIFIED
    assert only_gap(DAY + timedelta(days=9)).kind == GapKind.UNVERIFIED
    assert only_gap(DAY + timedelta(days=10)).kind == GapKind.UNDECIDED
    assert reporting_gap(Scope(DAY)).ledgers[Ledger.VERIFIED] == 0


@pytest.mark.parametrize(
    ("trial", "use", "first", "known", "since"),
    [
        # No start and no step: it was always there.
        (None, None, None, True, None),
        # A later step does not count, so it does not tell that the innovation was not there.
        (None, None, DAY + timedelta(days=1), True, None),
        (None, None, DAY, True, DAY),
        (None, DAY, None, True, DAY),
        (None, DAY + timedelta(days=1), None, False, None),
        (DAY + timedelta(days=1), None, None, False, None),
        # On trial already, and in use only later: it waits since the start of the trial.
        (DAY - timedelta(days=9), DAY + timedelta(days=1), None, True, DAY - timedelta(days=9)),
        (DAY - timedelta(days=9), DAY - timedelta(days=1), None, True, DAY - timedelta(days=1)),
        (DAY + timedelta(days=1), DAY + timedelta(days=9), None, False, None),
        # Reported before it began.
        (None, DAY + timedelta(days=1), DAY, True, DAY),
        (None, DAY + timedelta(days=1), DAY + timedelta(days=1), False, None),
    ],
)
def test_known_on_a_day_is_what_had_begun_or_taken_a_step_by_then(
    town: Town, trial: date | None, use: date | None, first: date | None, known: bool, since: date | None
) -> None:
    innovation = make_innovation(town.puskesmas, trial_started=trial, use_started=use)
    if first:
        make_handoff(innovation, Step.REPORTED, first)

    found = reporting_gap(Scope(DAY))

    assert found.ledgers[Ledger.KNOWN] == len(found.gaps) == known
    assert [gap.since for gap in found.gaps] == [since] * known
    assert gap_of(innovation, as_of=DAY, tree=unit_tree()) == next(iter(found.gaps), None)


def test_of_two_steps_on_one_day_the_later_row_is_the_later_step(town: Town) -> None:
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY), (Step.VERIFIED, DAY))

    assert only_gap().kind == GapKind.UNDECIDED


def test_a_row_entered_late_for_an_earlier_day_does_not_decide(town: Town) -> None:
    walk_chain(
        make_innovation(town.puskesmas), (Step.VERIFIED, DAY), (Step.REPORTED, DAY - timedelta(days=5))
    )

    assert only_gap().kind == GapKind.UNDECIDED


def test_due_of_the_step_wins_over_the_service_level(town: Town) -> None:
    level(town.city, GapKind.RETURNED, 5)
    make_handoff(make_innovation(town.puskesmas), Step.RETURNED, DAY, due=date(2026, 11, 20), reason="bukti")

    gap = only_gap()

    assert (gap.due, gap.days_left, gap.days_late, gap.reason) == (date(2026, 11, 20), -4, 4, "bukti")


def test_service_level_is_that_of_the_nearest_unit_up_the_tree(town: Town) -> None:
    for unit, days in ((town.city, 90), (town.department, 30), (town.distrik, 7)):
        level(unit, GapKind.UNREPORTED, days)
    for unit in (town.puskesmas, town.kampung, town.ortal):
        make_innovation(unit, use_started=DAY)

    found = {gap.unit.code: (gap.due or DAY) - DAY for gap in gaps_on()}

    assert {code: gap.days for code, gap in found.items()} == {
        town.puskesmas.code: 30,
        town.kampung.code: 7,
        town.ortal.code: 90,
    }


def test_service_level_of_what_ortal_holds_is_that_of_ortal(town: Town) -> None:
    level(town.puskesmas, GapKind.UNVERIFIED, 99)
    level(town.ortal, GapKind.UNVERIFIED, 14)
    make_handoff(make_innovation(town.puskesmas), Step.REPORTED, DAY)

    assert only_gap().due == DAY + timedelta(days=14)


def test_no_service_level_leaves_the_due_date_unknown(town: Town) -> None:
    make_handoff(make_innovation(town.puskesmas), Step.REPORTED, DAY)

    assert (only_gap().due, only_gap().days_left) == (None, None)


def test_most_urgent_comes_first_and_the_unknown_last(town: Town) -> None:
    for code, due in (("a", None), ("b", date(2027, 1, 1)), ("c", date(2026, 1, 1))):
        make_handoff(make_innovation(town.puskesmas, code=code), Step.RETURNED, DAY, due=due)

    assert [gap.innovation for gap in gaps_on()] == ["c", "b", "a"]


def test_a_ledger_counts_what_ever_reached_it(town: Town) -> None:
    walk_chain(
        make_innovation(town.puskesmas),
        (Step.REPORTED, DAY),
        (Step.VERIFIED, DAY),
        (Step.RETURNED, DAY),
        (Step.REPORTED, DAY),
    )
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY), (Step.AWARDED, DAY))
    make_innovation(town.kampung)

    found = reporting_gap(Scope(TODAY))

    assert found.ledgers == {
        Ledger.KNOWN: 3,
        Ledger.REPORTED: 2,
        Ledger.VERIFIED: 1,
        Ledger.SELECTED: 0,
        Ledger.FORWARDED: 0,
        Ledger.RECEIVED: 1,
    }
    assert found.counts[GapKind.UNVERIFIED] == 1
    assert Counter(gap.holder for gap in found.gaps) == {Holder.UNIT: 1, Holder.ORTAL: 1}


def test_scope_narrows_to_units_and_function(town: Town) -> None:
    inside = make_innovation(town.puskesmas, function="pengawasan")
    make_innovation(town.puskesmas)
    make_innovation(town.kampung, function="pengawasan")
    units = unit_tree().subtree(town.department.pk)

    found = reporting_gap(Scope(TODAY, units, "pengawasan"))

    assert [gap.innovation for gap in found.gaps] == [inside.code]
    assert found.ledgers[Ledger.KNOWN] == 1
    assert {unit.code for unit in found.silent_units} == {town.department.code, town.puskesmas.code}


def test_silent_is_who_neither_reported_nor_said_none_in_the_year(town: Town) -> None:
    make_handoff(make_innovation(town.puskesmas), Step.REPORTED, DAY)
    make_handoff(make_innovation(town.kampung), Step.REPORTED, date(2025, 12, 31))
    NilReport.objects.create(unit=town.department, year=2026, on=DAY, signed_by="Kepala")
    NilReport.objects.create(unit=town.distrik, year=2025, on=date(2025, 2, 1), signed_by="Kepala")
    Unit.objects.filter(pk=town.ortal.pk).update(valid_from=date(2027, 1, 1))

    assert [unit.code for unit in reporting_gap(Scope(TODAY)).silent_units] == [
        town.city.code,
        town.distrik.code,
        town.kampung.code,
    ]


def test_a_later_report_does_not_break_the_silence_of_an_earlier_day(town: Town) -> None:
    make_handoff(make_innovation(town.puskesmas), Step.REPORTED, DAY)

    silent = reporting_gap(Scope(DAY - timedelta(days=1))).silent_units

    assert town.puskesmas in silent


def test_largest_loss_names_the_ledger_before_which_most_stay(town: Town) -> None:
    for _ in range(3):
        make_innovation(town.puskesmas)
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))

    rows = funnel(reporting_gap(Scope(TODAY)).ledgers)
    worst = largest_loss(rows)

    assert worst is not None
    assert (worst.ledger, worst.lost, worst.share) == (Ledger.REPORTED, 3, 0.25)
    assert largest_loss(funnel(dict.fromkeys(Ledger, 0))) is None


def test_first_year_is_that_of_the_first_step(town: Town) -> None:
    assert first_year(Scope(TODAY)) == 2026

    make_handoff(make_innovation(town.puskesmas), Step.REPORTED, date(2019, 5, 1))

    assert first_year(Scope(TODAY)) == 2019
    assert first_year(Scope(TODAY, frozenset({town.kampung.pk}))) == 2026


def test_statements_do_not_grow_with_the_rows(town: Town, django_assert_num_queries: Any) -> None:
    for rows in (1, 3):
        for _ in range(rows):
            walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY), (Step.VERIFIED, DAY))
        with django_assert_num_queries(6):
            reporting_gap(Scope(TODAY))


DAYS = st.integers(0, 400)
STARTS = st.tuples(st.none() | DAYS, st.none() | DAYS).filter(
    lambda pair: pair[0] is None or pair[1] is None or pair[0] <= pair[1]
)
STEPS = st.lists(
    st.tuples(STARTS, st.lists(st.tuples(st.sampled_from(Step), DAYS), max_size=5)), min_size=1, max_size=4
)


def day(days: int | None) -> date | None:
    return None if days is None else DAY + timedelta(days=days)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=STEPS, after=st.integers(0, 400))
def test_ledgers_and_gaps_never_exceed_what_is_known(
    town: Town, histories: list[tuple[tuple[int | None, int | None], list[tuple[Step, int]]]], after: int
) -> None:
    HandOff.objects.all().delete()
    Innovation.objects.all().delete()
    for (trial, use), history in histories:
        innovation = make_innovation(town.puskesmas, trial_started=day(trial), use_started=day(use))
        for step, days in history:
            make_handoff(
                innovation,
                step,
                DAY + timedelta(days=days),
                **(HELD if step in {Step.HELD, Step.DECLINED} else {}),
            )

    found = reporting_gap(Scope(DAY + timedelta(days=after)))
    later = reporting_gap(Scope(DAY + timedelta(days=after + 1)))

    assert all(later.ledgers[ledger] >= count for ledger, count in found.ledgers.items())
    known = found.ledgers[Ledger.KNOWN]
    assert known <= len(histories)
    assert max(found.ledgers.values()) == known
    assert len(found.gaps) <= known
    assert all(gap.since is None or gap.since <= found.as_of for gap in found.gaps)
    assert len({gap.innovation for gap in found.gaps}) == len(found.gaps)
    assert all(gap.deliberate == (gap.kind == GapKind.HELD) for gap in found.gaps)
