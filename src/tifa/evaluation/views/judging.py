"""A judge's rounds, and their entries in one round."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tifa.core.permissions import permission
from tifa.evaluation.choices import RoundState
from tifa.evaluation.selectors.judging import (
    DRAFT,
    NOT_BEGUN,
    SUBMITTED,
    judging_rounds,
    my_entries,
    next_entry,
)
from tifa.evaluation.selectors.moderation import moderated_entries
from tifa.evaluation.selectors.reopening import is_reopened
from tifa.evaluation.selectors.terms import agreed
from tifa.evaluation.selectors.training import training_rounds

PAGE_SIZE = 50
SHEET_STATES = (
    (NOT_BEGUN, gettext_lazy("Not begun")),
    (DRAFT, gettext_lazy("Draft")),
    (SUBMITTED, gettext_lazy("Submitted")),
)


@permission("evaluation.judge")
def judging_list(request: HttpRequest) -> HttpResponse:
    """Show the rounds in which the person judges."""
    page = Paginator(judging_rounds(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "training": list(training_rounds(request.user))}
    return render(request, "evaluation/judging_list.html", context)


@permission("evaluation.judge")
def judging_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a judge's entries with the state of each sheet."""
    round_ = get_object_or_404(judging_rounds(request.user), pk=pk)
    entries = my_entries(request.user).filter(round=round_)
    query, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    if query:
        entries = entries.filter(Q(innovation__title__icontains=query) | Q(innovation__code__icontains=query))
    if state in dict(SHEET_STATES):
        entries = entries.filter(sheet_state=state)
    context = {
        "round": round_,
        "page_obj": Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query,
        "state": state,
        "states": SHEET_STATES,
        "is_open": round_.state == RoundState.OPEN,
        "moderated": list(moderated_entries(request.user, round_))
        if round_.state == RoundState.MODERATING
        else [],
        "reopened": list(my_entries(request.user).filter(is_reopened(), round=round_, withdrawn_at=None))
        if round_.state == RoundState.PUBLISHED
        else [],
        **agreed(round_),
    }
    return render(request, "evaluation/judging_round.html", context)


@permission("evaluation.judge")
def judging_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the next entry that has no submitted sheet, in the order of the codes."""
    round_ = get_object_or_404(judging_rounds(request.user), pk=pk)
    entry = next_entry(request.user, round_, request.GET.get("after", ""))
    if entry is None:
        messages.success(request, _("You have submitted a score sheet for every entry. Thank you."))
        return redirect("evaluation:judging_round", pk)
    return redirect("evaluation:sheet_edit", entry.pk)
