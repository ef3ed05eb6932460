"""Opens, closes and publishes a round, each after a page that says what will happen."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.clock import today
from tifa.core.permissions import permission
from tifa.evaluation.choices import BandRule, RoundState
from tifa.evaluation.forms import PublicationForm
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.material import band_choices, is_assessed
from tifa.evaluation.selectors.ranking import ranked_rows
from tifa.evaluation.selectors.reopening import reopened_in
from tifa.evaluation.selectors.rounds import round_progress
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.selectors.terms import terms_of, told_terms
from tifa.evaluation.services.assessing import is_large
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.ranking import PanelDecision, publish_ranking
from tifa.evaluation.services.rounds import close_round, open_round
from tifa.evaluation.views.access import round_or_404
from tifa.organisation.desk import person_of

PREVIEW = 20


@permission("evaluation.manage_rounds")
def round_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the judges begin."""
    round_ = round_or_404(request, pk)
    if request.method == "POST":
        return _do(
            request,
            round_,
            lambda: open_round(actor=person_of(request), round_=round_, on=today()),
            _("The round is open. The judges find it in their list."),
        )
    return _confirm(
        request,
        round_,
        "evaluation/round_open.html",
        rubric=rubric_of(round_),
        terms=told_terms(terms_of(round_)),
    )


@permission("evaluation.manage_rounds")
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the judging."""
    round_ = round_or_404(request, pk)
    if request.method == "POST":
        return _do(
            request,
            round_,
            lambda: close_round(actor=person_of(request), round_=round_, on=today()),
            _("The round is closed. Look at the ranking, then publish it."),
        )
    return _confirm(request, round_, "evaluation/round_close.html")


@permission("evaluation.manage_rounds")
def round_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the result and show it to everybody; a second time as a correction with a reason."""
    round_ = round_or_404(request, pk)
    form = PublicationForm(
        request.POST if request.method == "POST" else None,
        correction=round_.state == RoundState.PUBLISHED,
        band=band_choices(round_),
    )
    if request.method == "POST" and not form.errors:
        return _publish(request, round_, form.cleaned_data)
    extra: dict[str, Any] = {
        "form": form,
        "sees_scores": request.user.has_perm("evaluation.view_scores", round_),
        "reopened": list(reopened_in(round_)) if round_.state == RoundState.PUBLISHED else [],
    }
    if extra["sees_scores"]:
        extra["rows"] = ranked_rows(round_)[:PREVIEW]
    return _confirm(request, round_, "evaluation/round_publish.html", 422 if form.errors else 200, **extra)


def _publish(request: HttpRequest, round_: Round, said: Mapping[str, Any]) -> HttpResponse:
    panel = PanelDecision(said["chosen"], said["decision"]) if "decision" in said else None
    if (is_large(round_) or round_.band == BandRule.PANEL) and not is_assessed(round_):
        messages.warning(request, _("Compute the result first and look at it, then publish it."))
        return redirect("evaluation:round_result", round_.pk)
    return _do(
        request,
        round_,
        lambda: publish_ranking(
            actor=person_of(request),
            round_=round_,
            on=today(),
            now=timezone.now(),
            reason=said.get("reason", ""),
            panel=panel,
        ),
        _("The ranking is published. What is changed from now on does not change it."),
    )


def _do(request: HttpRequest, round_: Round, action: Callable[[], object], done: str) -> HttpResponse:
    try:
        action()
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("evaluation:round_detail", round_.pk)


def _confirm(
    request: HttpRequest, round_: Round, template: str, status: int = 200, **extra: object
) -> HttpResponse:
    progress = round_progress(request.user, round_)
    return render(request, template, {"round": round_, "progress": progress, **extra}, status=status)
