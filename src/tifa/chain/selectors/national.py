"""The national figures with which a city compares its own chain; data with its sources."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class NationalFigure:
    """One edition of the national competition: how many were registered, forwarded, and passed.

    ``with_unit`` and ``with_local_admin`` say where those lay that were not forwarded, None where nobody published it.
    """

    edition: str
    year: int
    registered: int
    forwarded: int
    passed: int
    with_unit: int | None
    with_local_admin: int | None
    sources: tuple[str, ...]

    @property
    def lost(self) -> float:
        """Return the share of the registered that never left the institution."""
        return 1 - self.forwarded / self.registered


@cache
def national_figures() -> tuple[NationalFigure, ...]:
    """Return the figures in the order of the years."""
    rows = yaml.safe_load(files("tifa.chain").joinpath("national.yaml").read_text(encoding="utf-8"))
    found = (NationalFigure(**{**row, "sources": tuple(row["sources"])}) for row in rows)
    return tuple(sorted(found, key=lambda one: one.year))
