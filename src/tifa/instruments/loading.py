"""Reads the packs: lists them, loads one, and gives its digest."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import ValidationError

from tifa.instruments.faults import faults_in, place_in_words
from tifa.instruments.overlays import MisplacedChange, is_overlay, overlaid
from tifa.instruments.reading import UnreadableYaml, read_yaml
from tifa.instruments.schema import Instrument, Label

logger = logging.getLogger(__name__)
PACKS = files("tifa.packs")
ENDING = ".yaml"
OVERLAYS = "overlays"
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
    kind: str
    digest: str
    cancelled: bool = False


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
        return _validated(_complete(document.values))
    except MisplacedChange as misplaced:
        line, place = document.line_of(misplaced.place), place_in_words(misplaced.place, document.values)
        raise BrokenInstrument(f"{name}, line {line}, {place}: {misplaced}.") from misplaced
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
    if instrument_id not in paths:
        known = ", ".join(sorted(paths))
        raise UnknownInstrument(f"There is no instrument {instrument_id!r}; there are: {known}.")
    name, path = paths[instrument_id]
    instrument = parse_instrument(_text_of(path, name), name=name)
    if instrument.id != instrument_id:
        raise BrokenInstrument(f"{name}, id: found {instrument.id!r}; expected {instrument_id!r}.")
    return instrument


def list_instruments() -> tuple[InstrumentSummary, ...]:
    """Return all instruments, the newest first; a pack of the city that is broken is left out and logged."""
    loaded = [load_instrument(one) for one in _paths() if one not in broken_packs()]
    ordered = sorted(loaded, key=lambda one: (-one.year, one.id))
    return tuple(
        InstrumentSummary(one.id, one.title, one.year, one.kind, digest(one), one.cancelled is not None)
        for one in ordered
    )


@lru_cache(maxsize=1)
def broken_packs() -> Mapping[str, str]:
    """Return the packs in the city's own folder that cannot be read, with what is wrong with them.

    The packs that come with the program are tested; a mistake in one of the city's must not take the others away.
    """
    faults = {}
    for one, (name, path) in _paths().items():
        if isinstance(path, Path) and path.is_relative_to(own_packs()):
            try:
                load_instrument(one)
            except BrokenInstrument as error:
                faults[one] = str(error)
                logger.error("The pack %s is left out: %s", name, error)
    return faults


def own_packs() -> Path:
    """Return the folder in which a city keeps packs of its own."""
    return Path(settings.DATA_DIR) / "packs"


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


def _complete(values: Any) -> Any:
    """Return the values of a whole instrument; an overlay is laid on its base."""
    if not is_overlay(values):
        return values
    try:
        base = load_instrument(str(values["base"]))
    except UnknownInstrument as error:
        raise MisplacedChange(
            ("base",), f"found {values['base']!r}; expected the id of a standard"
        ) from error
    if base.base is not None:
        raise MisplacedChange(
            ("base",), f"found {base.id!r}, which is an overlay; expected a published standard"
        )
    return overlaid(instrument_to_json(base), values)


def _text_of(path: Traversable, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BrokenInstrument(f"{name}: found bytes that are not UTF-8; expected a text file.") from error


@lru_cache(maxsize=1)
def _paths() -> dict[str, tuple[str, Traversable]]:
    """Return the files of all packs by id; cases and broken files lie in folders of their own and are no packs.

    A pack in the city's own folder goes before one of the same id that comes with the program.
    """
    places: list[Traversable] = [PACKS, *([own_packs()] if own_packs().is_dir() else [])]
    return {
        _id_of(folder.name, path.name): (f"{folder.name}/{path.name}", path)
        for place in places
        for folder in place.iterdir()
        if folder.is_dir()
        for path in folder.iterdir()
        if path.name.endswith(ENDING)
    }


def _id_of(folder: str, file: str) -> str:
    stem = file.removesuffix(ENDING)
    return stem if folder == OVERLAYS else f"{folder}-{stem}"
