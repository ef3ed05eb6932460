"""Refuses a file that could do harm, and hands on a copy in which every part was measured.

The reader inflates whole sheets and lays cells out densely, so a small file can ask for all memory. Everything it
would inflate is therefore inflated here first, in small pieces that are thrown away. The reader also finds parts by
rules of its own; it gets a copy that holds nothing else, so it cannot find what was not measured.
"""

import io
import mmap
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from tifa.core.spreadsheets.measuring import Limits, Meter, Totals, UnreadableWorkbook, damaged

PIECE = 64 * 1024
ZIP_MAGIC = b"PK\x03\x04"
LISTED = b"PK\x01\x02"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED = 0x1
SMALL = 2**20
TYPES, WORKBOOK, RELATIONS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
LISTS = (TYPES, "_rels/.rels", RELATIONS, WORKBOOK)
STRINGS, STYLES = "xl/sharedstrings.xml", "xl/styles.xml"
RELATION_ID = "}id"
XML_PARTS = (".xml", ".rels")


@dataclass(frozen=True)
class CheckedWorkbook:
    """A copy that may be opened, the last row of each sheet, and the cells that hold an Excel error."""

    copy: io.BytesIO
    rows: Mapping[str, int]
    error_cells: Mapping[str, Mapping[tuple[int, int], str]]


def check_file(path: Path, limits: Limits | None = None) -> CheckedWorkbook:
    """Refuse a file that is no workbook, or one that is too large, active, or linked to others.

    Returns
    -------
    CheckedWorkbook
        What may be opened instead of the file.

    Raises
    ------
    UnreadableWorkbook
        With the sentence for the person who sent it.
    """
    limits = limits or Limits()
    _check_outside(path, limits)
    _check_count(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist(), limits)
            return _Inspection(archive, limits).run()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, UnicodeError) as error:
        raise damaged() from error


def _check_outside(path: Path, limits: Limits) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise UnreadableWorkbook(
            _("%(name)s cannot be read: %(reason)s.") % {"name": path, "reason": error.strerror}
        ) from error
    if size > limits.file_bytes:
        raise UnreadableWorkbook(
            _("The file has %(size)d MB; at most %(limit)d MB are read. Split it into several workbooks.")
            % {"size": -(-size // 2**20), "limit": limits.file_bytes // 2**20}
        )
    if head.startswith(OLE_MAGIC):
        raise UnreadableWorkbook(_old_or_encrypted(path))
    if not head.startswith(ZIP_MAGIC):
        raise UnreadableWorkbook(_what_it_is(head))


def _old_or_encrypted(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        encrypted = content.find(ENCRYPTED_MARK) >= 0
    if encrypted:
        return _("The workbook is protected by a password. Save it without one.")
    return _("This is an Excel file of the old kind (.xls). Save it as “Excel Workbook (.xlsx)”.")


def _check_count(path: Path, limits: Limits) -> None:
    """Count the parts before the list of them is built, which takes thirty times its size."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        place = -1
        for _part in range(limits.members + 1):
            place = content.find(LISTED, place + 1)
            if place < 0:
                return
    raise UnreadableWorkbook(_too_many())


def _what_it_is(head: bytes) -> str:
    if not head:
        return _("The file is empty.")
    if head.lstrip()[:1] == b"<":
        return _("This is a web page or XML, not an Excel workbook. Save it as “Excel Workbook (.xlsx)”.")
    if b"\0" not in head and any(mark in head for mark in (b",", b";", b"\t")):
        return _(
            "This is a text file such as CSV, not an Excel workbook. Open it in Excel and save it as “Excel Workbook (.xlsx)”."
        )
    return _("This is not an Excel workbook, whatever its name says. Save it as “Excel Workbook (.xlsx)”.")


def _check_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [member.filename for member in members]
    lowered = [name.lower() for name in names]
    if TYPES not in names or WORKBOOK not in names:
        raise UnreadableWorkbook(_what_it_is(b"other"))
    if len(set(lowered)) != len(names):
        raise UnreadableWorkbook(_too_many())
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise UnreadableWorkbook(_("The workbook is protected by a password. Save it without one."))
    paths = [PurePosixPath(name.replace("\\", "/")) for name in names]
    if any(".." in path.parts or path.is_absolute() for path in paths):
        raise UnreadableWorkbook(_("The file holds parts outside of the workbook. It is not read."))
    if any(member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for member in members):
        raise damaged()
    if sum(member.file_size for member in members) > limits.inflated_bytes:
        raise UnreadableWorkbook(_too_large(limits))
    if any("vbaproject" in name or "/macrosheets/" in name for name in lowered):
        raise UnreadableWorkbook(_macros())
    if any(name.startswith("xl/externallinks/") or name == "xl/connections.xml" for name in lowered):
        raise UnreadableWorkbook(_links())
    if any(name.startswith(("xl/embeddings/", "xl/activex/")) for name in lowered):
        raise UnreadableWorkbook(_("The workbook holds embedded objects. Remove them and save it again."))


class _Relation(NamedTuple):
    """A part that the workbook refers to: what it is, and its name in lower case."""

    kind: str
    target: str


class _Inspection:
    """Streams every part of one file once."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive, self._limits = archive, limits
        self._left = {member.filename.lower(): member for member in archive.infolist()}
        self._inflated = 0
        self._totals = Totals()
        self._buffer = io.BytesIO()
        self._copy = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def run(self) -> CheckedWorkbook:
        with self._copy:
            types, _roots, relations, book = (self._listed(name) for name in LISTS)
            _check_types(types)
            related = _relations(relations)
            # Cells refer to shared texts, so those are measured first.
            texts = [one.target for one in related.values() if one.kind == "sharedstrings"]
            for part in dict.fromkeys([STRINGS, *texts, STYLES]):
                self._measured(part, PurePosixPath(part).stem)
            sheets = _sheets(book, related)
            meters = {name: self._measured(part, name) for name, part in sheets.items()}
            for member in self._left.values():
                self._pass_by(member)
        self._buffer.seek(0)
        seen = {name: meter for name, meter in meters.items() if meter is not None}
        return CheckedWorkbook(
            self._buffer,
            {name: meter.last_row for name, meter in seen.items()},
            {name: meter.error_cells for name, meter in seen.items()},
        )

    def _listed(self, name: str) -> ElementTree.Element:
        """Copy one of the short parts that say where the others are."""
        member = self._left.get(name.lower())
        if member is not None and member.file_size > SMALL:
            raise damaged()
        content = io.BytesIO()
        self._measured(name.lower(), PurePosixPath(name).stem, content)
        try:
            return ElementTree.fromstring(content.getvalue() or b"<none/>")  # noqa: S314  # entities were refused
        except ElementTree.ParseError as error:
            raise damaged() from error

    def _measured(self, name: str, title: str, also: io.BytesIO | None = None) -> Meter | None:
        """Measure a part and copy it for the reader; None when there is no such part."""
        member = self._left.pop(name, None)
        if member is None:
            return None
        meter = Meter(title, self._limits, self._totals)
        with self._copy.open(member.filename, "w") as copy:
            for piece in self._pieces(member):
                meter.feed(piece)
                copy.write(piece)
                if also is not None:
                    also.write(piece)
        meter.finish()
        return meter

    def _pass_by(self, member: zipfile.ZipInfo) -> None:
        """Inflate a part that nobody reads, so that a bomb is named; one in XML may not declare entities."""
        before = b""
        for piece in self._pieces(member):
            if member.filename.lower().endswith(XML_PARTS) and b"<!ENTITY" in before + piece:
                raise UnreadableWorkbook(
                    _("The workbook declares entities of its own, which Excel never does. It is not read.")
                )
            before = piece[-8:]

    def _pieces(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        declared, size = member.file_size, 0
        # Reading would stop at the declared size, where another reader goes on: one byte more shows the lie.
        member.file_size = declared + 1
        with self._archive.open(member) as stream:
            while piece := stream.read(PIECE):
                size += len(piece)
                self._inflated += len(piece)
                if self._inflated > self._limits.inflated_bytes:
                    raise UnreadableWorkbook(_too_large(self._limits))
                if size > declared:
                    raise damaged()
                yield piece
        if size != declared:
            raise damaged()


def _check_types(types: ElementTree.Element) -> None:
    declared = [str(one.get("ContentType", "")).lower() for one in types.iter()]
    if any("macroenabled" in one or "vbaproject" in one for one in declared):
        raise UnreadableWorkbook(_macros())
    if any("externallink" in one for one in declared):
        raise UnreadableWorkbook(_links())


def _relations(relations: ElementTree.Element) -> dict[str, _Relation]:
    found = {}
    for one in relations.iter():
        kind = str(one.get("Type", "")).rpartition("/")[2].lower()
        if kind in {"externallink", "connections"}:
            raise UnreadableWorkbook(_links())
        if "vbaproject" in kind:
            raise UnreadableWorkbook(_macros())
        target = str(one.get("Target", "")).lower().removeprefix("/")
        found[str(one.get("Id"))] = _Relation(
            kind, target if target.startswith("xl/") else f"xl/{target.removeprefix('./')}"
        )
    return found


def _sheets(book: ElementTree.Element, related: Mapping[str, _Relation]) -> dict[str, str]:
    """Return the part of each sheet by the name on its tab."""
    found: dict[str, str] = {}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        keys = [value for name, value in sheet.items() if name.endswith(RELATION_ID)]
        name = str(sheet.get("name"))
        relation = related.get(keys[0]) if len(keys) == 1 else None
        # Two tabs on one part would be measured once and read twice.
        if relation is None or name in found or relation.target in found.values():
            raise damaged()
        found[name] = relation.target
    return found


def _macros() -> str:
    return _("The workbook holds macros. Save it as “Excel Workbook (.xlsx)” without macros.")


def _links() -> str:
    return _(
        "The workbook has links to other files. Break them (Data, Edit Links, Break Link) and save it again."
    )


def _too_many() -> str:
    return _("The file holds far more parts than a workbook has. It is not read.")


def _too_large(limits: Limits) -> str:
    return _("Unpacked, the workbook would take more than %(limit)d MB. It is not read.") % {
        "limit": limits.inflated_bytes // 2**20
    }
