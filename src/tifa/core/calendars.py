"""Writes calendars that other programs subscribe to (RFC 5545)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
CALENDAR_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Day:
    """An event of one whole day; ``uid`` stays the same when its day or its words change."""

    uid: str
    on: date
    summary: str
    description: str = ""
    url: str = ""
    days_before: int = 1


def calendar_of(days: Iterable[Day], *, name: str, now: datetime) -> bytes:
    """Return a calendar of whole days, each with an alarm some days before."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tifa//Tifa//ID",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]
    for day in days:
        lines += _event(day, now.astimezone(UTC))
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """Return text with the signs marked that have a meaning in a calendar."""
    for sign, mark in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\\n"),
        ("\n", "\\n"),
        ("\r", "\\n"),
    ):
        text = text.replace(sign, mark)
    return "".join(letter for letter in text if letter == "\t" or (letter >= " " and letter != "\x7f"))


def folded(line: str) -> bytes:
    """Return a line in pieces of at most 75 octets, none of which cuts a character."""
    pieces = list(_pieces(line))
    return b"\r\n ".join(pieces) + b"\r\n"


def _pieces(line: str) -> Iterator[bytes]:
    piece = b""
    room = LONGEST_LINE
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > room:
            yield piece
            # The blank that marks a continued line counts.
            piece, room = b"", LONGEST_LINE - 1
        piece += octets
    yield piece


def _event(day: Day, now: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{day.uid}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(day.summary)}",
        "TRANSP:TRANSPARENT",
    ]
    if day.description:
        lines.append(f"DESCRIPTION:{escaped(day.description)}")
    if day.url:
        lines.append(f"URL:{day.url}")
    return [
        *lines,
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escaped(day.summary)}",
        f"TRIGGER:-P{day.days_before}D",
        "END:VALARM",
        "END:VEVENT",
    ]
