"""The published assessment standards: the list, one of them, and the data behind it."""

from collections.abc import Callable, Mapping

import yaml
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tifa.core.downloads import content_response
from tifa.core.permissions import public
from tifa.instruments import (
    Instrument,
    UnknownInstrument,
    digest,
    instrument_to_json,
    load_instrument,
)
from tifa.portal.documents.standard import standard_pdf
from tifa.portal.selectors.standards import (
    alternatives_of,
    changes_of,
    checkable,
    day,
    families,
    item_tables,
    kind_of,
    moment,
    moves,
    named,
    results_of,
    sample_rules,
    samples_of,
    standard_text,
    successors_of,
)


@public
def standards(request: HttpRequest) -> HttpResponse:
    """List the standards by which innovations and services are judged, by family."""
    return render(request, "portal/standards.html", {"families": families()})


@public
def standard(request: HttpRequest, instrument_id: str) -> HttpResponse:
    """Show one standard with everything it says, and how well each value is known."""
    instrument = instrument_or_404(instrument_id)
    text = standard_text(instrument)
    calendar = text.get("calendar")
    context = {
        "standard": text,
        "kind": kind_of(instrument),
        "valid_from": day(text.get("valid_from")),
        "valid_to": day(text.get("valid_to")),
        "cancelled_on": day(text["cancelled"].get("on")) if instrument.cancelled else None,
        "successors": successors_of(instrument) if instrument.cancelled else (),
        "base": named(instrument.base),
        "predecessor": named(instrument.predecessor),
        "changes": changes_of(instrument),
        "items": item_tables(instrument, text),
        "results": results_of(instrument),
        "alternatives": alternatives_of(instrument),
        "samples": samples_of(instrument),
        "sample_rules": sample_rules(instrument),
        "calendar": calendar
        and {
            "opens": moment(calendar["opens"]),
            "announced": day(calendar["announced_close"]["value"]),
            "closes": moment(calendar["closes"]),
            "moves": moves(calendar["closes"]),
            "interruptions": [
                (one, day(one["first"]), day(one["last"])) for one in calendar.get("interruptions", ())
            ],
        },
        "stages": [(stage, day(stage.get("on"))) for stage in text.get("stages", ())],
        "checkable": checkable(instrument),
        "digest": digest(instrument),
    }
    return render(request, "portal/standard.html", context)


@public
def standard_download(request: HttpRequest, instrument_id: str, fmt: str) -> HttpResponse:
    """Give a standard as YAML, JSON or PDF; its digest is that of the page."""
    instrument = instrument_or_404(instrument_id)
    return _WRITERS[fmt](instrument)


def instrument_or_404(instrument_id: str) -> Instrument:
    """Return the standard of an address."""
    try:
        return load_instrument(instrument_id)
    except UnknownInstrument as error:
        raise Http404 from error


def _yaml(instrument: Instrument) -> HttpResponse:
    content = instrument_to_json(instrument)
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
    return content_response(text.encode(), f"{instrument.id}.yaml", "application/yaml; charset=utf-8")


def _json(instrument: Instrument) -> HttpResponse:
    response = JsonResponse(
        instrument_to_json(instrument), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = f'attachment; filename="{instrument.id}.json"'
    return response


def _pdf(instrument: Instrument) -> HttpResponse:
    return content_response(standard_pdf(instrument), f"{instrument.id}.pdf", "application/pdf")


_WRITERS: Mapping[str, Callable[[Instrument], HttpResponse]] = {"yaml": _yaml, "json": _json, "pdf": _pdf}
