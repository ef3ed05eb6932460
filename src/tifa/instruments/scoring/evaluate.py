"""Computes the results of an instrument from facts, exactly, with the tree that explains them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from tifa.instruments.language import spoken
from tifa.instruments.schema import (
    AnyItem,
    AnyResult,
    Band,
    CappedCount,
    Combination,
    Instrument,
    Item,
    Known,
    KnownCount,
    KnownNumber,
    Mean,
    MemberMean,
    OfItems,
    RatioItem,
    Result,
    Status,
    WeightedMean,
    WeightedSum,
)
from tifa.instruments.schema.coherence import adds_up
from tifa.instruments.scoring.facts import Facts, Given
from tifa.instruments.scoring.outcome import Node, weakest
from tifa.instruments.scoring.sums import Sum, Weight, WeightedItems, unknown
from tifa.stats.rounding import rounded

ITEM_PLACES = 4
NOT_ANSWERED = Given()


def evaluate(instrument: Instrument, facts: Facts, on: date) -> Mapping[str, Node]:
    """Return the results of one scope in the order of computation, the last being the result.

    Parameters
    ----------
    instrument
        The edition that says how results are computed.
    facts
        Values of items, results that were given directly, and members of collections.
    on
        The day whose values hold, where the edition changed some.
    """
    sheet = _Sheet(instrument, facts, on)
    for result in instrument.results_of(facts.group, facts.collection):
        sheet.nodes[result.id] = sheet.node_of(result)
    return sheet.nodes


class _Sheet:
    """The computation of one scope."""

    def __init__(self, instrument: Instrument, facts: Facts, on: date) -> None:
        self._instrument, self._facts, self._on = instrument, facts, on
        self.nodes: dict[str, Node] = {}

    def node_of(self, result: AnyResult) -> Node:
        """Return a result: given directly, or computed by its kind."""
        given = self._facts.results.get(result.id)
        made = Sum(given, _("given directly")) if given is not None else _WAYS[type(result)](self, result)
        children = made.children
        below = [child.status for child in children if child.value is not None]
        doubts = [*made.doubts, *(doubt for child in children for doubt in child.doubts)]
        if given is None and result.status == Status.UNKNOWN and made.value is not None:
            doubts.append(_unsure(result))
        shown, band, boundary = self._shown(result, made.value)
        reasons = (*made.reasons, *(one for child in children if made.value is None for one in child.reasons))
        return Node(
            id=result.id,
            label=result.label,
            kind=str(result.kind),
            value=made.value,
            shown=shown,
            status=weakest(result.status if given is None else Status.CONFIRMED, *made.statuses, *below),
            formula=made.formula,
            reference=result.reference or "",
            note=result.note,
            band=band,
            reasons=tuple(dict.fromkeys(reasons)),
            doubts=tuple(dict.fromkeys([*doubts, *boundary])),
            n=self._facts.respondents,
            children=children,
        )

    def _shown(
        self, result: Result, value: Fraction | None
    ) -> tuple[Decimal | None, Band | None, Sequence[str]]:
        if value is None:
            return None, None, ()
        band, boundary = self._named(result.bands, value)
        return rounded(value, result.places, self._instrument.rounding), band, boundary

    def _named(self, bands: str | None, value: Fraction) -> tuple[Band | None, Sequence[str]]:
        table = self._instrument.table(bands)
        if table is None:
            return None, ()
        looked_up = rounded(value, table.places, self._instrument.rounding)
        matching = table.matching(looked_up)
        if len(matching) == 1:
            return matching[0], ()
        names = ", ".join(band.code for band in matching)
        sentence = (
            _("%(value)s lies in several bands of “%(table)s” (%(names)s), as the publication prints them.")
            if matching
            else _("%(value)s lies in no band of “%(table)s”, as the publication prints them.")
        )
        return None, [sentence % {"value": looked_up, "table": spoken(table.label), "names": names}]

    def _items_of(self, result: OfItems) -> tuple[AnyItem, ...]:
        items = self._instrument.items_of(self._facts.group, result.collection)
        return tuple(item for item in items if adds_up(result, item.part, item.collection, item.groups))

    def _leaf(self, item: AnyItem, given: Given) -> Node:
        value = given.value
        band: Band | None = None
        boundary: Sequence[str] = ()
        if isinstance(item, RatioItem) and value is not None:
            band, boundary = self._named(item.bands, value)
        places = item.places if isinstance(item, RatioItem) else ITEM_PLACES
        return Node(
            id=item.id,
            label=item.label,
            kind=item.kind,
            value=value,
            shown=None if value is None else self._rounded(value, places),
            status=Status.CONFIRMED,
            reference=item.reference or "",
            note=item.note,
            band=band,
            doubts=(*([given.doubt] if given.doubt else []), *boundary),
            n=given.n or None,
        )

    def _rounded(self, value: Fraction, places: int) -> Decimal:
        """Return a number as the instrument rounds, without zeros at its end."""
        return _trimmed(rounded(value, places, self._instrument.rounding))

    # Ways of adding up

    def of_items(self, result: OfItems, weight_of: Callable[[Item], Weight]) -> WeightedItems:
        """Collect the items of a result with their weights and values."""
        collected = WeightedItems(result)
        for item in self._items_of(result):
            given = self._facts.items.get(item.id, NOT_ANSWERED)
            collected.add(item, self._leaf(item, given), weight_of(item))
        return collected

    def weighted_sum(self, result: WeightedSum) -> Sum:
        """Sum of weight times value."""
        if result.weight is None:
            return self.of_items(result, self._weight).sum(_("sum of weight × value"))
        shared = Weight.of(result.weight.at(self._on))
        formula = _("sum of value × %(weight)s") % {"weight": _plain(result.weight.at(self._on).value)}
        return self.of_items(result, lambda _item: shared).sum(formula)

    def weighted_mean(self, result: WeightedMean) -> Sum:
        """Sum of weight times value over the sum of weights."""
        return self.of_items(result, self._weight).mean(_("sum of weight × value ÷ sum of weights"))

    def mean(self, result: Mean) -> Sum:
        """Plain mean of the values."""
        equal = Weight(Fraction(1), Status.CONFIRMED)
        return self.of_items(result, lambda _item: equal).mean(_("sum of values ÷ their number"))

    def _weight(self, item: Item) -> Weight:
        return Weight.of(item.weight.at(self._on) if item.weight else None)

    def combination(self, result: Combination) -> Sum:
        """Results times their factors, over a divisor."""
        children, statuses, reasons, words = [], [], [], []
        total: Fraction | None = Fraction(0)
        for term in result.terms:
            node, times = self.nodes[term.of], term.times.at(self._on)
            factor = None if times.value is None else Fraction(times.value)
            if factor is None:
                reasons.append(_unknown_value(_("the factor of “%s”") % spoken(node.label), times))
            part = None if factor is None or node.value is None else factor * node.value
            total = None if total is None or part is None else total + part
            statuses.append(times.status)
            children.append(replace(node, weight=factor, contribution=part))
            words.append(
                spoken(node.label) if factor == 1 else f"{spoken(node.label)} × {_plain(times.value)}"
            )
        formula = " + ".join(words)
        if result.divided_by is not None:
            divisor = result.divided_by.at(self._on)
            statuses.append(divisor.status)
            formula = f"({formula}) ÷ {_plain(divisor.value)}"
            if not divisor.value:
                total = None
                reasons.append(_unknown_value(_("the divisor of “%s”") % spoken(result.label), divisor))
            elif total is not None:
                total /= Fraction(divisor.value)
        return Sum(total, formula, tuple(children), tuple(statuses), tuple(reasons))

    def member_mean(self, result: MemberMean) -> Sum:
        """Sum over members, over their number or the floor."""
        members = self._facts.members.get(result.members)
        if members is None:
            return Sum(None, "", reasons=(self._no_members(result.members),))
        floor = result.floor.at(self._on) if result.floor else None
        if floor is not None and floor.value is None:
            reason = _unknown_value(_("the smallest divisor of “%s”") % spoken(result.label), floor)
            return Sum(None, "", statuses=(floor.status,), reasons=(reason,))
        divisor = max(floor.value or 0 if floor else 0, members.count)
        total = members.total(result.of)
        formula = _("sum %(total)s ÷ %(divisor)d (%(count)d members)") % {
            "total": "–" if total is None else self._rounded(total, ITEM_PLACES),
            "divisor": divisor,
            "count": members.count,
        }
        if floor is not None:
            formula += _(", the divisor is at least %d") % (floor.value or 0)
        if not divisor:
            return Sum(None, formula, reasons=(self._no_members(result.members),))
        reasons = () if total is not None else (_("At least one member has no result of its own."),)
        value = None if total is None else total / divisor
        statuses = (floor.status,) if floor else ()
        return Sum(value, formula, (), statuses, reasons, members.doubts(result.of))

    def capped_count(self, result: CappedCount) -> Sum:
        """Points for each member up to the cap, when the condition is met."""
        members = self._facts.members.get(result.members)
        if members is None:
            return Sum(None, "", reasons=(self._no_members(result.members),))
        each, cap = result.each.at(self._on), result.cap.at(self._on)
        least = result.at_least.at(self._on) if result.at_least else None
        needed: list[tuple[KnownNumber | KnownCount, str]] = [
            (each, _("the points for one member of “%s”")),
            (cap, _("the cap of “%s”")),
            *([(least, _("the condition of “%s”"))] if least else []),
        ]
        reasons = tuple(
            _unknown_value(name % spoken(result.label), known)
            for known, name in needed
            if known.value is None
        )
        statuses = tuple(known.status for known, _name in needed)
        if each.value is None or cap.value is None or reasons:
            return Sum(None, "", (), statuses, reasons)
        value = Fraction(each.value) * min(members.count, cap.value)
        formula = _("%(each)s × %(count)d members, at most %(cap)d") % {
            "each": _plain(each.value),
            "count": members.count,
            "cap": cap.value,
        }
        if least is not None and least.value is not None and result.field is not None:
            found = members.distinct(result.field)
            met = found >= least.value
            formula += _("; %(found)d of the %(least)d that are required occur") % {
                "found": found,
                "least": least.value,
            }
            value = value if met else Fraction(0)
        return Sum(value, formula, (), statuses)

    def _no_members(self, collection: str) -> str:
        label = next(spoken(one.label) for one in self._instrument.collections if one.id == collection)
        return _("Nothing was given under “%(key)s” (%(label)s).") % {"key": collection, "label": label}


_WAYS: Mapping[type[Result], Callable[[_Sheet, Any], Sum]] = {
    WeightedSum: _Sheet.weighted_sum,
    WeightedMean: _Sheet.weighted_mean,
    Mean: _Sheet.mean,
    Combination: _Sheet.combination,
    MemberMean: _Sheet.member_mean,
    CappedCount: _Sheet.capped_count,
}


def _unknown_value(name: str, known: Known) -> str:
    return unknown(name, spoken(known.note) if known.note else "")


def _unsure(result: Result) -> str:
    note = f" {spoken(result.note)}" if result.note else ""
    return _("How “%s” is computed is not known for certain.") % spoken(result.label) + note


def _plain(value: Decimal | int | None) -> str:
    return "?" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _trimmed(value: Decimal) -> Decimal:
    """Return a rounded number without zeros at its end."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
