"""Sheets are read by their headers; each cell that does not fit is named."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tifa.core.spreadsheets import ColumnSpec, SheetSpec, UnreadableWorkbook, read_workbook

UNIT = SheetSpec(
    "Unit",
    (
        ColumnSpec("kode", required=True),
        ColumnSpec("nama", required=True, max_length=10),
        ColumnSpec("jenis", choices=("opd", "uji coba")),
        ColumnSpec("sejak", "date"),
        ColumnSpec("nilai", "decimal"),
    ),
)


def write(path: Path, *rows: list[Any], name: str = "Unit", extra: str = "") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    if extra:
        book.create_sheet(extra)
    book.save(path)
    return path


def test_columns_stand_in_any_order(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xlsx",
        ["nilai", "sejak", "jenis", "nama", "kode"],
        [82.5, datetime(2026, 11, 24), " OPD ", " Dinas ", "91.71"],
        [None, None, None, None, None],
        ["82,5", "24/11/2026", "Uji  Coba", "Badan", 9171],
    )

    reading = read_workbook(path, [UNIT])

    assert reading.error_count == 0
    assert [dict(row.values) for row in reading.rows["Unit"]] == [
        {
            "kode": "91.71",
            "nama": "Dinas",
            "jenis": "opd",
            "sejak": date(2026, 11, 24),
            "nilai": Decimal("82.5"),
        },
        {
            "kode": "9171",
            "nama": "Badan",
            "jenis": "uji coba",
            "sejak": date(2026, 11, 24),
            "nilai": Decimal("82.5"),
        },
    ]
    assert [row.number for row in reading.rows["Unit"]] == [2, 4]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("kode", None, "may not be empty"),
        ("nama", "x" * 11, "at most 10 characters"),
        ("nama", True, "text"),
        ("jenis", "dinas", "one of: opd, uji coba"),
        ("sejak", "kemarin", "a date such as"),
        ("sejak", "2026-02-30", "a date such as"),
        ("sejak", datetime(2026, 1, 1, 7, 30), "a date such as"),
        ("nilai", "delapan", "a number such as"),
        ("nilai", True, "a number such as"),
    ],
)
def test_misfit_names_sheet_row_column_found_and_expected(
    tmp_path: Path, column: str, cell: object, expected: str
) -> None:
    values: dict[str, object] = {"kode": "1", "nama": "Dinas", "jenis": None, "sejak": None, "nilai": None}
    values[column] = cell
    path = write(tmp_path / "a.xlsx", list(values), list(values.values()))

    reading = read_workbook(path, [UNIT])

    [error] = reading.errors
    assert (error.sheet, error.row, error.column) == ("Unit", 2, column)
    assert expected in error.expected
    assert error.message.startswith("Sheet Unit, row 2") or "Unit" in error.message


def test_missing_and_double_headers_are_errors(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ["nama", "nama"], ["Dinas", "Dinas"])

    reading = read_workbook(path, [UNIT])

    assert {error.column for error in reading.errors} == {"kode", "nama"}


def test_extra_columns_and_sheets_are_reported_and_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ["kode", "nama", "telepon"], ["1", "Dinas", "0"], extra="Catatan")

    reading = read_workbook(path, [UNIT])

    assert reading.error_count == 0
    assert len(reading.notices) == 2


def test_code_that_excel_took_for_a_number_is_remarked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ["kode", "nama"], [91.7, "Dinas"])

    reading = read_workbook(path, [UNIT])

    assert reading.rows["Unit"][0].text("kode") == "91.7"
    assert len(reading.notices) == 1


def test_workbook_without_a_known_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableWorkbook, match="Lembar1"):
        read_workbook(write(tmp_path / "a.xlsx", ["kode"], name="Lembar1"), [UNIT])


def test_only_the_count_of_errors_grows_without_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ["kode", "nama"], *([None, "Dinas"] for _ in range(1500)))

    reading = read_workbook(path, [UNIT])

    assert (reading.error_count, len(reading.errors)) == (1500, 1000)


def test_error_cell_is_refused_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ["kode", "nama"], ["1", "#REF!"])

    with pytest.raises(UnreadableWorkbook, match="B2"):
        read_workbook(path, [UNIT])
