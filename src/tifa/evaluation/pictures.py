"""Places of lines and dots for the pictures of a result; the templates draw them as SVG with a table beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10
from typing import Any, Final

ROW: Final = 40
TOP_MARGIN: Final = 24
BAR: Final = 10
TALL: Final = 100
_PADDING: Final = 0.04
_TICKS: Final = 4
_REACH: Final = 1.96
# A chance below this is not drawn, and shown in the table as less than one in a hundred.
_SEEN: Final = 0.005


@dataclass(frozen=True)
class Tick:
    """A mark of the axis, with the number that stands there."""

    x: str
    value: str


@dataclass(frozen=True)
class Row:
    """One interval: from ``left`` to ``right`` around ``dot``, and a second mark where the plain mean lies."""

    label: str
    text_y: int
    y: int
    left: str
    right: str
    dot: str
    mark: str | None
    kind: str


@dataclass(frozen=True)
class Plot:
    """A picture of intervals; across in per cent of the width, so that it fits a phone and a desktop."""

    height: int
    axis_y: int
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Strip:
    """One bar an entry in order of place, as high as its chance; one path for each verdict."""

    width: int
    sure: str
    band: str
    out: str


@dataclass(frozen=True)
class Cell:
    """A place of an entry: where it is drawn, and how dark; the root makes small chances seen."""

    x: str
    shade: str


@dataclass(frozen=True)
class HeatRow:
    """One entry with its chances to take each of the first places."""

    label: str
    text_y: int
    y: int
    cells: tuple[Cell, ...]
    chances: tuple[float, ...]


@dataclass(frozen=True)
class HeatMap:
    """The best entries by the places that they may take."""

    height: int
    cell: str
    ticks: tuple[Tick, ...]
    rows: tuple[HeatRow, ...]

    @property
    def places(self) -> range:
        """Return the places, for the head of the table."""
        return range(1, len(self.rows) + 1)


def interval_plot(entries: Sequence[Mapping[str, Any]]) -> Plot | None:
    """Return fair scores with intervals and plain means, one row an entry that has a fair score."""
    shown = [one for one in entries if one["fair"]]
    if not shown:
        return None
    values = [[one["fair"]["low"], one["fair"]["high"], one["total"]] for one in shown]
    across = _Across([float(value) for row in values for value in row if value is not None])
    rows = tuple(
        Row(
            label=f"{one['fair']['place']}. {one['title']}",
            text_y=TOP_MARGIN + number * ROW + 14,
            y=TOP_MARGIN + number * ROW + 26,
            left=across(one["fair"]["low"]),
            right=across(one["fair"]["high"]),
            dot=across(one["fair"]["fair"]),
            mark=None if one["total"] is None else across(float(one["total"])),
            kind=one["fair"]["verdict"],
        )
        for number, one in enumerate(shown)
    )
    return Plot(TOP_MARGIN + len(rows) * ROW + 4, TOP_MARGIN - 4, across.ticks(), rows)


def severity_plot(severities: Sequence[Mapping[str, float]]) -> Plot | None:
    """Return severities with intervals, the strictest first and without any name."""
    if not severities:
        return None
    ends = [one["severity"] + way * _REACH * one["se"] for one in severities for way in (-1, 1)]
    across = _Across([*ends, 0.0])
    height = ROW // 2
    rows = tuple(
        Row(
            label="",
            text_y=0,
            y=TOP_MARGIN + number * height + height // 2,
            left=across(one["severity"] - _REACH * one["se"]),
            right=across(one["severity"] + _REACH * one["se"]),
            dot=across(one["severity"]),
            mark=across(0.0),
            kind="in",
        )
        for number, one in enumerate(severities)
    )
    return Plot(TOP_MARGIN + len(rows) * height + 4, TOP_MARGIN - 4, across.ticks(), rows)


def heat_map(leaders: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> HeatMap | None:
    """Return the chances of the best entries to take each of the first places, the darker the likelier."""
    if not leaders:
        return None
    width = 100 / len(leaders)
    rows = tuple(
        HeatRow(
            label=f"{number}. {titles.get(one['entry'], one['entry'])}",
            text_y=TOP_MARGIN + (number - 1) * ROW + 14,
            y=TOP_MARGIN + (number - 1) * ROW + 20,
            cells=tuple(
                Cell(f"{width * at:.2f}%", f"{chance**0.5:.2f}")
                for at, chance in enumerate(one["chances"])
                if chance >= _SEEN
            ),
            chances=tuple(one["chances"]),
        )
        for number, one in enumerate(leaders, start=1)
    )
    every = max(1, len(leaders) // 5)
    ticks = tuple(
        Tick(f"{width * (place - 0.5):.2f}%", str(place))
        for place in range(1, len(leaders) + 1)
        if place == 1 or place % every == 0
    )
    return HeatMap(TOP_MARGIN + len(rows) * ROW, f"{width * 0.94:.2f}%", ticks, rows)


def top_strip(fair: Sequence[Mapping[str, Any]]) -> Strip | None:
    """Return the chances of all entries in order of place."""
    if not fair:
        return None
    ordered = sorted(fair, key=lambda one: int(one["place"]))
    paths = {"in": "", "band": "", "out": ""}
    for number, one in enumerate(ordered):
        high = max(1, round(TALL * one["p_top"]))
        paths[one["verdict"]] += f"M{number * BAR} {TALL}v-{high}h{BAR - 1}v{high}z"
    return Strip(len(ordered) * BAR, paths["in"], paths["band"], paths["out"])


class _Across:
    """Turns values into per cent of the width."""

    def __init__(self, values: Sequence[float]) -> None:
        low, high = min(values), max(values)
        room = max(high - low, 1e-9) * _PADDING
        self.low, self.high = low - room, high + room

    def __call__(self, value: float) -> str:
        return f"{100 * (value - self.low) / (self.high - self.low):.2f}%"

    def ticks(self) -> tuple[Tick, ...]:
        rough = (self.high - self.low) / _TICKS
        unit = 10.0 ** floor(log10(rough))
        edges = (1, 2, 5, 10)
        step = next(
            (unit * right for left, right in pairwise((0, *edges)) if rough <= unit * right), unit * 10
        )
        first = -floor(-self.low / step)
        found = []
        while first * step <= self.high:
            found.append(Tick(self(first * step), f"{first * step:.10g}"))
            first += 1
        return tuple(found)
