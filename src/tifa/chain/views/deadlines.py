"""Ortal sets deadlines, days off and the reasons for holding back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tifa.chain.exports import HOLIDAY_WIDTHS, holiday_headers, holiday_table
from tifa.chain.forms.deadlines import HoldReasonsForm, HolidaysForm, LevelsForm
from tifa.chain.forms.filters import FilterForm
from tifa.chain.selectors.deadlines import (
    hold_reasons,
    holidays,
    levels_of,
    offered_reasons,
    state_of_reasons,
    units_with_levels,
)
from tifa.chain.services.deadlines import (
    DayFacts,
    Level,
    LevelsChanged,
    ReasonsChanged,
    add_holidays,
    remove_holidays,
    set_hold_reasons,
    set_service_levels,
)
from tifa.core.downloads import table_response
from tifa.core.permissions import permission
from tifa.core.spreadsheets import SheetOut
from tifa.organisation.choices import DECIDING_ROLES
from tifa.organisation.desk import Desk, desk_of, person_of
from tifa.organisation.models import Unit
from tifa.organisation.selectors import unit_choices, units_of


@permission("chain.set_deadlines")
def deadlines(request: HttpRequest) -> HttpResponse:
    """Show and save the days in which a unit, and whoever is below it, must act."""
    desk = desk_of(request)
    reach = units_of(desk.person, DECIDING_ROLES, desk.tree)
    chosen = FilterForm(request.GET, units=unit_choices(desk.tree, reach))
    unit = _unit(desk, chosen, reach)
    rows = levels_of(unit, desk.tree)
    form = LevelsForm(request.POST if request.method == "POST" else None, rows=rows)
    if request.method == "POST" and form.is_valid():
        try:
            set_service_levels(
                actor=desk.person,
                unit=unit,
                tree=desk.tree,
                levels={kind: Level(*level) if level else None for kind, level in form.levels().items()},
                seen=form.cleaned_data["seen"],
            )
        except LevelsChanged as changed:
            form.add_error(None, str(changed))
        else:
            messages.success(request, _("The deadlines of %(unit)s are saved.") % {"unit": unit.name})
            return redirect(f"{reverse('chain:deadlines')}?{urlencode({'unit': unit.code})}")
    context = {
        "filter": chosen,
        "unit": unit,
        "form": form,
        "set_in": [one for one in units_with_levels() if one.pk in reach],
    }
    return render(request, "chain/deadlines.html", context, status=422 if form.errors else 200)


@permission("chain.set_deadlines")
def holiday_list(request: HttpRequest) -> HttpResponse:
    """Show the days off, and take in new ones."""
    form = HolidaysForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        days = [DayFacts(*line) for line in form.cleaned_data["lines"]]
        count = add_holidays(actor=person_of(request), days=days)
        messages.success(
            request,
            ngettext("%(count)d day off is saved.", "%(count)d days off are saved.", count)
            % {"count": count},
        )
        return redirect("chain:holiday_list")
    context = {"form": form, "holidays": list(holidays())}
    return render(request, "chain/holiday_list.html", context, status=422 if form.errors else 200)


@permission("chain.set_deadlines")
@require_POST
def holiday_remove(request: HttpRequest) -> HttpResponse:
    """Take the chosen days out of the list."""
    chosen = set(request.POST.getlist("day"))
    days = [one.day for one in holidays() if one.day.isoformat() in chosen]
    count = remove_holidays(actor=person_of(request), days=days)
    if count:
        text = ngettext("%(count)d day is taken out.", "%(count)d days are taken out.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.error(request, _("No day was chosen. Tick the days first."))
    return redirect("chain:holiday_list")


@permission("chain.set_deadlines")
def holiday_export(request: HttpRequest, fmt: str) -> HttpResponseBase:
    """Hand out the days off; its columns can be pasted back."""
    sheet = SheetOut("Hari libur", holiday_headers(), holiday_table(holidays()), HOLIDAY_WIDTHS)
    return table_response(fmt, "hari-libur", [sheet])


@permission("chain.set_deadlines")
def hold_reason_list(request: HttpRequest) -> HttpResponse:
    """Show and save the reasons for holding back."""
    offered = offered_reasons()
    initial = {"names": "\n".join(offered), "seen": state_of_reasons(offered)}
    data = request.POST.copy() if request.method == "POST" else None
    form = HoldReasonsForm(data, initial=initial)
    if data is not None and form.is_valid():
        try:
            set_hold_reasons(actor=person_of(request), **form.cleaned_data)
        except ReasonsChanged as changed:
            form.add_error(None, str(changed))
            # Their list was named in the message, so a second press is a decision that knows it.
            data["seen"] = state_of_reasons(offered_reasons())
        else:
            messages.success(request, _("The reasons are saved."))
            return redirect("chain:hold_reason_list")
    context = {"form": form, "retired": [one for one in hold_reasons() if not one.offered]}
    return render(request, "chain/hold_reason_list.html", context, status=422 if form.errors else 200)


def _unit(desk: Desk, chosen: FilterForm, reach: frozenset[int]) -> Unit:
    """Return the chosen unit, else the highest one within reach."""
    first = next((unit for _depth, unit in desk.tree.in_order() if unit.pk in reach), None)
    unit = chosen.chosen_unit or first
    if unit is None:
        raise Http404
    return unit
