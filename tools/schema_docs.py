"""Writes docs/instruments: the JSON Schema of a pack, and a page that explains every field with its example."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from tifa.instruments import schema
from tifa.instruments.schema import Instrument, Part

DOCS = Path(__file__).resolve().parents[1] / "docs" / "instruments"
HEAD = """# The fields of a pack

Made by `make schema` from the code; a test keeps it up to date. A pack is one YAML file for each edition; the
[JSON Schema](schema.json) says the same for editors and programs. How a new edition is added:
[handbook](../handbook/standar.md) (Indonesian).
"""


def schema_json() -> str:
    """Return the JSON Schema."""
    return json.dumps(Instrument.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


def fields_page() -> str:
    """Return the page of fields: the instrument first, then each part by name."""
    parts: list[type[Part]] = [
        part for part in vars(schema).values() if isinstance(part, type) and issubclass(part, Part)
    ]
    ordered: list[type[Part]] = [
        Instrument,
        *sorted((part for part in parts if part not in {Instrument, Part}), key=lambda one: one.__name__),
    ]
    return HEAD + "".join(line for part in ordered for line in _part(part))


def _part(part: type[Part]) -> Iterator[str]:
    purpose = " ".join((part.__doc__ or "").split("\n\n")[0].split())
    yield f"\n## {part.__name__}\n\n{purpose}\n\n| Field | Holds | Must be there | Meaning | Example |\n|---|---|---|---|---|\n"
    for name, field in part.model_fields.items():
        example = f"`{field.examples[0]}`" if field.examples else ""
        needed = "yes" if field.is_required() else ""
        yield f"| `{name}` | {_kind(field.annotation)} | {needed} | {field.description} | {example} |\n"


def _kind(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        return " or ".join(dict.fromkeys("null" if one is type(None) else _kind(one) for one in inner))
    if origin is tuple:
        return f"list of {_kind(inner[0])}"
    if origin is not None and inner and hasattr(annotation, "__metadata__"):
        return _kind(inner[0])
    if origin is not None:
        return " or ".join(f"`{one}`" for one in inner)
    return (
        f"[{annotation.__name__}](#{annotation.__name__.lower()})"
        if _is_part(annotation)
        else annotation.__name__
    )


def _is_part(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Part)


def main() -> int:
    """Write both files, or with `check` say whether they are up to date."""
    made = {DOCS / "schema.json": schema_json(), DOCS / "fields.md": fields_page()}
    stale = [
        path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if sys.argv[1:] == ["check"]:
        for path in stale:
            print(f"{path.name} is not up to date: run `make schema`.", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(made[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
