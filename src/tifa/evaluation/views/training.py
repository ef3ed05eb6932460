"""Training on its pages: examples for Ortal, and for judges their marks and their own standing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core.permissions import permission
from tifa.evaluation.choices import TRAINING
from tifa.evaluation.forms import AgreementForm, ExampleForm, NoteForm, TrainingForm
from tifa.evaluation.models import TrainingExample
from tifa.evaluation.selectors.rounds import round_for
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.selectors.training import (
    compared,
    examples_of,
    my_examples,
    own_standing,
    remarks_on,
)
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.scoring import NotOnPanel
from tifa.evaluation.services.training import (
    add_example,
    agree_training,
    change_example,
    remove_example,
    say_training,
    submit_training,
)
from tifa.evaluation.views.access import round_or_404
from tifa.organisation.desk import person_of


@permission("evaluation.manage_rounds")
def training(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the examples of a round, and add one."""
    round_ = round_or_404(request, pk)
    form = ExampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_example(actor=person_of(request), round_=round_, **form.cleaned_data)
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The example is added. The judges of the round find it under “My judging”.")
            )
            return redirect("evaluation:training", pk)
    context = {
        "round": round_,
        "examples": list(examples_of(round_)),
        "judges": round_.panel.filter(withdrawn_at=None).count(),
        "form": form,
        "open": round_.state in TRAINING,
    }
    return render(request, "evaluation/training.html", context, status=422 if form.errors else 200)


@permission("evaluation.manage_rounds")
def training_example(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one example with the marks of the panel and what was said; change it, say something, or note what was agreed."""
    example = get_object_or_404(
        TrainingExample.objects.select_related("round").filter(round__in=round_for(request.user)), pk=pk
    )
    action = request.POST.get("action")
    forms = {
        "say": NoteForm(request.POST if action == "say" else None),
        "agree": AgreementForm(
            request.POST if action == "agree" else None, initial={"agreed": example.agreed}
        ),
        "change": ExampleForm(
            request.POST if action == "change" else None,
            initial={"title": example.title, "text": example.text},
            prefix="example",
        ),
    }
    done = _done_by_ortal(request, example, action, forms)
    if done is not None:
        return done
    rubric = rubric_of(example.round)
    context = {
        "round": example.round,
        "example": example,
        # Who judges too scores first: the marks of others must not draw theirs.
        "rows": () if _scores_first(request, example) else compared(example, rubric, request.user),
        "scored": example.sheets.filter(member__withdrawn_at=None).count(),
        "said": remarks_on(example, request.user),
        "forms": forms,
        "open": example.round.state in TRAINING,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "evaluation/training_example.html", context, status=422 if wrong else 200)


@permission("evaluation.judge")
def training_mine(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a judge the examples of a round, and how strict and how even they were; nobody else sees that."""
    examples = list(my_examples(request.user).filter(round=pk))
    if not examples:
        raise Http404
    round_ = examples[0].round
    context = {
        "round": round_,
        "examples": examples,
        "standing": own_standing(request.user, round_, rubric_of(round_)),
        "scored": sum(example.scored for example in examples),
        "open": round_.state in TRAINING,
    }
    return render(request, "evaluation/training_mine.html", context)


@permission("evaluation.judge")
def training_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a judge an example to score; once scored, the marks of the panel beside their own, and the discussion."""
    example = get_object_or_404(my_examples(request.user), pk=pk)
    rubric = rubric_of(example.round)
    action = request.POST.get("action")
    form = TrainingForm(request.POST if action == "submit" else None, rubric=rubric)
    note = NoteForm(request.POST if action == "say" and example.scored else None)
    person = person_of(request)
    try:
        if form.is_bound and form.is_valid():
            submit_training(judge=person, example=example, marks=form.marks(), now=timezone.now())
            messages.success(request, _("Your marks are handed in. These are those of the panel."))
            return redirect("evaluation:training_sheet", pk)
        if note.is_bound and note.is_valid():
            say_training(author=person, example=example, text=note.cleaned_data["text"], now=timezone.now())
            return redirect("evaluation:training_sheet", pk)
    except NotOnPanel as refusal:
        raise Http404 from refusal
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluation:training_sheet", pk)
    context: dict[str, Any] = {
        "round": example.round,
        "example": example,
        "form": form,
        "sections": list(form.sections()),
        "note": note,
        "open": example.round.state in TRAINING,
    }
    if example.scored:
        context |= {
            "rows": compared(example, rubric, request.user),
            "said": remarks_on(example, request.user),
        }
    wrong = bool(form.errors or note.errors)
    return render(request, "evaluation/training_sheet.html", context, status=422 if wrong else 200)


def _scores_first(request: HttpRequest, example: TrainingExample) -> bool:
    return my_examples(request.user).filter(pk=example.pk, scored=False).exists()


def _done_by_ortal(
    request: HttpRequest, example: TrainingExample, action: str | None, forms: dict[str, Any]
) -> HttpResponse | None:
    """Do what Ortal asked for; None when nothing was, or a form has errors."""
    form, actor = forms.get(action or ""), person_of(request)
    doing: dict[str, Callable[[dict[str, Any]], object]] = {
        "say": lambda said: say_training(
            author=actor, example=example, text=said["text"], now=timezone.now()
        ),
        "agree": lambda said: agree_training(actor=actor, example=example, text=said["agreed"]),
        "change": lambda said: change_example(actor=actor, example=example, **said),
        "remove": lambda said: remove_example(actor=actor, example=example),
    }
    if action not in doing or (form is not None and not form.is_valid()):
        return None
    try:
        doing[action]({} if form is None else form.cleaned_data)
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
        if action == "remove":
            return redirect("evaluation:training", example.round_id)
    return redirect("evaluation:training_example", example.pk)
