"""The public catalogue: what may be chosen, how many that gives, and the innovations that fit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Left, Lower
from django.utils.text import Truncator

from tifa.organisation.models import Unit, UnitAlias
from tifa.organisation.selectors import UnitTree
from tifa.registry.choices import Marking, Stage
from tifa.registry.models import Innovation
from tifa.registry.selectors import published_innovations

LEAD_LENGTH = 180
MOST_WORDS = 8
UNKNOWN = "unknown"


class Facet(StrEnum):
    """A property by which the catalogue is narrowed; the values are the names in the address."""

    AFFAIRS = "urusan"
    STAGE = "tahap"
    FUNCTION = "fungsi"
    YEAR = "tahun"
    UNIT = "unit"


class Sort(StrEnum):
    """The orders of the catalogue; the values stand in the address."""

    NEWEST = "terbaru"
    TITLE = "judul"


@dataclass(frozen=True)
class Filters:
    """What a reader chose; empty means everything, and every value was checked against what is published."""

    query: str = ""
    affairs: tuple[str, ...] = ()
    stage: str = ""
    function: str = ""
    year: str = ""
    unit: str = ""

    def without(self, facet: Facet) -> "Filters":
        """Return the same choice with one property left open."""
        empty: Any = () if facet == Facet.AFFAIRS else ""
        return replace(self, **{facet.name.lower(): empty})

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters()


@dataclass(frozen=True)
class Card:
    """One innovation in the list; ``year`` is that of the start of use."""

    code: str
    title: str
    lead: str
    affairs: str
    stage: str
    unit: str
    year: int | None
    example: bool
    source_url: str


class Catalogue:
    """The published innovations of one day.

    A facet costs one statement and is counted under the other choices; with nothing else chosen it is the list
    of what may be chosen at all. Each is read once.
    """

    def __init__(self, on: date, tree: UnitTree) -> None:
        self._on = on
        self._tree = tree
        self._units_by_code = tree.by_code()
        self._counted: dict[tuple[Facet, Filters], dict[str, int]] = {}

    @property
    def total(self) -> int:
        """Return how many innovations are published."""
        return sum(self._counts(Facet.UNIT, Filters()).values())

    @property
    def units(self) -> int:
        """Return how many units have published innovations of their own."""
        return len(self._counts(Facet.UNIT, Filters()))

    def counts(self, facet: Facet, filters: Filters | None = None) -> Mapping[str, int]:
        """Return how many innovations each value of a facet gives, the other choices of ``filters`` kept.

        A unit counts with its subtree; units without any published innovation are not named.
        """
        counted = self._counts(facet, (filters or Filters()).without(facet))
        return self._with_subtrees(counted) if facet == Facet.UNIT else counted

    def innovations(self, filters: Filters, sort: Sort) -> QuerySet[Innovation]:
        """Return what fits the choice, in a fixed order."""
        return self._matching(filters).order_by(*_ORDERS[sort])

    def card_rows(self, filters: Filters, sort: Sort) -> QuerySet[Innovation, tuple[Any, ...]]:
        """Return the columns that cards show; the long text is cut by the database."""
        return self.innovations(filters, sort).values_list(
            "code",
            "title",
            Left("summary", LEAD_LENGTH + 1),
            "affairs",
            "stage",
            "unit_id",
            "use_started",
            "marking",
            "source_url",
        )

    def card(self, row: tuple[Any, ...]) -> Card:
        """Return one row of :meth:`card_rows` as a card."""
        code, title, lead, affairs, stage, unit_id, use_started, marking, source_url = row
        return Card(
            code=code,
            title=title,
            lead=Truncator(lead).chars(LEAD_LENGTH),
            affairs=affairs,
            stage=str(Stage(stage).label),
            unit=self._tree.units[unit_id].name,
            year=use_started.year if use_started else None,
            example=marking == Marking.COMPOSED,
            source_url=source_url,
        )

    def unit_named(self, code: str) -> Unit | None:
        """Return the unit with a code."""
        return self._units_by_code.get(code)

    def _counts(self, facet: Facet, others: Filters) -> dict[str, int]:
        key = (facet, others)
        if key not in self._counted:
            found = self._matching(others).order_by()
            grouped = found.values_list(_COLUMNS[facet]).annotate(n=Count("pk"))
            self._counted[key] = _summed_years(grouped) if facet == Facet.YEAR else _by_value(grouped)
        return self._counted[key]

    def _with_subtrees(self, own: dict[str, int]) -> dict[str, int]:
        counted: dict[str, int] = {}
        for unit_id, n in own.items():
            for above in self._tree.ancestors(int(unit_id)):
                code = self._tree.units[above].code
                counted[code] = counted.get(code, 0) + n
        return counted

    def _matching(self, filters: Filters) -> QuerySet[Innovation]:
        found = published_innovations(self._on).select_related(None)
        if filters.affairs:
            found = found.filter(affairs__in=["" if one == UNKNOWN else one for one in filters.affairs])
        if filters.stage:
            found = found.filter(stage=filters.stage)
        if filters.function:
            found = found.filter(function=filters.function)
        if filters.year:
            found = found.filter(_year(filters.year))
        unit = self.unit_named(filters.unit)
        if unit:
            found = found.filter(unit__in=self._tree.subtree(unit.pk))
        return found.filter(self._words(filters.query)) if filters.query else found

    def _words(self, query: str) -> Q:
        condition = Q()
        for word in query.split()[:MOST_WORDS]:
            condition &= (
                Q(title__icontains=word)
                | Q(summary__icontains=word)
                | Q(service__icontains=word)
                | Q(affairs__icontains=word)
                | Q(code__iexact=word)
                | Q(unit__in=self._units_called(word))
            )
        return condition

    def _units_called(self, word: str) -> list[int]:
        sought = word.casefold()
        return [
            unit.pk
            for unit in self._tree.units.values()
            if any(sought in name.casefold() for name in (unit.name, *self._aliases.get(unit.pk, ())))
        ]

    @cached_property
    def _aliases(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for unit_id, text in UnitAlias.objects.values_list("unit_id", "text"):
            found.setdefault(unit_id, []).append(text)
        return found


_COLUMNS = {
    Facet.AFFAIRS: "affairs",
    Facet.STAGE: "stage",
    Facet.FUNCTION: "function",
    Facet.YEAR: "use_started",
    Facet.UNIT: "unit_id",
}
_ORDERS: dict[Sort, tuple[str | Combinable, ...]] = {
    Sort.NEWEST: ("-published_on", "-pk"),
    Sort.TITLE: (Lower("title"), "pk"),
}


def _by_value(grouped: QuerySet[Innovation, Any]) -> dict[str, int]:
    return {str(value or UNKNOWN): n for value, n in grouped}


def _summed_years(grouped: QuerySet[Innovation, Any]) -> dict[str, int]:
    # Grouped by day and summed here: SQLite would call back into Python for the year of every row.
    counted: dict[str, int] = {}
    for day, n in grouped:
        year = str(day.year) if day else UNKNOWN
        counted[year] = counted.get(year, 0) + n
    return counted


def _year(year: str) -> Q:
    return Q(use_started=None) if year == UNKNOWN else Q(use_started__year=int(year))
