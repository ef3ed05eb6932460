"""Every kind of file gives its text; a hostile one gives a sentence."""

from pathlib import Path

import pytest

from tests.discovery.files import LINE, archive, excel, locked_pdf, pdf, word
from tifa.discovery.archives import UnreadableFile
from tifa.discovery.documents import Item, read_path

HTML = f"<html><head><title>Berita</title><script>var x = 1;</script></head><body><nav>Menu</nav><p>{LINE}</p></body></html>"
KINDS = {
    "a.txt": LINE.encode(),
    "b.html": HTML.encode(),
    "c.csv": f"no;uraian\n1;{LINE}\n".encode(),
    "d.docx": word(LINE),
    "e.xlsx": excel(("no", "uraian"), (1, LINE)),
    "f.pdf": pdf(LINE),
    "g.txt": LINE.encode("utf-16"),
    "h.txt": "Café: ".encode("cp1252") + LINE.encode(),
}


def text_of(path: Path) -> str:
    [item] = read_path(path).items
    return item.text


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_gives_its_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(KINDS[name])

    text = text_of(path)

    assert LINE in text
    assert "Menu" not in text
    assert "var x" not in text


def test_word_keeps_paragraphs_and_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(word("Satu", "Dua"))

    assert text_of(path).split("\n\n") == ["Satu", "Dua", "Sel tabel"]


def test_folder_is_read_in_order_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "dalam").mkdir()
    (tmp_path / "dalam" / "b.txt").write_text("dua", encoding="utf-8")
    (tmp_path / "a.txt").write_text("satu", encoding="utf-8")
    (tmp_path / "foto.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / ".rahasia.txt").write_text("tidak", encoding="utf-8")

    reading = read_path(tmp_path)

    assert [item.id for item in reading.items] == ["a.txt", "dalam/b.txt"]
    [notice] = reading.notices
    assert notice.startswith("foto.jpg: files of the kind .jpg are not read.")


def test_archive_gives_its_documents(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive({"b.docx": word(LINE), "c.zip": archive({}), "__MACOSX/x.txt": b"x"}))

    reading = read_path(path)

    assert [item.id for item in reading.items] == ["a.zip/b.docx"]
    assert [notice.partition(":")[0] for notice in reading.notices] == ["a.zip/c.zip"]


def test_list_of_items_keeps_text_as_text_and_ignores_labels(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "- {id: 007, region: Kota Jayapura, kind: news, text: 'no', innovations: [{name: x}]}\n",
        encoding="utf-8",
    )

    assert read_path(path).items == [Item("007", "no", "Kota Jayapura", "news")]


DAMAGED = "damaged"
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "empty"),
    "unknown kind": ("a.exe", b"MZ", "not read"),
    "binary as text": ("a.txt", b"a\0b", "not a text file"),
    "no archive": ("a.zip", b"PK\x03\x04" + b"x" * 100, DAMAGED),
    "zip bomb": ("a.zip", archive({f"{n}.txt": bytes(30 * 2**20) for n in range(5)}), "MB when unpacked"),
    "giant part": ("a.docx", archive({"word/document.xml": b" " * (41 * 2**20)}), "larger than 40 MB"),
    "too many members": ("a.zip", archive({f"{n}.txt": b"x" for n in range(2001)}), "more than 2000 parts"),
    "Word without a document": ("a.docx", archive({"x": b"x"}), "no Word document"),
    "Excel without a workbook": ("a.xlsx", archive({"x": b"x"}), "no Excel workbook"),
    "entities": (
        "a.docx",
        archive({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "document type",
    ),
    "deep nesting": (
        "a.docx",
        archive({"word/document.xml": b"<a>" * 500 + b"</a>" * 500}),
        "nested too deeply",
    ),
    "broken XML": ("a.docx", archive({"word/document.xml": b"<a>"}), DAMAGED),
    "no PDF": ("a.pdf", b"PK\x03\x04", "not a PDF"),
    "cut PDF": ("a.pdf", pdf(LINE)[:40], DAMAGED),
    "locked PDF": ("a.pdf", locked_pdf(), "password"),
    "scanned PDF": ("a.pdf", pdf(""), "only pictures"),
    "YAML without a list": ("a.yaml", b"id: x", "no list"),
    "YAML with a reference": ("a.yaml", b"- &a {id: x, text: y}\n- *a", "found *a"),
    "item without text": ("a.yaml", b"- {id: x}", "line 1: found no text"),
    "item twice": ("a.yaml", b"- {id: x, text: y}\n- {id: x, text: z}", "'x' a second time"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_is_refused_with_a_sentence(tmp_path: Path, kind: str) -> None:
    name, data, told = HOSTILE[kind]
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(UnreadableFile) as error:
        read_path(path)

    assert name in str(error.value)
    assert told in str(error.value)
    assert str(error.value).endswith(".")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_path(tmp_path / "tidak-ada.txt")


def test_shared_text_that_every_cell_repeats_is_refused(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 200))
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        archive(
            {
                "xl/workbook.xml": b"<workbook/>",
                "xl/sharedStrings.xml": b"<sst><si><t>" + b"x" * 100_000 + b"</t></si></sst>",
                "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode(),
            }
        )
    )

    with pytest.raises(UnreadableFile, match="too much text"):
        read_path(path)
