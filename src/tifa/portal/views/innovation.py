"""The public page of one innovation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from tifa.chain.choices import Step
from tifa.core.clock import today
from tifa.core.permissions import public
from tifa.portal.selectors.progress import judged_in, milestones
from tifa.registry.choices import Marking
from tifa.registry.selectors import published_innovations

SENTENCES = {
    Step.VERIFIED: (
        _("The organisation section has verified it."),
        _("The organisation section has not verified it yet."),
    ),
    Step.SELECTED: (
        _("It was selected for the national competition."),
        _("It has not been selected for the national competition."),
    ),
    Step.FORWARDED: (
        _("It was forwarded to the ministry."),
        _("It has not been forwarded to the ministry."),
    ),
    Step.AWARDED: (_("It received an award."), _("No award is recorded.")),
}


@public
def innovation(request: HttpRequest, code: str) -> HttpResponse:
    """Show the public facts of a published innovation; any other code is unknown here."""
    on = today()
    found = get_object_or_404(published_innovations(on), code=code)
    steps = [
        {"reached": one.reached, "label": one.step.label, "sentence": SENTENCES[one.step][not one.reached]}
        for one in milestones(found, on)
    ]
    context = {
        "innovation": found,
        "steps": steps,
        "rounds": judged_in(found),
        "example": found.marking == Marking.COMPOSED,
        "real": found.marking == Marking.REAL,
        "unverified": found.verified_on is None or found.verified_on > on,
    }
    return render(request, "portal/innovation.html", context)
