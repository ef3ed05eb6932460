"""What was typed, as text that can be stored and shown again."""

from collections.abc import Iterable, Mapping
from typing import Any


def typed(data: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Return the named values as text, with one kind of line end and without characters that no database takes."""
    return {name: _plain(data.get(name)) for name in names}


def _plain(value: Any) -> str:
    text = "" if value is None else str(value)
    return text.replace("\r\n", "\n").replace("\x00", "")
