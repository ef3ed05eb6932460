"""A judge's score sheet of one entry: filled, saved by itself, submitted; two versions brought together."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.core.downloads import stored_response
from tifa.core.permissions import permission
from tifa.evaluation.choices import RoundState, ScoreState
from tifa.evaluation.forms import ConflictForm, ScoreSheetForm, SectionFields
from tifa.evaluation.models import Entry, PanelMember, Score, ScoreSheet
from tifa.evaluation.selectors.judging import Sheet, place_of, sheet_for
from tifa.evaluation.selectors.proposals import proposal_of
from tifa.evaluation.selectors.reopening import reopening_of
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.selectors.sheets import score_lines
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.panel import declare_conflict
from tifa.evaluation.services.scoring import (
    AlreadySubmitted,
    NotOnPanel,
    SectionScore,
    StaleSheet,
    record_scores,
)
from tifa.evaluation.views.access import judged_entry_or_404
from tifa.organisation.desk import person_of
from tifa.registry.selectors import evidence_of, shared_evidence

NOTHING_STORED = Sheet(0, None, {})


@dataclass(frozen=True)
class Difference:
    """One section that was typed here and stored elsewhere; ``stored`` is None where the two agree."""

    fields: SectionFields
    stored: Score | None


@permission("evaluation.judge")
def sheet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the score sheet, and store what is typed as a draft or submitted."""
    entry = judged_entry_or_404(request, pk)
    if request.method != "POST":
        sheet = sheet_for(request.user, entry)
        return _page(request, entry, sheet, ScoreSheetForm(rubric=rubric_of(entry.round), sheet=sheet))
    form = _bound(request, entry)
    try:
        stored = _record(request, entry, form)
    except StaleSheet as stale:
        return _merge(request, entry, form, stale)
    except RoundRefused as refusal:
        form.add_error(None, str(refusal))
        stored = None
    if form.errors:
        return _page(request, entry, sheet_for(request.user, entry), _renewed(form, stored), status=422)
    return _after_saving(request, entry, submitted=form.submit)


@permission("evaluation.judge")
@require_POST
def sheet_autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """Store what is typed so far; what cannot be stored yet is named, the rest is stored all the same."""
    entry = judged_entry_or_404(request, pk)
    form = _bound(request, entry)
    try:
        stored = _record(request, entry, form)
    except StaleSheet as stale:
        return JsonResponse({"message": str(stale), "version": stale.stored.version}, status=409)
    except RoundRefused as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    if stored is None:
        return JsonResponse({"message": _("Nothing could be stored yet."), "errors": errors}, status=422)
    message = _("Saved, except for what does not fit: look at the marked fields.") if errors else ""
    return JsonResponse({"version": stored.version, "errors": errors, "message": message})


@permission("evaluation.judge")
def sheet_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a judge declare a conflict of interest; the entry disappears for them."""
    entry = judged_entry_or_404(request, pk)
    form = ConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member = get_object_or_404(PanelMember, round=entry.round, person=person_of(request))
        try:
            declare_conflict(
                actor=person_of(request),
                entry=entry,
                member=member,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The conflict is recorded. You do not see that entry any more."))
            return redirect("evaluation:judging_round", entry.round_id)
    context = {"entry": entry, "round": entry.round, "form": form}
    return render(request, "evaluation/sheet_conflict.html", context, status=422 if form.errors else 200)


@permission("evaluation.judge")
def sheet_evidence(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """Hand a judge a file that proves something about an entry of theirs; it is never shown inline."""
    entry = judged_entry_or_404(request, pk)
    evidence = get_object_or_404(evidence_of(entry.innovation), pk=evidence_pk)
    return stored_response(evidence.handed_out)


def _bound(request: HttpRequest, entry: Entry) -> ScoreSheetForm:
    submit = request.POST.get("action") == "submit"
    form = ScoreSheetForm(
        _chosen(request, entry), rubric=rubric_of(entry.round), sheet=NOTHING_STORED, submit=submit
    )
    form.is_valid()
    return form


def _chosen(request: HttpRequest, entry: Entry) -> QueryDict:
    """Return what was sent; where a judge chose the stored text on the merge page, that text."""
    kept = [name.removeprefix("keep-") for name, value in request.POST.items() if value == "stored"]
    if not kept:
        return request.POST
    data = request.POST.copy()
    scores = sheet_for(request.user, entry).scores
    for section in kept:
        if section in scores:
            score = scores[section]
            data[f"{section}-state"] = "" if score.state == ScoreState.NOT_YET else score.state
            data[f"{section}-value"] = "" if score.value is None else str(score.value)
            data[f"{section}-note"] = score.note
            data[f"{section}-released"] = "on" if score.note_released else ""
    return data


def _record(request: HttpRequest, entry: Entry, form: ScoreSheetForm) -> ScoreSheet | None:
    """Store the sections without an error; return None when there is none, or when they may not be stored alone."""
    scores = [SectionScore(*said) for said in form.said()]
    version = form.cleaned_data.get("version")
    if version is None or not scores:
        return None
    try:
        return record_scores(
            judge=person_of(request),
            entry=entry,
            version=version,
            scores=scores,
            submit=form.submit and not form.errors,
            now=timezone.now(),
        )
    except NotOnPanel as refusal:
        raise Http404 from refusal
    except AlreadySubmitted:
        # A submitted sheet counts as a whole: with an error in it, it stays as it is until the error is mended.
        if form.submit and form.errors:
            return None
        raise


def _renewed(form: ScoreSheetForm, stored: ScoreSheet | None) -> ScoreSheetForm:
    """Return the form with the version that its next saving has to name."""
    if stored is not None and isinstance(form.data, QueryDict):
        form.data = form.data.copy()
        form.data["version"] = str(stored.version)
    return form


def _after_saving(request: HttpRequest, entry: Entry, *, submitted: bool) -> HttpResponse:
    if not submitted:
        messages.success(request, _("The draft is saved. It counts when you submit it."))
        return redirect("evaluation:sheet_edit", entry.pk)
    messages.success(
        request, _("The score sheet of “%(title)s” is submitted.") % {"title": entry.innovation.title}
    )
    after = urlencode({"after": entry.innovation.code})
    return redirect(f"{reverse('evaluation:judging_next', args=[entry.round_id])}?{after}")


def _page(
    request: HttpRequest, entry: Entry, sheet: Sheet, form: ScoreSheetForm, status: int = 200
) -> HttpResponse:
    context = {
        "entry": entry,
        "round": entry.round,
        "innovation": entry.innovation,
        "evidence": shared_evidence(entry.innovation),
        "proposal": proposal_of(entry, rubric_of(entry.round)),
        "place": place_of(request.user, entry),
        "sheet": sheet,
        "form": form,
        "sections": list(form.sections()),
        "lines": score_lines(rubric_of(entry.round), sheet.scores),
        "autosave_key": f"sheet-{request.user.pk}-{entry.pk}",
        "is_open": _is_open(entry, sheet),
    }
    return render(request, "evaluation/sheet_edit.html", context, status=status)


def _is_open(entry: Entry, sheet: Sheet) -> bool:
    """Return whether scores are given: while the round is open, and late on an entry that is taken up again."""
    if entry.round.state == RoundState.PUBLISHED:
        return not sheet.submitted and reopening_of(entry) is not None
    return entry.round.state == RoundState.OPEN


def _merge(request: HttpRequest, entry: Entry, form: ScoreSheetForm, stale: StaleSheet) -> HttpResponse:
    """Show what is stored beside what was typed; nothing is thrown away until the judge has chosen."""
    typed = {said[0]: SectionScore(*said) for said in form.said()}
    context = {
        "entry": entry,
        "round": entry.round,
        "stored": stale.stored,
        "form": _renewed(form, stale.stored),
        "differences": list(_differences(form.sections(), typed, stale.scores)),
    }
    return render(request, "evaluation/sheet_merge.html", context, status=409)


def _differences(
    sections: Iterable[SectionFields], typed: dict[str, SectionScore], stored: dict[str, Score]
) -> Iterable[Difference]:
    for fields in sections:
        score, said = stored.get(fields.section.id), typed.get(fields.section.id)
        same = (
            said
            and score
            and (said.state, said.value, said.note, said.note_released)
            == (score.state, score.value, score.note, score.note_released)
        )
        yield Difference(fields, None if same else score)
