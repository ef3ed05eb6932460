"""The numbers of outgoing letters: which was used last, and which would follow."""

import re
from datetime import date

from tifa.chain.models import HandOff

# The running number stands between separators or at an end: 000.8.3.4/017/ORG/2026. A year is none.
RUNNING = re.compile(r"(?<![\d.])(\d{1,4})(?![\d.])")


def last_letter_number(today: date) -> str:
    """Return the letter number that was recorded last this year, empty when there is none."""
    rows = HandOff.objects.exclude(letter_number="").filter(on__year=today.year)
    return rows.order_by("-on", "-pk").values_list("letter_number", flat=True).first() or ""


def following(number: str, year: int) -> str:
    """Return a letter number with its running part raised by one; empty when it has no such part.

    The running part is the first whole number between separators that is not the ``year``; its zeros in front stay.
    """
    for found in RUNNING.finditer(number):
        if found[1] != str(year):
            raised = str(int(found[1]) + 1).zfill(len(found[1]))
            return number[: found.start(1)] + raised + number[found.end(1) :]
    return ""
