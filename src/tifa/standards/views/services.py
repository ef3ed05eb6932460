"""The catalogue of services: the board, one service, adding and changing one."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.downloads import stored_response, table_response
from tifa.core.forms import renew
from tifa.core.permissions import permission
from tifa.core.spreadsheets import SheetOut
from tifa.organisation.choices import VIEWING_ROLES
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import unit_choices, units_of
from tifa.standards.choices import NEXT, Progress
from tifa.standards.documents import WIDTHS, board_headers, board_table
from tifa.standards.forms import BoardFilter, ServiceForm, StepForm
from tifa.standards.models import Service, StandardStep
from tifa.standards.selectors import (
    Line,
    coverage_of,
    found_among,
    lines_of,
    sisters_of,
    standards_of,
    visible_services,
    writable_units,
)
from tifa.standards.services import StaleRow, add_service, change_service
from tifa.standards.views.access import service_or_404, writable_or_403

PAGE_SIZE = 100
LACKING: Mapping[str, Callable[[Line], bool]] = {
    "standar": lambda line: line.standard is None,
    "komponen": lambda line: bool(line.missing),
    "dibahas": lambda line: line.standard is not None and not line.discussed,
    "ditinjau": lambda line: line.overdue,
}


@permission("standards.view")
def service_list(request: HttpRequest) -> HttpResponse:
    """Show the services of the units with what each lacks."""
    desk = desk_of(request)
    chosen, lines = _look(request, desk)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "filter": chosen,
        "page_obj": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "coverage": coverage_of(lines),
        "may_add": bool(writable_units(desk.person, desk.tree)),
        "excel_url": reverse("standards:export", args=["xlsx"]) + query,
        "csv_url": reverse("standards:export", args=["csv"]) + query,
    }
    return render(request, "standards/list.html", context)


@permission("standards.view")
def service_export(request: HttpRequest, fmt: str) -> HttpResponseBase:
    """Hand out the same table, all pages."""
    _chosen, lines = _look(request, desk_of(request))
    return table_response(fmt, "layanan", [SheetOut("Layanan", board_headers(), board_table(lines), WIDTHS)])


@permission("standards.view")
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a service with all versions of its standard and what can be done next."""
    desk = desk_of(request)
    found, writes = service_or_404(desk, pk)
    return service_page(request, desk, found, writes=writes)


def service_page(
    request: HttpRequest, desk: Desk, found: Service, *, writes: bool, step: StepForm | None = None
) -> HttpResponse:
    """Show a service; ``step`` is the form of a step that was refused."""
    standards = standards_of(found)
    newest = standards[0] if standards else None
    context = {
        "service": found,
        "line": lines_of([found], desk.today)[0],
        "standards": standards,
        "newest": newest,
        "writes": writes,
        "step": (step or _step_form(newest.progress)) if writes and newest else None,
        "may_begin": writes and (newest is None or not newest.is_draft),
        "sisters": sisters_of(found) if writes and (newest is None or not newest.is_draft) else [],
    }
    return render(request, "standards/service.html", context, status=422 if step else 200)


@permission("standards.write")
def service_add(request: HttpRequest) -> HttpResponse:
    """Add a service to a unit."""
    desk = desk_of(request)
    units = unit_choices(desk.tree, writable_units(desk.person, desk.tree), on=desk.today)
    if not units:
        raise PermissionDenied
    form = ServiceForm(request.POST or None, units=units, initial={"unit": units[0].unit.code})
    if form.is_valid():
        try:
            made = add_service(
                actor=desk.person, unit=form.chosen_unit, facts=form.facts(), now=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The service is in the catalogue. Now begin its standard."))
            return redirect(made)
    context = {"form": form, "service": None}
    return render(request, "standards/service_edit.html", context, status=422 if form.errors else 200)


@permission("standards.write")
def service_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a service."""
    desk = desk_of(request)
    found = writable_or_403(desk, pk)
    values = {
        name: getattr(found, name)
        for name in ("name", "function", "users", "channels", "closed_on", "version")
    }
    form, stale = ServiceForm(request.POST or None, units=(), initial=values), None
    if form.is_valid():
        try:
            change_service(
                actor=desk.person,
                service=found,
                facts=form.facts(),
                version=form.cleaned_data["version"] or 0,
                now=timezone.now(),
            )
        except StaleRow as caught:
            stale = caught
            renew(form, caught.stored.version)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Kept."))
            return redirect(found)
    status = 409 if stale else 422 if form.errors else 200
    context = {"form": form, "service": found, "stale": stale}
    return render(request, "standards/service_edit.html", context, status=status)


@permission("standards.view")
def step_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the minutes or the decree of a step."""
    desk = desk_of(request)
    services = visible_services(desk.person, desk.tree).order_by()
    rows = StandardStep.objects.filter(standard__service__in=services).select_related("file")
    return stored_response(get_object_or_404(rows, pk=pk).file)


def _step_form(progress: str) -> StepForm | None:
    steps = NEXT[Progress(progress) if progress else None]
    return StepForm(steps=steps) if steps else None


def _look(request: HttpRequest, desk: Desk) -> tuple[BoardFilter, list[Line]]:
    visible = units_of(desk.person, VIEWING_ROLES, desk.tree)
    chosen = BoardFilter(request.GET, units=unit_choices(desk.tree, visible))
    services = found_among(visible_services(desk.person, desk.tree), chosen.said("q"))
    if chosen.chosen_unit is not None:
        services = services.filter(unit__in=desk.tree.subtree(chosen.chosen_unit.pk))
    lines, lacks = lines_of(services, desk.today), LACKING.get(chosen.said("lacks"))
    return chosen, [line for line in lines if lacks is None or lacks(line)]
