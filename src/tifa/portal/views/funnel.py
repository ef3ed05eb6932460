"""The public funnel of the city and of each unit, as it was published."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tifa.chain.choices import Ledger
from tifa.chain.models import LedgerPublication
from tifa.chain.selectors.publications import current_ledgers
from tifa.core.permissions import public
from tifa.portal.selectors.flow import published_flow
from tifa.portal.selectors.funnels import UnitView, bars, published_units, unit_view


@public
def funnel(request: HttpRequest) -> HttpResponse:
    """Show the published funnel of the whole city, or say that there is none yet."""
    publication = current_ledgers()
    units = published_units(publication.payload) if publication else ()
    seen = unit_view(units, None)
    if publication is None or seen is None:
        return render(request, "portal/funnel_empty.html")
    return _page(request, publication, seen)


@public
def funnel_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show the published funnel of one unit with all below it."""
    publication = current_ledgers()
    seen = unit_view(published_units(publication.payload), code) if publication else None
    if publication is None or seen is None:
        raise Http404
    return _page(request, publication, seen)


@public
def flow(request: HttpRequest) -> HttpResponse:
    """Show how long each step took and where innovations stay behind, as it was published."""
    publication = current_ledgers()
    figures = published_flow(publication.payload) if publication else None
    return render(request, "portal/flow.html", {"publication": publication, "flow": figures})


@public
def funnel_download(request: HttpRequest) -> HttpResponse:
    """Give the frozen copy with the funnels of all units; with none published, an empty one."""
    publication = current_ledgers()
    content: dict[str, Any] = {"as_of": None, "units": []} if publication is None else publication.payload
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="corong.json"'
    return response


def _page(request: HttpRequest, publication: LedgerPublication, seen: UnitView) -> HttpResponse:
    context = {
        "publication": publication,
        "seen": seen,
        "unit": seen.unit,
        "bars": bars(seen.unit.rows),
        "ledgers": [str(ledger.label) for ledger in Ledger],
    }
    return render(request, "portal/funnel.html", context)
