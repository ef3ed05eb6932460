"""The published assessment standards: the list, one of them, and the data behind it."""

from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from tifa.core.permissions import public
from tifa.instruments import (
    Instrument,
    UnknownInstrument,
    digest,
    instrument_to_json,
    list_instruments,
    load_instrument,
)
from tifa.portal.selectors.standards import day, moment, standard_text


@public
def standards(request: HttpRequest) -> HttpResponse:
    """List the standards by which innovations are judged."""
    english = get_language() == "en"
    rows = [
        {
            "id": one.id,
            "title": one.title.en if english else one.title.id,
            "year": one.year,
            "digest": one.digest,
        }
        for one in list_instruments()
    ]
    return render(request, "portal/standards.html", {"standards": rows})


@public
def standard(request: HttpRequest, instrument_id: str) -> HttpResponse:
    """Show one standard with its sections, weights, limits, calendar and sources."""
    instrument = _instrument_or_404(instrument_id)
    zones = {"ministry": ZoneInfo(settings.MINISTRY_TIME_ZONE), "home": ZoneInfo(settings.TIME_ZONE)}
    text = standard_text(instrument, get_language() or "id")
    context = {
        "standard": text,
        "groups": [
            {**group, "sections": [one for one in text["sections"] if one["group"] == group["id"]]}
            for group in text["groups"]
        ],
        "opens": moment(text["calendar"]["opens"], **zones),
        "closes": moment(text["calendar"]["closes"], **zones),
        "announced": day(text["calendar"]["announced_close"]["value"]),
        "stages": [(stage, day(stage.get("on"))) for stage in text["stages"]],
        "digest": digest(instrument),
    }
    return render(request, "portal/standard.html", context)


@public
def standard_download(request: HttpRequest, instrument_id: str, fmt: str) -> HttpResponse:
    """Give a standard as YAML or JSON; its digest is that of the page."""
    instrument = _instrument_or_404(instrument_id)
    content = instrument_to_json(instrument)
    if fmt == "json":
        response: HttpResponse = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    else:
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
        response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{instrument.id}.{fmt}"'
    return response


def _instrument_or_404(instrument_id: str) -> Instrument:
    try:
        return load_instrument(instrument_id)
    except UnknownInstrument as error:
        raise Http404 from error
