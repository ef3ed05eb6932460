"""Divides the work of a round: what is asked for, the plan to look at, single entries by hand."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.core.permissions import permission
from tifa.evaluation import tasks
from tifa.evaluation.choices import PlanState
from tifa.evaluation.forms import AssignForm, ExpertiseForm, PlanForm, TopicForm
from tifa.evaluation.models import AssignmentPlan, PanelMember, Round
from tifa.evaluation.selectors.dividing import (
    divided_entries,
    division_of,
    free_seats,
    is_short,
    newest_plan,
    planned_entries,
    planned_judges,
    seats_of,
    topics_of,
    with_judges,
)
from tifa.evaluation.selectors.plans import PlanResult, Wish
from tifa.evaluation.services.assigning import (
    accept_plan,
    assign_judge,
    compute_plan,
    judge_everything,
    set_expertise,
    set_topics,
    start_plan,
    take_assignment,
)
from tifa.evaluation.services.conflicts import CHANGEABLE
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.views.access import divisible_entry_or_404, divisible_round_or_404, member_or_404
from tifa.evaluation.views.plan_words import Bar, comparability, load_bars, sentence_of
from tifa.organisation.desk import person_of

PAGE_SIZE = 50
# A plan of so many pairs of entry and judge is computed while the person waits: it takes less than a second.
SMALL = 20_000
USUAL_REVIEWS = 3


@permission("evaluation.manage_rounds")
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who judges what, and have a new plan made."""
    round_ = divisible_round_or_404(request, pk)
    division = division_of(round_)
    form = PlanForm(
        request.POST or None,
        initial={
            "reviews_each": round_.reviews_each or USUAL_REVIEWS,
            "largest_load": round_.largest_load,
            "keep": bool(division.assigned),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            plan = start_plan(
                actor=person_of(request), round_=round_, wish=Wish(**form.cleaned_data), now=timezone.now()
            )
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if division.entries * division.judges <= SMALL:
                compute_plan(plan_id=plan.pk)
            else:
                tasks.compute_plan.enqueue(plan.pk)
            return redirect("evaluation:plan_detail", round_.pk, plan.pk)
    query, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    entries = _found(divided_entries(round_), query)
    if show == "short":
        entries = entries.filter(is_short(round_))
    context = {
        "round": round_,
        "division": division,
        "form": form,
        "plan": newest_plan(round_),
        "page_obj": Paginator(with_judges(entries), PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query,
        "show": show,
        "open": round_.state in CHANGEABLE,
    }
    return render(request, "evaluation/assignment.html", context, status=422 if form.errors else 200)


@permission("evaluation.manage_rounds")
def plan_detail(request: HttpRequest, pk: int, plan_pk: int) -> HttpResponse:
    """Show a plan before it is accepted, or how far its computation is."""
    round_ = divisible_round_or_404(request, pk)
    plan = get_object_or_404(AssignmentPlan, round=round_, pk=plan_pk)
    context = _plan_context(round_, plan)
    if plan.state in {PlanState.READY, PlanState.ACCEPTED}:
        result = PlanResult.from_json(plan.result or {})
        panel = list(PanelMember.objects.filter(round=round_).order_by("name", "pk"))
        judges = planned_judges(round_, result, panel)
        show = "judges" if request.GET.get("show") == "judges" else "entries"
        if show == "judges":
            page: Any = Paginator(judges, PAGE_SIZE).get_page(request.GET.get("page"))
            rows: list[Any] = list(page.object_list)
        else:
            found = divided_entries(round_).filter(withdrawn_at=None)
            page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
            rows = list(planned_entries(result, list(page.object_list), panel))
        loads = [judge.load for judge in judges]
        context |= {
            "result": result,
            "show": show,
            "page_obj": page,
            "rows": rows,
            "bars": load_bars(judges),
            "most_judges": max((bar.count for bar in load_bars(judges)), default=0),
            "largest": max(loads, default=0),
            "smallest": min(loads, default=0),
            "comparability": comparability(result, plan.reviews_each),
            "marks": _marks(result),
        }
    elif plan.state == PlanState.IMPOSSIBLE:
        result = PlanResult.from_json(plan.result or {})
        context |= {"reasons": [sentence_of(one) for one in result.reasons], "unsaid": result.unsaid}
    return render(request, "evaluation/plan_detail.html", context)


@permission("evaluation.manage_rounds")
def plan_progress(request: HttpRequest, pk: int, plan_pk: int) -> HttpResponse:
    """Answer with the progress alone; when the plan is there, the page is loaded anew."""
    round_ = divisible_round_or_404(request, pk)
    plan = get_object_or_404(AssignmentPlan.objects.defer("result"), round=round_, pk=plan_pk)
    if not request.headers.get("HX-Request"):
        return redirect("evaluation:plan_detail", round_.pk, plan.pk)
    if plan.state != PlanState.WORKING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "evaluation/plan_progress.html", _plan_context(round_, plan))


@permission("evaluation.manage_rounds")
@require_POST
def plan_accept(request: HttpRequest, pk: int, plan_pk: int) -> HttpResponse:
    """Make a plan the assignment of its round."""
    round_ = divisible_round_or_404(request, pk)
    plan = AssignmentPlan.objects.select_related("round").filter(round=round_, pk=plan_pk).first()
    if plan is None:
        messages.error(request, _("Somebody has asked for another plan meanwhile. Look at the newest one."))
        return redirect("evaluation:assignment", round_.pk)
    try:
        count = accept_plan(actor=person_of(request), plan=plan, now=timezone.now())
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluation:plan_detail", round_.pk, plan.pk)
    messages.success(
        request, _("The work is divided: %(count)d score sheets are assigned.") % {"count": count}
    )
    return redirect("evaluation:assignment", round_.pk)


@permission("evaluation.manage_rounds")
@require_POST
def plan_resume(request: HttpRequest, pk: int, plan_pk: int) -> HttpResponse:
    """Begin the computation of a plan again, after the machine stopped in the middle of it."""
    round_ = divisible_round_or_404(request, pk)
    plan = get_object_or_404(AssignmentPlan.objects.defer("result"), round=round_, pk=plan_pk)
    if plan.state == PlanState.WORKING:
        tasks.compute_plan.enqueue(plan.pk)
    return redirect("evaluation:plan_detail", round_.pk, plan.pk)


@permission("evaluation.manage_rounds")
@require_POST
def assignment_dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let everybody judge everything."""
    round_ = divisible_round_or_404(request, pk)
    try:
        judge_everything(actor=person_of(request), round_=round_)
    except RoundRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Every judge judges every entry, except where they have a conflict."))
    return redirect("evaluation:assignment", round_.pk)


@permission("evaluation.manage_rounds")
def assignment_judges(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the judges with what they have to do, and store which topics they know."""
    round_ = divisible_round_or_404(request, pk)
    query = request.GET.get("q", "").strip()
    seats = seats_of(round_)
    if query:
        seats = seats.filter(name__icontains=query)
    page = Paginator(seats, PAGE_SIZE).get_page(request.GET.get("page"))
    form = ExpertiseForm(request.POST or None, members=list(page.object_list))
    if request.method == "POST" and form.is_valid():
        try:
            set_expertise(actor=person_of(request), round_=round_, expertise=form.expertise())
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The topics are stored. They count in the next plan."))
            return redirect(request.get_full_path())
    context = {
        "round": round_,
        "page_obj": page,
        "form": form,
        "query": query,
        "topics": topics_of(round_),
        "largest": max((seat.assigned for seat in page.object_list), default=0),
        "open": round_.state in CHANGEABLE,
    }
    return render(request, "evaluation/assignment_judges.html", context, status=422 if form.errors else 200)


@permission("evaluation.manage_rounds")
def entry_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Change who judges one entry, and what it is about."""
    entry = divisible_entry_or_404(request, pk)
    seated = [one.member for one in entry.assignments.all()]
    assigned = PanelMember.objects.filter(assignments__entry=entry).order_by("name", "pk")
    action = request.POST.get("action", "")
    give = AssignForm(request.POST if action == "give" else None, free=free_seats(entry), assigned=assigned)
    topic = TopicForm(request.POST if action == "topic" else None, initial={"topic": entry.topic})
    if request.method == "POST":
        try:
            done = _change(request, entry, action, give, topic)
        except RoundRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("evaluation:entry_assign", entry.pk)
        if done:
            messages.success(request, done)
            return redirect("evaluation:entry_assign", entry.pk)
    context = {
        "round": entry.round,
        "entry": entry,
        "seated": seated,
        "give": give,
        "topic": topic,
        "topics": topics_of(entry.round),
        "open": entry.round.state in CHANGEABLE,
    }
    wrong = give.errors or topic.errors
    return render(request, "evaluation/entry_assign.html", context, status=422 if wrong else 200)


def _change(request: HttpRequest, entry: Any, action: str, give: AssignForm, topic: TopicForm) -> str:
    """Do what a button of the page of one entry asks for; return the sentence for it, empty when nothing was done."""
    person = person_of(request)
    if action == "give" and give.is_valid():
        member = give.cleaned_data["member"]
        assign_judge(
            actor=person,
            entry=entry,
            member=member,
            instead_of=give.cleaned_data["instead_of"],
            now=timezone.now(),
        )
        return _("%(judge)s judges this entry now.") % {"judge": member.name}
    if action == "take":
        member = member_or_404(entry.round, request.POST.get("member"))
        take_assignment(actor=person, entry=entry, member=member)
        return _("%(judge)s does not judge this entry any more.") % {"judge": member.name}
    if action == "topic" and topic.is_valid():
        set_topics(actor=person, round_=entry.round, topics={entry.pk: topic.cleaned_data["topic"].strip()})
        return _("The topic is stored. It counts in the next plan.")
    return ""


def _found(entries: QuerySet[Any], query: str) -> QuerySet[Any]:
    if not query:
        return entries
    return entries.filter(
        Q(innovation__title__icontains=query)
        | Q(innovation__code__icontains=query)
        | Q(innovation__unit__name__icontains=query)
        | Q(topic__icontains=query)
    )


def _plan_context(round_: Round, plan: AssignmentPlan) -> dict[str, Any]:
    return {
        "round": round_,
        "plan": plan,
        "open": round_.state in CHANGEABLE,
        "poll_url": reverse("evaluation:plan_progress", args=[round_.pk, plan.pk]),
    }


def _marks(result: PlanResult) -> list[Bar]:
    marks = [
        Bar(
            _("Comparability"),
            100 * result.efficiency,
            100 * result.efficiency,
            _("One hundred percent is the best that so many score sheets could give."),
        )
    ]
    if result.known:
        share = 100 * result.fits / result.known
        marks.append(
            Bar(_("Expertise"), share, share, _("Score sheets by a judge who knows the topic of the entry."))
        )
    return marks
