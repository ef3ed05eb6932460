"""Names the judges of a round, and keeps their conflicts of interest."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.core.permissions import permission
from tifa.evaluation.choices import ConflictKind
from tifa.evaluation.forms import MemberConflictForm, PanelForm, ReasonForm
from tifa.evaluation.models import Conflict, PanelMember
from tifa.evaluation.selectors.rounds import conflicts_of, nameable_people, panel_of
from tifa.evaluation.services.conflicts import look_for_conflicts
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.panel import declare_conflict, name_judges, withdraw_conflict
from tifa.evaluation.views.access import round_or_404, watched_entry_or_404
from tifa.organisation.desk import person_of
from tifa.registry.interests import label_of

PAGE_SIZE = 50


@permission("evaluation.manage_rounds")
def round_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who judges."""
    round_ = round_or_404(request, pk)
    panel = list(panel_of(round_))
    seated = [member.person_id for member in panel if member.person_id and member.withdrawn_at is None]
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
    """Show the conflicts of a round, searched and narrowed to a kind."""
    round_ = round_or_404(request, pk)
    found = conflicts_of(request.user, round_)
    query, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    if query:
        found = found.filter(
            Q(member__name__icontains=query)
            | Q(entry__innovation__title__icontains=query)
            | Q(entry__innovation__code__icontains=query)
        )
    if kind in ConflictKind.values:
        found = found.filter(kind=kind)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "round": round_,
        "page_obj": page,
        "rows": [(conflict, _why(conflict)) for conflict in page],
        "query": query,
        "kind": kind,
        "kinds": ConflictKind.choices,
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
def conflict_withdraw(request: HttpRequest, pk: int, conflict_pk: int) -> HttpResponse:
    """Take a conflict back: a found one with a reason, the others at once."""
    round_ = round_or_404(request, pk)
    conflict = get_object_or_404(conflicts_of(request.user, round_), pk=conflict_pk)
    form = ReasonForm(request.POST or None)
    ready = conflict.kind != ConflictKind.FOUND or form.is_valid()
    if request.method == "POST" and ready:
        try:
            left = withdraw_conflict(
                actor=person_of(request),
                conflict=conflict,
                reason=form.cleaned_data["reason"] if form.is_valid() else "",
                now=timezone.now(),
            )
        except RoundRefused as refusal:
            messages.error(request, str(refusal))
        else:
            _say_withdrawn(request, left)
        return redirect("evaluation:conflict_list", round_.pk)
    context = {"round": round_, "conflict": conflict, "why": _why(conflict), "form": form}
    wrong = request.method == "POST"
    return render(request, "evaluation/conflict_withdraw.html", context, status=422 if wrong else 200)


@permission("evaluation.manage_rounds")
@require_POST
def conflict_find(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for conflicts again, after units or roles were changed."""
    round_ = round_or_404(request, pk)
    try:
        count = look_for_conflicts(actor=person_of(request), round_=round_)
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("New conflicts found: %(count)d.") % {"count": count})
    return redirect("evaluation:conflict_list", round_.pk)


def _say_withdrawn(request: HttpRequest, left: Conflict | None) -> None:
    if left is None:
        messages.success(request, _("The conflict is taken back. The judge sees the entry again."))
    else:
        messages.warning(
            request,
            _(
                "That conflict is taken back, but another one was found: %(why)s. The judge still does not see the entry."
            )
            % {"why": _why(left)},
        )


def _why(conflict: Conflict) -> str:
    """Return how a conflict became known, and what was seen."""
    how = label_of(conflict.source) if conflict.source else conflict.get_kind_display()
    return f"{how}: {conflict.reason}" if conflict.reason else str(how)
