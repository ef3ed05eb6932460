"""How a result and a sample size are computed, as a reader would say it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tifa.instruments.language import spoken
from tifa.instruments.schema import (
    CappedCount,
    Combination,
    Instrument,
    Known,
    KrejcieMorgan,
    Mean,
    MemberMean,
    OfItems,
    PerItem,
    Result,
    Sample,
    Slovin,
    WeightedMean,
    WeightedSum,
)


def formula_of(instrument: Instrument, result: Result) -> str:
    """Return how a result is computed, with its figures."""
    return _FORMULAS[type(result)](instrument, result)


def result_name(instrument: Instrument, result: str) -> str:
    """Return the name of a result in quotation marks."""
    return next(f"“{spoken(one.label)}”" for one in instrument.results if one.id == result)


def sample_formula(sample: Sample) -> str:
    """Return the formula of a sample size with its numbers."""
    if isinstance(sample, KrejcieMorgan):
        numbers = f"X² = {_number(sample.chi_square)}, P = {_number(sample.proportion)}, d = {_number(sample.margin)}"
        return f"S = X² N P (1 − P) ÷ (d² (N − 1) + X² P (1 − P)); {numbers}"
    if isinstance(sample, Slovin):
        return f"n = N ÷ (1 + N e²); e = {_number(sample.margin)}"
    if isinstance(sample, PerItem):
        words = _("(number of items + %(extra)d) × %(each)d")
        return words % {"extra": sample.extra, "each": sample.each}
    return spoken(sample.label)


def _weighted_sum(instrument: Instrument, result: WeightedSum) -> str:
    if result.weight is None:
        return _("sum of weight × value of %(items)s") % {"items": _items(instrument, result)}
    words = _("sum of value × %(weight)s of %(items)s")
    return words % {"weight": _told(result.weight), "items": _items(instrument, result)}


def _weighted_mean(instrument: Instrument, result: WeightedMean) -> str:
    words = _("sum of weight × value of %(items)s ÷ sum of their weights")
    return words % {"items": _items(instrument, result)}


def _mean(instrument: Instrument, result: Mean) -> str:
    return _("sum of the values of %(items)s ÷ their number") % {"items": _items(instrument, result)}


def _combination(instrument: Instrument, result: Combination) -> str:
    terms = " + ".join(
        f"{result_name(instrument, term.of)} × {_told(term.times)}"
        if term.times.value != 1
        else result_name(instrument, term.of)
        for term in result.terms
    )
    if result.divided_by is None:
        return terms
    return (
        f"({terms}) ÷ {_told(result.divided_by)}"
        if len(result.terms) > 1
        else f"{terms} ÷ {_told(result.divided_by)}"
    )


def _member_mean(instrument: Instrument, result: MemberMean) -> str:
    names = {"result": result_name(instrument, result.of), "members": _collection(instrument, result.members)}
    if result.floor is None:
        return _("sum of %(result)s over all of %(members)s ÷ their number") % names
    words = _("sum of %(result)s over all of %(members)s ÷ their number, but at least ÷ %(floor)s")
    return words % {**names, "floor": _told(result.floor)}


def _capped_count(instrument: Instrument, result: CappedCount) -> str:
    words = _("%(each)s × number of %(members)s, of which at most %(cap)s count")
    formula = words % {
        "each": _told(result.each),
        "members": _collection(instrument, result.members),
        "cap": _told(result.cap),
    }
    if result.at_least is None:
        return formula
    condition = _("only when at least %(least)s of these occur under “%(field)s”: %(choices)s; else 0")
    return f"{formula}; " + condition % {
        "least": _told(result.at_least),
        "field": _field(instrument, result),
        "choices": ", ".join(_choices(instrument, result)),
    }


_FORMULAS: Mapping[type[Result], Callable[[Instrument, Any], str]] = {
    WeightedSum: _weighted_sum,
    WeightedMean: _weighted_mean,
    Mean: _mean,
    Combination: _combination,
    MemberMean: _member_mean,
    CappedCount: _capped_count,
}


def _items(instrument: Instrument, result: OfItems) -> str:
    if not result.parts:
        return _("all items")
    labels = {part.id: spoken(part.label) for part in instrument.parts}
    return ", ".join(f"“{labels[part]}”" for part in result.parts)


def _collection(instrument: Instrument, collection: str) -> str:
    return next(f"“{spoken(one.label)}”" for one in instrument.collections if one.id == collection)


def _fields(instrument: Instrument, result: CappedCount) -> Iterator[Any]:
    for one in instrument.collections:
        if one.id == result.members:
            yield from (field for field in one.fields if field.id == result.field)


def _field(instrument: Instrument, result: CappedCount) -> str:
    return next((spoken(field.label) for field in _fields(instrument, result)), "")


def _choices(instrument: Instrument, result: CappedCount) -> list[str]:
    fields = _fields(instrument, result)
    return [spoken(choice.label) for field in fields for choice in field.choices if choice.counts]


def _told(known: Known) -> str:
    value = getattr(known, "value", None)
    return _("(unknown)") if value is None else _number(value)


def _number(value: Decimal | int) -> str:
    return number_format(value, force_grouping=True)
