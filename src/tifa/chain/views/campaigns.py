"""Campaigns: what a person owes, how far each has come, the letter and the table."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tifa.chain.choices import AnswerState
from tifa.chain.documents import invitation_docx
from tifa.chain.exports import PROGRESS_WIDTHS, progress_headers, progress_table
from tifa.chain.forms.campaigns import ProgressFilter
from tifa.chain.models import Campaign
from tifa.chain.selectors.campaigns import (
    Branch,
    Progress,
    branches_of,
    edition_window,
    extensions_of,
    may_manage,
    progress_of,
    seen_units,
    units_to_answer_for,
    units_to_ask,
    visible_campaigns,
)
from tifa.core.downloads import WORD_TYPE, content_response, table_response
from tifa.core.permissions import permission
from tifa.core.spreadsheets import SheetOut
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.models import Unit

PAGE_SIZE = 50
DEEPEST = 4
LISTED = 20


@permission("chain.view_campaigns")
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Show what the person's units owe and by when, and the campaigns."""
    desk = desk_of(request)
    campaigns = list(visible_campaigns(desk.person, desk.tree))
    owed = [pair for one in campaigns if one.is_running for pair in _owed(desk, one)]
    context = {
        "campaigns": campaigns,
        "owed": owed[:LISTED],
        "more": max(len(owed) - LISTED, 0),
        "single": len(owed) == 1,
    }
    return render(request, "chain/campaign_list.html", context)


@permission("chain.view_campaigns")
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one campaign: how far the units and branches have come, who is silent."""
    desk = desk_of(request)
    campaign = campaign_or_404(desk, pk)
    if campaign.is_draft:
        return _draft(request, desk, campaign)
    chosen, rows, branches = _look(request, desk, campaign)
    shown = _narrowed(chosen, rows)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "campaign": campaign,
        "filter": chosen,
        "page_obj": Paginator(_levelled(shown), PAGE_SIZE).get_page(request.GET.get("page")),
        "units": len(rows),
        "counts": [
            (state, sum(1 for row in rows if row.state == state), f"?state={state.value}#daftar")
            for state in AnswerState
        ],
        "late": sum(1 for row in rows if row.is_late),
        "done": sum(1 for row in rows if row.state == AnswerState.DONE),
        "stopped": sum(row.stopped for row in rows),
        "branches": branches,
        "extensions": extensions_of(campaign),
        "window": edition_window(campaign.edition) if campaign.edition else None,
        "may_manage": may_manage(desk.person, campaign, desk.tree),
        "excel_url": reverse("chain:campaign_export", args=[pk, "xlsx"]) + query,
        "csv_url": reverse("chain:campaign_export", args=[pk, "csv"]) + query,
    }
    return render(request, "chain/campaign_detail.html", context)


@permission("chain.view_campaigns")
def campaign_export(request: HttpRequest, pk: int, fmt: str) -> HttpResponseBase:
    """Hand out the same table, all pages."""
    desk = desk_of(request)
    campaign = campaign_or_404(desk, pk)
    chosen, rows, _branches = _look(request, desk, campaign)
    table = progress_table(_narrowed(chosen, rows))
    return table_response(
        fmt, f"masa-pelaporan-{pk}", [SheetOut("Kemajuan", progress_headers(), table, PROGRESS_WIDTHS)]
    )


@permission("chain.view_campaigns")
def campaign_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the letter of invitation; letters are written in the language of the city."""
    desk = desk_of(request)
    campaign = campaign_or_404(desk, pk)
    with translation.override("id"):
        content = invitation_docx(campaign, _listed(desk, campaign), on=desk.today)
    return content_response(content, f"undangan-pelaporan-{pk}.docx", WORD_TYPE)


def campaign_or_404(desk: Desk, pk: int) -> Campaign:
    """Return a campaign that the person may see."""
    return get_object_or_404(visible_campaigns(desk.person, desk.tree), pk=pk)


def _listed(desk: Desk, campaign: Campaign) -> Sequence[Unit]:
    if campaign.is_draft:
        return [unit for _depth, unit in units_to_ask(campaign, desk.tree, on=desk.today)]
    # As they were called on the day of the opening.
    return [Unit(code=row.code, name=row.name) for row in campaign.units.order_by("place")]


def _draft(request: HttpRequest, desk: Desk, campaign: Campaign) -> HttpResponse:
    units = units_to_ask(campaign, desk.tree, on=desk.today)
    context = {
        "campaign": campaign,
        "units": units[:LISTED],
        "count": len(units),
        "more": max(len(units) - LISTED, 0),
        "window": edition_window(campaign.edition) if campaign.edition else None,
    }
    return render(request, "chain/campaign_draft.html", context)


def _owed(desk: Desk, campaign: Campaign) -> list[tuple[Campaign, Progress]]:
    mine = units_to_answer_for(desk.person, campaign, desk.tree)
    if not mine:
        return []
    rows = progress_of(campaign, desk.today, units=mine)
    return [(campaign, row) for row in rows if row.state != AnswerState.DONE]


def _look(
    request: HttpRequest, desk: Desk, campaign: Campaign
) -> tuple[ProgressFilter, tuple[Progress, ...], tuple[Branch, ...]]:
    seen = seen_units(desk.person, campaign, desk.tree)
    as_of = min(desk.today, campaign.closed_on or desk.today)
    rows = progress_of(campaign, as_of, units=seen)
    branches = branches_of(rows)
    choices = [(branch.row.code, f"{branch.row.name} ({branch.row.code})") for branch in branches]
    return ProgressFilter(request.GET, branches=choices), rows, branches


def _narrowed(chosen: ProgressFilter, rows: Sequence[Progress]) -> list[Progress]:
    code, state, late = (chosen.value(name) for name in ("branch", "state", "late"))
    parts = _below(rows, code) if code else {row.row.unit_id for row in rows}
    return [
        row
        for row in rows
        if row.row.unit_id in parts and (not state or row.state == state) and (not late or row.is_late)
    ]


def _below(rows: Sequence[Progress], code: str) -> set[int]:
    """Return a unit and everything below it, as the tree was when the campaign was opened."""
    found: set[int] = set()
    for row in rows:
        if row.row.code == code or row.row.parent_id in found:
            found.add(row.row.unit_id)
    return found


def _levelled(rows: Sequence[Progress]) -> list[tuple[int, Progress]]:
    """Return each row with how deep it is shown: not indented when nothing above it is in the list."""
    levels: dict[int, int] = {}
    for row in rows:
        above = levels.get(row.row.parent_id) if row.row.parent_id else None
        levels[row.row.unit_id] = 0 if above is None else min(above + 1, DEEPEST)
    return [(levels[row.row.unit_id], row) for row in rows]


def crumbs(campaign: Campaign | None = None) -> list[tuple[str, Any]]:
    """Return the way to the pages of a campaign."""
    way: list[tuple[str, Any]] = [(reverse("chain:campaign_list"), _("Campaigns"))]
    return [*way, (campaign.get_absolute_url(), campaign.name)] if campaign else way
