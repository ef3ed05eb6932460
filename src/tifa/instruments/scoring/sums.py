"""Adds up items by their weights, and keeps what a reader must know of the sum."""

from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.translation import gettext as _

from tifa.instruments.language import spoken
from tifa.instruments.schema import AnyItem, KnownNumber, OfItems, Status
from tifa.instruments.scoring.outcome import Node, weakest


@dataclass(frozen=True)
class Sum:
    """What a way of adding up found: the value or why there is none, what it rests on, and how it reads."""

    value: Fraction | None
    formula: str
    children: tuple[Node, ...] = ()
    statuses: tuple[Status, ...] = ()
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weight:
    """The weight of an item on the day, None when nobody has found it."""

    value: Fraction | None
    status: Status
    note: str = ""

    @classmethod
    def of(cls, known: KnownNumber | None) -> "Weight":
        """Return the weight that a value of the standard gives."""
        if known is None or known.value is None:
            return cls(None, Status.UNKNOWN, spoken(known.note) if known and known.note else "")
        return cls(Fraction(known.value), known.status)


class WeightedItems:
    """Items with their weights while they are added up."""

    def __init__(self, result: OfItems) -> None:
        self._result = result
        self._children: list[Node] = []
        self._statuses: list[Status] = []
        self._reasons: list[str] = []
        self._missing: list[str] = []
        self._weights, self._total = Fraction(0), Fraction(0)
        self._answered = 0

    def add(self, item: AnyItem, leaf: Node, weight: Weight) -> None:
        """Take one item in."""
        if weight.value is None:
            self._children.append(leaf)
            self._reasons.append(unknown(_("the weight of “%s”") % spoken(item.label), weight.note))
            return
        self._answered += leaf.value is not None
        value = Fraction(0) if leaf.value is None and self._result.missing == "zero" else leaf.value
        if value is not None:
            self._weights += weight.value
            self._total += weight.value * value
            self._statuses.append(weakest(item.status, weight.status))
        elif weight.value:
            self._missing.append(spoken(item.label))
        self._children.append(
            replace(
                leaf,
                weight=weight.value,
                contribution=None if value is None else weight.value * value,
                status=weakest(item.status, weight.status),
            )
        )

    def sum(self, formula: str) -> Sum:
        """Return the sum."""
        return self._made(self._total, formula)

    def mean(self, formula: str) -> Sum:
        """Return the sum over the weights; what each child adds is divided too."""
        if not self._weights:
            return self._made(None, formula)
        made = self._made(self._total / self._weights, formula)
        if made.value is None:
            return made
        return replace(made, children=tuple(_share(child, self._weights) for child in made.children))

    def _made(self, value: Fraction | None, formula: str) -> Sum:
        reasons, doubts = self._reasons, []
        if not self._children and not reasons:
            reasons.append(_("Nobody has found the items of “%s”.") % spoken(self._result.label))
        elif self._missing and self._result.missing == "refuse":
            reasons.append(_("Not answered: %s.") % ", ".join(self._missing))
        elif not self._answered and self._result.missing == "zero" and self._result.collection is None:
            doubts.append(
                _("Nothing of “%s” was answered; each item counts as 0.") % spoken(self._result.label)
            )
        elif value is None and not reasons:
            reasons.append(_("Nothing of “%s” was answered.") % spoken(self._result.label))
        return Sum(
            None if reasons else value,
            formula,
            tuple(self._children),
            tuple(self._statuses),
            tuple(reasons),
            tuple(doubts),
        )


def unknown(name: str, note: str) -> str:
    """Return the reason why nothing is computed with a value that nobody has found."""
    sentence = _("Nobody has found %(what)s, so nothing is computed with it.") % {"what": name}
    return f"{sentence} {note}".strip()


def _share(child: Node, weights: Fraction) -> Node:
    """Show the weight of an item in a mean as its share: 1/9 of nine equal items, 0.3 of 30 in 100."""
    return replace(
        child,
        weight=None if child.weight is None else child.weight / weights,
        contribution=None if child.contribution is None else child.contribution / weights,
    )
