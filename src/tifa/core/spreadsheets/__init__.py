"""Excel and CSV in and out; whatever comes in is measured before it is opened."""

from tifa.core.spreadsheets.cells import ColumnSpec
from tifa.core.spreadsheets.guard import CheckedWorkbook, check_file
from tifa.core.spreadsheets.measuring import Limits, UnreadableWorkbook
from tifa.core.spreadsheets.reading import (
    CellError,
    Row,
    SheetSpec,
    WorkbookReading,
    read_workbook,
)
from tifa.core.spreadsheets.writing import (
    SheetOut,
    clean_text,
    stream_csv,
    write_workbook,
)

__all__ = [
    "CellError",
    "CheckedWorkbook",
    "ColumnSpec",
    "Limits",
    "Row",
    "SheetOut",
    "SheetSpec",
    "UnreadableWorkbook",
    "WorkbookReading",
    "check_file",
    "clean_text",
    "read_workbook",
    "stream_csv",
    "write_workbook",
]
