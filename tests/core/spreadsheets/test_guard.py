"""A hostile workbook is refused early, with a sentence, and in bounded memory."""

import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tifa.core.spreadsheets import Limits, UnreadableWorkbook, check_file

TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'
WORKBOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Unit" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="t" Target="worksheets/sheet1.xml"/></Relationships>'
)
HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def make(path: Path, sheet: str = HEAD + TAIL, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", members.pop("types", TYPES))
        archive.writestr("xl/workbook.xml", members.pop("workbook", WORKBOOK))
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def refused(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableWorkbook) as caught:
        check_file(path, limits)
    return str(caught.value)


def test_plain_workbook_passes(tmp_path: Path) -> None:
    check_file(make(tmp_path / "a.xlsx"))


def test_workbook_of_another_program_passes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["kode", "nama"])  # type: ignore[union-attr]  # a new workbook has an active sheet
    book.save(tmp_path / "a.xlsx")

    check_file(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"kode;nama\n1;Dinas\n", "not an Excel workbook"),
        (b"<html><table></table></html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old or a password-protected"),
        (b"PK\x03\x04 cut short", "damaged"),
    ],
)
def test_wrong_type_behind_the_name_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    assert expected in refused(path)


def test_zip_of_other_things_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    assert "not an Excel workbook" in refused(tmp_path / "a.xlsx")


def test_missing_file_is_a_sentence(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "tidak-ada.xlsx")


def test_formula_is_refused_with_its_place(tmp_path: Path) -> None:
    sheet = f'{HEAD}<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><f>SUM(A1)</f><v>1</v></c></row>{TAIL}'

    message = refused(make(tmp_path / "a.xlsx", sheet))

    assert "Unit" in message
    assert "B2" in message


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/connections.xml", "links to other files"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
        ("../outside.xml", "outside"),
    ],
)
def test_active_parts_are_refused(tmp_path: Path, name: str, expected: str) -> None:
    assert expected in refused(make(tmp_path / "a.xlsx", **{name: "<x/>"}))


def test_macro_type_is_refused(tmp_path: Path) -> None:
    types = TYPES.replace(
        "</Types>", '<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    )

    assert "macros" in refused(make(tmp_path / "a.xlsx", types=types))


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + HEAD + TAIL

    assert "entities" in refused(make(tmp_path / "a.xlsx", bomb))


def test_ten_million_rows_are_refused(tmp_path: Path) -> None:
    rows = '<row r="10000000"><c r="A10000000"><v>1</v></c></row>'

    assert "row 10000000" in refused(make(tmp_path / "a.xlsx", HEAD + rows + TAIL)).replace(".", "").replace(
        ",", ""
    )


def test_many_rows_without_numbers_are_refused(tmp_path: Path) -> None:
    assert "at most 1000 rows" in refused(
        make(tmp_path / "a.xlsx", HEAD + "<row/>" * 2000 + TAIL), Limits(rows=1000)
    )


def test_a_far_cell_is_refused(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="100000"><c r="XFD100000"><v>1</v></c></row>'

    assert "far cell" in refused(make(tmp_path / "a.xlsx", HEAD + cells + TAIL))


def test_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", **{"xl/media/zeros.bin": "\0" * 3_000_000})

    assert "Unpacked" in refused(path, Limits(inflated_bytes=2**20))


def test_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", HEAD + "<row/>" * 50_000 + TAIL)
    honest = (len(HEAD) + len(TAIL) + 300_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(honest, (100).to_bytes(4, "little")))

    assert "damaged" in refused(path)


def test_a_huge_string_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        with archive.open("xl/sharedStrings.xml", "w") as stream:
            stream.write(b"<sst><si><t>")
            for _ in range(300):
                stream.write(b"a" * 2**20)
            stream.write(b"</t></si></sst>")

    tracemalloc.start()
    message = refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "32767 characters" in message.replace(".", "").replace(",", "")
    assert peak < 5 * 2**20


def test_large_file_is_refused_unopened(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx")

    assert "MB" in refused(path, Limits(file_bytes=100))
