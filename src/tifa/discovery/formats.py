"""Takes the text out of one file: plain text, HTML, CSV, Word, Excel, PDF."""

import csv
import io
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from tifa.discovery.archives import Budget, UnreadableFile, open_archive, read_member

if TYPE_CHECKING:
    from pypdf import PdfReader

PAGES: Final = 500
DEEPEST: Final = 200
TEXT_LENGTH: Final = 4_000_000
CELLS: Final = 500_000
BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "ul",
        "ol",
        "dd",
        "dt",
        "figcaption",
        "title",
        "td",
    ]
)
SILENT: Final = frozenset(
    ["script", "style", "noscript", "template", "svg", "nav", "form", "button", "select", "iframe"]
)


def plain_text(data: bytes, _budget: Budget) -> str:
    """Return a text in UTF-8, UTF-16 with a mark, or Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    if b"\0" in data:
        raise UnreadableFile("this is not a text file. Save it as text in UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("its letters cannot be read. Save it as text in UTF-8.") from error


def html_text(data: bytes, budget: Budget) -> str:
    """Return the text of a page, one line a paragraph, without menus, forms and scripts."""
    page = _Page()
    page.feed(plain_text(data, budget))
    page.close()
    lines = (" ".join(line.split()) for line in "".join(page.parts).splitlines())
    return "\n\n".join(line for line in lines if line)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data.replace("\n", " "))


def csv_text(data: bytes, budget: Budget) -> str:
    """Return one line a row, the cells divided by semicolons."""
    text = plain_text(data, budget)
    head = text[:4096]
    divider = max((";", "\t", ","), key=head.count)
    try:
        rows = csv.reader(io.StringIO(text), delimiter=divider)
        return "\n".join(_row(cells) for cells in rows)
    except csv.Error as error:
        raise UnreadableFile(f"it is no table that can be read: {error}.") from error


def _row(cells: list[str]) -> str:
    return "; ".join(cell for cell in (" ".join(cell.split()) for cell in cells) if cell)


def word_text(data: bytes, budget: Budget) -> str:
    """Return the paragraphs of a Word document, tables and text boxes included."""
    with open_archive(data) as archive:
        names = {info.filename: info for info in archive.infolist()}
        if "word/document.xml" not in names:
            raise UnreadableFile("it holds no Word document. Save it as “Word Document (.docx)”.")
        words = _Words()
        _parse(read_member(archive, names["word/document.xml"], budget), words.start, words.end, words.text)
    return "\n\n".join(line for line in ("".join(words.parts)).splitlines() if line.strip())


class _Words:
    """Collects the text of ``w:t``; a paragraph ends a line, a cell ends with a semicolon."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._inside = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._inside += name == "w:t"
        if name in {"w:tab", "w:br"}:
            self.parts.append(" ")

    def end(self, name: str) -> None:
        self._inside -= name == "w:t"
        if name == "w:p":
            self.parts.append("\n")

    def text(self, text: str) -> None:
        if self._inside > 0:
            self.parts.append(text)


def sheets_text(data: bytes, budget: Budget) -> str:
    """Return one line a row of every sheet, the cells that hold text divided by semicolons."""
    with open_archive(data) as archive:
        names = {info.filename: info for info in archive.infolist()}
        if "xl/workbook.xml" not in names:
            raise UnreadableFile("it holds no Excel workbook. Save it as “Excel Workbook (.xlsx)”.")
        shared = _Shared()
        if "xl/sharedStrings.xml" in names:
            _parse(
                read_member(archive, names["xl/sharedStrings.xml"], budget),
                shared.start,
                shared.end,
                shared.text,
            )
        lines: list[str] = []
        for name in sorted(names):
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                sheet = _Sheet(shared.strings)
                _parse(read_member(archive, names[name], budget), sheet.start, sheet.end, sheet.text)
                lines += [_row(cells) for cells in sheet.rows]
    return "\n".join(line for line in lines if line)


class _Shared:
    """Collects the shared texts of a workbook."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._parts: list[str] = []
        self._inside = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        self._inside = name == "t" or (self._inside and name not in {"si", "rPh"})

    def end(self, name: str) -> None:
        if name == "si":
            self.strings.append("".join(self._parts))
        if name == "t":
            self._inside = False

    def text(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)


class _Sheet:
    """Collects the rows of a sheet; a cell that repeats a long shared text is counted each time."""

    def __init__(self, strings: list[str]) -> None:
        self.rows: list[list[str]] = []
        self._strings = strings
        self._kind = self._value = ""
        self._inside = False
        self._length = self._cells = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.rows.append([])
        elif name == "c":
            self._kind, self._value = attributes.get("t", ""), ""
        self._inside = name in {"v", "t"}

    def end(self, name: str) -> None:
        self._inside = False
        if name == "c" and self.rows and self._value:
            cell = self._cell()
            self._length += len(cell)
            self._cells += 1
            if self._length > TEXT_LENGTH or self._cells > CELLS:
                raise UnreadableFile("its sheets hold too much text. Split it into several workbooks.")
            self.rows[-1].append(cell)

    def text(self, text: str) -> None:
        if self._inside:
            self._value += text

    def _cell(self) -> str:
        if self._kind != "s":
            return self._value
        number = int(self._value) if self._value.isascii() and self._value.isdigit() else -1
        return self._strings[number] if 0 <= number < len(self._strings) else ""


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Walk through a part; declarations of entities and very deep nesting are refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise UnreadableFile("its parts are nested too deeply. Save it again.")
        start(name, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    def refused(*_declaration: Any) -> None:
        raise UnreadableFile("it declares a document type, which no Office document does. Save it again.")

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refused
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableFile("it is damaged or not what its ending says. Save it again.") from error


def pdf_text(data: bytes, budget: Budget) -> str:
    """Return the text of a PDF, a line of the page a line; a scan holds none and is refused."""
    from pypdf import PdfReader  # noqa: PLC0415  # 25 MB that a worker without a PDF to read does not need
    from pypdf.errors import PyPdfError  # noqa: PLC0415  # comes with it

    if not data.startswith(b"%PDF-"):
        raise UnreadableFile("this is not a PDF. Save it again.")
    try:
        pages = list(_pages(PdfReader(io.BytesIO(data), strict=False), budget))
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
        OverflowError,
    ) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("it is damaged or protected by a password. Save it again.") from error
    text = "\n\n".join(pages)
    if not text.strip():
        raise UnreadableFile("it holds no text, only pictures. Give it as text or Word.")
    return text


def _pages(reader: "PdfReader", budget: Budget) -> Iterator[str]:
    if len(reader.pages) > PAGES:
        raise UnreadableFile(f"it has more than {PAGES} pages. Split it.")
    for page in reader.pages:
        text = page.extract_text()
        budget.take(len(text))
        yield _unwrapped(text)


def _unwrapped(text: str) -> str:
    """Join the lines of a paragraph, which end where the paper does."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    joined: list[str] = []
    for line in lines:
        if joined and line and joined[-1] and joined[-1][-1] not in ".:;!?" and len(joined[-1]) > 40:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return "\n".join(joined)
