"""Who holds what: the gaps dealt out to their holders, the oldest first; and what a leader must know of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tifa.chain.choices import GapKind, Holder
from tifa.chain.selectors.ledgers import Gap, ReportingGap
from tifa.organisation.models import Unit
from tifa.organisation.selectors import UnitTree

WEEK = 7
ORDER = (Holder.ORTAL, Holder.MINISTRY, Holder.UNIT)


@dataclass(frozen=True)
class Narrowed:
    """What of the board is looked at; empty values do not narrow.

    ``units`` are the units whose innovations count; ``soon`` leaves what Ortal must do within seven days, ``parked``
    what is held back until a later day.
    """

    holder: str = ""
    kind: str = ""
    units: frozenset[int] | None = None
    overdue: bool = False
    soon: bool = False
    parked: bool = False


@dataclass(frozen=True)
class Hand:
    """One holder: a unit, Ortal or the ministry; how much lies there, how much of it too long, the oldest day."""

    holder: Holder
    unit: Unit | None
    count: int
    overdue: int
    oldest: date | None


@dataclass(frozen=True)
class Board:
    """The gaps that wait now by holder, the oldest first; and how many are held back until a later day."""

    hands: tuple[Hand, ...]
    gaps: tuple[Gap, ...]
    parked: int

    @property
    def count(self) -> int:
        """Return how many gaps wait in all hands together."""
        return sum(hand.count for hand in self.hands)

    @property
    def overdue(self) -> int:
        """Return how many of them are past their day."""
        return sum(hand.overdue for hand in self.hands)

    def of(self, holder: Holder) -> tuple[Hand, ...]:
        """Return the hands of one sort, the fullest first."""
        return tuple(hand for hand in self.hands if hand.holder == holder)


@dataclass(frozen=True)
class Brief:
    """What a leader reads in a minute.

    ``week`` is what Ortal must decide within seven days or should have decided, ``stuck`` how many lie in
    somebody's hands.
    """

    board: Board
    known: int
    stuck: int
    week: tuple[Gap, ...]
    units: tuple[Hand, ...]
    silent: int


def is_parked(gap: Gap) -> bool:
    """Return whether a gap is held back on purpose until a day that has not come."""
    return gap.kind is GapKind.HELD and not gap.is_back


def board(found: ReportingGap, narrowed: Narrowed, tree: UnitTree) -> Board:
    """Return who holds what; one held back on purpose lies in nobody's hands until its day has come."""
    inside = [gap for gap in found.gaps if narrowed.units is None or gap.unit.pk in narrowed.units]
    waiting = [gap for gap in inside if not is_parked(gap)]
    listed = [gap for gap in inside if is_parked(gap)] if narrowed.parked else waiting
    places = {unit.pk: place for place, (_depth, unit) in enumerate(tree.in_order())}

    def place(gap: Gap) -> tuple[int, int, bool, date, str]:
        own = places[gap.unit.pk] if gap.holder == Holder.UNIT else 0
        return ORDER.index(gap.holder), own, gap.since is None, gap.since or found.as_of, gap.innovation

    return Board(
        hands=_hands(waiting),
        gaps=tuple(sorted((gap for gap in listed if _fits(gap, narrowed, found.as_of)), key=place)),
        parked=len(inside) - len(waiting),
    )


def brief(found: ReportingGap, tree: UnitTree) -> Brief:
    """Return what is stuck with whom, and what to decide this week."""
    seen = board(found, Narrowed(), tree)
    week = [gap for gap in found.gaps if is_soon(gap, found.as_of)]
    return Brief(
        board=seen,
        known=next(iter(found.ledgers.values()), 0),
        stuck=seen.count,
        week=tuple(week),
        units=seen.of(Holder.UNIT),
        silent=len(found.silent_units),
    )


def is_soon(gap: Gap, today: date) -> bool:
    """Return whether Ortal must act on a gap within seven days, or should have done it before."""
    waits = gap.holder == Holder.ORTAL and not is_parked(gap)
    return waits and gap.due is not None and gap.due <= today + timedelta(days=WEEK)


def _fits(gap: Gap, narrowed: Narrowed, today: date) -> bool:
    return (
        (not narrowed.holder or gap.holder == narrowed.holder)
        and (not narrowed.kind or gap.kind == narrowed.kind)
        and (not narrowed.overdue or bool(gap.days_late))
        and (not narrowed.soon or is_soon(gap, today))
    )


def _hands(gaps: Iterable[Gap]) -> tuple[Hand, ...]:
    piles: dict[tuple[Holder, int | None], list[Gap]] = {}
    for gap in gaps:
        key = (gap.holder, gap.unit.pk if gap.holder == Holder.UNIT else None)
        piles.setdefault(key, []).append(gap)
    hands = [
        Hand(
            holder=holder,
            unit=pile[0].unit if unit is not None else None,
            count=len(pile),
            overdue=sum(1 for gap in pile if gap.days_late),
            oldest=min((gap.since for gap in pile if gap.since), default=None),
        )
        for (holder, unit), pile in piles.items()
    ]
    return tuple(
        sorted(
            hands,
            key=lambda hand: (ORDER.index(hand.holder), -hand.count, hand.unit.code if hand.unit else ""),
        )
    )
