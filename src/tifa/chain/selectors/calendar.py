"""The working days of the city, and until when a service level lets its holder wait."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings

from tifa.chain.choices import HOLDER_OF, DayCount, GapKind, Holder
from tifa.chain.models import Holiday, ServiceLevel
from tifa.organisation.selectors import UnitTree, ortal_unit

WEEK = 7


class WorkCalendar:
    """Counts working days; holidays are read once, so one object serves many dates."""

    def __init__(self, *, days_off: Collection[int], holidays: Collection[date]) -> None:
        self._days_off = frozenset(days_off)
        self._holidays = frozenset(holidays)
        self._known: dict[tuple[date, int], date] = {}

    def is_working(self, day: date) -> bool:
        """Return whether the offices work on a day."""
        return day.isoweekday() not in self._days_off and day not in self._holidays

    def after(self, since: date, days: int) -> date:
        """Return the working day that is ``days`` working days after ``since``, which does not count itself."""
        key = (since, days)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._count(since, days)
        return found

    def _count(self, since: date, days: int) -> date:
        # Whole weeks at once; what then lies between is at most the holidays of the span.
        weeks, left = divmod(days, WEEK - len(self._days_off))
        day = since + timedelta(days=weeks * WEEK)
        left += sum(
            1
            for holiday in self._holidays
            if since < holiday <= day and holiday.isoweekday() not in self._days_off
        )
        while left or (days and not self.is_working(day)):
            # Landing on a day off steps back to the last working day, never forward: it was counted already.
            if not left:
                day -= timedelta(days=1)
                continue
            day += timedelta(days=1)
            left -= self.is_working(day)
        return day


def work_calendar() -> WorkCalendar:
    """Return the calendar of the city, in one statement."""
    return WorkCalendar(
        days_off=settings.DAYS_OFF, holidays=Holiday.objects.order_by().values_list("day", flat=True)
    )


class ServiceLevels:
    """Finds the service level that holds for whoever must act: the nearest one up the tree.

    One statement for any number of gaps, and one for the holidays when a level counts working days.
    """

    def __init__(self, tree: UnitTree) -> None:
        self._tree = tree
        self._ortal = ortal_unit(tree)
        self._levels = {(level.unit_id, level.kind): level for level in ServiceLevel.objects.order_by()}
        self._nearest: dict[tuple[int, GapKind], ServiceLevel | None] = {}

    @cached_property
    def _calendar(self) -> WorkCalendar:
        return work_calendar()

    def level(self, kind: GapKind, unit_id: int) -> ServiceLevel | None:
        """Return the level that holds for a gap of an innovation of a unit, or nothing when none is set."""
        key = (unit_id, kind)
        if key not in self._nearest:
            acting = unit_id if HOLDER_OF[kind] == Holder.UNIT or self._ortal is None else self._ortal.pk
            above = self._tree.ancestors(acting)
            self._nearest[key] = next(
                (self._levels[unit, kind] for unit in above if (unit, kind) in self._levels), None
            )
        return self._nearest[key]

    def due(self, kind: GapKind, unit_id: int, since: date | None) -> date | None:
        """Return the day until which the holder must act, or None when no level is set."""
        level = self.level(kind, unit_id)
        if since is None or level is None:
            return None
        if level.counting == DayCount.WORKING:
            return self._calendar.after(since, level.days)
        return since + timedelta(days=level.days)
