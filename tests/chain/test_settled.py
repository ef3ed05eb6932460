"""What is kept with each step, until when it decides and which ledger was reached with it, follows from the steps."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import Town, make_handoff, make_innovation
from tifa.chain.choices import ANSWERS, LEDGER_STEPS, Step
from tifa.chain.models import HandOff, Reversal
from tifa.chain.models.ledgers import decides_on
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

Action = Callable[[Innovation], None]

DAY = date(2026, 3, 1)
STEPS = st.sampled_from([step for step in Step if step not in {Step.HELD, Step.DECLINED}])
DAYS = st.integers(0, 6).map(lambda days: DAY + timedelta(days=days))
# What happens: steps recorded at once or one by one, the step of a row corrected, a row taken back.
PLACE = st.integers(0, 9)
ACTIONS = st.lists(
    st.one_of(
        st.builds(lambda step, on: lambda one: record(one, step, on), STEPS, DAYS),
        st.builds(
            lambda step, on: lambda one: make_handoff(one, step, on, aside=True),
            st.sampled_from(sorted(ANSWERS)),
            DAYS,
        ),
        st.builds(
            lambda rows: lambda one: import_rows(one, rows),
            st.lists(st.tuples(STEPS, DAYS), min_size=1, max_size=3),
        ),
        st.builds(lambda place, step: lambda one: correct(one, place, step), PLACE, STEPS),
        st.builds(lambda place: lambda one: take_back(one, place), PLACE),
    ),
    max_size=8,
)

pytestmark = pytest.mark.django_db


def standing(innovation: Innovation) -> list[HandOff]:
    return list(HandOff.objects.filter(innovation=innovation).order_by("on", "pk"))


def expected(innovation: Innovation) -> dict[int, tuple[date | None, str]]:
    """Tell from the history alone, one step after another, what must be kept."""
    steps = standing(innovation)
    moving = [one for one in steps if not one.aside]
    until = {one.pk: after.on for one, after in pairwise(moving)}
    until |= {one.pk: one.on for one in steps if one.aside}
    reached: set[str] = set()
    found: dict[int, tuple[date | None, str]] = {}
    for one in steps:
        ledger = next((ledger.value for ledger, words in LEDGER_STEPS.items() if one.step in words), "")
        found[one.pk] = (until.get(one.pk), "" if ledger in reached else ledger)
        reached.add(ledger)
    for taken_back in HandOff.history.filter(innovation=innovation).exclude(reversal=None):
        found[taken_back.pk] = (taken_back.on, "")
    return found


def kept(innovation: Innovation) -> dict[int, tuple[date | None, str]]:
    rows = HandOff.history.filter(innovation=innovation).values_list("pk", "until", "reached")
    return {pk: (until, reached) for pk, until, reached in rows}


def record(innovation: Innovation, step: Step, on: date) -> None:
    make_handoff(innovation, step, on)


def import_rows(innovation: Innovation, rows: list[tuple[Step, date]]) -> None:
    now = timezone.now()
    HandOff.objects.bulk_create(
        HandOff(innovation=innovation, step=step, on=on, recorded_at=now) for step, on in rows
    )


def correct(innovation: Innovation, place: int, step: Step) -> None:
    if steps := standing(innovation):
        row = steps[place % len(steps)]
        HandOff.objects.bulk_create(
            [HandOff(pk=row.pk, innovation=innovation, step=step, on=row.on, recorded_at=timezone.now())],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["step"],
        )


def take_back(innovation: Innovation, place: int) -> None:
    if steps := standing(innovation):
        Reversal.objects.create(
            handoff=steps[place % len(steps)],
            recorded_by=Person.objects.get(),
            recorded_at=timezone.now(),
        )


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ACTIONS, second=ACTIONS)
def test_it_follows_from_the_history_after_anything_that_happens(
    town: Town, ortal: Person, first: list[Action], second: list[Action]
) -> None:
    one, other = make_innovation(town.puskesmas), make_innovation(town.puskesmas)
    for action in first:
        action(one)
    for action in second:
        action(other)

    assert kept(one) == expected(one)
    assert kept(other) == expected(other)
    for days in range(8):
        on = DAY + timedelta(days=days)
        last = [row for row in standing(one) if row.on <= on and not row.aside][-1:]
        assert list(HandOff.history.filter(decides_on(on), innovation=one)) == last


def test_steps_recorded_before_they_were_settled_are_settled_by_the_migration(
    town: Town, ortal: Person
) -> None:
    innovation = make_innovation(town.puskesmas)
    for step, days in ((Step.REPORTED, 3), (Step.REPORTED, 1), (Step.FINALIST, 4), (Step.AWARDED, 4)):
        make_handoff(innovation, step, DAY + timedelta(days=days))
    take_back(innovation, -1)
    HandOff.history.update(until=None, reached="")

    migration = import_module("tifa.chain.migrations.0006_settled_handoffs")
    state = MigrationLoader(connection).project_state(("chain", "0006_settled_handoffs"))
    migration.settle(state.apps, SimpleNamespace(connection=connection))

    assert kept(innovation) == expected(innovation)
    assert {
        ledger.value: [str(step) for step in Step if step in words] for ledger, words in LEDGER_STEPS.items()
    } == migration.LEDGERS
