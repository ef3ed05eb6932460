"""Planted gaps: all of them are found, and none that is not there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.planted import DAY, NOW, Expected, plant
from tifa.chain.choices import Holder
from tifa.chain.selectors.board import Narrowed, board, is_parked
from tifa.chain.selectors.flow import flow
from tifa.chain.selectors.ledgers import Gap, Scope, reporting_gap
from tifa.core import clock
from tifa.organisation.selectors import unit_tree


def said(gap: Gap) -> Expected:
    holder = gap.unit.code if gap.holder == Holder.UNIT else gap.holder.value
    return Expected(gap.kind.value, gap.unit.code, holder, gap.since, gap.due, gap.deliberate)


@pytest.mark.django_db
@pytest.mark.parametrize(("innovations", "units"), [(300, 40), (3000, 120)])
def test_all_planted_gaps_are_found_and_none_else(
    monkeypatch: pytest.MonkeyPatch, innovations: int, units: int
) -> None:
    planted = plant(innovations, units=units)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    tree = unit_tree()

    with CaptureQueriesContext(connection) as queries:
        found = reporting_gap(Scope(clock.today()), tree=tree)

    assert found.as_of == DAY
    assert {gap.innovation: said(gap) for gap in found.gaps} == planted.gaps
    assert len(found.gaps) == len(planted.gaps)
    assert {unit.code for unit in found.silent_units} == planted.silent
    assert {ledger.value: count for ledger, count in found.ledgers.items()} == planted.ledgers
    assert all(gap.days_left == (gap.due - DAY).days for gap in found.gaps if gap.due)
    assert {gap.innovation for gap in found.gaps if gap.is_back} == planted.back
    assert len(queries) == 6

    seen = board(found, Narrowed(), tree)
    assert seen.count + seen.parked == len(planted.gaps)
    assert {gap.innovation for gap in seen.gaps} == {
        gap.innovation for gap in found.gaps if not is_parked(gap)
    }


@pytest.mark.django_db
def test_flow_agrees_with_what_was_planted() -> None:
    planted = plant(300, units=40)

    figures = flow(Scope(DAY), unit_tree())

    assert figures.total.reported == planted.ledgers["reported"]
    assert figures.total.forwarded == planted.ledgers["forwarded"]
    assert sum(loss.reported for loss in figures.units) == figures.total.reported
    assert sum(loss.lost for loss in figures.years) == figures.total.lost
    waiting = {step.kind.value: step.waiting for step in figures.steps}
    assert waiting == {kind: sum(1 for gap in planted.gaps.values() if gap.kind == kind) for kind in waiting}
