"""The city's calendar day; views take it once and hand it down."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """Return the day in the city's own time zone."""
    return timezone.localdate()
