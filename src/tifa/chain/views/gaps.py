"""The reporting gap: the ledgers, the lists between them, and who was silent."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tifa.chain.choices import GAPS_BEFORE, GapKind, Ledger
from tifa.chain.documents import gaps_pdf
from tifa.chain.exports import GAP_WIDTHS, gap_headers, gap_table
from tifa.chain.forms.filters import GapFilter
from tifa.chain.selectors.ledgers import (
    FunnelRow,
    Gap,
    ReportingGap,
    Scope,
    first_year,
    funnel,
    largest_loss,
    reporting_gap,
)
from tifa.chain.views.files import download_urls
from tifa.chain.views.words import KIND_RULES, LEDGER_RULES
from tifa.core.downloads import content_response, table_response
from tifa.core.permissions import permission
from tifa.core.spreadsheets import SheetOut
from tifa.organisation.choices import VIEWING_ROLES, Function
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import unit_choices, units_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class Look:
    """What somebody looks at: the choice, the day, and what was found."""

    filter: GapFilter
    scope: Scope
    found: ReportingGap

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return the gaps of the chosen kinds, the most urgent first."""
        kinds = self.filter.kinds
        return tuple(gap for gap in self.found.gaps if not kinds or gap.kind in kinds)


@permission("chain.view_gaps")
def gaps(request: HttpRequest) -> HttpResponse:
    """Show the funnel, where most is lost, and who has to act on what."""
    look = _look(request, desk_of(request))
    rows = funnel(look.found.ledgers)
    page = Paginator(look.gaps, PAGE_SIZE).get_page(request.GET.get("page"))
    worst = largest_loss(rows)
    context = {
        "filter": look.filter,
        "found": look.found,
        "page_obj": page,
        "funnel": [_bar(row, worst, look) for row in rows],
        "worst": worst,
        "worst_url": _list_url(look, GAPS_BEFORE[worst.ledger]) if worst else "",
        "waiting": sum(look.found.counts[kind] for kind in GAPS_BEFORE[worst.ledger]) if worst else 0,
        "tabs": list(_tabs(look)),
        "silent_url": _silent_url(look),
        "ledger_rules": [(ledger.label, rule) for ledger, rule in LEDGER_RULES.items()],
        "kind_rules": [(kind.label, KIND_RULES[kind]) for kind in look.filter.kinds or GapKind],
        **download_urls(request, "chain:gaps_export", pdf_url="chain:gaps_report"),
    }
    return render(request, "chain/gaps.html", context)


@permission("chain.view_gaps")
def gaps_export(request: HttpRequest, fmt: str) -> HttpResponseBase:
    """Hand out the same list, all pages."""
    look = _look(request, desk_of(request))
    return table_response(
        fmt, "celah-pelaporan", [SheetOut("Celah", gap_headers(), gap_table(look.gaps), GAP_WIDTHS)]
    )


@permission("chain.view_gaps")
def gaps_report(request: HttpRequest) -> HttpResponse:
    """Hand out the printed report."""
    look = _look(request, desk_of(request))
    content = gaps_pdf(look.found, part=_part(look), kinds=look.filter.kinds)
    return content_response(content, f"celah-pelaporan-{look.scope.as_of}.pdf", "application/pdf")


def _look(request: HttpRequest, desk: Desk) -> Look:
    visible = units_of(desk.person, VIEWING_ROLES, desk.tree)
    years = range(desk.today.year, first_year(Scope(desk.today, visible)) - 1, -1)
    chosen = GapFilter(request.GET, units=unit_choices(desk.tree, visible), years=years, today=desk.today)
    unit = chosen.chosen_unit
    part = visible & desk.tree.subtree(unit.pk) if unit else visible
    scope = Scope(chosen.as_of, part, chosen.value("function"))
    return Look(chosen, scope, reporting_gap(scope, tree=desk.tree))


def _part(look: Look) -> str:
    """Return the part of the city that is looked at in words."""
    unit, function = look.filter.chosen_unit, look.filter.value("function")
    named = unit.name if unit else _("All units")
    if not function:
        return named
    return _("%(unit)s, function %(function)s") % {"unit": named, "function": Function(function).label}


def _bar(row: FunnelRow, worst: FunnelRow | None, look: Look) -> dict[str, Any]:
    return {
        "label": row.ledger.label,
        "count": row.count,
        "percent": None if row.share is None else row.share * 100,
        "sentence": _loss(row) if row == worst else "",
        "url": "" if row.ledger == Ledger.KNOWN else _list_url(look, GAPS_BEFORE[row.ledger]),
        "worst": row == worst,
    }


def _loss(row: FunnelRow) -> str:
    return ngettext(
        "The largest loss is before “%(ledger)s”: %(count)d innovation stayed behind.",
        "The largest loss is before “%(ledger)s”: %(count)d innovations stayed behind.",
        row.lost,
    ) % {"ledger": row.ledger.label, "count": row.lost}


def _tabs(look: Look) -> list[dict[str, Any]]:
    chosen = look.filter.kinds
    every = {
        "label": _("All"),
        "count": len(look.found.gaps),
        "url": _list_url(look, ()),
        "current": not chosen,
    }
    kinds = [
        {"label": kind.label, "count": count, "url": _list_url(look, (kind,)), "current": chosen == (kind,)}
        for kind, count in look.found.counts.items()
    ]
    return [every, *kinds]


def _list_url(look: Look, kinds: tuple[GapKind, ...]) -> str:
    """Return the address of the list of some kinds in the same part of the city and on the same day."""
    kept = {name: look.filter.value(name) for name in ("unit", "year", "function")}
    query = urlencode(
        [(name, value) for name, value in kept.items() if value] + [("kind", kind.value) for kind in kinds]
    )
    return f"{reverse('chain:gaps')}{'?' if query else ''}{query}#daftar"


def _silent_url(look: Look) -> str:
    kept = {name: look.filter.value(name) for name in ("unit", "year")}
    query = urlencode({name: value for name, value in kept.items() if value} | {"silent": "on"})
    return f"{reverse('chain:coverage')}?{query}"
