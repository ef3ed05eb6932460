"""A unit reports that it has no innovation in a year."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tifa.chain.forms.content import typed
from tifa.chain.forms.nil import NilForm
from tifa.chain.selectors.reporting import nil_years, units_to_report_for
from tifa.chain.services.reporting import NilRefused, report_nil
from tifa.core.permissions import permission
from tifa.organisation.desk import Desk, desk_of

NAMES = ("unit", "year", "signed_by", "note")


@permission("chain.report")
def nil_report(request: HttpRequest) -> HttpResponse:
    """Show the form, and record the nil report."""
    desk = desk_of(request)
    form = _form(request, desk)
    if request.method == "POST" and form.is_valid():
        try:
            report = report_nil(author=desk.person, on=desk.today, **form.cleaned_data)
        except NilRefused as refusal:
            form.add_error("year", str(refusal))
        except ValidationError as error:
            form.add_error("year", error.messages)
        else:
            messages.success(
                request,
                _("Recorded: %(unit)s has no innovation in %(year)d.")
                % {"unit": report.unit.name, "year": report.year},
            )
            return redirect("chain:report_start")
    return render(request, "chain/nil_report.html", {"form": form}, status=422 if form.errors else 200)


def _form(request: HttpRequest, desk: Desk) -> NilForm:
    units = units_to_report_for(desk.person, on=desk.today, tree=desk.tree)
    asked = request.GET.get("unit") or (units[0].unit.code if len(units) == 1 else "")
    initial = {"signed_by": desk.person.name, "year": str(desk.today.year), "unit": asked}
    data = typed(request.POST, NAMES) if request.method == "POST" else None
    return NilForm(data, initial=initial, units=units, years=nil_years(desk.today))
