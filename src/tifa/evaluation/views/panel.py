"""Names the judges of a round, and keeps their conflicts of interest."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.core.permissions import permission
from tifa.evaluation.forms import MemberConflictForm, PanelForm
from tifa.evaluation.models import PanelMember
from tifa.evaluation.selectors.rounds import conflicts_of, nameable_people, panel_of
from tifa.evaluation.services.panel import declare_conflict, name_judges, withdraw_conflict
from tifa.evaluation.services.rounds import RoundRefused
from tifa.evaluation.views.access import person_of, round_or_404, watched_entry_or_404

PAGE_SIZE = 50


@permission("evaluation.manage_rounds")
def round_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who judges."""
    round_ = round_or_404(request, pk)
    panel = list(panel_of(round_))
    seated = [member.person_id for member in panel if member.person_id]
    form = PanelForm(request.POST or None, people=nameable_people(round_), initial={"people": seated})
    if request.method == "POST" and form.is_valid():
        try:
            name_judges(actor=person_of(request), round_=round_, people=form.cleaned_data["people"])
        except RoundRefused as refusal:
            form.add_error("people", str(refusal))
        else:
            messages.success(request, _("The judges are named."))
            return redirect("evaluation:round_detail", round_.pk)
    guests = [member for member in panel if not member.person_id]
    context = {"round": round_, "guests": guests, "form": form}
    return render(request, "evaluation/round_panel.html", context, status=422 if form.errors else 200)


@permission("evaluation.view_rounds")
def conflict_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the declared conflicts of a round."""
    round_ = round_or_404(request, pk)
    page = Paginator(conflicts_of(request.user, round_), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "round": round_,
        "page_obj": page,
        "manages": request.user.has_perm("evaluation.manage_rounds"),
    }
    return render(request, "evaluation/conflict_list.html", context)


@permission("evaluation.manage_rounds")
def conflict_declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Record for a judge that they have a conflict with an entry."""
    entry = watched_entry_or_404(request, pk)
    members = PanelMember.objects.filter(round=entry.round).exclude(conflicts__entry=entry)
    form = MemberConflictForm(request.POST or None, members=members)
    if request.method == "POST" and form.is_valid():
        try:
            declare_conflict(
                actor=person_of(request),
                entry=entry,
                member=form.cleaned_data["member"],
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The conflict is recorded. The judge does not see the entry any more.")
            )
            return redirect("evaluation:conflict_list", entry.round_id)
    context = {"round": entry.round, "entry": entry, "form": form}
    return render(request, "evaluation/conflict_declare.html", context, status=422 if form.errors else 200)


@permission("evaluation.manage_rounds")
@require_POST
def conflict_withdraw(request: HttpRequest, pk: int, conflict_pk: int) -> HttpResponse:
    """Take a recorded conflict back."""
    round_ = round_or_404(request, pk)
    conflict = get_object_or_404(conflicts_of(request.user, round_), pk=conflict_pk)
    try:
        withdraw_conflict(actor=person_of(request), conflict=conflict)
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The conflict is taken back. The judge sees the entry again."))
    return redirect("evaluation:conflict_list", round_.pk)
