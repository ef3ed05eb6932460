"""Prints rows in columns, for a terminal."""

from collections.abc import Iterator, Sequence


def in_columns(rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Return each row as a line, its cells as wide as the widest of their column."""
    widths = [max(len(str(row[place])) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
