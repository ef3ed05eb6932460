"""A published standard as a reader sees it: in one language, each value with how well it is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tifa.instruments import Instrument, instrument_to_json


@dataclass(frozen=True)
class Moment:
    """A deadline in the ministry's time and in the city's own; both None when it is unknown."""

    status: str
    note: str
    at_ministry: datetime | None
    at_home: datetime | None


def standard_text(instrument: Instrument, language: str) -> dict[str, Any]:
    """Return the whole instrument as plain values, labels in one language, numbers and days as text."""
    text: dict[str, Any] = _spoken(instrument_to_json(instrument), language)
    return text


def moment(known: Mapping[str, Any], *, ministry: ZoneInfo, home: ZoneInfo) -> Moment:
    """Return a moment of the calendar of :func:`standard_text` in both time zones."""
    value = datetime.fromisoformat(known["value"]) if known["value"] else None
    return Moment(
        status=known["status"],
        note=known.get("note") or "",
        at_ministry=value.astimezone(ministry) if value else None,
        at_home=value.astimezone(home) if value else None,
    )


def day(value: str | None) -> date | None:
    """Return a day of :func:`standard_text`; unknown stays None."""
    return date.fromisoformat(value) if value else None


def _spoken(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        if value.keys() == {"id", "en"}:
            return value["en" if language == "en" else "id"]
        return {name: _spoken(part, language) for name, part in value.items()}
    if isinstance(value, list):
        return [_spoken(part, language) for part in value]
    return value
