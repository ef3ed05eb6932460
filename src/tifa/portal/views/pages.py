"""Pages of text: the guide, accessibility, personal data, open data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tifa.chain.selectors.publications import current_ledgers
from tifa.core.permissions import public
from tifa.instruments import list_instruments
from tifa.portal.selectors.results import current_results


@public
def guide(request: HttpRequest) -> HttpResponse:
    """Say what stands here and how the numbers come about."""
    return render(request, "portal/guide.html")


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """State how accessible the pages are and where to complain."""
    return render(request, "portal/accessibility.html")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """State which personal data are kept, why and for how long."""
    return render(request, "portal/privacy.html")


@public
def open_data(request: HttpRequest) -> HttpResponse:
    """List all that can be downloaded."""
    context = {
        "results": current_results(),
        "instruments": list_instruments(),
        "ledgers": current_ledgers(),
    }
    return render(request, "portal/open_data.html", context)
