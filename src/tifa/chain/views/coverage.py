"""The coverage of all units."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from tifa.chain.exports import COVERAGE_WIDTHS, coverage_headers, coverage_table
from tifa.chain.forms.filters import CoverageFilter
from tifa.chain.selectors.coverage import CoverageRow
from tifa.chain.selectors.coverage import coverage as coverage_of
from tifa.chain.selectors.ledgers import Scope, first_year
from tifa.chain.views.files import download_urls
from tifa.core.downloads import table_response
from tifa.core.permissions import permission
from tifa.core.spreadsheets import SheetOut
from tifa.organisation.choices import VIEWING_ROLES
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import UnitTree, unit_choices, units_of

PAGE_SIZE = 100
DEEPEST = 4


@permission("chain.view_gaps")
def coverage(request: HttpRequest) -> HttpResponse:
    """Show every unit with its innovations, its last report, its nil reports and its silence."""
    desk = desk_of(request)
    chosen, rows = _look(request, desk)
    context = {
        "filter": chosen,
        "page_obj": Paginator(_levelled(rows, desk.tree), PAGE_SIZE).get_page(request.GET.get("page")),
        "units": len(rows),
        "silent": sum(1 for row in rows if row.silent),
        "without": sum(1 for row in rows if not row.in_subtree),
        "as_of": chosen.as_of,
        **download_urls(request, "chain:coverage_export"),
    }
    return render(request, "chain/coverage.html", context)


@permission("chain.view_gaps")
def coverage_export(request: HttpRequest, fmt: str) -> HttpResponseBase:
    """Hand out the same table, all pages."""
    _chosen, rows = _look(request, desk_of(request))
    return table_response(
        fmt, "cakupan", [SheetOut("Cakupan", coverage_headers(), coverage_table(rows), COVERAGE_WIDTHS)]
    )


def _look(request: HttpRequest, desk: Desk) -> tuple[CoverageFilter, tuple[CoverageRow, ...]]:
    visible = units_of(desk.person, VIEWING_ROLES, desk.tree)
    years = range(desk.today.year, first_year(Scope(desk.today, visible)) - 1, -1)
    chosen = CoverageFilter(
        request.GET, units=unit_choices(desk.tree, visible), years=years, today=desk.today
    )
    unit = chosen.chosen_unit
    part = visible & desk.tree.subtree(unit.pk) if unit else visible
    rows = coverage_of(Scope(chosen.as_of, part), desk.tree)
    kind, silent = chosen.value("kind"), chosen.value("silent")
    return chosen, tuple(
        row for row in rows if (not kind or row.unit.kind == kind) and (not silent or row.silent)
    )


def _levelled(rows: Sequence[CoverageRow], tree: UnitTree) -> list[tuple[int, CoverageRow]]:
    """Return each row with how many of the units above it are shown too, so that a lone unit is not indented."""
    shown = {row.unit.pk for row in rows}
    return [(min(len(shown.intersection(tree.ancestors(row.unit.pk))) - 1, DEEPEST), row) for row in rows]
