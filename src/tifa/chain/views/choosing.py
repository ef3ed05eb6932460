"""Ortal chooses, under the cap of an edition, which dossiers are sent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from tifa.chain.documents import choice_pdf, covering_docx
from tifa.chain.forms.choosing import ChoiceForm, LetterForm
from tifa.chain.selectors.choosing import Candidate, candidates_for, spread, taken
from tifa.chain.selectors.numbers import following, last_letter_number
from tifa.chain.services.choosing import Choice, ChosenMeanwhile, choose
from tifa.chain.services.handoffs import WrongStep
from tifa.core.downloads import WORD_TYPE, content_response
from tifa.core.permissions import permission
from tifa.dossiers.views.access import edition_or_404
from tifa.instruments import Instrument, spoken
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import ortal_unit


@permission("chain.decide")
def choice(request: HttpRequest, instrument_id: str) -> HttpResponse:
    """Show the dossiers of an edition in their order; look at a choice, or record it."""
    desk, instrument = desk_of(request), edition_or_404(instrument_id)
    candidates = candidates_for(desk.person, desk.tree, instrument, desk.today)
    if request.method != "POST":
        return _page(request, instrument, candidates, _form(None, instrument, candidates, desk))
    form = _form(request.POST, instrument, candidates, desk)
    if "look" in request.POST:
        return _page(request, instrument, candidates, form, looks=True)
    if not form.is_valid():
        return _page(request, instrument, candidates, form, status=422)
    said = form.cleaned_data
    try:
        made = choose(
            actor=desk.person,
            candidates=candidates,
            choice=Choice(form.picked_now, said["reason"], said["rest_reason"], said["due"], said["seen"]),
            tree=desk.tree,
            today=desk.today,
            now=timezone.now(),
        )
    except (ChosenMeanwhile, WrongStep) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _recorded(sum(one.chosen for one in made), len(made)))
    return redirect("chain:choice", instrument.id)


@permission("chain.decide")
def choice_minutes(request: HttpRequest, instrument_id: str) -> HttpResponse:
    """Hand out the minutes of the choice as PDF."""
    desk, instrument = desk_of(request), edition_or_404(instrument_id)
    candidates = candidates_for(desk.person, desk.tree, instrument, desk.today)
    if not any(one.weighed.selection for one in candidates):
        raise Http404
    pdf = choice_pdf(instrument, candidates, on=desk.today)
    return content_response(pdf, f"pilihan-{instrument.id}.pdf", "application/pdf")


@permission("chain.decide")
def choice_letter(request: HttpRequest, instrument_id: str) -> HttpResponse:
    """Hand out the covering letter of the chosen dossiers, as Word."""
    desk, instrument = desk_of(request), edition_or_404(instrument_id)
    candidates = candidates_for(desk.person, desk.tree, instrument, desk.today)
    sender = ortal_unit(desk.tree)
    if sender is None or not any(one.weighed.chosen for one in candidates):
        raise Http404
    form = LetterForm(request.GET)
    if not form.is_valid():
        for error in form.errors.values():
            messages.error(request, " ".join(str(one) for one in error))
        return redirect("chain:choice", instrument.id)
    content = covering_docx(
        instrument,
        candidates,
        letter_number=form.cleaned_data["nomor"],
        receiver=form.cleaned_data["kepada"],
        sender=sender,
        tree=desk.tree,
        on=desk.today,
    )
    return content_response(content, f"surat-pengantar-{instrument.id}.docx", WORD_TYPE)


def _form(data: Any, instrument: Instrument, candidates: list[Candidate], desk: Desk) -> ChoiceForm:
    return ChoiceForm(data, instrument=instrument, candidates=candidates, today=desk.today)


def _page(
    request: HttpRequest,
    instrument: Instrument,
    candidates: list[Candidate],
    form: ChoiceForm,
    *,
    looks: bool = False,
    status: int = 200,
) -> HttpResponse:
    picked, today = form.picked_now, form.today
    last, sends = last_letter_number(today), any(one.weighed.chosen for one in candidates)
    context = {
        "instrument": instrument,
        "title": spoken(instrument.title),
        "candidates": candidates,
        "picked": picked,
        "form": form,
        "looks": looks,
        "caps": taken(instrument, candidates, picked),
        "spread": spread(candidates, picked),
        "scored": any(one.weighed.readiness.claimed is not None for one in candidates),
        "letter": LetterForm(initial={"nomor": following(last, today.year)}) if sends else None,
        "last_number": last,
        "recorded": any(one.weighed.selection for one in candidates),
    }
    return render(request, "chain/choice.html", context, status=status)


def _recorded(chosen: int, of: int) -> str:
    text = ngettext(
        "Recorded: %(chosen)d of %(of)d is chosen; the others are held back with their reason.",
        "Recorded: %(chosen)d of %(of)d are chosen; the others are held back with their reason.",
        chosen,
    )
    return text % {"chosen": chosen, "of": of}
