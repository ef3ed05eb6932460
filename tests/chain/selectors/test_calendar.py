"""Working days: against a wall calendar, day after day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import Town
from tifa.chain.choices import DayCount, GapKind
from tifa.chain.models import Holiday, ServiceLevel
from tifa.chain.selectors.calendar import ServiceLevels, WorkCalendar
from tifa.organisation.selectors import unit_tree

FRIDAY = date(2026, 8, 14)
MONDAY = date(2026, 8, 17)
DAYS = st.dates(date(2025, 12, 1), date(2026, 12, 31))


def slowly(since: date, days: int, off: frozenset[int], holidays: frozenset[date]) -> date:
    day = since
    while days:
        day += timedelta(days=1)
        days -= day.isoweekday() not in off and day not in holidays
    return day


@pytest.mark.parametrize(
    ("days", "holidays", "expected"),
    [
        (0, (), FRIDAY),
        (1, (), MONDAY),
        (1, (MONDAY,), date(2026, 8, 18)),
        (5, (), date(2026, 8, 21)),
        (5, (MONDAY,), date(2026, 8, 24)),
        (5, (date(2026, 8, 16),), date(2026, 8, 21)),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(
    days: int, holidays: tuple[date, ...], expected: date
) -> None:
    calendar = WorkCalendar(days_off={6, 7}, holidays=holidays)

    assert calendar.after(FRIDAY, days) == expected


@given(
    since=DAYS,
    days=st.integers(0, 90),
    off=st.frozensets(st.integers(1, 7), max_size=6),
    holidays=st.frozensets(DAYS, max_size=25),
)
def test_counting_in_weeks_gives_the_same_as_counting_days(
    since: date, days: int, off: frozenset[int], holidays: frozenset[date]
) -> None:
    calendar = WorkCalendar(days_off=off, holidays=holidays)

    assert calendar.after(since, days) == slowly(since, days, off, holidays)


def test_level_counts_as_it_says(town: Town) -> None:
    Holiday.objects.create(day=MONDAY, name="Hari Kemerdekaan")
    ServiceLevel.objects.create(unit=town.city, kind=GapKind.RETURNED, days=5, counting=DayCount.WORKING)
    ServiceLevel.objects.create(unit=town.distrik, kind=GapKind.RETURNED, days=5)
    levels = ServiceLevels(unit_tree())

    assert levels.due(GapKind.RETURNED, town.puskesmas.pk, FRIDAY) == date(2026, 8, 24)
    assert levels.due(GapKind.RETURNED, town.kampung.pk, FRIDAY) == date(2026, 8, 19)
    assert levels.due(GapKind.UNDECIDED, town.puskesmas.pk, FRIDAY) is None
