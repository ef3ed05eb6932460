"""Measures a workbook piece by piece before anything opens it, and refuses what could do harm.

The reader inflates whole sheets and lays cells out densely, so a small file can ask for all memory. Everything it
would inflate is therefore inflated here first, in small pieces that are thrown away.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from django.utils.translation import gettext as _

PIECE = 64 * 1024
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = 0x1
CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})([0-9]{1,9})"')
ROW = re.compile(rb'<(?:\w+:)?row\b(?:[^>]*?\br="([0-9]{1,9})")?')
ANY_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")
# The reader gives an error cell as an empty one, so it would be lost without a word.
ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\bt="e"[^>]*')
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class UnreadableWorkbook(ValueError):
    """A file is not read at all; the message says what was found and how to mend it."""


@dataclass(frozen=True)
class Limits:
    """How much of a workbook is read: bytes, rows, cells, characters of one cell."""

    file_bytes: int = 20 * 2**20
    inflated_bytes: int = 400 * 2**20
    members: int = 1000
    rows: int = 150_000
    cells: int = 5_000_000
    text_bytes: int = 200_000


@dataclass
class _Measure:
    """What was seen of one sheet so far."""

    rows: int = 0
    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    place: str = field(default="A1")


def check_file(path: Path, limits: Limits | None = None) -> None:
    """Refuse a file that is no workbook, or one that is too large, active, or linked to others.

    Raises
    ------
    UnreadableWorkbook
        With the sentence for the person who sent it.
    """
    limits = limits or Limits()
    _check_outside(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, limits)
            _check_inside(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableWorkbook(
            _("The file is damaged or was cut short. Open it in Excel, save it again, and send it again.")
        ) from error


def _check_outside(path: Path, limits: Limits) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise UnreadableWorkbook(
            _("%(name)s cannot be read: %(reason)s.") % {"name": path, "reason": error.strerror}
        ) from error
    if size > limits.file_bytes:
        raise UnreadableWorkbook(
            _("The file has %(size)d MB; at most %(limit)d MB are read. Split it into several workbooks.")
            % {"size": -(-size // 2**20), "limit": limits.file_bytes // 2**20}
        )
    if not head.startswith(ZIP_MAGIC):
        raise UnreadableWorkbook(_what_it_is(head))


def _what_it_is(head: bytes) -> str:
    if not head:
        return _("The file is empty.")
    if head.startswith(OLE_MAGIC):
        return _(
            "This is an old or a password-protected Excel file. Save it as “Excel Workbook (.xlsx)” without a password."
        )
    if head.lstrip()[:1] == b"<":
        return _("This is a web page or XML, not an Excel workbook. Save it as “Excel Workbook (.xlsx)”.")
    return _("This is not an Excel workbook, whatever its name says. Save it as “Excel Workbook (.xlsx)”.")


def _check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise UnreadableWorkbook(_what_it_is(b"other"))
    if len(members) > limits.members or len(set(names)) != len(names):
        raise UnreadableWorkbook(_("The file holds far more parts than a workbook has. It is not read."))
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise UnreadableWorkbook(_("The workbook is protected by a password. Save it without one."))
    if any(".." in PurePosixPath(name).parts or name.startswith("/") for name in names):
        raise UnreadableWorkbook(_("The file holds parts outside of the workbook. It is not read."))
    if sum(member.file_size for member in members) > limits.inflated_bytes:
        raise UnreadableWorkbook(_too_large(limits))
    _check_active(names)


def _check_active(names: list[str]) -> None:
    lowered = [name.lower() for name in names]
    if any("vbaproject" in name or "/macrosheets/" in name for name in lowered):
        raise UnreadableWorkbook(
            _("The workbook holds macros. Save it as “Excel Workbook (.xlsx)” without macros.")
        )
    if any(name.startswith("xl/externallinks/") or name == "xl/connections.xml" for name in lowered):
        raise UnreadableWorkbook(
            _(
                "The workbook has links to other files. Break them (Data, Edit Links, Break Link) and save it again."
            )
        )
    if any(name.startswith(("xl/embeddings/", "xl/activex/")) for name in lowered):
        raise UnreadableWorkbook(_("The workbook holds embedded objects. Remove them and save it again."))


def _check_inside(archive: zipfile.ZipFile, limits: Limits) -> None:
    inflated = 0
    for member in archive.infolist():
        if not member.filename.lower().endswith((".xml", ".rels")):
            continue
        measure = _Measure()
        sheet = member.filename.startswith("xl/worksheets/")
        for text in _pieces(archive, member, limits):
            inflated += len(text)
            if inflated > limits.inflated_bytes:
                raise UnreadableWorkbook(_too_large(limits))
            if DECLARATION.search(text):
                raise UnreadableWorkbook(
                    _("The workbook declares entities of its own, which Excel never does. It is not read.")
                )
            if member.filename == "[Content_Types].xml" and b"macroEnabled" in text:
                _check_active(["vbaproject"])
            if sheet:
                _check_sheet(archive, member.filename, text, measure, limits)


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> Iterator[bytes]:
    """Yield the member's text in pieces that end before a tag, so no tag is cut."""
    rest = b""
    with archive.open(member) as stream:
        while piece := stream.read(PIECE):
            text = rest + piece
            cut = text.rfind(b"<")
            if cut <= 0:
                rest = text
            else:
                yield text[:cut]
                rest = text[cut:]
            if len(rest) > limits.text_bytes:
                raise UnreadableWorkbook(
                    _("One cell holds more than %(limit)d characters, more than Excel allows. Shorten it.")
                    % {"limit": 32767}
                )
    if rest:
        yield rest


def _check_sheet(archive: zipfile.ZipFile, name: str, text: bytes, measure: _Measure, limits: Limits) -> None:
    for row in ROW.finditer(text):
        measure.rows += 1
        measure.last_row = max(measure.last_row, int(row[1] or 0), measure.rows)
    measure.cells += len(ANY_CELL.findall(text))
    formula = FORMULA.search(text)
    for cell in CELL.finditer(text):
        if formula is None or cell.start() < formula.start():
            measure.place = f"{cell[1].decode()}{int(cell[2])}"
        measure.last_column = max(measure.last_column, _column_number(cell[1]))
        measure.last_row = max(measure.last_row, int(cell[2]))
    error = ERROR_CELL.search(text)
    if error is not None:
        place = re.search(rb'\br="([A-Z0-9]+)"', error[0])
        raise UnreadableWorkbook(
            _(
                "Sheet %(sheet)s, cell %(cell)s holds an Excel error such as #REF!. Correct it, then send it again."
            )
            % {"sheet": _sheet_name(archive, name), "cell": place[1].decode() if place else "?"}
        )
    if formula is not None:
        raise UnreadableWorkbook(
            _(
                "Sheet %(sheet)s, cell %(cell)s holds a formula. Copy the sheet and paste it as values, then send it again."
            )
            % {"sheet": _sheet_name(archive, name), "cell": measure.place}
        )
    if measure.last_row > limits.rows:
        raise UnreadableWorkbook(
            _(
                "Sheet %(sheet)s goes down to row %(row)d; at most %(limit)d rows are read. Delete the empty rows below, or split it."
            )
            % {"sheet": _sheet_name(archive, name), "row": measure.last_row, "limit": limits.rows}
        )
    if max(measure.cells, measure.last_row * measure.last_column) > limits.cells:
        raise UnreadableWorkbook(
            _(
                "Sheet %(sheet)s reaches from A1 to a far cell and would fill the memory. Delete the empty columns and rows."
            )
            % {"sheet": _sheet_name(archive, name)}
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_name(archive: zipfile.ZipFile, member: str) -> str:
    """Return the name on the tab of a sheet; its file name when the workbook does not tell."""
    try:
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # entities were refused
        sheets = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  # entities were refused
    except (KeyError, ElementTree.ParseError):
        return PurePosixPath(member).stem
    targets = {one.get("Id"): str(one.get("Target", "")).removeprefix("/xl/") for one in relations}
    for sheet in sheets.iter():
        if sheet.tag.endswith("}sheet") and f"xl/{targets.get(sheet.get(RELATION))}" == member:
            return str(sheet.get("name"))
    return PurePosixPath(member).stem


def _too_large(limits: Limits) -> str:
    return _("Unpacked, the workbook would take more than %(limit)d MB. It is not read.") % {
        "limit": limits.inflated_bytes // 2**20
    }
