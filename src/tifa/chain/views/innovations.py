"""The internal list of innovations."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from tifa.chain.exports import INNOVATION_WIDTHS, innovation_headers, innovation_table
from tifa.chain.forms.filters import InnovationFilter
from tifa.chain.selectors.lists import exported_rows, innovation_rows, innovations_by
from tifa.chain.views.files import download_urls
from tifa.core.downloads import table_response
from tifa.core.permissions import permission
from tifa.core.spreadsheets import SheetOut
from tifa.organisation.choices import VIEWING_ROLES
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import unit_choices, units_of

PAGE_SIZE = 25


@permission("registry.view_innovations")
def innovation_list(request: HttpRequest) -> HttpResponse:
    """Show what the person may see, searched, narrowed and in order."""
    desk = desk_of(request)
    narrowed = _filter(request, desk)
    rows = innovations_by(desk.person, narrowed.narrowing, as_of=desk.today, tree=desk.tree)
    page = Paginator(rows.defer("summary", "source_note"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": narrowed,
        "page_obj": page,
        "rows": innovation_rows(page, desk.today),
        "today": desk.today,
        **download_urls(request, "chain:innovation_export"),
    }
    return render(request, "chain/innovation_list.html", context)


@permission("registry.view_innovations")
def innovation_export(request: HttpRequest, fmt: str) -> HttpResponseBase:
    """Hand out the same list, all pages, in one streamed statement."""
    desk = desk_of(request)
    rows = innovations_by(desk.person, _filter(request, desk).narrowing, as_of=desk.today, tree=desk.tree)
    table = innovation_table(exported_rows(rows, desk.today))
    return table_response(
        fmt, "inovasi", [SheetOut("Inovasi", innovation_headers(), table, INNOVATION_WIDTHS)]
    )


def _filter(request: HttpRequest, desk: Desk) -> InnovationFilter:
    visible = units_of(desk.person, VIEWING_ROLES, desk.tree)
    return InnovationFilter(request.GET, units=unit_choices(desk.tree, visible))
