"""Reads the packs: lists them, loads one, and gives its digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from tifa.instruments.faults import faults_in, place_in_words
from tifa.instruments.reading import UnreadableYaml, read_yaml
from tifa.instruments.schema import Instrument, Label

PACKS = files("tifa.packs")
ENDING = ".yaml"
STORED_COPY = "the stored copy"


class UnknownInstrument(LookupError):
    """No pack has this identifier; the message names those that there are."""


class BrokenInstrument(ValueError):
    """A pack does not fit the schema; each line of the message says where, what was found, what was expected."""


@dataclass(frozen=True)
class InstrumentSummary:
    """A line of the list of standards."""

    id: str
    title: Label
    year: int
    digest: str


def parse_instrument(text: str, *, name: str) -> Instrument:
    """Read an instrument from the text of a pack; ``name`` is the file that messages name.

    Raises
    ------
    BrokenInstrument
        With a sentence for each fault: file, line, place in the file, what was found, what was expected.
    """
    try:
        document = read_yaml(text)
    except UnreadableYaml as error:
        raise BrokenInstrument(f"{name}, {error}") from error
    try:
        return _validated(document.values)
    except ValidationError as error:
        lines = [
            f"{name}, line {document.line_of(place)}, {place_in_words(place, document.values)}: {sentence}"
            for place, sentence in faults_in(error)
        ]
        raise BrokenInstrument("\n".join(lines)) from error


@lru_cache(maxsize=64)
def load_instrument(instrument_id: str) -> Instrument:
    """Return the instrument of a pack, such as ``kipp-2023``; read once a process.

    Raises
    ------
    UnknownInstrument
        When no pack has this identifier.
    BrokenInstrument
        When the pack does not fit the schema.
    """
    paths = _paths()
    path = paths.get(instrument_id)
    if path is None:
        known = ", ".join(sorted(paths))
        raise UnknownInstrument(f"There is no instrument {instrument_id!r}; there are: {known}.")
    name = f"{instrument_id.replace('-', '/')}{ENDING}"
    instrument = parse_instrument(_text_of(path, name), name=name)
    if instrument.id != instrument_id:
        raise BrokenInstrument(f"{name}, id: found {instrument.id!r}; expected {instrument_id!r}.")
    return instrument


def list_instruments() -> tuple[InstrumentSummary, ...]:
    """Return all instruments, the newest first."""
    loaded = [load_instrument(one) for one in _paths()]
    ordered = sorted(loaded, key=lambda one: (-one.year, one.id))
    return tuple(InstrumentSummary(one.id, one.title, one.year, digest(one)) for one in ordered)


def digest(instrument: Instrument) -> str:
    """Return the SHA-256 of an instrument: the same content gives the same digest on every machine."""
    canonical = json.dumps(
        instrument_to_json(instrument), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def instrument_to_json(instrument: Instrument) -> dict[str, Any]:
    """Return an instrument as JSON values; decimals as text, so nothing is lost.

    Optional fields that say nothing are left out. So a field that the schema gains later changes neither the
    copies that rounds have frozen nor their digests.
    """
    return instrument.model_dump(mode="json", exclude_defaults=True)


def instrument_from_json(data: Mapping[str, Any]) -> Instrument:
    """Read back what :func:`instrument_to_json` gave; the digest is the same.

    Raises
    ------
    BrokenInstrument
        When the copy does not fit the schema.
    """
    try:
        return _validated(data)
    except ValidationError as error:
        lines = [f"{STORED_COPY}, {place_in_words(place, data)}: {said}" for place, said in faults_in(error)]
        raise BrokenInstrument("\n".join(lines)) from error


def _validated(values: Any) -> Instrument:
    # Through JSON, because only there strict means: a day is text in ISO form, and 1 is not true.
    return Instrument.model_validate_json(json.dumps(values))


def _text_of(path: Traversable, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BrokenInstrument(f"{name}: found bytes that are not UTF-8; expected a text file.") from error


def _paths() -> dict[str, Traversable]:
    """Return the files of all packs; cases and broken files lie in folders of their own and are no packs."""
    return {
        f"{folder.name}-{path.name.removesuffix(ENDING)}": path
        for folder in PACKS.iterdir()
        if folder.is_dir()
        for path in folder.iterdir()
        if path.name.endswith(ENDING)
    }
