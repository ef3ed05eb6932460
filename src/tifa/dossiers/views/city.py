"""What the index of the city becomes with these innovations."""

from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tifa.core.permissions import permission
from tifa.dossiers.forms import WhatIfForm
from tifa.dossiers.selectors.city import City, WhatIf, city_under
from tifa.dossiers.simulation import Simulated, own_results
from tifa.dossiers.views.access import edition_or_404
from tifa.instruments import Instrument, spoken
from tifa.organisation.desk import desk_of


@permission("dossiers.view_city")
def city(request: HttpRequest, instrument_id: str) -> HttpResponse:
    """Show the index with its parts, what is missing, and what each innovation adds; nothing is stored."""
    desk, instrument = desk_of(request), edition_or_404(instrument_id)
    if not instrument.collections:
        raise Http404
    form = WhatIfForm(request.GET or None, instrument=instrument)
    tried = form.tried() if form.is_valid() else WhatIf({}, ())
    found = city_under(desk.person, desk.tree, instrument, tried, desk.today)
    context = {
        "instrument": instrument,
        "title": spoken(instrument.title),
        "form": form,
        "city": found,
        "parts": _parts(instrument, found),
        "compared": [
            (spoken(one.alternative.label), one.node.shown, other.node.shown)
            for one, other in zip(found.claimed.compared, found.checked.compared, strict=True)
        ],
        "bands": {"claimed": _band(found.claimed), "checked": _band(found.checked)},
        "inside": sum(row.inside for row in found.rows) + tried.more,
        "kept": [(name, request.GET[name]) for name in form.fields if request.GET.get(name)],
        "least": _shown(found.claimed.least),
        "covered": [(one, _shown(one.then)) for one in found.claimed.covered],
        "rows": [(one, float(one.claimed), float(one.checked)) for one in found.rows],
        "tried": tried,
        "own": [spoken(one.label) for one in own_results(instrument) if one.id not in tried.given],
    }
    return render(request, "dossiers/city.html", context)


def _parts(instrument: Instrument, found: City) -> list[dict[str, Any]]:
    """Return the results on the way to the index, the index first, each both ways and with the highest it can reach."""
    most = {one.id: one.most.value for one in instrument.results if one.most is not None}
    pairs = zip(found.claimed.parts, found.checked.parts, strict=True)
    return [
        {"label": spoken(one.label), "claimed": one, "checked": other, "most": most.get(one.id)}
        for one, other in reversed(list(pairs))
    ]


def _band(found: Simulated) -> str:
    return spoken(found.node.band.label) if found.node.band else ""


def _shown(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
