"""A unit reports an innovation: drafts that save themselves, and the report that is sent."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.chain.choices import REPORTABLE_AFTER, Step
from tifa.chain.forms.content import typed
from tifa.chain.forms.report import DRAFT_NAMES, ReportForm
from tifa.chain.models import ReportDraft
from tifa.chain.selectors.agenda import agenda
from tifa.chain.selectors.handoffs import last_handoff
from tifa.chain.selectors.reporting import as_typed, drafts_for, units_to_report_for
from tifa.chain.services.reporting import (
    DraftGone,
    EvidenceContent,
    NotReportable,
    StaleDraft,
    discard_draft,
    save_draft,
    start_draft,
    submit_report,
)
from tifa.chain.views.files import keep_upload
from tifa.chain.views.report_page import chosen_values, merge_page, report_form, show_report
from tifa.core.permissions import permission
from tifa.organisation.desk import Desk, desk_of, person_of
from tifa.registry.selectors import reportable_innovations, visible_innovations
from tifa.registry.services import InnovationContent, StaleInnovation


@permission("chain.report")
def report_start(request: HttpRequest) -> HttpResponse:
    """Show what waits to be reported, and begin a new report."""
    desk = desk_of(request)
    units = units_to_report_for(desk.person, on=desk.today, tree=desk.tree)
    if request.method == "POST":
        codes = {choice.unit.code for choice in units}
        code = request.POST.get("unit", "")
        if code not in codes:
            code = codes.pop() if len(codes) == 1 else ""
        draft = start_draft(person=desk.person, content={"unit": code})
        return redirect("chain:report_edit", draft.pk)
    context = {"units": units, "agenda": agenda(desk.person, desk.today).reporter}
    return render(request, "chain/report_start.html", context)


@permission("chain.report")
@require_POST
def report_existing(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the report of a finding, or take up again one that was returned."""
    desk = desk_of(request)
    innovation = get_object_or_404(reportable_innovations(desk.person, desk.tree), code=code)
    last = last_handoff(innovation)
    if last is not None and Step(last.step) not in REPORTABLE_AFTER:
        messages.error(request, _("This innovation was reported already."))
        return redirect("chain:innovation_detail", innovation.code)
    draft = start_draft(person=desk.person, content=as_typed(innovation), innovation=innovation)
    return redirect("chain:report_edit", draft.pk)


@permission("chain.report")
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a draft, save it, or send it."""
    desk = desk_of(request)
    draft = get_object_or_404(drafts_for(desk.person), pk=pk)
    if request.method != "POST":
        return show_report(request, desk, draft, report_form(desk, initial=draft.content))
    values = chosen_values(request.POST, draft)
    kept, refusal = keep_upload(request, desk.person, "evidence")
    values["evidence_file"] = values["evidence_file"] if request.POST.get("stored_from") else kept
    try:
        draft = save_draft(draft=draft, content=values, version=_version(request))
    except StaleDraft as stale:
        return merge_page(request, desk, stale.stored, values, stale.stored.content)
    except DraftGone as gone:
        return _gone(request, gone)
    if refusal:
        return _refused_file(request, desk, draft, refusal)
    if request.POST.get("action") != "submit":
        messages.success(request, _("The draft is saved. Ortal sees it when you send it."))
        return redirect("chain:report_edit", draft.pk)
    form = report_form(desk, data=values)
    if not form.is_valid():
        return show_report(request, desk, draft, form)
    return _send(request, desk, draft, form)


@permission("chain.report")
@require_POST
def report_autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep what is typed so far; it need not be complete or right."""
    draft = drafts_for(person_of(request)).filter(pk=pk).first()
    if draft is None:
        return JsonResponse({"message": str(DraftGone())}, status=409)
    try:
        stored = save_draft(draft=draft, content=typed(request.POST, DRAFT_NAMES), version=_version(request))
    except StaleDraft as stale:
        message = _("%(what)s Save with the button to see both texts.") % {"what": stale}
        return JsonResponse({"message": message, "version": stale.stored.version}, status=409)
    except DraftGone as gone:
        return JsonResponse({"message": str(gone)}, status=409)
    return JsonResponse({"version": stored.version})


@permission("chain.report")
def report_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away after asking."""
    draft = get_object_or_404(drafts_for(person_of(request)), pk=pk)
    if request.method == "POST":
        discard_draft(draft=draft)
        messages.success(request, _("The draft is thrown away."))
        return redirect("chain:report_start")
    return render(request, "chain/report_discard.html", {"draft": draft})


def _send(request: HttpRequest, desk: Desk, draft: ReportDraft, form: ReportForm) -> HttpResponse:
    evidence = form.evidence()
    try:
        handoff = submit_report(
            author=desk.person,
            content=_content(draft, form),
            evidence=EvidenceContent(**evidence) if evidence else None,
            on=desk.today,
            draft=draft,
            innovation=draft.innovation,
            version=_number(form.cleaned_data["innovation_version"]),
        )
    except StaleInnovation:
        stored = reportable_innovations(desk.person, desk.tree).filter(drafts=draft).first()
        if stored is None:
            return _gone(request, DraftGone())
        return merge_page(request, desk, draft, draft.content, as_typed(stored), from_innovation=True)
    except DraftGone as gone:
        return _gone(request, gone)
    except NotReportable as refusal:
        messages.error(request, str(refusal))
        return redirect("chain:report_edit", draft.pk)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return show_report(request, desk, draft, form)
    title = handoff.innovation.title
    messages.success(
        request, _("“%(title)s” is sent to %(receiver)s.") % {"title": title, "receiver": handoff.to_party}
    )
    seen = visible_innovations(desk.person, desk.tree).filter(pk=handoff.innovation_id).exists()
    # Whoever reports for a unit that only delegated to them does not see its innovations.
    return (
        redirect("chain:innovation_detail", handoff.innovation.code)
        if seen
        else redirect("chain:campaign_list")
    )


def _content(draft: ReportDraft, form: ReportForm) -> InnovationContent:
    if draft.innovation is None:
        return InnovationContent(**form.content())
    # Who noticed it stays on record when its unit reports it.
    source: dict[str, Any] = {
        "source_note": draft.innovation.source_note,
        "source_url": draft.innovation.source_url,
    }
    return InnovationContent(**form.content(), **source)


def _refused_file(request: HttpRequest, desk: Desk, draft: ReportDraft, refusal: str) -> HttpResponse:
    form = report_form(desk, data=draft.content)
    if request.POST.get("action") == "submit":
        form.add_error("evidence_upload", refusal)
    else:
        form.show_only("evidence_upload", refusal)
    return show_report(request, desk, draft, form)


def _gone(request: HttpRequest, gone: DraftGone) -> HttpResponse:
    messages.warning(request, str(gone))
    return redirect("chain:report_start")


def _version(request: HttpRequest) -> int:
    return _number(request.POST.get("version", "")) or 0


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
