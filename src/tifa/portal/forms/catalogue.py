"""Reads what a visitor chose from the address; what nobody can choose is left out, and said."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from tifa.portal.selectors.catalogue import Catalogue, Facet, Filters, Sort

LONGEST = 100


@dataclass(frozen=True)
class Chosen:
    """What a visitor chose, and a sentence for each part of the address that was left out."""

    filters: Filters
    sort: Sort
    notices: tuple[str, ...]


def read_choice(query: QueryDict, catalogue: Catalogue) -> Chosen:
    """Return what the parameters of the catalogue's address choose."""
    notices: list[str] = []

    def one(facet: Facet) -> str:
        value = text_of(query, facet)
        if not value or value in catalogue.counts(facet):
            return value
        notices.append(_REFUSALS[facet](value))
        return ""

    affairs = _affairs(query, catalogue, notices)
    filters = Filters(
        query=" ".join(text_of(query, "q").split()),
        affairs=affairs,
        stage=one(Facet.STAGE),
        function=one(Facet.FUNCTION),
        year=one(Facet.YEAR),
        unit=one(Facet.UNIT),
    )
    return Chosen(filters, _sort(query, notices), (*notices, *_page_notice(query)))


def text_of(query: QueryDict, name: str) -> str:
    """Return a parameter as a short line without the characters that a database refuses."""
    return query.get(name, "").replace("\x00", "").strip()[:LONGEST]


def _affairs(query: QueryDict, catalogue: Catalogue, notices: list[str]) -> tuple[str, ...]:
    values = {value.replace("\x00", "").strip() for value in query.getlist(Facet.AFFAIRS)} - {""}
    if not values:
        return ()
    offered = catalogue.counts(Facet.AFFAIRS)
    unknown = sorted(values - offered.keys())
    notices.extend(
        _("No published innovation has the government affairs “%(value)s”, so this choice was left out.")
        % {"value": value[:LONGEST]}
        for value in unknown[:3]
    )
    return tuple(sorted(values & offered.keys()))


def _sort(query: QueryDict, notices: list[str]) -> Sort:
    value = text_of(query, "urut")
    if value in {"", *Sort}:
        return Sort(value or Sort.NEWEST)
    notices.append(_("There is no order “%(value)s”; the newest stand first.") % {"value": value})
    return Sort.NEWEST


def _page_notice(query: QueryDict) -> list[str]:
    page = text_of(query, "page")
    if not page or page.isdecimal():
        return []
    return [_("“%(value)s” is not a page number; this is the first page.") % {"value": page}]


_REFUSALS = {
    Facet.STAGE: lambda value: (
        _("No published innovation has the stage “%(value)s”, so it was left out.") % {"value": value}
    ),
    Facet.FUNCTION: lambda value: (
        _("No published innovation has the function “%(value)s”, so it was left out.") % {"value": value}
    ),
    Facet.YEAR: lambda value: (
        _("No published innovation came into use in “%(value)s”, so it was left out.") % {"value": value}
    ),
    Facet.UNIT: lambda value: (
        _("No published innovation belongs to the unit “%(value)s”, so it was left out.") % {"value": value}
    ),
}
