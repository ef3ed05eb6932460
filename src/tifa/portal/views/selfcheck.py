"""A standard that anybody can answer without an account: the form, and what comes out. Nothing is stored."""

from collections.abc import Callable, Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tifa.core.clock import today
from tifa.core.downloads import content_response
from tifa.core.permissions import public
from tifa.instruments import BadAnswers, Instrument, digest, score, spoken
from tifa.portal.documents.selfcheck import result_pdf
from tifa.portal.forms.selfcheck import SelfCheckForm
from tifa.portal.selectors.outcomes import Told, elsewhere, other_editions, told
from tifa.portal.selectors.selfcheck import Check, checks_of, chosen_check
from tifa.portal.selectors.standards import checkable
from tifa.portal.views.standards import instrument_or_404

UNPROCESSABLE = 422


@public
def self_check(request: HttpRequest, instrument_id: str) -> HttpResponse:
    """Show the form of a standard, and after it was filled what the answers give."""
    instrument = instrument_or_404(instrument_id)
    checks = checks_of(instrument)
    if not checkable(instrument) or not checks:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    check = chosen_check(checks, asked.get("kelompok", ""), asked.get("bagian", ""))
    if check is None:
        return _chooser(request, instrument, checks)
    if request.method != "POST":
        return _form_page(request, check, SelfCheckForm(check=check), several=len(checks) > 1)
    form = SelfCheckForm(request.POST, check=check)
    if form.is_valid() and asked.get("aksi") != "ubah":
        result = _result(check, form)
        if result is not None:
            return _PAGES.get(asked.get("aksi", ""), _result_page)(request, form, result)
    status = UNPROCESSABLE if form.errors else 200
    return _form_page(request, check, form, several=len(checks) > 1, status=status)


def _result(check: Check, form: SelfCheckForm) -> Told | None:
    """Return what the answers give; None when they do not fit together, which the form then says."""
    try:
        return told(check, score(check.instrument, check.values(form.answers()), on=today()))
    except BadAnswers as bad:
        form.add_error(None, [str(fault) for fault in bad.faults])
        return None


def _chooser(request: HttpRequest, instrument: Instrument, checks: Sequence[Check]) -> HttpResponse:
    context = {"standard_id": instrument.id, "title": spoken(instrument.title), "checks": checks}
    return render(request, "portal/self_check_choose.html", context)


def _form_page(
    request: HttpRequest, check: Check, form: SelfCheckForm, *, several: bool, status: int = 200
) -> HttpResponse:
    context = {
        "check": check,
        "standard_id": check.instrument.id,
        "title": spoken(check.instrument.title),
        "form": form,
        "several": several,
        "rest": check.is_part and bool(check.instrument.items_of(check.group)),
    }
    return render(request, "portal/self_check.html", context, status=status)


def _result_page(request: HttpRequest, form: SelfCheckForm, result: Told) -> HttpResponse:
    instrument = result.check.instrument
    others = other_editions(instrument)
    other = next((one for one in others if one.id == request.POST.get("edisi")), None)
    context = {
        "told": result,
        "standard_id": instrument.id,
        "title": spoken(instrument.title),
        "revision": instrument.revision,
        "digest": digest(instrument),
        "typed": list(form.typed()),
        "editions": [(one.id, spoken(one.title)) for one in others],
        "elsewhere": elsewhere(result.check, form.answers(), other, result.outcome.on) if other else None,
    }
    return render(request, "portal/self_check_result.html", context)


def _printed(_request: HttpRequest, _form: SelfCheckForm, result: Told) -> HttpResponse:
    name = f"periksa-{result.check.instrument.id}.pdf"
    return content_response(result_pdf(result), name, "application/pdf")


_PAGES: Mapping[str, Callable[[HttpRequest, SelfCheckForm, Told], HttpResponse]] = {"pdf": _printed}
