"""When an edition closes, and that the ministry moved the day."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.permissions import permission
from tifa.dossiers.eligibility import closing_day
from tifa.dossiers.forms import DeadlineForm
from tifa.dossiers.selectors.deadlines import moves_of
from tifa.dossiers.services.deadlines import move_deadline
from tifa.dossiers.views.access import edition_or_404
from tifa.instruments import spoken
from tifa.organisation.desk import desk_of


@permission("dossiers.move_deadline")
def deadline(request: HttpRequest, instrument_id: str) -> HttpResponse:
    """Show how the closing of an edition was moved, and record the next move."""
    desk, instrument = desk_of(request), edition_or_404(instrument_id)
    form = DeadlineForm(request.POST or None)
    if form.is_valid():
        move_deadline(actor=desk.person, instrument=instrument, **form.cleaned_data, now=timezone.now())
        messages.success(request, _("The new day is kept. Who may enter is computed with it from now on."))
        return redirect("dossiers:list")
    context = {
        "instrument": instrument,
        "title": spoken(instrument.title),
        "published": closing_day(instrument),
        "moves": moves_of(instrument),
        "form": form,
    }
    return render(request, "dossiers/deadline.html", context, status=422 if form.errors else 200)
