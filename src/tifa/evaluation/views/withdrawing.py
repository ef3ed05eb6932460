"""Withdraws judges and entries from a round, and takes conflicts back, each with a reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.permissions import permission
from tifa.evaluation.forms import ReasonForm
from tifa.evaluation.models import PanelMember
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.withdrawing import (
    restore_entry,
    restore_judge,
    withdraw_entry,
    withdraw_judge,
)
from tifa.evaluation.views.access import divisible_round_or_404, watched_entry_or_404
from tifa.organisation.desk import person_of


@permission("evaluation.manage_rounds")
def judge_withdraw(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """End the work of a judge, or let a withdrawn one judge again."""
    round_ = divisible_round_or_404(request, pk)
    member = get_object_or_404(PanelMember.objects.select_related("round"), round=round_, pk=member_pk)
    form = ReasonForm(request.POST if request.POST.get("action") == "withdraw" else None)
    actor, back = person_of(request), reverse("evaluation:assignment_judges", args=[round_.pk])
    if request.POST.get("action") == "restore":
        said = _("The judge judges again. Entries come by the next plan or by hand.")
        return _do(request, lambda: restore_judge(actor=actor, member=member), said, back)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _do(
            request,
            lambda: withdraw_judge(actor=actor, member=member, reason=reason, now=timezone.now()),
            _("The judge is withdrawn. What they submitted counts; the rest can be assigned again."),
            back,
        )
    context = {"round": round_, "member": member, "form": form, "back": back}
    return render(request, "evaluation/judge_withdraw.html", context, status=422 if form.errors else 200)


@permission("evaluation.manage_rounds")
def entry_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry out of the round, or take it back."""
    entry = watched_entry_or_404(request, pk)
    form = ReasonForm(request.POST if request.POST.get("action") == "withdraw" else None)
    actor, back = person_of(request), reverse("evaluation:entry_detail", args=[entry.pk])
    if request.POST.get("action") == "restore":
        said = _("The entry is in the round again. Judges come by the next plan or by hand.")
        return _do(request, lambda: restore_entry(actor=actor, entry=entry), said, back)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _do(
            request,
            lambda: withdraw_entry(actor=actor, entry=entry, reason=reason, now=timezone.now()),
            _("The entry is withdrawn. It has no place in the ranking; its score sheets stay."),
            back,
        )
    context = {"round": entry.round, "entry": entry, "form": form, "back": back}
    return render(request, "evaluation/entry_withdraw.html", context, status=422 if form.errors else 200)


def _do(request: HttpRequest, action: Callable[[], object], done: str, back: str) -> HttpResponse:
    try:
        action()
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(back)
