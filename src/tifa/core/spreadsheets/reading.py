"""Reads the sheets of a workbook by their headers, and says of every cell that does not fit what was expected."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from tifa.core.spreadsheets.guard import Limits, UnreadableWorkbook, check_file

Kind = Literal["text", "date", "decimal"]
Value = str | date | Decimal | None
Progress = Callable[[int, int], None]

CLIPPED = 60
MOST_ERRORS = 1000
EXCEL_ERRORS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"}
)
DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
YEAR_FIRST = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
PROGRESS_EVERY = 2000


@dataclass(frozen=True)
class ColumnSpec:
    """A column: its exact header, what its cells hold, and which values are accepted."""

    header: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    max_length: int | None = None


@dataclass(frozen=True)
class SheetSpec:
    """A sheet by its exact name, with its columns in any order."""

    name: str
    columns: tuple[ColumnSpec, ...]


@dataclass(frozen=True)
class CellError:
    """What does not fit: where, what was found, what was expected. Row 0 speaks of the whole sheet."""

    sheet: str
    row: int
    column: str
    found: str
    expected: str

    @property
    def message(self) -> str:
        """Return the sentence for the person who sent the file."""
        place = _("Sheet %(sheet)s") % {"sheet": self.sheet}
        if self.row:
            place = _("Sheet %(sheet)s, row %(row)d, column %(column)s") % {
                "sheet": self.sheet,
                "row": self.row,
                "column": self.column,
            }
        return _("%(place)s: found “%(found)s”; expected %(expected)s.") % {
            "place": place,
            "found": self.found or _("nothing"),
            "expected": self.expected,
        }


@dataclass(frozen=True)
class Row:
    """One row: its number in Excel and its values by header; a missing value is None."""

    number: int
    values: Mapping[str, Value]

    def text(self, header: str) -> str:
        """Return a text, empty when missing."""
        value = self.values.get(header)
        return "" if value is None else str(value)

    def day(self, header: str) -> date | None:
        """Return a date, None when missing."""
        value = self.values.get(header)
        return value if isinstance(value, date) else None


@dataclass
class WorkbookReading:
    """The rows of each sheet, the first errors with their count, and remarks that stop nothing."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    error_count: int = 0
    notices: list[str] = field(default_factory=list)

    def refuse(self, error: CellError) -> None:
        """Add an error; after the first thousand only the count grows."""
        self.error_count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)


class _Misfit(ValueError):
    """A cell does not hold what its column expects."""


def read_workbook(
    path: Path,
    sheets: Sequence[SheetSpec],
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> WorkbookReading:
    """Read the known sheets of a workbook.

    Parameters
    ----------
    path
        The file; it is measured before it is opened.
    sheets
        What is expected. A sheet may be missing, but not all of them.
    limits
        How much is read at most.
    progress
        Called with the rows done and the rows in all.

    Raises
    ------
    UnreadableWorkbook
        When the file as a whole is refused.
    """
    check_file(path, limits)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        grids = {name: _grid(workbook, name) for name in workbook.sheet_names}
    except (CalamineError, WorksheetNotFound, ValueError) as error:
        raise UnreadableWorkbook(
            _(
                "The workbook cannot be opened (%(reason)s). Open it in Excel, save it again, and send it again."
            )
            % {"reason": error}
        ) from error
    known = {sheet.name for sheet in sheets}
    if not known & set(grids):
        raise UnreadableWorkbook(
            _("The workbook has the sheets %(found)s; expected at least one of %(expected)s.")
            % {"found": ", ".join(grids) or "–", "expected": ", ".join(sheet.name for sheet in sheets)}
        )
    reading = WorkbookReading()
    for name in grids:
        if name not in known:
            reading.notices.append(_("Sheet %(sheet)s is not known and was left out.") % {"sheet": name})
    counter = _Counter(sum(len(grids.get(sheet.name, ())) for sheet in sheets), progress)
    for sheet in sheets:
        if sheet.name in grids:
            reading.rows[sheet.name] = _read_sheet(sheet, grids[sheet.name], reading, counter)
    return reading


def _grid(workbook: CalamineWorkbook, name: str) -> list[list[Any]]:
    grid: list[list[Any]] = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return grid


class _Counter:
    """Tells how far the reading is, now and then."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def step(self) -> None:
        self._done += 1
        if self._progress and self._done % PROGRESS_EVERY == 0:
            self._progress(self._done, self._total)


def _read_sheet(
    sheet: SheetSpec, grid: list[list[Any]], reading: WorkbookReading, counter: _Counter
) -> list[Row]:
    if not grid:
        return []
    places = _columns(sheet, [_header(cell) for cell in grid[0]], reading)
    rows = []
    for number, cells in enumerate(grid[1:], start=2):
        counter.step()
        if all(cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in cells):
            continue
        values = {spec.header: _value(sheet, number, spec, cells[place], reading) for spec, place in places}
        rows.append(Row(number, values))
    return rows


def _columns(sheet: SheetSpec, headers: list[str], reading: WorkbookReading) -> list[tuple[ColumnSpec, int]]:
    known = {spec.header for spec in sheet.columns}
    for header in dict.fromkeys(headers):
        if header and headers.count(header) > 1:
            reading.refuse(CellError(sheet.name, 1, header, header, _("each header once")))
        if header and header not in known:
            reading.notices.append(
                _("Sheet %(sheet)s: the column “%(column)s” is not known and was left out.")
                % {"sheet": sheet.name, "column": header[:CLIPPED]}
            )
    for spec in sheet.columns:
        if spec.required and spec.header not in headers:
            reading.refuse(
                CellError(sheet.name, 1, spec.header, "", _("a column with the header “%s”") % spec.header)
            )
    return [(spec, headers.index(spec.header)) for spec in sheet.columns if spec.header in headers]


def _header(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else str(cell) if cell is not None else ""


def _value(sheet: SheetSpec, row: int, spec: ColumnSpec, cell: Any, reading: WorkbookReading) -> Value:
    try:
        value = _parsed(spec, cell)
    except _Misfit as misfit:
        reading.refuse(CellError(sheet.name, row, spec.header, _shown(cell), str(misfit)))
        return None
    if spec.kind == "text" and isinstance(cell, float) and not cell.is_integer():
        reading.notices.append(
            _(
                "Sheet %(sheet)s, row %(row)d, column %(column)s: a number was read as “%(value)s”; zeros at its end may be lost. Format the column as text."
            )
            % {"sheet": sheet.name, "row": row, "column": spec.header, "value": value}
        )
    return value


def _parsed(spec: ColumnSpec, cell: Any) -> Value:
    if isinstance(cell, str):
        cell = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    if cell is None or cell == "":
        if spec.required:
            raise _Misfit(_("a value; this column may not be empty"))
        return None
    if isinstance(cell, bool):
        raise _Misfit(_EXPECTED[spec.kind]())
    return _PARSERS[spec.kind](spec, cell)


def _text(spec: ColumnSpec, cell: Any) -> str:
    if isinstance(cell, float):
        text = str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    elif isinstance(cell, datetime | date):
        text = cell.isoformat()[:10]
    else:
        text = str(cell)
    if UNPRINTABLE.search(text):
        raise _Misfit(_("text without control characters"))
    if spec.max_length and len(text) > spec.max_length:
        raise _Misfit(
            _("at most %(limit)d characters, found %(count)d")
            % {"limit": spec.max_length, "count": len(text)}
        )
    if spec.choices:
        return _choice(spec, text)
    return text


def _choice(spec: ColumnSpec, text: str) -> str:
    folded = " ".join(text.casefold().split())
    if folded not in spec.choices:
        raise _Misfit(_("one of: %s") % ", ".join(spec.choices))
    return folded


def _date(spec: ColumnSpec, cell: Any) -> date:
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date()
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell
    if isinstance(cell, str):
        year_first, day_first = YEAR_FIRST.match(cell), DAY_FIRST.match(cell)
        parts = year_first.groups() if year_first else day_first.groups()[::-1] if day_first else None
        if parts:
            try:
                return date(*(int(part) for part in parts))
            except ValueError:
                pass
    raise _Misfit(_EXPECTED["date"]())


def _decimal(spec: ColumnSpec, cell: Any) -> Decimal:
    try:
        number = Decimal(cell.replace(",", ".") if isinstance(cell, str) else repr(cell))
    except (InvalidOperation, AttributeError):
        raise _Misfit(_EXPECTED["decimal"]()) from None
    if not number.is_finite():
        raise _Misfit(_EXPECTED["decimal"]())
    return number.normalize() if number == number.to_integral() else number


def _shown(cell: Any) -> str:
    text = str(cell) if cell is not None else ""
    return text if len(text) <= CLIPPED else f"{text[: CLIPPED - 1]}…"


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
