"""Measures one XML part of a workbook while it streams by: rows, cells, reach, and lengths of texts."""

import re
from array import array
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
DEEPEST = 100
MOST_NAMES = 5_000
MOST_ERROR_CELLS = 1_000
ELEMENTS_A_CELL = 8
LONGEST_INDEX = 9


class UnreadableWorkbook(ValueError):
    """A file is not read at all; the message says what was found and how to mend it."""


@dataclass(frozen=True)
class Limits:
    """How much of a workbook is read: bytes, rows of a sheet, cells and text of all sheets together."""

    file_bytes: int = 20 * 2**20
    inflated_bytes: int = 400 * 2**20
    members: int = 1000
    rows: int = 150_000
    cells: int = 2_000_000
    text_bytes: int = 200_000
    all_text_bytes: int = 128 * 2**20


@dataclass
class Totals:
    """What was seen of the workbook so far."""

    cells: int = 0
    reach: int = 0
    text_bytes: int = 0
    elements: int = 0
    strings: "array[int]" = field(default_factory=lambda: array("I"))


class Meter:
    """Takes a part piece by piece and refuses it as soon as it goes too far.

    The reader lays a sheet out densely from A1 to its farthest cell, and copies a shared text into each cell that
    refers to it. Both are counted as the reader counts them, by a parser that is stricter than the reader's.
    """

    def __init__(self, sheet: str, limits: Limits, totals: Totals) -> None:
        self.error_cells: dict[tuple[int, int], str] = {}
        self.last_row = 0
        self._sheet, self._limits, self._totals = sheet, limits, totals
        self._names: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._fed = self._depth = self._rows = self._last_column = 0
        self._in_data = False
        self._row = self._column = 1
        self._place = (1, 1)
        self._kind = self._value = ""
        self._text_from: int | None = None
        self._parser = self._new_parser()

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("UTF-8", None, self._names)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        return parser

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        # In UTF-16, which the parser would take, the reader sees other tags than the parser does.
        if b"\0" in piece:
            raise damaged()
        self._fed += len(piece)
        self._parse(piece)
        waiting = self._fed - self._parser.CurrentByteIndex
        text = self._fed - self._text_from if self._text_from is not None else 0
        if max(waiting, text) > self._limits.text_bytes + len(piece):
            raise self._too_long()
        # An unclosed element and a new name cost the parser memory, and no workbook has many of them.
        if self._depth > DEEPEST or len(self._names) > MOST_NAMES:
            raise damaged()
        if self._totals.elements > self._limits.cells * ELEMENTS_A_CELL:
            raise self._too_far()

    def finish(self) -> None:
        """Say that the part is complete."""
        self._parse(b"", last=True)
        self._totals.reach += self.last_row * self._last_column

    def _parse(self, piece: bytes, *, last: bool = False) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise damaged() from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._totals.elements += 1
        local = name if ":" not in name else name.rpartition(":")[2]
        if local == "c":
            if self._in_data:
                self._start_cell(attributes)
        elif local == "v":
            if self._kind in {"s", "e"}:
                self._value = ""
                self._parser.CharacterDataHandler = self._take
        elif local == "row":
            if self._in_data:
                self._start_row(attributes)
        elif local == "f":
            self._refuse_formula()
        elif local == "si":
            self._text_from = self._parser.CurrentByteIndex
        elif local == "sheetData":
            self._in_data = True

    def _end(self, name: str) -> None:
        self._depth -= 1
        local = name if ":" not in name else name.rpartition(":")[2]
        if local == "c":
            self._end_cell()
        elif local == "v":
            if self._kind in {"s", "e"}:
                self._end_value()
        elif local == "row":
            self._row, self._column = self._row + 1, 1
        elif local == "si":
            self._end_string()
        elif local == "sheetData":
            self._in_data = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        if number is not None:
            if not number.isdecimal():
                raise damaged()
            self._row = int(number[:9])
        self._rows += 1
        self._reach(max(self._row, self._rows), 0)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        row = self._row
        if reference is not None:
            place = PLACE.fullmatch(reference)
            if place is None:
                raise damaged()
            row, self._column = int(place[2]), self._column_number(place[1])
        self._place = (row, self._column)
        self._reach(row, self._column)
        self._column += 1
        self._kind = attributes.get("t", "n")
        self._text_from = self._parser.CurrentByteIndex
        self._totals.cells += 1
        if self._totals.cells > self._limits.cells:
            raise self._too_far()

    def _end_cell(self) -> None:
        length = self._measured_text()
        if self._kind in {"inlineStr", "str"}:
            self._add_text(length)
        self._kind = ""

    def _end_string(self) -> None:
        self._totals.strings.append(self._measured_text())
        if len(self._totals.strings) > self._limits.cells:
            raise self._too_far()

    def _measured_text(self) -> int:
        length = self._parser.CurrentByteIndex - (self._text_from or 0)
        self._text_from = None
        if length > self._limits.text_bytes:
            raise self._too_long()
        return length

    def _take(self, text: str) -> None:
        self._value += text

    def _end_value(self) -> None:
        self._parser.CharacterDataHandler = None
        if self._kind == "e":
            self.error_cells[self._place] = self._value
            if len(self.error_cells) > MOST_ERROR_CELLS:
                raise UnreadableWorkbook(
                    _(
                        "Sheet %(sheet)s, cell %(cell)s holds an Excel error such as #REF!. Correct it, then send it again."
                    )
                    % {"sheet": self._sheet, "cell": cell_name(*self._place)}
                )
            return
        if not (self._value.isascii() and self._value.isdigit() and len(self._value) <= LONGEST_INDEX):
            raise damaged()
        if int(self._value) >= len(self._totals.strings):
            raise damaged()
        self._add_text(self._totals.strings[int(self._value)])

    def _add_text(self, length: int) -> None:
        self._totals.text_bytes += length
        if self._totals.text_bytes > self._limits.all_text_bytes:
            raise UnreadableWorkbook(
                _(
                    "The texts of the workbook together have more than %(limit)d MB. Split it into several workbooks."
                )
                % {"limit": self._limits.all_text_bytes // 2**20}
            )

    def _reach(self, row: int, column: int) -> None:
        if row <= self.last_row and column <= self._last_column:
            return
        self.last_row, self._last_column = max(self.last_row, row), max(self._last_column, column)
        if self.last_row > self._limits.rows:
            raise UnreadableWorkbook(
                _(
                    "Sheet %(sheet)s goes down to row %(row)d; at most %(limit)d rows are read. Delete the empty rows below, or split it."
                )
                % {"sheet": self._sheet, "row": self.last_row, "limit": self._limits.rows}
            )
        if self._totals.reach + self.last_row * self._last_column > self._limits.cells:
            raise self._too_far()

    def _column_number(self, letters: str) -> int:
        number = self._columns.get(letters)
        if number is None:
            number = 0
            for letter in letters.upper():
                number = number * 26 + ord(letter) - 64
            self._columns[letters] = number
        return number

    def _refuse_formula(self) -> None:
        # Drop-down lists and colouring rules outside of cells have an element of the same name.
        if self._in_data and self._text_from is not None:
            raise UnreadableWorkbook(
                _(
                    "Sheet %(sheet)s, cell %(cell)s holds a formula. Copy the sheet and paste it as values, then send it again."
                )
                % {"sheet": self._sheet, "cell": cell_name(*self._place)}
            )

    def _doctype(self, *_declared: Any) -> None:
        raise UnreadableWorkbook(
            _("The workbook declares entities of its own, which Excel never does. It is not read.")
        )

    def _too_far(self) -> UnreadableWorkbook:
        return UnreadableWorkbook(
            _(
                "Sheet %(sheet)s reaches from A1 to a far cell and would fill the memory. Delete the empty columns and rows."
            )
            % {"sheet": self._sheet}
        )

    def _too_long(self) -> UnreadableWorkbook:
        return UnreadableWorkbook(
            _("One cell holds more than %(limit)d characters, more than Excel allows. Shorten it.")
            % {"limit": 32767}
        )


def damaged() -> UnreadableWorkbook:
    """Return the refusal of a file that no spreadsheet program would write."""
    return UnreadableWorkbook(
        _("The file is damaged or was cut short. Open it in Excel, save it again, and send it again.")
    )


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, such as B2."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
