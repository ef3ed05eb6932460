"""The public catalogue of innovations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tifa.core.clock import today
from tifa.core.downloads import table_response
from tifa.core.permissions import public
from tifa.organisation.choices import Function
from tifa.organisation.selectors import UnitTree, unit_tree
from tifa.portal.exports import catalogue_sheet
from tifa.portal.forms import read_choice
from tifa.portal.selectors.catalogue import UNKNOWN, Catalogue, Facet, Filters, Sort
from tifa.registry.choices import Stage

PAGE_SIZE = 24
PARTIAL_HEADERS = ("HX-Request", "HX-Request-Type")


@dataclass(frozen=True)
class Option:
    """A value that a reader may choose, how many innovations it gives, and how deep it stands in the tree."""

    value: str
    label: str
    count: int
    chosen: bool
    depth: int = 0

    @property
    def indent(self) -> str:
        """Return spaces that a list box keeps, as many as the value is deep."""
        return "\u2003" * self.depth


@public
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show what is published, narrowed and searched; a filter alone swaps the list by htmx."""
    tree = unit_tree()
    published = Catalogue(today(), tree)
    chosen = read_choice(request.GET, published)
    page = Paginator(published.card_rows(chosen.filters, chosen.sort), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    partial = _wants_part(request)
    context = {
        "page_obj": page,
        "cards": [published.card(row) for row in page.object_list],
        "heading": _heading(page, chosen.filters, published),
        "chosen": chosen,
        "filters": chosen.filters,
        "panel": _panel(published, chosen.filters, tree),
        "sorts": [(Sort.NEWEST, _("Newest")), (Sort.TITLE, _("Title"))],
        "published": published,
        "partial": partial,
    }
    template = "portal/catalogue_part.html" if partial else "portal/catalogue.html"
    response = render(request, template, context)
    patch_vary_headers(response, PARTIAL_HEADERS)
    return response


@public
def catalogue_export(request: HttpRequest, fmt: str) -> HttpResponseBase:
    """Give the chosen innovations with all public facts as Excel or CSV."""
    on = today()
    published = Catalogue(on, unit_tree())
    chosen = read_choice(request.GET, published)
    sheet = catalogue_sheet(published.innovations(chosen.filters, chosen.sort))
    return table_response(fmt, _file_name(on), [sheet])


def _wants_part(request: HttpRequest) -> bool:
    # A restored page and a swap of the whole body need the page, though htmx asks for them too.
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type", "partial") == "partial"
        and "HX-History-Restore-Request" not in request.headers
    )


def _panel(published: Catalogue, filters: Filters, tree: UnitTree) -> dict[str, list[Option]]:
    return {
        "affairs": _affairs(published, filters),
        "stages": _choices(published, filters, Facet.STAGE, Stage.choices, filters.stage),
        "functions": _choices(published, filters, Facet.FUNCTION, Function.choices, filters.function),
        "years": _years(published, filters),
        "units": _units(published, filters, tree),
    }


def _affairs(published: Catalogue, filters: Filters) -> list[Option]:
    counts = published.counts(Facet.AFFAIRS, filters)
    offered = published.counts(Facet.AFFAIRS)
    return [
        Option(value, _named(value), counts.get(value, 0), value in filters.affairs)
        for value in sorted(offered, key=lambda one: (-offered[one], one))
    ]


def _choices(
    published: Catalogue, filters: Filters, facet: Facet, choices: Iterable[tuple[str, object]], chosen: str
) -> list[Option]:
    counts = published.counts(facet, filters)
    offered = published.counts(facet)
    return [
        Option(value, str(label), counts.get(value, 0), value == chosen)
        for value, label in choices
        if value in offered
    ]


def _years(published: Catalogue, filters: Filters) -> list[Option]:
    counts = published.counts(Facet.YEAR, filters)
    years = sorted(published.counts(Facet.YEAR), key=lambda year: (year != UNKNOWN, year), reverse=True)
    return [Option(year, _named(year), counts.get(year, 0), year == filters.year) for year in years]


def _units(published: Catalogue, filters: Filters, tree: UnitTree) -> list[Option]:
    counts = published.counts(Facet.UNIT, filters)
    offered = published.counts(Facet.UNIT)
    return [
        Option(unit.code, unit.name, counts.get(unit.code, 0), unit.code == filters.unit, depth)
        for depth, unit in tree.in_order()
        if unit.code in offered
    ]


def _heading(page: "Page[tuple[object, ...]]", filters: Filters, published: Catalogue) -> str:
    count = page.paginator.count
    sentence = ngettext("%(count)d innovation", "%(count)d innovations", count) % {"count": count}
    return " · ".join([sentence, *_described(filters, published)])


def _described(filters: Filters, published: Catalogue) -> list[str]:
    unit = published.unit_named(filters.unit)
    parts = [
        f"“{filters.query}”" if filters.query else "",
        ", ".join(_named(value) for value in filters.affairs),
        str(Stage(filters.stage).label) if filters.stage else "",
        str(Function(filters.function).label) if filters.function else "",
        _("start of use: %(year)s") % {"year": _named(filters.year)} if filters.year else "",
        unit.name if unit else "",
    ]
    return [part for part in parts if part]


def _named(value: str) -> str:
    return _("unknown") if value == UNKNOWN else capfirst(value)


def _file_name(on: date) -> str:
    return f"inovasi-{on.isoformat()}"
