"""Ortal's queue: what was found in texts, and the decision on each of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.chain.choices import OPEN_STATES, CandidateState, Dismissal
from tifa.chain.forms.content import typed
from tifa.chain.forms.discovery import AskForm, CandidateFilter, DismissForm, MergeForm
from tifa.chain.forms.report import DRAFT_NAMES
from tifa.chain.models import Candidate
from tifa.chain.selectors.candidates import (
    as_finding,
    candidate_years,
    candidates_by,
    near_ones,
    next_candidate,
    state_counts,
    twins_of,
    visible_candidates,
)
from tifa.chain.selectors.reporting import affairs_named, services_named, units_to_find_in
from tifa.chain.services.candidates import (
    DecidedMeanwhile,
    ask_unit,
    dismiss_candidate,
    merge_candidate,
    reopen_candidate,
)
from tifa.chain.services.reporting import EvidenceContent
from tifa.chain.views.files import keep_upload
from tifa.core.permissions import permission
from tifa.organisation.choices import DECIDING_ROLES
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import unit_choices, units_of
from tifa.registry.selectors import decidable_innovations, kept_files
from tifa.registry.services import InnovationContent

PAGE_SIZE = 20
NARROWING = ("q", "unit", "kind", "year", "status", "confidence", "state")


@permission("chain.discover")
def candidate_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for a decision, the best first, with counts of every state."""
    desk = desk_of(request)
    chosen = _filter(request, desk)
    looking = chosen.looking(_state(request))
    counts = state_counts(desk.person, looking, desk.tree)
    page = Paginator(candidates_by(desk.person, looking, desk.tree), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "filter": chosen,
        "page_obj": page,
        "state": CandidateState(looking.state),
        "tabs": [
            {"state": state, "count": counts[state], "url": _tab(request, state)} for state in CandidateState
        ],
        "narrowing": _narrowing(request),
    }
    return render(request, "chain/candidate_list.html", context)


@permission("chain.discover")
def candidate_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one candidate in its text, what resembles it, and the decisions."""
    desk = desk_of(request)
    return _show(request, desk, _candidate_or_404(desk, pk))


@permission("chain.discover")
def candidate_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the finding as the text tells it, and ask the unit."""
    desk = desk_of(request)
    candidate = _candidate_or_404(desk, pk)
    if request.method != "POST":
        return _ask_page(request, desk, candidate, _ask_form(desk, initial=as_finding(candidate)))
    values = typed(request.POST, (*DRAFT_NAMES, "note"))
    values["evidence_file"], refusal = keep_upload(request, desk.person, "evidence")
    form = _ask_form(desk, data=values)
    valid = form.is_valid()
    if refusal:
        form.add_error("evidence_upload", refusal)
    elif valid:
        try:
            question = _ask(desk, candidate, form)
        except DecidedMeanwhile as error:
            return _too_late(request, candidate, error)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            unit = question.unit.name
            return _onward(request, desk, candidate, _("%(unit)s is asked.") % {"unit": unit})
    return _ask_page(request, desk, candidate, form)


@permission("chain.discover")
@require_POST
def candidate_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a candidate is an innovation of the registry."""
    desk = desk_of(request)
    candidate = _candidate_or_404(desk, pk)
    form = _merge_form(desk, typed(request.POST, ("innovation",)))
    if form.is_valid():
        innovation = form.cleaned_data["innovation"]
        try:
            merge_candidate(
                actor=desk.person,
                candidate=candidate,
                innovation=innovation,
                twins=_twins(desk, candidate),
                now=timezone.now(),
            )
        except DecidedMeanwhile as error:
            return _too_late(request, candidate, error)
        else:
            said = _("“%(name)s” is kept as a name of “%(title)s”.")
            return _onward(
                request, desk, candidate, said % {"name": candidate.name, "title": innovation.title}
            )
    return _show(request, desk, candidate, merge=form)


@permission("chain.discover")
@require_POST
def candidate_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a candidate away with a reason."""
    desk = desk_of(request)
    candidate = _candidate_or_404(desk, pk)
    form = DismissForm(typed(request.POST, ("reason", "note", "remember")))
    if form.is_valid():
        said = form.cleaned_data
        try:
            dismiss_candidate(
                actor=desk.person,
                candidate=candidate,
                reason=Dismissal(said["reason"]),
                note=said["note"],
                remember=said["remember"],
                twins=_twins(desk, candidate),
                now=timezone.now(),
            )
        except DecidedMeanwhile as error:
            return _too_late(request, candidate, error)
        else:
            return _onward(request, desk, candidate, _("“%(name)s” is dismissed.") % {"name": candidate.name})
    return _show(request, desk, candidate, dismiss=form)


@permission("chain.discover")
@require_POST
def candidate_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a dismissal or a merge back."""
    desk = desk_of(request)
    candidate = _candidate_or_404(desk, pk)
    try:
        reopen_candidate(actor=desk.person, candidate=candidate)
    except DecidedMeanwhile as error:
        return _too_late(request, candidate, error)
    messages.success(request, _("“%(name)s” waits for a decision again.") % {"name": candidate.name})
    return redirect("chain:candidate_detail", candidate.pk)


def _too_late(request: HttpRequest, candidate: Candidate, error: DecidedMeanwhile) -> HttpResponse:
    messages.warning(request, str(error))
    return redirect("chain:candidate_detail", candidate.pk)


def _candidate_or_404(desk: Desk, pk: int) -> Candidate:
    return get_object_or_404(visible_candidates(desk.person, desk.tree), pk=pk)


def _twins(desk: Desk, candidate: Candidate) -> list[Candidate]:
    return list(twins_of(candidate, desk.person, desk.tree))


def _show(
    request: HttpRequest,
    desk: Desk,
    candidate: Candidate,
    *,
    merge: MergeForm | None = None,
    dismiss: DismissForm | None = None,
) -> HttpResponse:
    following = next_candidate(
        desk.person, candidate, _filter(request, desk).looking(CandidateState.WAITING), desk.tree
    )
    context = {
        "candidate": candidate,
        "open": candidate.state in OPEN_STATES,
        "near": near_ones(candidate, desk.person, desk.tree),
        "twins": _twins(desk, candidate),
        "following": following,
        "merge_form": merge or _merge_form(desk),
        "dismiss_form": dismiss or DismissForm(),
        "narrowing": _narrowing(request),
    }
    wrong = any(form is not None and form.errors for form in (merge, dismiss))
    return render(request, "chain/candidate_detail.html", context, status=422 if wrong else 200)


def _ask(desk: Desk, candidate: Candidate, form: AskForm) -> Any:
    evidence = form.evidence()
    return ask_unit(
        actor=desk.person,
        candidate=candidate,
        content=InnovationContent(**form.content()),
        evidence=EvidenceContent(**evidence) if evidence else None,
        note=form.cleaned_data["note"],
        twins=_twins(desk, candidate),
        on=desk.today,
        now=timezone.now(),
        tree=desk.tree,
    )


def _ask_form(
    desk: Desk, *, data: dict[str, str] | None = None, initial: dict[str, Any] | None = None
) -> AskForm:
    return AskForm(
        data,
        initial=initial,
        units=units_to_find_in(desk.person, on=desk.today, tree=desk.tree),
        files=kept_files(desk.person),
        today=desk.today,
    )


def _ask_page(request: HttpRequest, desk: Desk, candidate: Candidate, form: AskForm) -> HttpResponse:
    units = units_of(desk.person, DECIDING_ROLES, desk.tree)
    context = {
        "candidate": candidate,
        "form": form,
        "twins": _twins(desk, candidate),
        "services": services_named(units),
        "affairs": affairs_named(units),
        "narrowing": _narrowing(request),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "chain/candidate_ask.html", context, status=status)


def _merge_form(desk: Desk, data: dict[str, str] | None = None) -> MergeForm:
    return MergeForm(data, innovations=decidable_innovations(desk.person, desk.tree))


def _onward(request: HttpRequest, desk: Desk, candidate: Candidate, said: str) -> HttpResponse:
    """Say what was done, and go to the next candidate of the queue as it was narrowed."""
    messages.success(request, said)
    looking = _filter(request, desk).looking(CandidateState.WAITING)
    following = next_candidate(desk.person, candidate, looking, desk.tree)
    target = (
        reverse("chain:candidate_detail", args=[following.pk])
        if following
        else reverse("chain:candidate_list")
    )
    return redirect(target + _narrowing(request))


def _filter(request: HttpRequest, desk: Desk) -> CandidateFilter:
    reach = units_of(desk.person, DECIDING_ROLES, desk.tree)
    return CandidateFilter(
        request.GET,
        units=unit_choices(desk.tree, reach),
        years=candidate_years(desk.person, desk.tree),
    )


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in CandidateState.values else CandidateState.WAITING.value


def _tab(request: HttpRequest, state: CandidateState) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["state"] = state.value
    return f"{reverse('chain:candidate_list')}?{query.urlencode()}"


def _narrowing(request: HttpRequest) -> str:
    """Return the filters as a query, so that they hold from one candidate to the next."""
    query = request.GET.copy()
    for name in list(query):
        if name not in NARROWING or not query[name] or name == "state":
            query.pop(name)
    return f"?{query.urlencode()}" if query else ""
