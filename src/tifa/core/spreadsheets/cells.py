"""Turns one cell into the text, date or number that its column expects, or says what was expected."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _

Kind = Literal["text", "date", "decimal"]
Value = str | date | Decimal | None

CLIPPED = 60
SAFE_DIGITS = 10**15
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
# Exponents are short, for a whole number is written out in full.
NUMBER = re.compile(r"[+-]?\d{1,60}(?:[.,]\d{1,60})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class ColumnSpec:
    """A column: its exact header, what its cells hold, and which values are accepted."""

    header: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    max_length: int | None = None


@dataclass(frozen=True)
class ErrorCell:
    """A cell in which Excel shows an error, such as #REF!."""

    text: str

    def __str__(self) -> str:
        return self.text


class Misfit(ValueError):
    """A cell does not hold what its column expects; the message is what was expected."""


def parsed(spec: ColumnSpec, cell: Any) -> Value:
    """Return what a cell means in its column; None when it is empty."""
    if isinstance(cell, str):
        cell = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    if cell is None or cell == "":
        if spec.required:
            raise Misfit(_("a value; this column may not be empty"))
        return None
    if isinstance(cell, bool | ErrorCell):
        raise Misfit(_EXPECTED[spec.kind]())
    return _PARSERS[spec.kind](spec, cell)


def is_empty(cell: Any) -> bool:
    """Return whether a cell holds nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def may_have_lost_digits(cell: Any) -> bool:
    """Return whether a code that stands as a number may have been longer: 91.70, or one of 18 digits."""
    return isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= SAFE_DIGITS)


def shown(cell: Any) -> str:
    """Return a cell as its writer knows it, cut short."""
    if cell is None:
        return ""
    return clipped(_number_text(cell) if _is_number(cell) else str(cell))


def clipped(text: str, limit: int = CLIPPED) -> str:
    """Return a text that is not longer than the limit."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _text(spec: ColumnSpec, cell: Any) -> str:
    if _is_number(cell):
        text = _number_text(cell)
    elif isinstance(cell, datetime) and cell.time() == time():
        text = cell.date().isoformat()
    else:
        text = str(cell)
    if UNPRINTABLE.search(text):
        raise Misfit(_("text without control characters"))
    if spec.max_length and len(text) > spec.max_length:
        raise Misfit(
            _("at most %(limit)d characters, found %(count)d")
            % {"limit": spec.max_length, "count": len(text)}
        )
    return _choice(spec, text) if spec.choices else text


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _number_text(cell: float) -> str:
    text = format(Decimal(repr(cell)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _choice(spec: ColumnSpec, text: str) -> str:
    folded = " ".join(text.casefold().split())
    if folded not in spec.choices:
        raise Misfit(_("one of: %s") % ", ".join(spec.choices))
    return folded


def _date(_spec: ColumnSpec, cell: Any) -> date:
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell
    if isinstance(cell, str):
        year_first, day_first = YEAR_FIRST.fullmatch(cell), DAY_FIRST.fullmatch(cell)
        parts = year_first.groups() if year_first else day_first.groups()[::-1] if day_first else None
        if parts:
            try:
                return date(*(int(part) for part in parts))
            except ValueError:
                pass
    raise Misfit(_EXPECTED["date"]())


def _decimal(_spec: ColumnSpec, cell: Any) -> Decimal:
    text = cell if isinstance(cell, str) else repr(cell)
    if not NUMBER.fullmatch(text):
        raise Misfit(_EXPECTED["decimal"]())
    number = Decimal(text.replace(",", "."))
    return Decimal(int(number)) if number == number.to_integral_value() else number


_PARSERS: Mapping[Kind, Callable[[ColumnSpec, Any], Value]] = {
    "text": _text,
    "date": _date,
    "decimal": _decimal,
}
_EXPECTED: Mapping[Kind, Callable[[], str]] = {
    "text": lambda: _("text"),
    "date": lambda: _("a date such as 2026-11-24 or 24/11/2026"),
    "decimal": lambda: _("a number such as 82 or 82,5"),
}
