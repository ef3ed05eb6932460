"""A hostile workbook is refused early, with a sentence, and in bounded memory."""

import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
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
        archive.writestr("xl/_rels/workbook.xml.rels", members.pop("relations", RELATIONS))
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def make_streamed(path: Path, part: str, pieces: list[tuple[bytes, int]]) -> Path:
    """Make a workbook with one huge part from pieces that repeat."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        with archive.open(part, "w") as stream:
            for piece, times in pieces:
                for _ in range(times):
                    stream.write(piece)
    return path


def refused(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableWorkbook) as caught:
        check_file(path, limits)
    return str(caught.value)


def plain(message: str) -> str:
    return message.replace(".", "").replace(",", "")


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
        (b"kode;nama\n1;Dinas\n", "text file such as CSV"),
        (b"%PDF-1.7\0", "whatever its name says"),
        (b"<html><table></table></html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
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


def test_a_row_beyond_ten_million_is_refused(tmp_path: Path) -> None:
    rows = '<row r="10000000"><c r="A1000000"><v>1</v></c></row>'

    assert "row 10000000" in plain(refused(make(tmp_path / "a.xlsx", HEAD + rows + TAIL)))


def test_ten_million_rows_are_refused(tmp_path: Path) -> None:
    pieces = [(HEAD.encode(), 1), (b"<row/>" * 10_000, 1_000), (TAIL.encode(), 1)]

    assert "at most 150000 rows" in plain(
        refused(make_streamed(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", pieces))
    )


def test_many_rows_without_numbers_are_refused(tmp_path: Path) -> None:
    assert "at most 1000 rows" in refused(
        make(tmp_path / "a.xlsx", HEAD + "<row/>" * 2000 + TAIL), Limits(rows=1000)
    )


@pytest.mark.parametrize(
    "row",
    [
        '<row r="100000"><c r="XFD100000"><v>1</v></c></row>',
        "<row r='100000'><c r='XFD100000'><v>1</v></c></row>",
        '<row r="100000"><c r="xfd100000"><v>1</v></c></row>',
        '<row r="100000"><c a=">" r="XFD100000"><v>1</v></c></row>',
        '<row\nr = "100000"><c\nr = "XFD100000"><v>1</v></c></row>',
        '<x:row xmlns:x="y" r="100000"><x:c r="XFD100000"><v>1</v></x:c></x:row>',
        '<row r="100000"><c r="XFC100000"/><c><v>1</v></c></row>',
        '<row r="99999"/><row>' + "<c/>" * 16_384 + "</row>",
    ],
)
def test_a_far_cell_is_refused_however_it_is_written(tmp_path: Path, row: str) -> None:
    sheet = f'{HEAD}<row r="1"><c r="A1"><v>1</v></c></row>{row}{TAIL}'

    assert "far cell" in refused(make(tmp_path / "a.xlsx", sheet))


def test_a_far_cell_is_refused_wherever_its_sheet_lies(tmp_path: Path) -> None:
    sheet = f'{HEAD}<row r="100000"><c r="XFD100000"><v>1</v></c></row>{TAIL}'
    relations = RELATIONS.replace("worksheets/sheet1.xml", "/xl/Data/SHEET.bin")

    path = make(tmp_path / "a.xlsx", relations=relations, **{"xl/data/sheet.bin": sheet})

    assert "far cell" in refused(path)


@pytest.mark.parametrize("reference", ["ZZZZZZZZ1", "A0x", "1", "A12345678", ""])
def test_a_place_that_is_none_is_refused(tmp_path: Path, reference: str) -> None:
    sheet = f'{HEAD}<row r="1"><c r="{reference}"><v>1</v></c></row>{TAIL}'

    assert "damaged" in refused(make(tmp_path / "a.xlsx", sheet))


def test_sheets_are_counted_together(tmp_path: Path) -> None:
    far = f'{HEAD}<row r="100"><c r="J100"><v>1</v></c></row>{TAIL}'
    workbook = WORKBOOK.replace("</sheets>", '<sheet name="Lain" sheetId="2" r:id="rId2"/></sheets>')
    relations = RELATIONS.replace(
        "</Relationships>",
        '<Relationship Id="rId2" Type="t" Target="worksheets/sheet2.xml"/></Relationships>',
    )
    path = make(
        tmp_path / "a.xlsx", far, workbook=workbook, relations=relations, **{"xl/worksheets/sheet2.xml": far}
    )

    check_file(path, Limits(cells=2000))
    assert "Lain" in refused(path, Limits(cells=1999))


def test_two_tabs_on_one_part_are_refused(tmp_path: Path) -> None:
    workbook = WORKBOOK.replace("</sheets>", '<sheet name="Lain" sheetId="2" r:id="rId1"/></sheets>')

    assert "damaged" in refused(make(tmp_path / "a.xlsx", workbook=workbook))


def test_one_long_text_in_many_cells_is_refused(tmp_path: Path) -> None:
    cells = "".join(f'<c r="A{row}" t="s"><v>0</v></c>' for row in range(1, 5_000))
    texts = f"<sst><si><t>{'a' * 30_000}</t></si></sst>"

    path = make(tmp_path / "a.xlsx", HEAD + f"<row>{cells}</row>" + TAIL, **{"xl/sharedStrings.xml": texts})

    assert path.stat().st_size < 100_000
    assert "texts of the workbook together" in refused(path)


def test_a_text_that_is_not_there_is_refused(tmp_path: Path) -> None:
    sheet = f'{HEAD}<row r="1"><c r="A1" t="s"><v>7</v></c></row>{TAIL}'

    assert "damaged" in refused(make(tmp_path / "a.xlsx", sheet))


def test_drop_down_lists_of_another_sheet_are_no_formulas(tmp_path: Path) -> None:
    sheet = (
        f'{HEAD}<row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
        '<extLst><ext xmlns:xm="m"><xm:f>Lain!$A$1:$A$5</xm:f></ext></extLst></worksheet>'
    )

    check_file(make(tmp_path / "a.xlsx", sheet))


@pytest.mark.parametrize("formula", ["<f>1</f>", "<f\n>1</f>", "<f/>", '<x:f xmlns:x="y">1</x:f>'])
def test_a_formula_is_refused_however_it_is_written(tmp_path: Path, formula: str) -> None:
    sheet = f"{HEAD}<row r='1'><c r='A1'><v>1</v></c><c>{formula}<v>1</v></c></row>{TAIL}"

    assert "cell B1 holds a formula" in refused(make(tmp_path / "a.xlsx", sheet))


def test_a_sheet_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = make_streamed(
        tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", [((HEAD + TAIL).encode("utf-16"), 1)]
    )

    assert "damaged" in refused(path)


@pytest.mark.parametrize("piece", ["<a>" * 1_000, "".join(f"<a{n}/>" for n in range(20_000))])
def test_elements_that_fill_the_memory_are_refused(tmp_path: Path, piece: str) -> None:
    assert "damaged" in refused(make(tmp_path / "a.xlsx", HEAD + piece + TAIL))


def test_the_reader_gets_only_what_was_measured(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", **{"xl/media/image1.png": "x", "xl/theme/theme1.xml": "<x/>"})

    with zipfile.ZipFile(check_file(path).copy) as copy:
        assert sorted(copy.namelist()) == [
            "[Content_Types].xml",
            "xl/_rels/workbook.xml.rels",
            "xl/workbook.xml",
            "xl/worksheets/sheet1.xml",
        ]


def test_a_list_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", **{f"xl/media/{number}.png": "" for number in range(1_001)})

    assert "far more parts" in refused(path)


def test_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", **{"xl/media/zeros.bin": "\0" * 3_000_000})

    assert "Unpacked" in refused(path, Limits(inflated_bytes=2**20))


def test_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", HEAD + "<row/>" * 50_000 + TAIL)
    honest = (len(HEAD) + len(TAIL) + 300_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(honest, (100).to_bytes(4, "little")))

    assert "damaged" in refused(path)


def test_bomb_that_lies_with_a_fitting_checksum_is_refused(tmp_path: Path) -> None:
    """A reader that stops at the declared size would find nothing wrong."""
    path = make(tmp_path / "a.xlsx", HEAD + "<row/>" * 50_000 + TAIL)
    start = (HEAD + "<row/>" * 50_000 + TAIL).encode()[:1000]
    true, false = (
        struct.pack("<L", zlib.crc32((HEAD + "<row/>" * 50_000 + TAIL).encode())),
        struct.pack("<L", zlib.crc32(start)),
    )
    honest = (len(HEAD) + len(TAIL) + 300_000).to_bytes(4, "little")
    content = path.read_bytes().replace(true, false).replace(honest, (1000).to_bytes(4, "little"))
    path.write_bytes(content)

    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/worksheets/sheet1.xml") == start
    assert "damaged" in refused(path)


@pytest.mark.parametrize(
    ("part", "start"),
    [
        ("xl/sharedStrings.xml", b"<sst><si><t>"),
        ("xl/worksheets/sheet1.xml", HEAD.encode() + b'<row><c t="inlineStr"><is><t>'),
        ("xl/worksheets/sheet1.xml", HEAD.encode() + b'<row><c r="'),
        ("xl/sharedStrings.xml", b"<sst><si><t><![CDATA["),
        ("xl/sharedStrings.xml", b"<sst><!--"),
    ],
)
def test_a_huge_string_is_refused_in_bounded_memory(tmp_path: Path, part: str, start: bytes) -> None:
    path = make_streamed(tmp_path / "a.xlsx", part, [(start, 1), (b"a" * 2**20, 300)])

    tracemalloc.start()
    message = refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "32767 characters" in plain(message)
    assert peak < 5 * 2**20


def test_a_string_in_many_runs_is_refused(tmp_path: Path) -> None:
    runs = [(b"<sst><si>", 1), (b"<r><t>" + b"a" * 1000 + b"</t></r>", 100_000)]

    assert "32767 characters" in plain(
        refused(make_streamed(tmp_path / "a.xlsx", "xl/sharedStrings.xml", runs))
    )


def test_the_whole_process_stays_small(tmp_path: Path) -> None:
    pieces = [(b"<sst>", 1), (b"<si><t>" + b"a" * 30_000 + b"</t></si>", 10_000)]
    path = make_streamed(tmp_path / "a.xlsx", "xl/sharedStrings.xml", pieces)
    program = (
        "import resource, sys; from pathlib import Path; from django.conf import settings;"
        "settings.configure(USE_I18N=False);"
        "from tifa.core.spreadsheets import UnreadableWorkbook, check_file;"
        "used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; before = used()\n"
        "try: check_file(Path(sys.argv[1]))\n"
        "except UnreadableWorkbook: print(used() - before)"
    )

    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )

    assert int(run.stdout) < 30 * 1024


def test_large_file_is_refused_unopened(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx")

    assert "MB" in refused(path, Limits(file_bytes=100))
