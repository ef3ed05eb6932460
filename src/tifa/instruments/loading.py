"""Reads the packs: lists them, loads one, and gives its digest."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ValidationError

from tifa.instruments.schema import Instrument, Label

PACKS = files("tifa.packs")


class UnknownInstrument(LookupError):
    """No pack has this identifier; the message names those that there are."""


class BrokenInstrument(ValueError):
    """A pack does not fit the schema; the message says where, what was found and what was expected."""


@dataclass(frozen=True)
class InstrumentSummary:
    """A line of the list of standards."""

    id: str
    title: Label
    year: int
    digest: str


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key that stands twice, which YAML would silently take the last of."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping whose keys stand once."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                raise BrokenInstrument(f"line {key_node.start_mark.line + 1}: the key {key!r} stands twice")
            seen.add(key)
        return super().construct_mapping(node, deep)


def parse_instrument(text: str, *, name: str) -> Instrument:
    """Read an instrument from the text of a pack.

    Raises
    ------
    BrokenInstrument
        With the first fault: file, place in the file, what was found, what was expected.
    """
    try:
        data = yaml.load(text, _StrictLoader)  # noqa: S506  # a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise BrokenInstrument(f"{name}, line {line}: this is not YAML ({error.problem}).") from error
    except BrokenInstrument as error:
        raise BrokenInstrument(f"{name}, {error}") from error
    try:
        return Instrument.model_validate(data)
    except ValidationError as error:
        raise BrokenInstrument(f"{name}, {_first_fault(error)}") from error


@lru_cache(maxsize=64)
def load_instrument(instrument_id: str) -> Instrument:
    """Return the instrument of a pack, such as ``kipp-2023``."""
    path = _paths().get(instrument_id)
    if path is None:
        raise UnknownInstrument(
            f"There is no instrument {instrument_id!r}; there are: {', '.join(sorted(_paths()))}."
        )
    instrument = parse_instrument(path.read_text(encoding="utf-8"), name=f"{instrument_id}.yaml")
    if instrument.id != instrument_id:
        raise BrokenInstrument(
            f"{instrument_id}.yaml, id: found {instrument.id!r}; expected {instrument_id!r}"
        )
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
    """Return an instrument as JSON values; decimals as text, so nothing is lost."""
    return instrument.model_dump(mode="json")


def instrument_from_json(data: dict[str, Any]) -> Instrument:
    """Read back what :func:`instrument_to_json` gave."""
    return Instrument.model_validate(data)


def _paths() -> dict[str, Any]:
    return {
        f"{folder.name}-{path.name.removesuffix('.yaml')}": path
        for folder in PACKS.iterdir()
        if folder.is_dir()
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    }


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    place = " → ".join(str(part) for part in fault["loc"]) or "whole file"
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] in {"missing", "value_error"}:
        return f"{place}: {message}"
    return f"{place}: {message} (found {str(fault['input'])[:60]!r})"
