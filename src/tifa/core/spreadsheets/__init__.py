"""Excel and CSV in and out; whatever comes in is measured before it is opened."""

from tifa.core.spreadsheets.guard import Limits, UnreadableWorkbook, check_file
from tifa.core.spreadsheets.reading import (
    CellError,
    ColumnSpec,
    Row,
    SheetSpec,
    WorkbookReading,
    read_workbook,
)
from tifa.core.spreadsheets.writing import SheetOut, stream_csv, write_workbook

__all__ = [
    "CellError",
    "ColumnSpec",
    "Limits",
    "Row",
    "SheetOut",
    "SheetSpec",
    "UnreadableWorkbook",
    "WorkbookReading",
    "check_file",
    "read_workbook",
    "stream_csv",
    "write_workbook",
]
