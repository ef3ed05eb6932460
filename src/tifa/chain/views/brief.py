"""The leader's page: what is stuck with whom, and what to decide this week."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tifa.chain.choices import GapKind, Holder
from tifa.chain.documents import brief_pdf
from tifa.chain.selectors.board import Brief
from tifa.chain.selectors.board import brief as brief_of
from tifa.chain.selectors.flow import Flow
from tifa.chain.selectors.flow import flow as flow_of
from tifa.chain.selectors.ledgers import reporting_gap, visible_scope
from tifa.chain.views.board import hand_url
from tifa.chain.views.words import KIND_RULES
from tifa.core.downloads import content_response
from tifa.core.permissions import permission
from tifa.organisation.desk import Desk, desk_of

SHOWN = 6
UNITS = 5


@permission("chain.view_brief")
def brief(request: HttpRequest) -> HttpResponse:
    """Show where the city stands, in words and bars that fit on one page."""
    desk = desk_of(request)
    seen, figures = _look(desk)
    board = seen.board
    bars: list[dict[str, Any]] = [
        {
            "label": hand.unit.name if hand.unit else hand.holder.label,
            "hand": hand,
            "url": hand_url(hand),
            "overdue_url": hand_url(hand, overdue="on"),
        }
        for hand in (*board.of(Holder.ORTAL), *board.of(Holder.MINISTRY), *seen.units[:UNITS])
    ]
    context = {
        "seen": seen,
        "flow": figures,
        "bars": bars,
        "kind_rules": [(kind.label, KIND_RULES[kind]) for kind in GapKind],
        "fullest": max((bar["hand"].count for bar in bars), default=0),
        "more_units": len(seen.units) - UNITS,
        "week": seen.week[:SHOWN],
        "more_week": len(seen.week) - SHOWN,
        "today": desk.today,
        "board_url": reverse("chain:board") + "#daftar",
    }
    return render(request, "chain/brief.html", context)


@permission("chain.view_brief")
def brief_report(request: HttpRequest) -> HttpResponse:
    """Hand out the same page for paper."""
    desk = desk_of(request)
    seen, figures = _look(desk)
    content = brief_pdf(seen, figures, on=desk.today, shown=SHOWN, units=UNITS)
    return content_response(content, f"untuk-pimpinan-{desk.today}.pdf", "application/pdf")


def _look(desk: Desk) -> tuple[Brief, Flow]:
    scope = visible_scope(desk.person, as_of=desk.today, tree=desk.tree)
    found = reporting_gap(scope, tree=desk.tree)
    return brief_of(found, desk.tree), flow_of(scope, desk.tree)
