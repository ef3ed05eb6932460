"""Writes Excel and CSV; text that a spreadsheet would take for a formula stays text."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST_TEXT = 32_767
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
DIGITS = 15
FIRST_UNSAFE = 10**15
# Before this day Excel counts a 29 February 1900 that never was.
FIRST_DAY = date(1900, 3, 1)
USUAL_WIDTH = 18
MADE_ON = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
CSV_PIECE = 64 * 1024


@dataclass(frozen=True)
class SheetOut:
    """A sheet to be written: its name, its headers, its rows as they come.

    ``widths`` are those of its first columns; ``decimals`` says with how many places the numbers of a column are
    shown, by its position.
    """

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[float] = ()
    decimals: Mapping[int, int] = field(default_factory=dict)


def clean_text(text: str) -> str:
    """Return a text that a workbook gives back as it was: stripped, its line ends unified.

    Raises
    ------
    ValueError
        When it holds a character that no workbook can hold.
    """
    found = UNWRITABLE.search(text := text.replace("\r\n", "\n").replace("\r", "\n").strip())
    if found is not None:
        raise ValueError(
            _(
                "The text holds a character that cannot be printed (number %(code)d, at place %(place)d). Delete it."
            )
            % {"code": ord(found[0]), "place": found.start() + 1}
        )
    return text


def write_workbook(target: BinaryIO | Path, sheets: Iterable[SheetOut]) -> None:
    """Write sheets row by row, with bounded memory; the same content gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415  # 10 MB that a worker without a workbook to write does not need

    workbook = xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    # The time of writing would make two exports of the same data differ.
    workbook.set_properties({"created": MADE_ON})
    formats = {
        "head": workbook.add_format({"bold": True, "bg_color": "#EAF2F2", "bottom": 1}),
        "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "quoted": workbook.add_format({"quote_prefix": True}),
    }
    for sheet in sheets:
        _write_sheet(workbook, sheet, formats)
    workbook.close()


def stream_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a CSV in pieces, with the mark by which Excel knows UTF-8.

    A text that begins like a formula gets an apostrophe before it; numbers stay numbers.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([_csv_cell(header) for header in headers])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if buffer.tell() > CSV_PIECE:
            yield _taken(buffer)
    yield _taken(buffer)


def _write_sheet(workbook: Any, sheet: SheetOut, formats: dict[str, Any]) -> None:
    page = workbook.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    last = max(len(sheet.headers) - 1, 0)
    page.set_column(0, last, USUAL_WIDTH)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    numbers = {
        column: workbook.add_format({"num_format": f"0.{'0' * places}" if places else "0"})
        for column, places in sheet.decimals.items()
    }
    for column, header in enumerate(sheet.headers):
        page.write_string(0, column, header, formats["head"])
    number = 0
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell, formats, numbers.get(column))
    page.autofilter(0, 0, number, last)


def _write_cell(
    page: Any, row: int, column: int, cell: Any, formats: dict[str, Any], number: Any | None
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime) and cell.date() >= FIRST_DAY:
        page.write_datetime(row, column, _local(cell), formats["moment"])
    elif isinstance(cell, date) and not isinstance(cell, datetime) and cell >= FIRST_DAY:
        page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats["date"])  # noqa: DTZ001  # a day
    elif isinstance(cell, float) or _fits_a_number(cell):
        page.write_number(row, column, float(cell), number)
    else:
        text = _writable(cell)
        page.write_string(row, column, text, formats["quoted"] if text.startswith(FORMULA_STARTS) else None)


def _fits_a_number(cell: object) -> bool:
    """Return whether a number comes back digit by digit; a cell keeps fifteen of them."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return abs(cell) < FIRST_UNSAFE
    if not isinstance(cell, Decimal) or not cell.is_finite():
        return False
    return Decimal(f"{float(cell):.{DIGITS}G}") == cell


def _writable(cell: object) -> str:
    if isinstance(cell, date):
        cell = cell.isoformat()
    if isinstance(cell, bool) or not isinstance(cell, str | Promise | Decimal | int):
        raise TypeError(f"A cell cannot hold {type(cell).__name__}.")
    text = UNWRITABLE.sub("\ufffd", str(cell).replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST_TEXT:
        raise ValueError(
            _(
                "A text of %(count)d characters does not fit into a cell; Excel takes %(limit)d. Shorten it, then export again."
            )
            % {"count": len(text), "limit": LONGEST_TEXT}
        )
    return text


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None) if timezone.is_aware(moment) else moment


def _csv_cell(cell: Any) -> Any:
    # Nearly every cell is plain text or nothing, and an export has hundreds of thousands of them.
    if type(cell) is str:
        return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return _local(cell).isoformat(sep=" ", timespec="minutes")
    return _csv_cell(str(cell)) if isinstance(cell, str | Promise) else cell


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
