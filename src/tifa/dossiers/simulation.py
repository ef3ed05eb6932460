"""What the index of a city becomes with these innovations, and what one more or one less does to it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from tifa.instruments import Instrument, spoken
from tifa.instruments.schema import Collection, FieldChoice, OfItems, Result
from tifa.instruments.scoring.facts import Facts
from tifa.instruments.scoring.outcome import Compared, Node, Outcome
from tifa.instruments.scoring.score import counted_choices, scope_outcome


@dataclass(frozen=True)
class Member:
    """One innovation of the city: its own result, and what was said in each field, such as its government affair."""

    key: int
    value: Fraction
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Gathered:
    """Members of a collection as results over them need to know: their sum, and how often each choice occurs by field."""

    count: int
    sum: Fraction
    choices: Mapping[str, Counter[str]]

    def total(self, _result: str) -> Fraction:
        """Return the sum over all members."""
        return self.sum

    def distinct(self, field: str) -> int:
        """Return how many of the choices that count occur."""
        return len(self.choices[field])

    def doubts(self, _result: str) -> tuple[str, ...]:
        """Return no doubt: what nobody claims counts as 0, as the edition says."""
        return ()


@dataclass(frozen=True)
class Covered:
    """A choice that counts, such as a basic affair, how many members name it, and the index if one more named it.

    The added one is taken to be as mature as the others are on average.
    """

    id: str
    label: str
    count: int
    then: Fraction | None


@dataclass(frozen=True)
class Simulated:
    """The index of a city as it would be.

    ``compared`` are the same under other rules, such as those of the next year. ``effects`` say by key what each
    member adds to the index, those that are in and those that are left out alike. ``least`` is how mature one more
    innovation has to be so that it does not lower the index; None where there is no such bound.
    """

    node: Node
    parts: tuple[Node, ...]
    compared: tuple[Compared, ...]
    effects: Mapping[int, Fraction]
    covered: tuple[Covered, ...]
    least: Fraction | None


def own_results(instrument: Instrument) -> list[Result]:
    """Return the results that the city itself answers, beside its innovations."""
    return [one for one in instrument.results if one.collection is None and isinstance(one, OfItems)]


def simulate(
    instrument: Instrument,
    members: Sequence[Member],
    left_out: Iterable[Member],
    given: Mapping[str, Fraction],
    *,
    on: date,
) -> Simulated:
    """Compute the index of a city with some innovations.

    Parameters
    ----------
    instrument
        An edition that measures a city by a collection of innovations, such as IGA 2026.
    members, left_out
        The innovations that count, and those that are tried one by one.
    given
        The results of the city itself that are known, by id; the items of others count as the edition says.
    on
        The day whose values hold.
    """
    city = _City(instrument, given, on)
    whole = city.gathered(members)
    outcome, base = city.outcome(whole, instrument), city.index(whole)
    mean = whole.sum / whole.count if whole.count else Fraction(0)
    return Simulated(
        node=list(outcome.results.values())[-1],
        parts=tuple(outcome.results.values()),
        compared=outcome.compared,
        effects={one.key: base - city.index(city.changed(whole, one, -1)) for one in members}
        | {one.key: city.index(city.changed(whole, one, 1)) - base for one in left_out},
        covered=tuple(_covered(city, whole, mean)),
        least=_least(city, whole, base),
    )


def _covered(city: "_City", whole: Gathered, mean: Fraction) -> Iterator[Covered]:
    for field, choice in city.counting():
        there = whole.choices[field][choice.id]
        one_more = city.changed(whole, Member(0, mean, {field: choice.id}), 1)
        yield Covered(choice.id, spoken(choice.label), there, None if there else city.index(one_more))


def _least(city: "_City", whole: Gathered, base: Fraction) -> Fraction | None:
    """Return the value from which on one more member raises the index, which is linear in that value."""
    none, one = (city.index(city.changed(whole, Member(0, Fraction(at), {}), 1)) for at in (0, 1))
    return None if none >= base or one == none else (base - none) / (one - none)


class _City:
    """The city under one edition."""

    def __init__(self, instrument: Instrument, given: Mapping[str, Fraction], on: date) -> None:
        self._given, self._on = given, on
        # Other rules are told once for the whole city, not for each innovation that is tried.
        self._bare = instrument.model_copy(update={"alternatives": ()})
        self._collection: Collection = instrument.collections[0]
        self._names = {
            field.id: counted_choices(instrument, self._collection.id, field.id)
            for field in self._collection.fields
        }

    def counting(self) -> list[tuple[str, FieldChoice]]:
        """Return the choices that count, each with its field."""
        return [(field.id, one) for field in self._collection.fields for one in field.choices if one.counts]

    def gathered(self, members: Iterable[Member]) -> Gathered:
        """Return what the results over the members need to know."""
        whole = Gathered(0, Fraction(0), {field: Counter() for field in self._names})
        for one in members:
            whole = self.changed(whole, one, 1)
        return whole

    def changed(self, whole: Gathered, member: Member, by: Literal[1, -1]) -> Gathered:
        """Return the members with one more, or with one less."""
        choices = dict(whole.choices)
        for field in self._names:
            choice = self._choice(member, field)
            if choice is not None:
                changed = choices[field].copy()
                changed[choice] += by
                choices[field] = +changed
        return Gathered(whole.count + by, whole.sum + by * member.value, choices)

    def outcome(self, members: Gathered, instrument: Instrument | None = None) -> Outcome:
        """Return the outcome of the city."""
        facts = Facts(None, {}, self._given, {self._collection.id: members})
        return scope_outcome(instrument or self._bare, facts, self._on)

    def index(self, members: Gathered) -> Fraction:
        """Return the index, which is computed last; 0 when there is none."""
        return list(self.outcome(members).results.values())[-1].value or Fraction(0)

    def _choice(self, member: Member, field: str) -> str | None:
        return self._names[field].get(member.fields.get(field, "").strip().casefold())
