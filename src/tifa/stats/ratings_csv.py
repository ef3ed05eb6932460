"""Ratings and weights written as comma-separated text, long or wide."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tifa.stats.errors import JudgingError
from tifa.stats.ratings import NO_TOPIC, Rating

_KEYS: Final = ("entry", "judge")
_LONG: Final = ("criterion", "score")
_TOPIC: Final = "topic"
_WEIGHTS: Final = ("criterion", "weight")


class TableError(JudgingError):
    """A cell or a header cannot be read; the message names line and column."""

    def __init__(self, line: int, column: str, found: str, expected: str) -> None:
        where = f"line {line}" + (f", column {column!r}" if column else "")
        super().__init__(f"{where}: found {found}; expected {expected}.")


@dataclass(frozen=True)
class _Table:
    """The lines of a table by the names of its columns; a semicolon between cells makes commas decimal."""

    columns: tuple[str, ...]
    lines: Sequence[tuple[int, dict[str, str]]]
    decimal_comma: bool

    def number(self, line: int, column: str, text: str, expected: str = "number or an empty cell") -> float:
        """Return a cell as a number."""
        try:
            value = float(text.replace(",", ".") if self.decimal_comma else text)
        except ValueError:
            raise TableError(line, column, repr(text), f"a {expected}") from None
        if value - value != 0:
            raise TableError(line, column, repr(text), f"a finite {expected}")
        return value


def read_ratings(text: Iterable[str]) -> tuple[Rating, ...]:
    """Read ratings from lines of text.

    Parameters
    ----------
    text
        Lines with a header: ``entry,judge,criterion,score[,topic]`` with one score a line, or
        ``entry,judge[,topic]`` and one column a criterion. An empty score is missing. Semicolons may stand for the commas,
        and decimal commas then for decimal points, as spreadsheets write them in Indonesia.

    Raises
    ------
    TableError
        With line, column, what was found and what was expected.
    """
    table = _table(text)
    for column in _KEYS:
        if column not in table.columns:
            raise TableError(1, "", _listed(table.columns), f"a column {column!r} in the header")
    ratings = tuple(_long(table) if set(_LONG) <= set(table.columns) else _wide(table))
    if not ratings:
        raise TableError(1, "", "no line below the header", "at least one rating")
    _refuse_doubles(table, ratings)
    return ratings


def read_weights(text: Iterable[str]) -> dict[str, float]:
    """Read weights, one criterion a line under the header ``criterion,weight``.

    Raises
    ------
    TableError
        With line, column, what was found and what was expected.
    """
    table = _table(text)
    for column in _WEIGHTS:
        if column not in table.columns:
            raise TableError(1, "", _listed(table.columns), "the header criterion,weight")
    weights: dict[str, float] = {}
    for line, cells in table.lines:
        name = _name(line, cells, "criterion")
        if name in weights:
            raise TableError(line, "criterion", f"{name!r} a second time", "each criterion once")
        weights[name] = table.number(line, "weight", cells["weight"], "number")
    return weights


def _table(text: Iterable[str]) -> _Table:
    lines = list(text)
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        columns = tuple(cell.strip() for cell in next(reader, []))
        columns = tuple(
            name.lower() if name.lower() in {*_KEYS, *_LONG, _TOPIC, "weight"} else name for name in columns
        )
        _check_header(columns)
        rows = [(reader.line_num, _cells(reader.line_num, columns, row)) for row in reader if any(row)]
    except csv.Error as error:
        raise TableError(
            reader.line_num, "", f"text that is no CSV ({error})", "cells between commas"
        ) from None
    return _Table(columns, rows, delimiter == ";")


def _check_header(columns: Sequence[str]) -> None:
    if not any(columns):
        raise TableError(1, "", "an empty first line", "a header such as entry,judge,criterion,score")
    for position, name in enumerate(columns):
        if not name:
            raise TableError(1, "", f"no name over column {position + 1}", "a name over each column")
        if name in columns[:position]:
            raise TableError(1, name, "two columns of that name", "one")


def _cells(line: int, columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    if len(row) != len(columns):
        raise TableError(line, "", f"{len(row)} cells", f"{len(columns)}, as in the header")
    return {name: cell.strip() for name, cell in zip(columns, row, strict=True)}


def _long(table: _Table) -> Iterator[Rating]:
    allowed = {*_KEYS, *_LONG, _TOPIC}
    for name in table.columns:
        if name not in allowed:
            raise TableError(
                1, name, "a column that the long form does not have", "entry,judge,criterion,score[,topic]"
            )
    for line, cells in table.lines:
        yield Rating(
            _name(line, cells, "entry"),
            _name(line, cells, "judge"),
            _name(line, cells, "criterion"),
            _score(table, line, "score", cells["score"]),
            cells.get(_TOPIC, NO_TOPIC),
        )


def _wide(table: _Table) -> Iterator[Rating]:
    criteria = [name for name in table.columns if name not in {*_KEYS, _TOPIC}]
    for name in criteria:
        if name in _LONG:
            other = _LONG[1 - _LONG.index(name)]
            raise TableError(1, "", _listed(table.columns), f"a column {other!r} beside {name!r}")
    if not criteria:
        raise TableError(
            1, "", _listed(table.columns), "the columns criterion and score, or one column a criterion"
        )
    for line, cells in table.lines:
        entry, judge = _name(line, cells, "entry"), _name(line, cells, "judge")
        topic = cells.get(_TOPIC, NO_TOPIC)
        for criterion in criteria:
            yield Rating(entry, judge, criterion, _score(table, line, criterion, cells[criterion]), topic)


def _refuse_doubles(table: _Table, ratings: Sequence[Rating]) -> None:
    each = len(ratings) // len(table.lines)
    seen: dict[tuple[str, str, str], int] = {}
    topics: dict[str, str] = {}
    for position, one in enumerate(ratings):
        line = table.lines[position // each][0]
        before = seen.setdefault((one.entry, one.judge, one.criterion), line)
        if before != line:
            raise TableError(
                line,
                "judge",
                f"{one.judge!r} rating {one.criterion!r} of {one.entry!r} as on line {before} already",
                "one rating",
            )
        if topics.setdefault(one.entry, one.topic) != one.topic:
            raise TableError(
                line, _TOPIC, f"{one.topic!r}", f"{topics[one.entry]!r}, as before for {one.entry!r}"
            )


def _name(line: int, cells: dict[str, str], column: str) -> str:
    if not cells[column]:
        raise TableError(line, column, "an empty cell", "a name")
    return cells[column]


def _score(table: _Table, line: int, column: str, text: str) -> float | None:
    return table.number(line, column, text) if text else None


def _listed(columns: Sequence[str]) -> str:
    return "the columns " + ", ".join(columns)
