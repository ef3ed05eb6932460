"""Opens, closes and publishes a round, each after a page that says what will happen."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.clock import today
from tifa.core.permissions import permission
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.ranking import ranked_rows
from tifa.evaluation.selectors.rounds import round_progress
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import RoundRefused, close_round, open_round
from tifa.evaluation.views.access import person_of, round_or_404

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
    return _confirm(request, round_, "evaluation/round_open.html", rubric=rubric_of(round_))


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
    """Freeze the ranking and show it to everybody."""
    round_ = round_or_404(request, pk)
    if request.method == "POST":
        return _do(
            request,
            round_,
            lambda: publish_ranking(actor=person_of(request), round_=round_, on=today(), now=timezone.now()),
            _("The ranking is published. What is changed from now on does not change it."),
        )
    extra: dict[str, Any] = {"sees_scores": request.user.has_perm("evaluation.view_scores", round_)}
    if extra["sees_scores"]:
        extra["rows"] = ranked_rows(round_)[:PREVIEW]
    return _confirm(request, round_, "evaluation/round_publish.html", **extra)


def _do(request: HttpRequest, round_: Round, action: Callable[[], object], done: str) -> HttpResponse:
    try:
        action()
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("evaluation:round_detail", round_.pk)


def _confirm(request: HttpRequest, round_: Round, template: str, **extra: object) -> HttpResponse:
    progress = round_progress(request.user, round_)
    return render(request, template, {"round": round_, "progress": progress, **extra})
