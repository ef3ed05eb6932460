"""Turns what the schema refuses into sentences: the place, what was found, what was expected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tifa.instruments.schema import PLACED, Instrument, Part

MOST = 20
FOUND_LENGTH = 60
EXPECTED: Mapping[str, str] = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "model_type": "a block of fields",
    "model_attributes_type": "a block of fields",
    "string_too_short": "a text that is not empty",
    "too_short": "at least one",
}
ID_FIELDS = ("id", "name")

Place = tuple[str | int, ...]


def faults_in(error: ValidationError) -> Iterator[tuple[Place, str]]:
    """Return each fault as its place and a sentence without the place, at most twenty."""
    for fault in error.errors(include_url=False)[:MOST]:
        inner: Place = fault.get("ctx", {}).get("place", ()) if fault["type"] == PLACED else ()
        place = (*fault["loc"], *inner)
        yield place, _sentence(fault, place)


def place_in_words(place: Place, values: Any) -> str:
    """Return a place as a reader follows it, a row of a list by its name: ``sections → kebaruan → weight``."""
    words: list[str] = []
    for step in place:
        values = _below(values, step)
        words.append(_name_of(values, step) if isinstance(step, int) else step)
    return " → ".join(words) or "the whole file"


def _sentence(fault: ErrorDetails, place: Place) -> str:
    kind = fault["type"]
    if kind == PLACED:
        return f"{fault['msg']}."
    if kind == "missing":
        return f"found nothing; expected {_description(place)}."
    if kind == "extra_forbidden":
        return f"found a field that the schema does not know; expected one of: {_fields(place[:-1])}."
    return f"found {_shown(fault['input'])}; expected {_expected(fault, place)}."


def _expected(fault: ErrorDetails, place: Place) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in {"enum", "literal_error"}:
        return str(context["expected"])
    if kind == "greater_than_equal":
        return f"at least {context['ge']}"
    if kind == "less_than_equal":
        return f"at most {context['le']}"
    if kind == "string_pattern_mismatch":
        return f"{_description(place)}, written as {context['pattern']}"
    if kind.startswith(("date", "time")):
        return _description(place)
    return EXPECTED.get(kind) or fault["msg"]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a block of fields"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"a list of {len(value)}"
    text = repr(value) if value is not None else "null"
    return text if len(text) <= FOUND_LENGTH else f"{text[:FOUND_LENGTH]}…"


def _description(place: Place) -> str:
    part = _part_at(place[:-1])
    field = part.model_fields.get(str(place[-1])) if part else None
    if field is None:
        return "a value"
    example = f", such as {field.examples[0]}" if field.examples else ""
    return f"{field.description}{example}"


def _fields(place: Place) -> str:
    part = _part_at(place)
    return ", ".join(part.model_fields) if part else "none"


def _part_at(place: Place) -> type[Part] | None:
    part: type[Part] | None = Instrument
    for step in place:
        if isinstance(step, str):
            field = part.model_fields.get(step) if part else None
            part = _part_in(field.annotation) if field else None
    return part


def _part_in(annotation: Any) -> type[Part] | None:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    found = (_part_in(inner) for inner in get_args(annotation))
    return next((part for part in found if part), None)


def _below(values: Any, step: str | int) -> Any:
    if isinstance(values, Mapping):
        return values.get(step)
    if isinstance(values, list) and isinstance(step, int) and step < len(values):
        return values[step]
    return None


def _name_of(value: Any, position: int) -> str:
    names = [value[field] for field in ID_FIELDS if field in value] if isinstance(value, Mapping) else []
    return str(names[0]) if names else f"row {position + 1}"
