"""The result of a round as Ortal looks at it before publishing, and the bundle of a published one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from tifa.core.downloads import content_response
from tifa.core.permissions import permission
from tifa.evaluation import tasks
from tifa.evaluation.choices import AssessmentState, RoundState
from tifa.evaluation.forms import AssessmentForm
from tifa.evaluation.models import Assessment, Entry, Round
from tifa.evaluation.pictures import heat_map, interval_plot, severity_plot, top_strip
from tifa.evaluation.selectors.flags import flag_sentences
from tifa.evaluation.selectors.material import assessment_of
from tifa.evaluation.selectors.outcomes import TONES, VERDICTS, reason_of, told_of
from tifa.evaluation.selectors.publications import bundle_of, current_publication
from tifa.evaluation.selectors.rounds import visible_entries
from tifa.evaluation.selectors.terms import agreed
from tifa.evaluation.services.assessing import assess, is_large, request_assessment
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.views.access import round_or_404
from tifa.organisation.desk import person_of

PAGE_SIZE = 50
ZIP_TYPE = "application/zip"


@permission("evaluation.view_rounds")
def round_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the computed result of a finished round with what it is sure of; compute it when asked."""
    round_ = _finished_or_404(request, pk)
    form = AssessmentForm(
        request.POST or None, most=Entry.objects.filter(round=round_, withdrawn_at=None).count()
    )
    if request.method == "POST":
        if not request.user.has_perm("evaluation.manage_rounds"):
            raise PermissionDenied
        if form.is_valid():
            return _compute(request, round_, form.cleaned_data["top"])
    found = assessment_of(round_)
    context = {
        "round": round_,
        "form": form,
        "assessment": found,
        "working": found is not None and found.state == AssessmentState.WORKING,
        "poll_url": reverse("evaluation:result_progress", args=[round_.pk]),
        "manages": request.user.has_perm("evaluation.manage_rounds"),
        **agreed(round_),
        **_shown(request, round_, found),
    }
    return render(request, "evaluation/round_result.html", context, status=422 if form.errors else 200)


@permission("evaluation.view_rounds")
def result_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the progress alone; when the work is done, the page is loaded anew."""
    round_ = _finished_or_404(request, pk)
    found = assessment_of(round_)
    if not request.headers.get("HX-Request"):
        return redirect("evaluation:round_result", round_.pk)
    if found is None or found.state != AssessmentState.WORKING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {"assessment": found, "poll_url": request.path}
    return render(request, "evaluation/result_progress.html", context)


@permission("evaluation.view_rounds")
def result_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the bundle of the valid publication."""
    round_ = round_or_404(request, pk)
    publication = current_publication(round_)
    content = bundle_of(publication) if publication else None
    if content is None:
        raise Http404
    return content_response(content, f"{round_.code}-bundel.zip", ZIP_TYPE)


def _finished_or_404(request: HttpRequest, pk: int) -> Round:
    """Return a round whose scores stand; before its publication only to somebody who may see all of them."""
    round_ = round_or_404(request, pk)
    if round_.state not in {RoundState.CLOSED, RoundState.PUBLISHED}:
        raise Http404
    if not request.user.has_perm("evaluation.view_scores", round_):
        raise PermissionDenied
    seen = visible_entries(request.user, round_).order_by().count()
    if seen < Entry.objects.filter(round=round_).count():
        raise PermissionDenied
    return round_


def _compute(request: HttpRequest, round_: Round, top: int | None) -> HttpResponse:
    try:
        found = request_assessment(actor=person_of(request), round_=round_, top=top, now=timezone.now())
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluation:round_detail", round_.pk)
    if is_large(round_):
        tasks.assess_round.enqueue(found.pk, get_language() or "id")
    else:
        assess(assessment_id=found.pk)
    return redirect("evaluation:round_result", round_.pk)


def _shown(request: HttpRequest, round_: Round, found: Assessment | None) -> dict[str, Any]:
    if found is None or found.results is None:
        return {}
    named = {
        code: {"code": code, "title": title, "unit": unit}
        for code, title, unit in Entry.objects.filter(round=round_).values_list(
            "innovation__code", "innovation__title", "innovation__unit__name"
        )
    }
    titles = {code: one["title"] for code, one in named.items()}
    fair = found.results["fair"]
    chances = {one["entry"]: one for one in fair["entries"]} if fair else {}
    rows = [
        {
            **named.get(one["entry"], {"code": one["entry"], "title": one["entry"], "unit": ""}),
            **_line(one, chances),
        }
        for one in _in_order(found.results)
    ]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown: dict[str, Any] = {"page_obj": page, "reason": None if fair else reason_of(found.results["reason"])}
    if fair:
        shown |= {
            "fair": fair,
            "told": told_of(fair, fair["entries"], titles),
            "plot": interval_plot(list(page.object_list)),
            "strip": top_strip(fair["entries"]),
            "heat": heat_map(fair.get("leaders", []), titles),
            "severity": severity_plot(fair["severities"]),
        }
    if fair and request.user.has_perm("evaluation.manage_rounds") and found.judges:
        shown |= {"judges": found.judges["judges"], "flags": flag_sentences(found.judges["flags"])}
    return shown


def _in_order(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries in the official order with their places; a result of before has none."""
    plain = {one["entry"]: one for one in results["plain"]["entries"]}
    official = results.get("official")
    if official is None:
        return list(plain.values())
    chosen = set(official["selected"])
    return [
        {**plain[one["entry"]], "official": one["place"], "by": one["by"], "selected": one["entry"] in chosen}
        for one in official["entries"]
    ]


def _line(row: dict[str, Any], chances: dict[str, Any]) -> dict[str, Any]:
    fair = chances.get(row["entry"])
    line = {**row, "fair": fair}
    if fair:
        line |= {"verdict": VERDICTS[fair["verdict"]], "tone": TONES[fair["verdict"]]}
    return line
