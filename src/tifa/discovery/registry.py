"""The reported innovations with which candidates are compared, and how they are read from a YAML list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tifa.discovery.reading import Block, UnreadableYaml, read_yaml

MOST_ENTRIES = 200_000
FIELDS = frozenset({"id", "name", "owner", "description", "aliases"})


class UnreadableRegistry(ValueError):
    """A list of reported innovations cannot be used; the message says where, what was found and what was expected."""


@dataclass(frozen=True)
class Entry:
    """One reported innovation; ``aliases``: other names, old names, what an acronym stands for."""

    id: str
    name: str
    owner: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()


def parse_registry(text: str, *, name: str) -> list[Entry]:
    """Read a YAML list of ``{id, name, owner, description, aliases}``; only the first two are required.

    Raises
    ------
    UnreadableRegistry
        With a sentence that names the file and the line.
    """
    try:
        rows = read_yaml(text)
    except UnreadableYaml as error:
        raise UnreadableRegistry(f"{name}, {error}") from error
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise UnreadableRegistry(f"{name}: found no list; expected a list of innovations with id and name.")
    if len(rows) > MOST_ENTRIES:
        raise UnreadableRegistry(
            f"{name}: found {len(rows)} innovations; at most {MOST_ENTRIES} are compared. Split the list, "
            "and compare with each part."
        )
    entries = [_entry(row, number, name) for number, row in enumerate(rows, start=1)]
    _refuse_twins(entries, name)
    return entries


def _entry(row: Any, number: int, name: str) -> Entry:
    if not isinstance(row, Block):
        raise UnreadableRegistry(f"{name}, entry {number}: found no block of fields; expected id and name.")
    where = f"{name}, line {row.line}"
    for field in ("id", "name"):
        if not isinstance(row.get(field), str) or not row[field].strip():
            raise UnreadableRegistry(f"{where}: found no {field}; expected a text.")
    aliases = row.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise UnreadableRegistry(f"{where}, aliases: found something else; expected a list of texts.")
    return Entry(
        row["id"].strip(),
        row["name"].strip(),
        _text(row.get("owner")),
        _text(row.get("description")),
        tuple(alias.strip() for alias in aliases if alias.strip()),
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _refuse_twins(entries: Iterable[Entry], name: str) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise UnreadableRegistry(
                f"{name}: found the id {entry.id!r} a second time; expected every id once."
            )
        seen.add(entry.id)
