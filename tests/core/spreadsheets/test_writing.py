"""What is written comes back as it was, and nothing in it becomes a formula."""

import io
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tifa.core.spreadsheets import (
    ColumnSpec,
    SheetOut,
    SheetSpec,
    clean_text,
    read_workbook,
    stream_csv,
    write_workbook,
)

SHEET = SheetSpec("Data", (ColumnSpec("teks"), ColumnSpec("hari", "date"), ColumnSpec("angka", "decimal")))
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40),
    st.text("=+-@'\"<>&_x0415F\n\t ", max_size=20),
).map(clean_text)
DAYS = st.dates()
NUMBERS = st.one_of(
    st.decimals(-10_000, 10_000, places=2),
    st.decimals(-(10**20), 10**20, allow_nan=False, allow_infinity=False),
    st.integers(-(10**30), 10**30).map(Decimal),
).filter(lambda number: len(str(number)) < 60)


def round_trip(rows: list[tuple[object, object, object]]) -> list[tuple[object, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_workbook(path, [SheetOut("Data", ("teks", "hari", "angka"), rows)])
        reading = read_workbook(path, [SHEET])
    assert reading.errors == []
    return [tuple(row.values.values()) for row in reading.rows["Data"]]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TEXTS.filter(bool), DAYS, NUMBERS), max_size=8))
def test_written_rows_are_read_back(rows: list[tuple[str, date, Decimal]]) -> None:
    assert round_trip(rows) == rows  # type: ignore[arg-type]  # tuples of objects


@pytest.mark.parametrize(
    "text", ["=1+1", "+62 812", "-", "@SUM(A1)", "=cmd|' /C calc'!A0", "baris\nkedua", "_x0041_"]
)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    buffer = io.BytesIO()
    write_workbook(buffer, [SheetOut("Data", ("teks",), [(text,)])])

    cell = openpyxl.load_workbook(io.BytesIO(buffer.getvalue())).worksheets[0]["A2"]

    assert cell.data_type == "s"
    assert round_trip([(text, None, None)]) == [(text, None, None)]


def test_same_content_gives_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for target in (first, second):
        write_workbook(target, [SheetOut("Data", ("teks",), [("a",)])])

    assert first.getvalue() == second.getvalue()


def test_text_longer_than_a_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        write_workbook(io.BytesIO(), [SheetOut("Data", ("teks",), [("x" * 32_768,)])])


def test_csv_marks_text_and_keeps_numbers() -> None:
    text = b"".join(stream_csv(("a", "b"), [("=1+1", Decimal("-2.5")), (None, date(2026, 11, 24))])).decode(
        "utf-8"
    )

    assert text == "\ufeffa,b\r\n'=1+1,-2.5\r\n,2026-11-24\r\n"


def test_csv_comes_in_pieces() -> None:
    pieces = list(stream_csv(("a",), (("x" * 1000,) for _ in range(500))))

    assert len(pieces) > 3


def test_sheet_is_frozen_and_filtered_with_its_widths() -> None:
    buffer = io.BytesIO()
    write_workbook(buffer, [SheetOut("Data", ("teks", "hari"), [("a", None)], widths=(40,))])

    sheet = openpyxl.load_workbook(io.BytesIO(buffer.getvalue())).worksheets[0]

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.column_dimensions["A"].width > 39


def test_numbers_of_a_column_are_shown_with_its_places() -> None:
    buffer = io.BytesIO()
    rows = [(Decimal(77), 5), (Decimal("79.25"), 6), (None, 7), ("konflik", 8)]
    write_workbook(buffer, [SheetOut("Data", ("nilai", "jumlah"), rows, decimals={0: 2})])

    sheet = openpyxl.load_workbook(io.BytesIO(buffer.getvalue())).worksheets[0]

    assert [sheet[cell].number_format for cell in ("A2", "A3", "A5", "B2")] == [
        "0.00",
        "0.00",
        "General",
        "General",
    ]
    assert [sheet[cell].value for cell in ("A2", "A3", "A5")] == [77, 79.25, "konflik"]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (Decimal("0.1"), "n"),
        (Decimal("-2.50"), "n"),
        (10**14, "n"),
        (Decimal("0.30000000000000004"), "s"),
        (123456789012345678, "s"),
        (Decimal("1e400"), "s"),
    ],
)
def test_number_that_a_cell_cannot_keep_is_written_as_text(number: Decimal | int, kind: str) -> None:
    buffer = io.BytesIO()
    write_workbook(buffer, [SheetOut("Data", ("angka",), [(number,)])])

    cell = openpyxl.load_workbook(io.BytesIO(buffer.getvalue())).worksheets[0]["A2"]

    assert cell.data_type == kind
    assert Decimal(str(cell.value)) == number


def test_clean_text_names_the_character_that_no_workbook_holds() -> None:
    assert clean_text(" a\r\nb ") == "a\nb"
    with pytest.raises(ValueError, match="number 0, at place 2"):
        clean_text("a\0b")
