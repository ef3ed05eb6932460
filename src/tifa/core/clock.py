"""The city's calendar day, which views take once and hand down, and counting in months."""

import calendar
from datetime import date

from django.utils import timezone


def today() -> date:
    """Return the day in the city's own time zone."""
    return timezone.localdate()


def months_after(day: date, months: int) -> date:
    """Return the same day some months later; the last day of a month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
