"""A city's own round: a published standard of which some values are set otherwise, and some are added.

An overlay never copies: it names its base, and says what it sets, adds and leaves out.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

WORDS = ("base", "set", "add", "leave_out")
Place = tuple[str | int, ...]


class MisplacedChange(ValueError):
    """An overlay changes what its base does not have; knows its place in the overlay."""

    def __init__(self, place: Place, sentence: str) -> None:
        super().__init__(sentence)
        self.place = place


def is_overlay(values: Any) -> bool:
    """Return whether the values of a file are those of an overlay; a frozen copy of one has items of its own."""
    return isinstance(values, Mapping) and "base" in values and "items" not in values


def overlaid(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the standard that an overlay makes of its base; the base stays as it is.

    Raises
    ------
    MisplacedChange
        When something is set, added or left out at a place that the base does not have.
    """
    made = deepcopy(dict(base))
    made |= {name: value for name, value in overlay.items() if name not in WORDS}
    made["base"] = overlay["base"]
    for path in _names(overlay, "leave_out"):
        _leave_out(made, path)
    for path, value in _pairs(overlay, "set"):
        _set(made, path, value)
    for name, rows in _pairs(overlay, "add"):
        if not isinstance(made.get(name, []), list) or not isinstance(rows, list):
            raise MisplacedChange(
                ("add", name), f"found {name!r}; expected a list of the standard, such as items"
            )
        made[name] = [*made.get(name, []), *rows]
    return made


def _names(overlay: Mapping[str, Any], word: str) -> Iterator[str]:
    rows = overlay.get(word, [])
    if not isinstance(rows, list):
        raise MisplacedChange((word,), "found no list; expected places such as groups.khusus")
    yield from (str(row) for row in rows)


def _pairs(overlay: Mapping[str, Any], word: str) -> Iterator[tuple[str, Any]]:
    pairs = overlay.get(word, {})
    if not isinstance(pairs, Mapping):
        raise MisplacedChange((word,), "found no block of fields; expected places with what belongs there")
    yield from pairs.items()


def _set(values: dict[str, Any], path: str, value: Any) -> None:
    holder, last = _holder(values, path, "set")
    if isinstance(holder, list):
        holder[_position(holder, last, path, "set")] = value
    else:
        holder[last] = value


def _leave_out(values: dict[str, Any], path: str) -> None:
    holder, last = _holder(values, path, "leave_out")
    if isinstance(holder, list):
        del holder[_position(holder, last, path, "leave_out")]
    elif last in holder:
        del holder[last]
    else:
        raise MisplacedChange(("leave_out", path), f"found {path!r}; expected one of: {', '.join(holder)}")


def _holder(values: dict[str, Any], path: str, word: str) -> tuple[Any, str]:
    """Walk down to what holds the last step; a row of a list is named by its id."""
    *steps, last = path.split(".")
    found: Any = values
    for step in steps:
        if isinstance(found, list):
            found = found[_position(found, step, path, word)]
        elif isinstance(found, dict) and step in found:
            found = found[step]
        else:
            known = ", ".join(found) if isinstance(found, dict) else "nothing"
            raise MisplacedChange((word, path), f"found {path!r}; at {step!r} expected one of: {known}")
    if not isinstance(found, dict | list):
        raise MisplacedChange((word, path), f"found {path!r}; expected a place that holds fields")
    return found, last


def _position(rows: Sequence[Any], name: str, path: str, word: str) -> int:
    ids = [str(row.get("id")) if isinstance(row, Mapping) else "" for row in rows]
    if name not in ids:
        raise MisplacedChange((word, path), f"found {path!r}; at {name!r} expected one of: {', '.join(ids)}")
    return ids.index(name)
