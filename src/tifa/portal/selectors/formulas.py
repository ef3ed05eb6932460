"""How each result of a standard is computed, as a reader would say it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tifa.instruments import Instrument, spoken
from tifa.instruments.formulas import formula_of, result_name
from tifa.instruments.schema import (
    Combination,
    Known,
    Label,
    OfItems,
    Result,
)

LANGUAGES = {"id", "en"}


@dataclass(frozen=True)
class Computed:
    """One result: its formula, the numbers in it with how well each is known, and its rules."""

    id: str
    label: str
    scope: str
    formula: str
    rules: tuple[str, ...]
    values: tuple[tuple[str, Mapping[str, Any]], ...]
    bands: str
    status: str
    reference: tuple[str, ...]
    note: str


def computed_results(instrument: Instrument, results: Sequence[Result]) -> tuple[Computed, ...]:
    """Return results in the order in which they are computed."""
    return tuple(
        Computed(
            id=result.id,
            label=spoken(result.label),
            scope=_scope(instrument, result),
            formula=formula_of(instrument, result),
            rules=tuple(_rules(instrument, result)),
            values=tuple(
                (name, spoken_values(known.model_dump(mode="json")))
                for name, known in _values(instrument, result)
            ),
            bands=result.bands or "",
            status=result.status,
            reference=_references(result.reference),
            note=spoken(result.note),
        )
        for result in results
    )


def spoken_values(value: Any) -> Any:
    """Return JSON values of an instrument with texts in the reader's language, and references as lists."""
    if isinstance(value, Mapping):
        if value.keys() == LANGUAGES:
            return spoken(Label(**value))
        return {
            name: list(_references(part)) if name == "reference" else spoken_values(part)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [spoken_values(part) for part in value]
    return value


def labels_of(instrument: Instrument) -> dict[str, str]:
    """Return the names of groups and collections."""
    groups = {one.id: spoken(one.label) for one in instrument.groups}
    return groups | {one.id: spoken(one.label) for one in instrument.collections}


def rounding_in_words(rounding: str) -> str:
    """Return the rule of rounding in words."""
    rules = {
        "half_up": _("half up"),
        "half_even": _("half to the even digit"),
        "down": _("cut off, not rounded"),
    }
    return rules[rounding]


def _scope(instrument: Instrument, result: Result) -> str:
    labels = labels_of(instrument)
    names = [*([result.collection] if result.collection else []), *result.groups]
    return " · ".join(labels[name] for name in names)


def _rules(instrument: Instrument, result: Result) -> Iterator[str]:
    if isinstance(result, OfItems):
        rules = {
            "refuse": _("An item without an answer: there is no result."),
            "zero": _("An item without an answer counts as 0."),
            "skip": _("An item without an answer is left out."),
        }
        yield rules[result.missing]
    words = ngettext(
        "Shown with %(n)d decimal, %(rule)s.", "Shown with %(n)d decimals, %(rule)s.", result.places
    )
    yield words % {"n": result.places, "rule": rounding_in_words(instrument.rounding)}


def _values(instrument: Instrument, result: Result) -> Iterator[tuple[str, Known]]:
    """Give the numbers of a result that a regulation sets, each with its name."""
    if isinstance(result, Combination):
        for term in result.terms:
            yield _("Factor of %s") % result_name(instrument, term.of), term.times
    names = {
        "weight": _("Weight of each item"),
        "divided_by": _("Divisor"),
        "floor": _("Smallest divisor"),
        "each": _("Points for one"),
        "cap": _("How many count at most"),
        "at_least": _("How many must occur"),
        "least": _("Lowest value"),
        "most": _("Highest value"),
    }
    for field, name in names.items():
        known = getattr(result, field, None)
        if isinstance(known, Known):
            yield name, known


def _references(reference: str | None) -> tuple[str, ...]:
    return tuple(reference.split(", ")) if reference else ()
