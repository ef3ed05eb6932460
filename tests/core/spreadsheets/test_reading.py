"""Sheets are read by their headers; each cell that does not fit is named."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

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


def test_error_cell_is_named_like_any_other_misfit(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xlsx", ["kode", "nama", "nilai"], ["1", "#REF!", "#N/A"], ["#REF!", None, None]
    )

    reading = read_workbook(path, [UNIT])

    assert [(error.row, error.column, error.found) for error in reading.errors] == [
        (2, "nama", "#REF!"),
        (2, "nilai", "#N/A"),
        (3, "kode", "#REF!"),
        (3, "nama", ""),
    ]


def test_columns_may_begin_further_right(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [None, "kode", "nama"], [None, "1", "Dinas"], [None, "2", "#REF!"])

    reading = read_workbook(path, [UNIT])

    assert dict(reading.rows["Unit"][0].values) == {"kode": "1", "nama": "Dinas"}
    assert [(error.row, error.column) for error in reading.errors] == [(3, "nama")]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("kode", 9171.0, "9171"),
        ("kode", 0.00001, "0.00001"),
        ("kode", 1.5e17, "150000000000000000"),
        ("kode", datetime(2026, 11, 24), "2026-11-24"),
        ("sejak", "03-04-2026", date(2026, 4, 3)),
        ("sejak", "3.4.2026", date(2026, 4, 3)),
        ("sejak", "2026-04-03T00:00:00", date(2026, 4, 3)),
        ("sejak", "2026-04-03 07:30", None),
        ("sejak", "04/13/2026", None),
        ("sejak", 46_000, None),
        ("nilai", "1E+3", Decimal(1000)),
        ("nilai", "100", Decimal(100)),
        ("nilai", "1_000", None),
        ("nilai", "1.234,5", None),
        ("nilai", "1e999999999", None),
        ("nilai", "NaN", None),
        ("nilai", "٣", None),
    ],
)
def test_cell_is_read_as_its_column_expects(
    tmp_path: Path, column: str, cell: object, expected: object
) -> None:
    values: dict[str, object] = {"kode": "1", "nama": "Dinas", column: cell}
    path = write(tmp_path / "a.xlsx", list(values), list(values.values()))

    reading = read_workbook(path, [UNIT])

    value = reading.rows["Unit"][0].values[column]
    assert value == expected
    assert str(value) == str(expected)
    assert reading.error_count == (expected is None)


def test_date_of_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].title = "Unit"
    book.worksheets[0].append(["kode", "nama", "sejak"])
    book.worksheets[0].append(["1", "Dinas", datetime(2026, 11, 24)])
    book.save(tmp_path / "a.xlsx")

    reading = read_workbook(tmp_path / "a.xlsx", [UNIT])

    assert reading.rows["Unit"][0].day("sejak") == date(2026, 11, 24)


def test_found_number_is_shown_as_it_stands_in_excel(tmp_path: Path) -> None:
    reading = read_workbook(
        write(tmp_path / "a.xlsx", ["kode", "nama", "jenis"], ["1", "Dinas", 7.0]), [UNIT]
    )

    assert reading.errors[0].found == "7"


def test_numbers_in_a_text_column_make_one_remark(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ["kode", "nama"], *([91.7 + number, "Dinas"] for number in range(300)))

    reading = read_workbook(path, [UNIT])

    [notice] = reading.notices
    assert "300 numbers" in notice
    assert "“91.7”" in notice


def test_missing_sheet_is_a_remark(tmp_path: Path) -> None:
    reading = read_workbook(
        write(tmp_path / "a.xlsx", ["kode", "nama"], ["1", "Dinas"]), [UNIT, SheetSpec("Nilai", ())]
    )

    assert reading.error_count == 0
    assert reading.notices == ["The workbook has no sheet Nilai."]


def test_long_and_many_headers_make_few_short_remarks(tmp_path: Path) -> None:
    headers = [f"{number} " + "x" * 500 for number in range(2_000)]

    reading = read_workbook(write(tmp_path / "a.xlsx", ["kode", "nama", *headers], ["1", "Dinas"]), [UNIT])

    assert len(reading.notices) == 200
    assert max(len(notice) for notice in reading.notices) < 150


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ["kode", "nama"], *(["1", "Dinas"] for _ in range(2500)))
    steps: list[tuple[int, int]] = []

    read_workbook(path, [UNIT], progress=lambda done, total: steps.append((done, total)))

    assert steps == [(2000, 2501), (2501, 2501)]
