"""Ortal publishes the funnel."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.chain.selectors.ledgers import Scope, funnel, ledger_counts
from tifa.chain.selectors.publications import current_ledgers
from tifa.chain.services.publishing import publish_ledgers
from tifa.core.permissions import permission
from tifa.organisation.choices import DECIDING_ROLES
from tifa.organisation.desk import desk_of
from tifa.organisation.selectors import units_of


@permission("chain.publish_ledgers")
def ledgers_publish(request: HttpRequest) -> HttpResponse:
    """Ask, then freeze a copy of today's ledgers for the public page."""
    desk = desk_of(request)
    units = units_of(desk.person, DECIDING_ROLES, desk.tree)
    scope = Scope(desk.today, units)
    if request.method == "POST":
        publication = publish_ledgers(actor=desk.person, scope=scope)
        day = date_format(publication.as_of, "j F Y")
        messages.success(request, _("The funnel of %(day)s is published.") % {"day": day})
        return redirect("chain:gaps")
    context = {
        "as_of": desk.today,
        "units": len(units),
        "rows": funnel(ledger_counts(scope)),
        "current": current_ledgers(),
    }
    return render(request, "chain/ledgers_publish.html", context)
