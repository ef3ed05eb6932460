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
KINDS_IN = ("items", "results", "samples")
NO_KIND = ("union_tag_invalid", "union_tag_not_found")

Place = tuple[str | int, ...]


def faults_in(error: ValidationError) -> Iterator[tuple[Place, str]]:
    """Return each fault as its place and a sentence without the place, at most twenty."""
    found = [fault for fault in error.errors(include_url=False) if not _is_echo(fault)]
    for fault in found[:MOST]:
        inner: Place = fault.get("ctx", {}).get("place", ()) if fault["type"] == PLACED else ()
        if fault["type"] in NO_KIND:
            inner = ("kind",)
        yield (*_without_kinds(fault["loc"]), *inner), _sentence(fault, (*fault["loc"], *inner))


def place_in_words(place: Place, values: Any) -> str:
    """Return a place as a reader follows it, a row of a list by its name: ``sections → kebaruan → weight``."""
    words: list[str] = []
    for step in place:
        values = _below(values, step)
        words.append(_name_of(values, step) if isinstance(step, int) else step)
    return " → ".join(words) or "the whole file"


def _is_echo(fault: ErrorDetails) -> bool:
    """Return whether a list is called too short only because a row of it was refused already."""
    length = fault.get("ctx", {}).get("min_length", 0)
    return (
        fault["type"] == "too_short"
        and isinstance(fault["input"], Sequence)
        and len(fault["input"]) >= length
    )


def _without_kinds(place: Place) -> Place:
    """Leave out the kind that the validator puts behind a row whose kind decides on its fields: items → 3 → text."""
    return tuple(step for at, step in enumerate(place) if not _is_kind(place, at))


def _is_kind(place: Place, at: int) -> bool:
    return at >= 2 and isinstance(place[at - 1], int) and place[at - 2] in KINDS_IN


def _sentence(fault: ErrorDetails, place: Place) -> str:
    kind = fault["type"]
    if kind == PLACED:
        return f"{fault['msg']}."
    if kind == "union_tag_invalid":
        return f"found {fault['ctx']['tag']!r}; expected one of {fault['ctx']['expected_tags']}."
    if kind == "union_tag_not_found":
        return f"found nothing; expected one of: {', '.join(_kinds(place[:-1]))}."
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
    fields = [
        part.model_fields[str(place[-1])] for part in _parts_at(place[:-1]) if place[-1] in part.model_fields
    ]
    if not fields:
        return "a value"
    example = f", such as {fields[0].examples[0]}" if fields[0].examples else ""
    return f"{fields[0].description}{example}"


def _fields(place: Place) -> str:
    names = dict.fromkeys(name for part in _parts_at(place) for name in part.model_fields)
    return ", ".join(names) or "none"


def _kinds(place: Place) -> list[str]:
    return [kind for part in _parts_at(place) for kind in get_args(part.model_fields["kind"].annotation)]


def _parts_at(place: Place) -> Sequence[type[Part]]:
    """Return the shapes that may stand at a place: one, or one for each kind."""
    parts: Sequence[type[Part]] = [Instrument]
    for at, step in enumerate(place):
        if _is_kind(place, at):
            parts = [part for part in parts if step in get_args(part.model_fields["kind"].annotation)]
        elif isinstance(step, str):
            fields = [part.model_fields[step] for part in parts if step in part.model_fields]
            parts = [found for field in fields for found in parts_in(field.annotation)]
    return list(dict.fromkeys(parts))


def parts_in(annotation: Any) -> Iterator[type[Part]]:
    """Return the parts that a field may hold."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in get_args(annotation):
        yield from parts_in(inner)


def _below(values: Any, step: str | int) -> Any:
    if isinstance(values, Mapping):
        return values.get(step)
    if isinstance(values, list) and isinstance(step, int) and step < len(values):
        return values[step]
    return None


def _name_of(value: Any, position: int) -> str:
    names = [value[field] for field in ID_FIELDS if field in value] if isinstance(value, Mapping) else []
    return str(names[0]) if names else f"row {position + 1}"
