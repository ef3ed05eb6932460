"""The list of rounds, and the forms of one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.permissions import permission
from tifa.evaluation.choices import RoundState
from tifa.evaluation.forms import AmendmentForm, RoundForm
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.rounds import has_submitted, rounds_for
from tifa.evaluation.selectors.rubrics import rubric_choices
from tifa.evaluation.selectors.terms import FIELDS
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.rounds import RoundTerms, amend_round, create_round, edit_round
from tifa.evaluation.views.access import round_or_404
from tifa.organisation.desk import person_of

PAGE_SIZE = 50


@permission("evaluation.view_rounds")
def round_list(request: HttpRequest) -> HttpResponse:
    """Show all rounds, searched and narrowed to a state."""
    rounds = rounds_for(request.user)
    query, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    if query:
        rounds = rounds.filter(Q(code__icontains=query) | Q(name__icontains=query))
    if state in RoundState.values:
        rounds = rounds.filter(state=state)
    page = Paginator(rounds, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "query": query, "state": state, "states": RoundState.choices}
    return render(request, "evaluation/round_list.html", context)


@permission("evaluation.manage_rounds")
def round_create(request: HttpRequest) -> HttpResponse:
    """Prepare a new round."""
    form = RoundForm(request.POST or None, instruments=rubric_choices())
    if request.method == "POST" and form.is_valid():
        round_ = create_round(actor=person_of(request), **_parts(form))
        messages.success(request, _("The round is prepared. Choose its entries and name its judges."))
        return redirect("evaluation:round_detail", round_.pk)
    return render(request, "evaluation/round_form.html", {"form": form}, status=_status(form))


@permission("evaluation.manage_rounds")
def round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a round that has not opened."""
    round_ = round_or_404(request, pk)
    form = RoundForm(
        request.POST or None, instance=Round.objects.get(pk=round_.pk), instruments=rubric_choices()
    )
    if request.method == "POST" and form.is_valid():
        try:
            edit_round(actor=person_of(request), round_=round_, **_parts(form))
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The round is changed."))
            return redirect("evaluation:round_detail", round_.pk)
    return render(
        request, "evaluation/round_form.html", {"form": form, "round": round_}, status=_status(form)
    )


@permission("evaluation.manage_rounds")
def round_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what was announced of a round that runs, with a reason that everybody reads."""
    round_ = round_or_404(request, pk)
    if round_.state not in {RoundState.OPEN, RoundState.MODERATING, RoundState.CLOSED}:
        raise Http404
    form = AmendmentForm(
        request.POST or None, instance=Round.objects.get(pk=round_.pk), dates_only=has_submitted(round_)
    )
    if request.method == "POST" and form.is_valid():
        try:
            amend_round(
                actor=person_of(request),
                round_=round_,
                changes=form.changes(),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The change is recorded. Every judge sees it."))
            return redirect("evaluation:round_detail", pk)
    context = {"form": form, "round": round_}
    return render(request, "evaluation/round_amend.html", context, status=_status(form))


def _parts(form: RoundForm) -> dict[str, Any]:
    """Return what was filled in, with the terms of the round as one."""
    values = dict(form.cleaned_data)
    terms = {name: values.pop(name) for name in FIELDS}
    return {**values, "terms": RoundTerms(**terms)}


def _status(form: RoundForm | AmendmentForm) -> int:
    return 422 if form.errors else 200
