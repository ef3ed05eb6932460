"""Ortal decides on many innovations with one form, and takes it back within a minute."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tifa.chain.choices import BULK_STEPS, NEXT_STEPS, Step
from tifa.chain.forms.content import typed
from tifa.chain.forms.decision import DECISION_NAMES, BulkDecisionForm
from tifa.chain.models import HandOff
from tifa.chain.selectors.bulk import (
    MOST_AT_ONCE,
    UNDO_SECONDS,
    batch_rows,
    chosen_innovations,
    may_be_undone,
    my_batches,
)
from tifa.chain.selectors.deadlines import offered_reasons
from tifa.chain.selectors.handoffs import last_handoffs
from tifa.chain.services.bulk import Chosen, NotUndoable, Outcome, decide_many, undo_batch
from tifa.chain.services.handoffs import Decision
from tifa.core.permissions import permission
from tifa.organisation.desk import Desk, desk_of, person_of
from tifa.registry.models import Innovation


@permission("chain.decide")
@require_POST
def bulk_decide(request: HttpRequest) -> HttpResponse:
    """Show the form for what was ticked; sent with a decision, record it and say of each row what became of it."""
    desk = desk_of(request)
    codes = list(dict.fromkeys(request.POST.getlist("pick")))
    if not codes or len(codes) > MOST_AT_ONCE:
        messages.error(request, _too_many(len(codes)) if codes else _("Nothing was ticked. Tick rows first."))
        return redirect("chain:board")
    innovations = chosen_innovations(desk.person, codes, desk.tree)
    last = last_handoffs([one.pk for one in innovations])
    deciding = "decide" in request.POST
    form = _form(desk, last.values(), typed(request.POST, DECISION_NAMES) if deciding else None)
    if deciding and form.is_valid():
        outcome = decide_many(
            actor=desk.person,
            chosen=[Chosen(one, _seen(request, one)) for one in innovations],
            decision=Decision(**form.decision()),
            now=timezone.now(),
        )
        if not outcome.refused and outcome.batch:
            messages.success(request, _recorded(outcome))
            return redirect("chain:batch_detail", outcome.batch.pk)
        return _refused(request, desk, form, outcome)
    seen = {one.pk: request.POST.get(f"seen-{one.pk}", _key(last.get(one.pk))) for one in innovations}
    return _page(request, form, innovations, last, seen=seen)


@permission("chain.decide")
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one decision on many recorded, with the button that takes it back while that is possible."""
    batch = get_object_or_404(my_batches(person_of(request)), pk=pk)
    context = {
        "batch": batch,
        "rows": batch_rows(batch),
        "undoable": may_be_undone(batch, now=timezone.now()),
        "seconds": UNDO_SECONDS,
    }
    return render(request, "chain/batch_detail.html", context)


@permission("chain.decide")
@require_POST
def batch_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision on many back."""
    person = person_of(request)
    batch = get_object_or_404(my_batches(person), pk=pk)
    try:
        outcome = undo_batch(actor=person, batch=batch, now=timezone.now())
    except NotUndoable as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("%(count)d step is taken back.", "%(count)d steps are taken back.", len(outcome.done))
        messages.success(request, text % {"count": len(outcome.done)})
        for one in outcome.refused:
            messages.error(request, f"{one.innovation.code}: {one.reason}")
    return redirect("chain:batch_detail", batch.pk)


def _refused(request: HttpRequest, desk: Desk, form: BulkDecisionForm, outcome: Outcome) -> HttpResponse:
    """Show again what was refused, with all that was typed; whoever has read why may decide anew."""
    innovations = [one.innovation for one in outcome.refused]
    last = last_handoffs([one.pk for one in innovations])
    shown = _form(desk, last.values(), typed(request.POST, DECISION_NAMES))
    why = {one.innovation.pk: one.reason for one in outcome.refused}
    seen = {one.pk: _key(last.get(one.pk)) for one in innovations}
    return _page(request, shown, innovations, last, seen=seen, why=why, outcome=outcome, status=409)


def _page(
    request: HttpRequest,
    form: BulkDecisionForm,
    innovations: Sequence[Innovation],
    last: dict[int, HandOff],
    *,
    seen: dict[int, str],
    why: dict[int, str] | None = None,
    outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    rows: list[dict[str, Any]] = [
        {
            "innovation": one,
            "last": last.get(one.pk),
            "seen": seen[one.pk],
            "why": (why or {}).get(one.pk, ""),
        }
        for one in innovations
    ]
    wrong = form.is_bound and form.errors and outcome is None
    context = {
        "form": form,
        "rows": rows,
        "outcome": outcome,
        "recorded": _recorded(outcome) if outcome and outcome.done else "",
        "seconds": UNDO_SECONDS,
        "undoable": outcome is not None
        and outcome.batch is not None
        and may_be_undone(outcome.batch, now=timezone.now()),
    }
    return render(request, "chain/bulk_decide.html", context, status=422 if wrong else status)


def _form(desk: Desk, last: Any, data: dict[str, str] | None) -> BulkDecisionForm:
    """Return the form with the steps that at least one of the rows may take."""
    possible = {step for row in last for step in NEXT_STEPS[Step(row.step)]}
    values = None if data is None else {**data, "seen": ""}
    return BulkDecisionForm(
        values,
        steps=[step for step in BULK_STEPS if step in possible] or BULK_STEPS,
        today=desk.today,
        reasons=offered_reasons(),
    )


def _seen(request: HttpRequest, innovation: Innovation) -> int | None:
    said = request.POST.get(f"seen-{innovation.pk}", "")
    return int(said) if said.isascii() and said.isdigit() else None


def _key(handoff: HandOff | None) -> str:
    return str(handoff.pk) if handoff else ""


def _recorded(outcome: Outcome) -> str:
    count = len(outcome.done)
    text = ngettext(
        "Recorded for %(count)d innovation: %(step)s.", "Recorded for %(count)d innovations: %(step)s.", count
    )
    return text % {"count": count, "step": outcome.done[0].get_step_display()}


def _too_many(count: int) -> str:
    return _("%(count)d rows are ticked; at most %(most)d can be decided at once.") % {
        "count": count,
        "most": MOST_AT_ONCE,
    }
