"""How far a round is, by judge and by entry, and one entry with its score sheets."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tifa.core.permissions import permission
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.figures import NO_FIGURES, EntryFigures, figures_of
from tifa.evaluation.selectors.publications import published_results
from tifa.evaluation.selectors.reopening import reopened_in, reopening_of
from tifa.evaluation.selectors.rounds import (
    BEGUN,
    COMPLETE,
    round_progress,
    visible_entries,
    with_progress,
)
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.selectors.sheets import sheets_of
from tifa.evaluation.selectors.terms import agreed
from tifa.evaluation.views.access import round_or_404, watched_entry_or_404
from tifa.instruments import Rubric

PAGE_SIZE = 50
STATES = (
    ("complete", _("Complete")),
    ("begun", _("In progress")),
    ("untouched", _("Not begun")),
)
CONDITIONS = {"complete": COMPLETE, "begun": BEGUN & ~COMPLETE, "untouched": ~BEGUN}
SORTS = (
    ("code", _("Code")),
    ("title", _("Title")),
    ("unit", _("Unit")),
    ("judges", _("Fewest judges first")),
)
COLUMNS = {
    "code": ("innovation__code", "pk"),
    "title": ("innovation__title", "innovation__code", "pk"),
    "unit": ("innovation__unit__name", "innovation__code", "pk"),
    "judges": ("submitted", "innovation__code", "pk"),
}
FIGURE_SORTS = (
    ("mean", _("Highest mean first")),
    ("spread", _("Judges furthest apart first")),
)


@dataclass(frozen=True)
class Row:
    """One entry with its figures."""

    entry: Any
    figures: EntryFigures


@permission("evaluation.view_rounds")
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the progress of a round, and its entries with mean and spread."""
    round_ = round_or_404(request, pk)
    rubric = rubric_of(round_)
    sees_scores = request.user.has_perm("evaluation.view_scores", round_)
    visible = visible_entries(request.user, round_)
    progress = round_progress(request.user, round_, visible)
    query, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    sort = request.GET.get("sort", "code")
    found = _filtered(with_progress(visible, round_, progress.panel), query, state)
    page, figures = _page(request, found, sort, rubric, round_ if sees_scores else None)
    published = round_.state == RoundState.PUBLISHED
    context = {
        "round": round_,
        "rubric": rubric,
        "progress": progress,
        "publication": published_results().filter(round=round_).first() if published else None,
        "reopened": list(reopened_in(round_)) if published else [],
        "page_obj": page,
        "rows": [Row(entry, figures.get(entry.pk, NO_FIGURES)) for entry in page],
        "query": query,
        "state": state,
        "states": STATES,
        "sort": sort,
        "sorts": SORTS + FIGURE_SORTS if sees_scores else SORTS,
        "sees_scores": sees_scores,
        "manages": request.user.has_perm("evaluation.manage_rounds"),
        # Of those who run rounds, exactly they may divide the work who may see the scores; so it is not asked twice.
        "divides": sees_scores,
        **agreed(round_),
    }
    return render(request, "evaluation/round_detail.html", context)


@permission("evaluation.view_rounds")
def entry_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry with its submitted score sheets."""
    watched = watched_entry_or_404(request, pk)
    round_, rubric = watched.round, rubric_of(watched.round)
    sees_scores = request.user.has_perm("evaluation.view_scores", round_)
    context = {
        "round": round_,
        "entry": watched,
        "rubric": rubric,
        "sees_scores": sees_scores,
        "manages": request.user.has_perm("evaluation.manage_rounds"),
        # Of those who run rounds, exactly they may divide the work who may see the scores; so it is not asked twice.
        "divides": sees_scores,
    }
    if sees_scores:
        context["figures"] = figures_of(round_, rubric, [watched.pk]).get(watched.pk, NO_FIGURES)
        context["sheets"] = sheets_of(watched, rubric)
    if round_.state == RoundState.PUBLISHED:
        context["reopening"] = reopening_of(watched)
    return render(request, "evaluation/entry_detail.html", context)


def _filtered(entries: QuerySet[Any], query: str, state: str) -> QuerySet[Any]:
    if query:
        entries = entries.filter(
            Q(innovation__title__icontains=query)
            | Q(innovation__code__icontains=query)
            | Q(innovation__unit__name__icontains=query)
        )
    return entries.filter(CONDITIONS[state]) if state in CONDITIONS else entries


def _page(
    request: HttpRequest, entries: QuerySet[Any], sort: str, rubric: Rubric, scored: Round | None
) -> tuple["Page[Any]", Mapping[int, EntryFigures]]:
    """Return a page of entries and the figures for it; ``scored`` is the round when its scores may be shown."""
    figures: dict[int, EntryFigures] = {}
    # Keys first: the counts are then made for the rows of one page, not for every row that is sorted.
    keys: Any = entries.order_by(*COLUMNS.get(sort, COLUMNS["code"])).values_list("pk", flat=True)
    if scored is not None and sort in dict(FIGURE_SORTS):
        figures = figures_of(scored, rubric)
        keys = sorted(keys, key=lambda key: _rank_key(figures.get(key), sort))
    page: Page[Any] = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    if scored is not None and not figures:
        figures = figures_of(scored, rubric, shown)
    by_key = entries.in_bulk(shown)
    page.object_list = [by_key[key] for key in shown if key in by_key]
    return page, figures


def _rank_key(figures: EntryFigures | None, sort: str) -> tuple[bool, Decimal]:
    value = getattr(figures, sort, None)
    return (value is None, -value if value is not None else Decimal(0))
