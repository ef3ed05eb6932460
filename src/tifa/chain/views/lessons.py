"""What rejections teach."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tifa.chain.selectors.lessons import ended_at
from tifa.chain.selectors.lessons import lessons as lessons_for
from tifa.core.permissions import permission
from tifa.instruments import list_instruments, spoken
from tifa.organisation.desk import desk_of

PAGE_SIZE = 50


@permission("chain.view_gaps")
def lessons(request: HttpRequest) -> HttpResponse:
    """Show where rejected innovations ended and why, the last first."""
    desk = desk_of(request)
    rows = lessons_for(desk.person, desk.tree)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    titles = {one.id: spoken(one.title) for one in list_instruments()}
    context = {
        "page_obj": page,
        "rows": [(one, titles.get(one.sent.dossier.instrument_id, "") if one.sent else "") for one in page],
        "ended": ended_at(rows),
    }
    return render(request, "chain/lessons.html", context)
