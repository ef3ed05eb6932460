"""The published funnel of a unit, read from its frozen copy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from tifa.chain.choices import Ledger
from tifa.chain.selectors.ledgers import FunnelRow, funnel, largest_loss


@dataclass(frozen=True)
class PublishedUnit:
    """One unit of a published funnel, its subtree included."""

    code: str
    name: str
    depth: int
    ledgers: dict[Ledger, int]

    @property
    def labelled(self) -> list[tuple[str, int]]:
        """Return the ledgers with their counts, in order."""
        return [(str(ledger.label), self.ledgers[ledger]) for ledger in Ledger]

    @property
    def rows(self) -> tuple[FunnelRow, ...]:
        """Return the ledgers with the share that went on."""
        return funnel(self.ledgers)


@dataclass(frozen=True)
class UnitView:
    """A unit with those above and those directly below it."""

    unit: PublishedUnit
    above: tuple[PublishedUnit, ...]
    below: tuple[PublishedUnit, ...]


@dataclass(frozen=True)
class Bar:
    """One row of the drawing of a funnel."""

    label: str
    count: int
    percent: float | None
    sentence: str
    worst: bool


def bars(rows: Sequence[FunnelRow]) -> list[Bar]:
    """Return the rows of the drawing, the largest loss marked and said."""
    worst = largest_loss(tuple(rows))
    return [
        Bar(
            label=str(row.ledger.label),
            count=row.count,
            percent=None if row.share is None else row.share * 100,
            sentence=_loss(row) if row == worst else "",
            worst=row == worst,
        )
        for row in rows
    ]


def published_units(payload: Mapping[str, Any]) -> tuple[PublishedUnit, ...]:
    """Return all units of a frozen copy, each before those below it."""
    return tuple(
        PublishedUnit(
            code=unit["code"],
            name=unit["name"],
            depth=unit["depth"],
            ledgers={ledger: unit["ledgers"].get(ledger.value, 0) for ledger in Ledger},
        )
        for unit in payload["units"]
    )


def unit_view(units: Sequence[PublishedUnit], code: str | None) -> UnitView | None:
    """Return a unit by its code, the first one without a code, or nothing when the copy does not hold it."""
    place = next((at for at, unit in enumerate(units) if code in {None, unit.code}), None)
    if place is None:
        return None
    return UnitView(units[place], _above(units, place), _below(units, place))


def _above(units: Sequence[PublishedUnit], place: int) -> tuple[PublishedUnit, ...]:
    path: list[PublishedUnit] = []
    depth = units[place].depth
    for unit in reversed(units[:place]):
        if unit.depth < depth:
            path.append(unit)
            depth = unit.depth
    return tuple(reversed(path))


def _below(units: Sequence[PublishedUnit], place: int) -> tuple[PublishedUnit, ...]:
    depth = units[place].depth
    found: list[PublishedUnit] = []
    for unit in units[place + 1 :]:
        if unit.depth <= depth:
            break
        if unit.depth == depth + 1:
            found.append(unit)
    return tuple(found)


def _loss(row: FunnelRow) -> str:
    return ngettext(
        "The largest loss is here: %(count)d innovation of the step before did not get this far.",
        "The largest loss is here: %(count)d innovations of the step before did not get this far.",
        row.lost,
    ) % {"count": row.lost}
