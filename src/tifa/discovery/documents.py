"""Turns files, folders, archives and lists of items into texts that can be read, and refuses what could do harm."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from tifa.discovery.archives import Budget, UnreadableFile, members_of
from tifa.discovery.formats import csv_text, html_text, pdf_text, plain_text, sheets_text, word_text
from tifa.discovery.reading import Block, UnreadableYaml, read_yaml

MOST_FILES: Final = 5_000
FILE_BYTES: Final = 20 * 2**20
YAML_ENDINGS: Final = frozenset({".yaml", ".yml"})
READERS: Final[Mapping[str, Callable[[bytes, Budget], str]]] = {
    ".txt": plain_text,
    ".md": plain_text,
    ".html": html_text,
    ".htm": html_text,
    ".csv": csv_text,
    ".tsv": csv_text,
    ".docx": word_text,
    ".xlsx": sheets_text,
    ".pdf": pdf_text,
}
ACCEPTED: Final = "text, HTML, CSV, Word (.docx), Excel (.xlsx), PDF, ZIP of these, or a YAML list of items"


@dataclass(frozen=True)
class Item:
    """One text with its identifier; ``region``: whose innovations are looked for, when the source says so."""

    id: str
    text: str
    region: str | None = None
    kind: str | None = None


@dataclass
class Reading:
    """The texts of a path, and sentences about files that were left out."""

    items: list[Item] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_path(path: Path) -> Reading:
    """Return the texts of a document, a folder, a ZIP archive or a YAML list.

    A file that cannot be read is refused when it is the path itself; inside a folder or an archive it is
    left out with a notice.

    Raises
    ------
    UnreadableFile
        With a sentence that names the file, what was found and what was expected.
    """
    reading = Reading()
    if path.is_dir():
        _read_folder(path, reading)
        return reading
    data = _bytes_of(path)
    suffix = path.suffix.lower()
    if suffix in YAML_ENDINGS:
        reading.items.extend(_items_of_list(data, path.name))
    elif suffix == ".zip":
        _read_archive(data, path.name, reading)
    else:
        reading.items.append(Item(path.name, _text_of(data, path.name, Budget())))
    return reading


def _read_folder(path: Path, reading: Reading) -> None:
    files = [
        one
        for one in sorted(path.rglob("*"))
        if one.is_file() and not any(part.startswith(".") for part in one.relative_to(path).parts)
    ]
    if len(files) > MOST_FILES:
        raise UnreadableFile(
            f"{path}: found {len(files)} files; at most {MOST_FILES} are read at once. Read its folders one by one."
        )
    for one in files:
        name = one.relative_to(path).as_posix()
        try:
            _read_member(_bytes_of(one), name, reading)
        except UnreadableFile as error:
            reading.notices.append(str(error))


def _read_member(data: bytes, name: str, reading: Reading) -> None:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in YAML_ENDINGS:
        reading.items.extend(_items_of_list(data, name))
    elif suffix == ".zip":
        _read_archive(data, name, reading)
    else:
        reading.items.append(Item(name, _text_of(data, name, Budget())))


def _read_archive(data: bytes, name: str, reading: Reading) -> None:
    """Read the documents of an archive; an archive within it is left out."""
    budget = Budget()
    for member, content in members_of(data, name, budget):
        inner = f"{name}/{member}"
        try:
            if PurePosixPath(member).suffix.lower() == ".zip":
                raise UnreadableFile(f"{inner}: found an archive within an archive; unpack it first.")
            reading.items.append(Item(inner, _text_of(content, inner, budget)))
        except UnreadableFile as error:
            reading.notices.append(str(error))


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            f"{path}: cannot be read: {error.strerror}. Check whether you may open it."
        ) from error
    if len(data) > FILE_BYTES:
        raise UnreadableFile(
            f"{path}: the file is larger than {FILE_BYTES // 2**20} MB. Split it, or save it as text."
        )
    return data


def _text_of(data: bytes, name: str, budget: Budget) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise UnreadableFile(
            f"{name}: files of the kind {suffix or '(none)'} are not read. Accepted are: {ACCEPTED}."
        )
    if not data:
        raise UnreadableFile(f"{name}: the file is empty.")
    try:
        return reader(data, budget)
    except UnreadableFile as error:
        raise UnreadableFile(f"{name}: {error}") from error


def _items_of_list(data: bytes, name: str) -> Iterator[Item]:
    try:
        rows = read_yaml(plain_text(data, Budget()))
    except (UnreadableYaml, UnreadableFile) as error:
        raise UnreadableFile(f"{name}, {error}") from error
    if not isinstance(rows, list):
        raise UnreadableFile(f"{name}: found no list; expected a list of items with id and text.")
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        item = _item(row, number, name)
        if item.id in seen:
            raise UnreadableFile(f"{name}: found the id {item.id!r} a second time; expected every id once.")
        seen.add(item.id)
        yield item


def _item(row: Any, number: int, name: str) -> Item:
    if not isinstance(row, Block):
        raise UnreadableFile(f"{name}, item {number}: found no block of fields; expected id and text.")
    for wanted in ("id", "text"):
        if not isinstance(row.get(wanted), str):
            raise UnreadableFile(f"{name}, line {row.line}: found no {wanted}; expected a text.")
    region, kind = row.get("region"), row.get("kind")
    return Item(
        row["id"],
        row["text"],
        region if isinstance(region, str) else None,
        kind if isinstance(kind, str) else None,
    )
