"""Moderation on its pages: the board and one entry for Ortal, and an entry for its judges."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.permissions import permission
from tifa.evaluation.choices import RoundState
from tifa.evaluation.forms import NoteForm, RevisionForm, SettlementForm
from tifa.evaluation.models import Entry, Settlement
from tifa.evaluation.selectors.judging import sheet_for
from tifa.evaluation.selectors.moderation import (
    board_of,
    moderated_entry,
    said_of,
    section_names,
    voices_of,
)
from tifa.evaluation.selectors.reopening import reopening_of
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.moderation import say, settle, start_moderation
from tifa.evaluation.services.scoring import NotOnPanel, SectionScore, StaleSheet, revise_scores
from tifa.evaluation.views.access import round_or_404, watched_entry_or_404
from tifa.organisation.desk import person_of

PAGE_SIZE = 50


@permission("evaluation.manage_rounds")
def moderation_start(request: HttpRequest, pk: int) -> HttpResponse:
    """End the scoring and begin the moderation, after a page that says so."""
    round_ = round_or_404(request, pk)
    if request.method != "POST":
        return render(request, "evaluation/moderation_start.html", {"round": round_})
    try:
        start_moderation(actor=person_of(request), round_=round_)
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluation:round_detail", pk)
    messages.success(request, _("The scoring is over. These are the entries to talk about."))
    return redirect("evaluation:moderation_board", pk)


@permission("evaluation.manage_rounds")
def moderation_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the entries over which judges are far apart, the farthest first."""
    round_ = round_or_404(request, pk)
    if round_.state in {RoundState.DRAFT, RoundState.OPEN}:
        raise Http404
    if not request.user.has_perm("evaluation.view_scores", round_):
        raise PermissionDenied
    board = board_of(request.user, round_, rubric_of(round_))
    page = Paginator(board.cases, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"round": round_, "board": board, "page_obj": page}
    return render(request, "evaluation/moderation_board.html", context)


@permission("evaluation.manage_rounds")
def moderation_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry with all sheets and what was said; say something, or settle it."""
    entry = watched_entry_or_404(request, pk)
    round_ = entry.round
    if round_.state in {RoundState.DRAFT, RoundState.OPEN}:
        raise Http404
    if not request.user.has_perm("evaluation.view_scores", round_):
        raise PermissionDenied
    action = request.POST.get("action")
    note = NoteForm(request.POST if action == "say" else None)
    settlement = SettlementForm(request.POST if action == "settle" else None)
    try:
        if note.is_valid():
            say(author=person_of(request), entry=entry, text=note.cleaned_data["text"], now=timezone.now())
            return redirect("evaluation:moderation_entry", pk)
        if settlement.is_valid():
            settle(
                actor=person_of(request),
                entry=entry,
                note=settlement.cleaned_data["note"],
                now=timezone.now(),
            )
            messages.success(request, _("The moderation of this entry is settled."))
            return redirect("evaluation:moderation_board", round_.pk)
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluation:moderation_board", round_.pk)
    context = _talk(request, entry) | {"note": note, "settle_form": settlement, "names": True}
    wrong = bool(note.errors or settlement.errors)
    return render(request, "evaluation/moderation_entry.html", context, status=422 if wrong else 200)


@permission("evaluation.judge")
def moderation_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a judge of an entry the marks of all without names; say something, or revise one's own."""
    entry = get_object_or_404(moderated_entry(request.user), pk=pk)
    rubric, sheet = rubric_of(entry.round), sheet_for(request.user, entry)
    action = request.POST.get("action")
    note = NoteForm(request.POST if action == "say" else None)
    form = RevisionForm(request.POST if action == "revise" else None, rubric=rubric, sheet=sheet)
    try:
        if note.is_valid():
            say(author=person_of(request), entry=entry, text=note.cleaned_data["text"], now=timezone.now())
            return redirect("evaluation:moderation_sheet", pk)
        if form.is_bound and form.is_valid():
            revise_scores(
                judge=person_of(request),
                entry=entry,
                version=form.cleaned_data["version"],
                scores=[SectionScore(*said) for said in form.said()],
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
            messages.success(request, _("Your scores are revised. The original ones stay beside them."))
            return redirect("evaluation:moderation_sheet", pk)
    except NotOnPanel as refusal:
        raise Http404 from refusal
    except StaleSheet:
        form.add_error(
            None, _("Your scores were revised in another window meanwhile. Read them, then decide again.")
        )
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluation:judging_round", entry.round_id)
    context = _talk(request, entry) | {"note": note, "form": form, "sections": list(form.sections())}
    wrong = bool(note.errors or form.errors)
    return render(request, "evaluation/moderation_sheet.html", context, status=422 if wrong else 200)


def _talk(request: HttpRequest, entry: Entry) -> dict[str, object]:
    rubric = rubric_of(entry.round)
    voices = voices_of(entry, rubric, request.user)
    names = section_names(rubric)
    return {
        "round": entry.round,
        "entry": entry,
        "voices": voices,
        "rows": [(name, [voice.marks[at] for voice in voices]) for at, name in enumerate(names)],
        "said": said_of(entry, request.user),
        "settlement": Settlement.objects.filter(entry=entry).first(),
        "settling": entry.round.state == RoundState.MODERATING,
        "reopening": reopening_of(entry) if entry.round.state == RoundState.PUBLISHED else None,
    }
