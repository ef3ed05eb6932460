"""Workbooks on their way in: sent, checked, looked at, taken over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.core.downloads import table_response
from tifa.core.permissions import permission
from tifa.core.spreadsheets import SheetOut
from tifa.exchange import tasks
from tifa.exchange.forms import WorkbookForm
from tifa.exchange.models import ImportRun, ImportState
from tifa.exchange.rules import IMPORT
from tifa.exchange.selectors import my_imports
from tifa.exchange.services import NotReady, confirm_import, start_import
from tifa.organisation.models import Person

PAGE_SIZE = 50
ERRORS_SHOWN = 100
WORKING = frozenset({ImportState.CHECKING, ImportState.APPLYING})


@permission(IMPORT)
def import_list(request: HttpRequest) -> HttpResponse:
    """Show the workbooks that a person has sent."""
    page = Paginator(my_imports(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "exchange/import_list.html", {"page_obj": page})


@permission(IMPORT)
def import_new(request: HttpRequest) -> HttpResponse:
    """Take a workbook, and have it checked in the background."""
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_valid():
        run = start_import(actor=_person(request), upload=form.cleaned_data["workbook"], checked=form.checked)
        tasks.check_import.enqueue(run.pk, _language())
        return redirect("exchange:import_detail", run.pk)
    return render(request, "exchange/import_new.html", {"form": form}, status=422 if form.errors else 200)


@permission(IMPORT)
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far an import is, what it would do or did, and what is wrong with it."""
    run = _run_or_404(request, pk)
    return render(request, "exchange/import_detail.html", _context(run))


@permission(IMPORT)
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the progress alone; when the work is done, the page is loaded anew."""
    run = _run_or_404(request, pk)
    if not request.headers.get("HX-Request"):
        return redirect("exchange:import_detail", run.pk)
    if run.state not in WORKING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "exchange/import_progress.html", _context(run))


@permission(IMPORT)
@require_POST
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a checked workbook taken over in the background."""
    run = _run_or_404(request, pk)
    try:
        confirm_import(run=run)
    except NotReady as refusal:
        messages.warning(request, str(refusal))
    else:
        tasks.apply_import.enqueue(run.pk, _language())
    return redirect("exchange:import_detail", run.pk)


@permission(IMPORT)
@require_POST
def import_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the work of an import again, after the machine stopped in the middle of it."""
    run = _run_or_404(request, pk)
    work = {ImportState.CHECKING: tasks.check_import, ImportState.APPLYING: tasks.apply_import}
    if run.state in work:
        work[ImportState(run.state)].enqueue(run.pk, _language())
    return redirect("exchange:import_detail", run.pk)


@permission(IMPORT)
def import_errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the errors of a workbook as CSV."""
    run = _run_or_404(request, pk)
    names = ("sheet", "row", "column", "found", "expected", "message")
    heads = (_("Sheet"), _("Row"), _("Column"), _("Found"), _("Expected"), _("Sentence"))
    rows = ([error[name] for name in names] for error in (run.report or {}).get("errors", []))
    return table_response("csv", f"kesalahan-{run.pk}", [SheetOut("Kesalahan", heads, rows)])


def _run_or_404(request: HttpRequest, pk: int) -> ImportRun:
    return get_object_or_404(my_imports(request.user), pk=pk)


def _context(run: ImportRun) -> dict[str, Any]:
    report = run.report or {}
    sheets = report.get("sheets", {})
    return {
        "run": run,
        "report": report,
        "sheets": sheets,
        "differs": any(tally["created"] or tally["changed"] for tally in sheets.values()),
        "errors": report.get("errors", [])[:ERRORS_SHOWN],
        "error_count": report.get("error_count", 0),
        "working": run.state in WORKING,
        "poll_url": reverse("exchange:import_progress", args=[run.pk]),
    }


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def _language() -> str:
    return get_language() or "id"
