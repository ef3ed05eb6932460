"""How long each step takes, and where innovations stay behind."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from tifa.chain.forms.filters import FlowFilter
from tifa.chain.selectors.flow import flow as flow_of
from tifa.chain.selectors.ledgers import Scope, first_year
from tifa.chain.views.words import KIND_RULES
from tifa.core.permissions import permission
from tifa.organisation.choices import VIEWING_ROLES
from tifa.organisation.desk import desk_of
from tifa.organisation.selectors import unit_choices, units_of


@permission("chain.view_gaps")
def flow(request: HttpRequest) -> HttpResponse:
    """Show the figures of a part of the city beside the national ones."""
    desk = desk_of(request)
    visible = units_of(desk.person, VIEWING_ROLES, desk.tree)
    years = range(desk.today.year, first_year(Scope(desk.today, visible)) - 1, -1)
    chosen = FlowFilter(request.GET, units=unit_choices(desk.tree, visible), years=years, today=desk.today)
    unit = chosen.chosen_unit
    part = visible & desk.tree.subtree(unit.pk) if unit else visible
    found = flow_of(Scope(chosen.as_of, part, chosen.value("function")), desk.tree)
    kept = {name: chosen.value(name) for name in ("unit", "year", "function") if chosen.value(name)}
    context = {
        "filter": chosen,
        "flow": found,
        "stuck": [
            (kind, count, f"{reverse('chain:gaps')}?{urlencode({**kept, 'kind': kind.value})}#daftar")
            for kind, count in found.stuck
        ],
        "kind_rules": [(step.kind.label, KIND_RULES[step.kind]) for step in found.steps],
    }
    return render(request, "chain/flow.html", context)
