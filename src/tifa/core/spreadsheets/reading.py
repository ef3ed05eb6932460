"""Reads the sheets of a workbook by their headers, and says of every cell that does not fit what was expected."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, WorksheetNotFound

from tifa.core.spreadsheets.cells import (
    ColumnSpec,
    ErrorCell,
    Misfit,
    Value,
    clipped,
    is_empty,
    may_have_lost_digits,
    parsed,
    shown,
)
from tifa.core.spreadsheets.guard import check_file
from tifa.core.spreadsheets.measuring import Limits, UnreadableWorkbook

Progress = Callable[[int, int], None]

MOST_ERRORS = 1000
MOST_NOTICES = 200
PROGRESS_EVERY = 2000


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

    def remark(self, notice: str) -> None:
        """Add a remark; a workbook with thousands of unknown sheets and columns gets the first of them."""
        if len(self.notices) < MOST_NOTICES:
            self.notices.append(notice)

    def refuse(self, error: CellError) -> None:
        """Add an error; after the first thousand only the count grows."""
        self.error_count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)


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
    checked = check_file(path, limits)
    known = {sheet.name: sheet for sheet in sheets}
    if not known.keys() & checked.rows.keys():
        raise UnreadableWorkbook(
            _("The workbook has the sheets %(found)s; expected at least one of %(expected)s.")
            % {"found": clipped(", ".join(checked.rows) or "–", 300), "expected": ", ".join(known)}
        )
    reading = WorkbookReading()
    for name in checked.rows:
        if name not in known:
            reading.remark(_("Sheet %(sheet)s is not known and was left out.") % {"sheet": clipped(name)})
    counter = _Counter(sum(rows for name, rows in checked.rows.items() if name in known), progress)
    try:
        workbook = CalamineWorkbook.from_filelike(checked.copy)
        for sheet in sheets:
            if sheet.name not in checked.rows:
                reading.remark(_("The workbook has no sheet %(sheet)s.") % {"sheet": sheet.name})
                continue
            grid = workbook.get_sheet_by_name(sheet.name)
            reader = _SheetReader(sheet, checked.error_cells[sheet.name], reading, counter)
            reading.rows[sheet.name] = reader.rows(grid)
    except (CalamineError, WorksheetNotFound, ValueError) as error:
        raise UnreadableWorkbook(
            _(
                "The workbook cannot be opened (%(reason)s). Open it in Excel, save it again, and send it again."
            )
            % {"reason": clipped(str(error), 200)}
        ) from error
    counter.finish()
    return reading


class _Counter:
    """Tells how far the reading is, now and then, and at the end."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def step(self) -> None:
        self._done += 1
        if self._progress and self._done % PROGRESS_EVERY == 0:
            self._progress(self._done, self._total)

    def finish(self) -> None:
        if self._progress:
            self._progress(self._total, self._total)


@dataclass
class _Lossy:
    """Numbers of one text column that may have lost digits: how many, and the first."""

    row: int
    value: str
    count: int = 0


class _SheetReader:
    """Reads one sheet, row by row."""

    def __init__(
        self,
        sheet: SheetSpec,
        error_cells: Mapping[tuple[int, int], str],
        reading: WorkbookReading,
        counter: _Counter,
    ) -> None:
        self._sheet, self._reading, self._counter = sheet, reading, counter
        self._errors: dict[int, dict[int, str]] = {}
        for (row, column), text in error_cells.items():
            self._errors.setdefault(row, {})[column] = text
        self._lossy: dict[str, _Lossy] = {}

    def rows(self, grid: CalamineSheet) -> list[Row]:
        # Rows come from the first one on, but columns only from the first that is used.
        first = grid.start[1] + 1 if grid.start else 1
        cells_by_row: Iterator[tuple[int, list[Any]]] = enumerate(grid.iter_rows(), start=1)
        header = next(cells_by_row, None)
        if header is None:
            self._reading.remark(_("Sheet %(sheet)s is empty.") % {"sheet": self._sheet.name})
            return []
        places = self._columns([str(cell).strip() for cell in header[1]])
        rows = []
        for number, cells in cells_by_row:
            self._counter.step()
            for column, text in self._errors.get(number, {}).items():
                # The reader gives an error as an empty cell, so it would be lost without a word.
                cells[column - first] = ErrorCell(text)
            if not all(is_empty(cell) for cell in cells):
                rows.append(
                    Row(number, {spec.header: self._value(number, spec, cells[at]) for spec, at in places})
                )
        self._remark_lossy()
        return rows

    def _columns(self, headers: list[str]) -> list[tuple[ColumnSpec, int]]:
        name, known = self._sheet.name, {spec.header for spec in self._sheet.columns}
        for header, count in Counter(headers).items():
            if not header:
                continue
            if count > 1:
                shown = clipped(header)
                self._reading.refuse(CellError(name, 1, shown, shown, _("each header once")))
            if header not in known:
                self._reading.remark(
                    _("Sheet %(sheet)s: the column “%(column)s” is not known and was left out.")
                    % {"sheet": name, "column": clipped(header)}
                )
        for spec in self._sheet.columns:
            if spec.required and spec.header not in headers:
                expected = _("a column with the header “%s”") % spec.header
                self._reading.refuse(CellError(name, 1, spec.header, "", expected))
        return [(spec, headers.index(spec.header)) for spec in self._sheet.columns if spec.header in headers]

    def _value(self, row: int, spec: ColumnSpec, cell: Any) -> Value:
        try:
            value = parsed(spec, cell)
        except Misfit as misfit:
            self._reading.refuse(CellError(self._sheet.name, row, spec.header, shown(cell), str(misfit)))
            return None
        if spec.kind == "text" and may_have_lost_digits(cell):
            self._lossy.setdefault(spec.header, _Lossy(row, str(value))).count += 1
        return value

    def _remark_lossy(self) -> None:
        for header, lossy in self._lossy.items():
            self._reading.remark(
                _(
                    "Sheet %(sheet)s, column %(column)s: %(count)d numbers were read as text, the first in row %(row)d as “%(value)s”; digits at their end may be lost. Format the column as text and write them again."
                )
                % {
                    "sheet": self._sheet.name,
                    "column": header,
                    "count": lossy.count,
                    "row": lossy.row,
                    "value": lossy.value,
                }
            )
