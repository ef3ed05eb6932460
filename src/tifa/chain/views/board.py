"""The board of holders: what lies with whom, the oldest first, with the next step one click away."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tifa.chain.choices import GapKind, Holder
from tifa.chain.forms.filters import BoardFilter
from tifa.chain.selectors.board import Board, Hand, Narrowed
from tifa.chain.selectors.board import board as board_of
from tifa.chain.selectors.ledgers import Gap, reporting_gap, visible_scope
from tifa.chain.views.words import KIND_RULES
from tifa.core.permissions import permission
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES, VIEWING_ROLES
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import unit_choices, units_of

PAGE_SIZE = 25
HANDS = 8
WITH_LETTER = frozenset({GapKind.UNFORWARDED, GapKind.UNRECEIPTED})
CHAT = "https://wa.me/?"


@permission("chain.view_gaps")
def board(request: HttpRequest) -> HttpResponse:
    """Show what lies with whom, narrowed as the reader likes."""
    desk = desk_of(request)
    visible = units_of(desk.person, VIEWING_ROLES, desk.tree)
    chosen = BoardFilter(request.GET, units=unit_choices(desk.tree, visible))
    found = reporting_gap(visible_scope(desk.person, as_of=desk.today, tree=desk.tree), tree=desk.tree)
    seen = board_of(found, _narrowed(chosen, desk), desk.tree)
    page = Paginator(seen.gaps, PAGE_SIZE).get_page(request.GET.get("page"))
    deciding = units_of(desk.person, DECIDING_ROLES, desk.tree)
    context = {
        "filter": chosen,
        "board": seen,
        "page_obj": page,
        "rows": _rows(request, desk, list(page)),
        "hands": [_hand(hand, seen) for hand in seen.hands[:HANDS]],
        "more_hands": [_hand(hand, seen) for hand in seen.hands[HANDS:]],
        "kind_rules": [(kind.label, KIND_RULES[kind]) for kind in GapKind],
        "fullest": max((hand.count for hand in seen.hands), default=0),
        "parked_url": _url(parked="on"),
        "may_decide": any(gap.unit.pk in deciding for gap in page.object_list),
    }
    return render(request, "chain/board.html", context)


def hand_url(hand: Hand, **others: str) -> str:
    """Return the address of the list of exactly what lies in one hand."""
    unit = {"unit": hand.unit.code, "own": "on"} if hand.unit else {}
    return _url(holder=hand.holder.value, **unit, **others)


def _url(**query: str) -> str:
    return f"{reverse('chain:board')}?{urlencode(query)}#daftar"


def _narrowed(chosen: BoardFilter, desk: Desk) -> Narrowed:
    unit = chosen.chosen_unit
    units = None
    if unit is not None:
        units = frozenset({unit.pk}) if chosen.value("own") else desk.tree.subtree(unit.pk)
    return Narrowed(
        holder=chosen.value("holder"),
        kind=chosen.value("kind"),
        units=units,
        overdue=bool(chosen.value("overdue")),
        soon=bool(chosen.value("soon")),
        parked=bool(chosen.value("parked")),
    )


def _hand(hand: Hand, seen: Board) -> dict[str, Any]:
    return {
        "hand": hand,
        "name": hand.unit.name if hand.unit else hand.holder.label,
        "url": hand_url(hand),
        "overdue_url": hand_url(hand, overdue="on"),
    }


def _rows(request: HttpRequest, desk: Desk, gaps: Sequence[Gap]) -> list[dict[str, Any]]:
    deciding = units_of(desk.person, DECIDING_ROLES, desk.tree)
    reporting = units_of(desk.person, REPORTING_ROLES, desk.tree)
    rows = []
    before: str | None = None
    for gap in gaps:
        holder = gap.unit.name if gap.holder == Holder.UNIT else str(gap.holder.label)
        decides = gap.unit.pk in deciding
        rows.append(
            {
                "gap": gap,
                "holder": holder,
                "heads": holder != before,
                "decide": decides and gap.holder != Holder.UNIT,
                "report": gap.unit.pk in reporting and gap.holder == Holder.UNIT,
                "letter": decides and gap.kind in WITH_LETTER,
                "remind": _reminder(request, gap) if decides and gap.holder == Holder.UNIT else "",
            }
        )
        before = holder
    return rows


def _reminder(request: HttpRequest, gap: Gap) -> str:
    """Return a link that opens a chat with a text; the sender chooses to whom it goes."""
    page = request.build_absolute_uri(reverse("chain:innovation_detail", args=[gap.innovation]))
    due = date_format(gap.due, "j F Y") if gap.due else _("no day is set")
    text = _(
        "To %(unit)s: “%(title)s” (%(code)s) waits for you – %(kind)s. Until when: %(due)s. Please open %(page)s"
    ) % {
        "unit": gap.unit.name,
        "title": gap.title,
        "code": gap.innovation,
        "kind": gap.kind.label,
        "due": due,
        "page": page,
    }
    return CHAT + urlencode({"text": text})
