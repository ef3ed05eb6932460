"""Calendars that other programs can read (RFC 5545)."""

from datetime import UTC, date, datetime

from tifa.core.calendars import Day, calendar_of

NOW = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_calendar_is_exactly_this() -> None:
    day = Day(
        "campaign-1-A@tifa.example.org", date(2026, 11, 30), "Tenggat: A", "Satu, dua; tiga", "https://t.id/"
    )

    assert unfolded(calendar_of([day], name="Tifa", now=NOW)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tifa//Tifa//ID",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Tifa",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "BEGIN:VEVENT",
        "UID:campaign-1-A@tifa.example.org",
        "DTSTAMP:20261124T010203Z",
        "DTSTART;VALUE=DATE:20261130",
        "DTEND;VALUE=DATE:20261201",
        "SUMMARY:Tenggat: A",
        "TRANSP:TRANSPARENT",
        "DESCRIPTION:Satu\\, dua\\; tiga",
        "URL:https://t.id/",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Tenggat: A",
        "TRIGGER:-P1D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_no_line_is_longer_than_75_octets_and_no_character_is_cut() -> None:
    summary = "Ünïversal “kampung” – " * 20
    content = calendar_of([Day("a@b", date(2026, 1, 1), summary)], name="Tifa", now=NOW)

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert f"SUMMARY:{summary}" in unfolded(content)


def test_typed_text_cannot_add_lines() -> None:
    content = calendar_of(
        [Day("a@b", date(2026, 1, 1), "A\r\nBEGIN:VEVENT\nEND\x00\\")], name="Tifa", now=NOW
    )

    assert "SUMMARY:A\\nBEGIN:VEVENT\\nEND\\\\" in unfolded(content)
    assert unfolded(content).count("BEGIN:VEVENT") == 1
