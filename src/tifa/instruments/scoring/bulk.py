"""Scores very many answers with vectors; the figures are those of the exact engine, because only whole numbers are summed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from tifa.instruments.schema import Instrument, ScaleItem, WeightedSum
from tifa.instruments.schema.coherence import adds_up
from tifa.instruments.scoring.facts import Facts, Given, Members
from tifa.instruments.scoring.outcome import Outcome
from tifa.instruments.scoring.score import counted_choices, scope_outcome

MISSING = -1
Levels = NDArray[np.signedinteger]


class NotInBulk(ValueError):
    """Something of an instrument cannot be computed with vectors, or an array does not fit; the message says what."""


@dataclass(frozen=True)
class MemberTable:
    """Members of a collection as arrays: one row a member, one column an item.

    ``levels`` has whole numbers, -1 where nothing was answered; ``owner`` says by number to which scope a member
    belongs; ``fields`` holds the value of each field, one text a member.
    """

    items: Sequence[str]
    levels: Levels
    owner: NDArray[np.integer]
    fields: Mapping[str, Sequence[str]]


def score_survey(
    instrument: Instrument, items: Sequence[str], answers: Levels, *, on: date, group: str | None = None
) -> Outcome:
    """Score the answers of many respondents.

    Parameters
    ----------
    instrument
        The edition.
    items
        The ids of the items, one for each column.
    answers
        Whole numbers of shape (respondents, items), -1 where nothing was answered.
    on
        The day whose values hold.
    group
        The group that answered.

    Raises
    ------
    NotInBulk
        When a column is no item on a scale, or an answer lies outside of it.
    """
    scales = {item.id: item for item in instrument.items if isinstance(item, ScaleItem)}
    given = {}
    for column, name in enumerate(items):
        if name not in scales:
            raise NotInBulk(f"{name!r} is no item on a scale of {instrument.id}.")
        values = answers[:, column]
        there = values != MISSING
        count = int(np.count_nonzero(there))
        _check_range(name, values[there], int(scales[name].minimum), int(scales[name].maximum))
        if count:
            given[name] = Given(Fraction(int(values[there].sum(dtype=np.int64)), count), count)
    facts = Facts(group=group, items=given, collection=_collection(scales, items), respondents=len(answers))
    return scope_outcome(instrument, facts, on)


def score_scopes(
    instrument: Instrument,
    collection: str,
    table: MemberTable,
    tops: Sequence[Mapping[str, Given]],
    *,
    on: date,
) -> list[Outcome]:
    """Score many scopes, such as regions, of which each has many members, such as innovations.

    Parameters
    ----------
    instrument
        The edition.
    collection
        The collection the members belong to.
    table
        The members; ``owner`` counts from 0 to the number of scopes less one.
    tops
        What each scope answers itself.
    on
        The day whose values hold.

    Raises
    ------
    NotInBulk
        When a result of a member is no weighted sum, or a weight or a level does not fit.
    """
    totals = {
        result.id: _weighted(instrument, result, table, len(tops), on)
        for result in instrument.results
        if result.collection == collection
    }
    counts = np.bincount(table.owner, minlength=len(tops))
    distinct = {
        name: _distinct(counted_choices(instrument, collection, name), values, table.owner, len(tops))
        for name, values in table.fields.items()
    }
    made = []
    for place, items in enumerate(tops):
        members = _Summed(
            int(counts[place]),
            {name: total[place] for name, total in totals.items()},
            {name: int(found[place]) for name, found in distinct.items()},
        )
        facts = Facts(group=None, items=items, members={collection: members})
        made.append(scope_outcome(instrument, facts, on))
    return made


@dataclass(frozen=True)
class _Summed(Members):
    """The members of one scope, summed already."""

    number: int
    totals: Mapping[str, Fraction]
    choices: Mapping[str, int]

    @property
    def count(self) -> int:
        return self.number

    def total(self, result: str) -> Fraction | None:
        return self.totals[result]

    def distinct(self, field: str) -> int:
        return self.choices.get(field, 0)

    def doubts(self, result: str) -> tuple[str, ...]:
        return ()


def _weighted(
    instrument: Instrument, result: object, table: MemberTable, scopes: int, on: date
) -> list[Fraction]:
    """Return the sum of a weighted sum over the members of each scope, in whole numbers of a common denominator."""
    if not isinstance(result, WeightedSum) or result.missing != "zero":
        name = getattr(result, "id", "?")
        raise NotInBulk(f"{name!r} is no weighted sum in which a missing answer counts 0.")
    items = {
        item.id: item
        for item in instrument.items_of(None, result.collection)
        if adds_up(result, item.part, item.collection, item.groups)
    }
    weights = []
    for name in table.items:
        known = items[name].weight if name in items else None
        value = known.at(on).value if known else None
        if value is None:
            raise NotInBulk(f"The weight of {name!r} is not known.")
        weights.append(Fraction(value))
    scale = lcm(*(weight.denominator for weight in weights))
    factors = np.array([int(weight * scale) for weight in weights], dtype=np.int64)
    levels = np.where(table.levels == MISSING, 0, table.levels).astype(np.int64)
    sums = np.zeros(scopes, dtype=np.int64)
    np.add.at(sums, table.owner, levels @ factors)
    return [Fraction(int(total), scale) for total in sums]


def _distinct(
    known: Mapping[str, str], values: Sequence[str], owner: NDArray[np.integer], scopes: int
) -> NDArray[np.integer]:
    ids = sorted(set(known.values()))
    place = {name: ids.index(choice) for name, choice in known.items()}
    codes = np.array([place.get(value.casefold(), MISSING) for value in values], dtype=np.int64)
    occurs = np.zeros((scopes, max(len(ids), 1)), dtype=bool)
    there = codes != MISSING
    occurs[owner[there], codes[there]] = True
    counted: NDArray[np.integer] = occurs.sum(axis=1)
    return counted


def _check_range(name: str, values: Levels, lowest: int, highest: int) -> None:
    if values.size and not (lowest <= int(values.min()) and int(values.max()) <= highest):
        raise NotInBulk(
            f"{name!r} has answers from {values.min()} to {values.max()}; expected {lowest} to {highest}."
        )


def _collection(scales: Mapping[str, ScaleItem], items: Sequence[str]) -> str | None:
    collections = {scales[name].collection for name in items}
    if len(collections) != 1:
        raise NotInBulk("The items belong to different collections.")
    return collections.pop()
