"""Waves in the room: preparing one, its counters, what came in, and closing it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tifa.core.downloads import content_response
from tifa.core.permissions import permission
from tifa.instruments import load_instrument, spoken
from tifa.organisation.choices import VIEWING_ROLES
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import unit_choices, units_of
from tifa.surveys.choices import Channel
from tifa.surveys.documents import poster_pdf
from tifa.surveys.forms import AnswerForm, PopulationForm, ServicesForm, WaveForm
from tifa.surveys.models import Counter, Wave
from tifa.surveys.selectors import (
    Result,
    counters_for,
    editions,
    remarks_on,
    result_of,
    running_units,
    services_to_ask,
    visible_waves,
)
from tifa.surveys.services import (
    NotOpen,
    accept_response,
    add_counters,
    close_wave,
    count_flagged,
    create_wave,
    set_population,
)

PAGE_SIZE = 50
REMARKS = 100


@permission("surveys.view")
def wave_list(request: HttpRequest) -> HttpResponse:
    """Show the waves that concern the person."""
    desk = desk_of(request)
    page = Paginator(visible_waves(desk.person, desk.tree), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(one, one.takes_answers(desk.today)) for one in page],
        "may_run": bool(running_units(desk.person, desk.tree)),
    }
    return render(request, "surveys/list.html", context)


@permission("surveys.run")
def wave_add(request: HttpRequest) -> HttpResponse:
    """Prepare a wave."""
    desk = desk_of(request)
    units = unit_choices(desk.tree, running_units(desk.person, desk.tree), on=desk.today)
    if not units:
        raise PermissionDenied
    form = WaveForm(
        request.POST or None, units=units, editions=editions(), initial={"unit": units[0].unit.code}
    )
    if form.is_valid():
        said = {
            name: form.cleaned_data[name]
            for name in ("name", "instrument_id", "starts_on", "ends_on", "least")
        }
        try:
            wave = create_wave(actor=desk.person, unit=form.chosen_unit, now=timezone.now(), **said)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The survey is prepared. Now tick the services."))
            return redirect(wave)
    return render(request, "surveys/wave_add.html", {"form": form}, status=422 if form.errors else 200)


@permission("surveys.view")
def wave(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a wave: who answered, what the index is, and what can be done; choose the services that are asked about."""
    desk = desk_of(request)
    found, runs = _wave(desk, pk)
    form = _services_form(request, desk, found) if runs and not found.is_closed else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            add_counters(actor=desk.person, wave=found, services=form.chosen())
            messages.success(request, _("The services are asked about. Print their codes."))
            return redirect(found)
    counters = list(counters_for(desk.person, desk.tree, found))
    whole = found.unit_id in units_of(desk.person, VIEWING_ROLES, desk.tree)
    result = result_of(found, counters, whole=whole)
    context = {
        "wave": found,
        "title": spoken(load_instrument(found.instrument_id).title),
        "open": found.takes_answers(desk.today),
        "runs": runs,
        "result": result,
        **_explained(result),
        "services": form,
        "population": PopulationForm(),
        "remarks": remarks_on(counters, most=REMARKS),
    }
    return render(request, "surveys/wave.html", context, status=422 if form and form.errors else 200)


@permission("surveys.run")
@require_POST
def wave_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more answers."""
    desk = desk_of(request)
    found, runs = _wave(desk, pk)
    if not runs:
        raise PermissionDenied
    close_wave(actor=desk.person, wave=found, now=timezone.now())
    messages.success(request, _("The survey is closed. All answers count now."))
    return redirect(found)


@permission("surveys.run")
@require_POST
def counter_change(request: HttpRequest, pk: int, counter_pk: int) -> HttpResponse:
    """Say how many people use a service, or let flagged answers count."""
    desk = desk_of(request)
    found, counter = _counter(desk, pk, counter_pk)
    if found.is_closed:
        messages.error(request, _("This survey is closed; nothing about it changes any more."))
    elif request.POST.get("action") == "count":
        changed = count_flagged(actor=desk.person, counter=counter)
        said = ngettext("%(count)d answer counts now.", "%(count)d answers count now.", changed)
        messages.success(request, said % {"count": changed})
    else:
        form = PopulationForm(request.POST)
        if form.is_valid():
            set_population(actor=desk.person, counter=counter, population=form.cleaned_data["population"])
            messages.success(request, _("Kept."))
        else:
            messages.error(request, _("Write how many people as a whole number."))
    return redirect(found)


@permission("surveys.view")
def counter_poster(request: HttpRequest, pk: int, counter_pk: int) -> HttpResponse:
    """Hand out the sheet with the code of a counter."""
    desk = desk_of(request)
    found, _runs = _wave(desk, pk)
    counter = get_object_or_404(counters_for(desk.person, desk.tree, found), pk=counter_pk)
    return content_response(poster_pdf(counter, desk.tree), f"survei-{counter.code}.pdf", "application/pdf")


@permission("surveys.run")
def counter_paper(request: HttpRequest, pk: int, counter_pk: int) -> HttpResponse:
    """Type answers from paper, one sheet after the other."""
    desk = desk_of(request)
    found, counter = _counter(desk, pk, counter_pk)
    if found.is_closed:
        raise Http404
    instrument = load_instrument(found.instrument_id)
    form = AnswerForm(request.POST or None, instrument=instrument, client_id=uuid4(), paper=True)
    if form.is_valid():
        try:
            new = accept_response(
                counter=counter,
                client_id=form.cleaned_data["client_id"],
                answers=form.answers(),
                remark=form.cleaned_data["remark"],
                channel=Channel.PAPER,
                device="",
                given_on=form.cleaned_data["given_on"],
                today=desk.today,
                now=timezone.now(),
            )
        except NotOpen:
            form.add_error("given_on", _("This day lies outside of the survey."))
        else:
            said = _("Stored. Type the next sheet.") if new else _("This sheet was stored already.")
            messages.success(request, said)
            return redirect("surveys:paper", pk, counter_pk)
    context = {"wave": found, "counter": counter, "form": form, "typed": _typed(counter)}
    return render(request, "surveys/paper.html", context, status=422 if form.errors else 200)


def _explained(result: Result) -> dict[str, Any]:
    """Return how the index of the whole came about: its elements, its formula, and what other ways give."""
    whole = result.whole
    if whole is None or whole.node is None or whole.outcome is None:
        return {}
    return {
        "elements": [{"label": spoken(one.label), "shown": one.shown} for one in whole.elements],
        "compared": [(spoken(one.alternative.label), one.node.shown) for one in whole.outcome.compared],
        "formula": whole.node.formula,
        "method": _(
            "The interval is that of simple random sampling with the finite population, where the number of users is known; "
            "who answers on their own phone is no random sample."
        ),
    }


def _typed(counter: Counter) -> int:
    return counter.responses.filter(channel=Channel.PAPER).count()


def _wave(desk: Desk, pk: int) -> tuple[Wave, bool]:
    found = get_object_or_404(visible_waves(desk.person, desk.tree), pk=pk)
    return found, found.unit_id in running_units(desk.person, desk.tree)


def _counter(desk: Desk, pk: int, counter_pk: int) -> tuple[Wave, Counter]:
    """Return a counter that the person serves: of a wave that they run, or of a service of their unit."""
    found, runs = _wave(desk, pk)
    counter = get_object_or_404(counters_for(desk.person, desk.tree, found), pk=counter_pk)
    if not runs and counter.service.unit_id not in running_units(desk.person, desk.tree):
        raise PermissionDenied
    return found, counter


def _services_form(request: HttpRequest, desk: Desk, found: Wave) -> Any:
    services = list(services_to_ask(found, desk.tree, desk.today))
    return ServicesForm(request.POST or None, services=services) if services else None
