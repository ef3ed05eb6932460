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

from tifa.core.spreadsheets import ColumnSpec, SheetOut, SheetSpec, read_workbook, stream_csv, write_workbook

SHEET = SheetSpec("Data", (ColumnSpec("teks"), ColumnSpec("hari", "date"), ColumnSpec("angka", "decimal")))
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40
).map(str.strip)
DAYS = st.dates(date(1901, 1, 1), date(2999, 12, 31))
NUMBERS = st.decimals(-10_000, 10_000, places=2)


def round_trip(rows: list[tuple[object, object, object]]) -> list[tuple[object, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_workbook(path, [SheetOut("Data", ("teks", "hari", "angka"), rows)])
        reading = read_workbook(path, [SHEET])
    assert reading.errors == []
    return [tuple(row.values.values()) for row in reading.rows["Data"]]


@settings(max_examples=40, deadline=None)
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
