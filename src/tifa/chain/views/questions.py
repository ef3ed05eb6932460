"""What Ortal asks units about, and how units answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tifa.chain.choices import Answer
from tifa.chain.forms.content import typed
from tifa.chain.forms.discovery import AskAgainForm, DeclineForm, QuestionFilter
from tifa.chain.selectors.handoffs import last_handoff
from tifa.chain.selectors.questions import (
    answered,
    asked_by_ortal,
    last_question,
    may_ask_again,
    may_decline,
)
from tifa.chain.selectors.reporting import units_to_find_in
from tifa.chain.services.questions import NotDeclinable, ask_again, decline_finding
from tifa.core.permissions import permission
from tifa.organisation.choices import DECIDING_ROLES
from tifa.organisation.desk import desk_of
from tifa.organisation.selectors import unit_choices, units_of
from tifa.registry.selectors import decidable_innovations, reportable_innovations

PAGE_SIZE = 25


@permission("chain.report")
def finding_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Show what Ortal asks a unit; the unit reports, or declines with a reason."""
    desk = desk_of(request)
    innovation = get_object_or_404(reportable_innovations(desk.person, desk.tree), code=code)
    if not may_decline(innovation):
        messages.info(request, _("This innovation was reported or answered already. Look at its steps."))
        return redirect("chain:innovation_detail", innovation.code)
    form = DeclineForm(typed(request.POST, ("answer", "reason")) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_finding(
                actor=desk.person,
                innovation=innovation,
                answer=form.chosen(),
                reason=form.cleaned_data["reason"],
                on=desk.today,
            )
        except (NotDeclinable, ValidationError) as error:
            form.add_error(None, getattr(error, "messages", str(error)))
        else:
            messages.success(request, _("Your answer is with Ortal. Thank you."))
            return redirect("portal:start")
    context = {"innovation": innovation, "question": last_question(innovation), "form": form}
    return render(request, "chain/finding_answer.html", context, status=422 if form.errors else 200)


@permission("chain.discover")
def question_list(request: HttpRequest) -> HttpResponse:
    """Show what units were asked, and their answers."""
    desk = desk_of(request)
    reach = units_of(desk.person, DECIDING_ROLES, desk.tree)
    chosen = QuestionFilter(request.GET, units=unit_choices(desk.tree, reach))
    rows = answered(asked_by_ortal(desk.person, desk.tree), chosen.value("state"))
    if chosen.chosen_unit:
        rows = rows.filter(unit__in=desk.tree.subtree(chosen.chosen_unit.pk))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filter": chosen, "page_obj": page, "reported": Answer.REPORTED}
    return render(request, "chain/question_list.html", context)


@permission("chain.discover")
def question_again(request: HttpRequest, code: str) -> HttpResponse:
    """Ask another unit, or the same one once more."""
    desk = desk_of(request)
    innovation = get_object_or_404(decidable_innovations(desk.person, desk.tree), code=code)
    last = last_handoff(innovation)
    if last is None or not may_ask_again(last):
        messages.info(request, _("This innovation was reported or answered already. Look at its steps."))
        return redirect("chain:innovation_detail", innovation.code)
    units = units_to_find_in(desk.person, on=desk.today, tree=desk.tree)
    data = typed(request.POST, ("unit", "note")) if request.method == "POST" else None
    form = AskAgainForm(data, units=units)
    if data is not None and form.is_valid():
        try:
            question = ask_again(
                actor=desk.person,
                innovation=innovation,
                on=desk.today,
                tree=desk.tree,
                **form.cleaned_data,
            )
        except (NotDeclinable, ValidationError) as error:
            form.add_error(None, getattr(error, "messages", str(error)))
        else:
            messages.success(request, _("%(unit)s is asked.") % {"unit": question.unit.name})
            return redirect("chain:question_list")
    context = {"innovation": innovation, "last": last, "form": form}
    return render(request, "chain/question_again.html", context, status=422 if form.errors else 200)
