"""Pages of text: the guide, accessibility, personal data, open data."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tifa.chain.choices import LEDGER_STEPS, Ledger, Step
from tifa.chain.models import HandOff
from tifa.chain.selectors.publications import current_ledgers
from tifa.core.permissions import public
from tifa.dossiers.selectors.dossiers import sent_by_code
from tifa.instruments import list_instruments, load_instrument, spoken
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


@public
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a proposal with this code was sent, when, and whether the ministry confirmed it; nothing of its text."""
    found = sent_by_code(code)
    if found is None:
        raise Http404
    steps = {one.step: one for one in found.handoffs.all()}
    received = min(
        (steps[one] for one in LEDGER_STEPS[Ledger.RECEIVED] if one in steps), key=_day, default=None
    )
    context = {
        "sent": found,
        "edition": spoken(load_instrument(found.dossier.instrument_id).title),
        "forwarded": steps.get(Step.FORWARDED),
        "received": received,
    }
    response = render(request, "portal/sent.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _day(step: HandOff) -> date:
    return step.on
