"""One version of a standard: begun, written, and its steps."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.core.differences import pieces
from tifa.core.files import RefusedFile, check_upload, store_file
from tifa.core.forms import renew
from tifa.core.permissions import permission
from tifa.instruments import load_instrument
from tifa.organisation.desk import Desk, desk_of
from tifa.standards.choices import BINDING, NEXT, Progress
from tifa.standards.forms import ComponentsForm, StepForm
from tifa.standards.models import Standard
from tifa.standards.selectors import components_of, differences_from
from tifa.standards.services import StaleRow, StandardRefused, begin_standard, save_components, take_step
from tifa.standards.views.access import service_or_404, standard_or_404, writable_or_403
from tifa.standards.views.services import service_page


@permission("standards.write")
@require_POST
def standard_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a version: empty, with what the last one says, or with the standard of a sister unit."""
    desk = desk_of(request)
    service = writable_or_403(desk, pk)
    chosen = request.POST.get("copy", "")
    copy = get_object_or_404(Standard, pk=chosen, progress__in=BINDING) if chosen.isdigit() else None
    try:
        made = begin_standard(actor=desk.person, service=service, copy=copy, now=timezone.now())
    except StandardRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(service)
    return redirect("standards:standard", service.pk, made.number)


@permission("standards.view")
def standard(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show a version component by component; keep what is written while it is a draft."""
    desk = desk_of(request)
    service, writes = service_or_404(desk, pk)
    found = standard_or_404(service, number)
    form, status, stale = _form(found, request.POST if request.method == "POST" else None), 200, None
    if request.method == "POST":
        if not writes:
            raise PermissionDenied
        if form.is_valid():
            try:
                _saved(desk, found, form)
            except StaleRow as caught:
                stale, status = caught, 409
                renew(form, caught.stored.version)
            except StandardRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved."))
                return redirect("standards:standard", pk, number)
        status = status if status != 200 else 422
    instrument = load_instrument(found.instrument_id)
    context: dict[str, Any] = {
        "service": service,
        "standard": found,
        "form": form,
        "public": list(form.places(public=True)),
        "inner": list(form.places(public=False)),
        "components": components_of(instrument, found.components),
        "writes": writes and found.is_draft,
        "stale": stale,
        "merged": _merged(found, stale, form) if stale else [],
        "differences": list(differences_from(found, found.copied_from, instrument))
        if found.copied_from
        else None,
        "autosave_key": f"standard-{desk.person.pk}-{found.pk}",
    }
    return render(request, "standards/standard.html", context, status=status)


@permission("standards.write")
@require_POST
def standard_autosave(request: HttpRequest, pk: int, number: int) -> JsonResponse:
    """Keep what is typed so far."""
    desk = desk_of(request)
    service = writable_or_403(desk, pk)
    found = standard_or_404(service, number)
    form = _form(found, request.POST)
    if not form.is_valid():
        return JsonResponse({"message": _("Nothing could be stored yet.")}, status=422)
    try:
        stored = _saved(desk, found, form)
    except StaleRow as stale:
        said = _("%(sentence)s Press “Save” to see both texts.") % {"sentence": str(stale)}
        return JsonResponse({"message": said, "version": stale.stored.version}, status=409)
    except StandardRefused as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    return JsonResponse({"version": stored.version})


@permission("standards.write")
@require_POST
def standard_step(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Record a step, with its minutes or decree."""
    desk = desk_of(request)
    service = writable_or_403(desk, pk)
    found = standard_or_404(service, number)
    steps = NEXT[Progress(found.progress) if found.progress else None]
    if not steps:
        raise Http404
    form = StepForm(request.POST, request.FILES, steps=steps)
    if form.is_valid():
        try:
            _take(desk, found, form)
        except RefusedFile as refusal:
            form.add_error("upload", str(refusal))
        except StandardRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Recorded: %(step)s.") % {"step": Progress(form.taken().step).label})
            return redirect(service)
    return service_page(request, desk, service, writes=True, step=form)


def _take(desk: Desk, found: Standard, form: StepForm) -> None:
    taken, upload = form.taken(), form.cleaned_data["upload"]
    if upload is not None:
        checked = check_upload(upload)
        taken = replace(taken, file=store_file(person=desk.person, upload=upload, checked=checked))
    take_step(actor=desk.person, standard=found, taken=taken, today=desk.today, now=timezone.now())


def _form(found: Standard, data: Any) -> ComponentsForm:
    components = components_of(load_instrument(found.instrument_id), found.components)
    return ComponentsForm(data, components=components, version=found.version)


def _saved(desk: Desk, found: Standard, form: ComponentsForm) -> Standard:
    return save_components(
        actor=desk.person,
        standard=found,
        components=form.texts(),
        version=form.cleaned_data["version"],
        now=timezone.now(),
    )


def _merged(found: Standard, stale: StaleRow, form: ComponentsForm) -> list[tuple[str, Any]]:
    """Return the components in which what is stored and what was typed differ."""
    stored, typed = stale.stored.components, form.texts()
    return [
        (one.label, list(pieces(stored.get(one.id, ""), typed[one.id])))
        for one in components_of(load_instrument(found.instrument_id), {})
        if stored.get(one.id, "") != typed[one.id].strip()
    ]
