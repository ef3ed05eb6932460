"""The vault: all evidence that a person may know of, and one piece of it."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tifa.chain.forms.content import typed
from tifa.chain.forms.evidence import (
    EVIDENCE_NAMES,
    EvidenceForm,
    FactsForm,
    OtherFileForm,
    RedactedForm,
    VaultFilter,
)
from tifa.chain.views.files import keep_upload
from tifa.chain.views.innovation_page import show_innovation
from tifa.core.downloads import stored_response
from tifa.core.permissions import permission
from tifa.dossiers.selectors.dossiers import proven_by
from tifa.dossiers.services.proof import replace_proof
from tifa.organisation.desk import Desk, desk_of
from tifa.registry.choices import Confidentiality
from tifa.registry.models import Evidence
from tifa.registry.selectors import (
    evidencable_innovations,
    file_for,
    found_in_vault,
    kept_files,
    original_units,
    reading_of,
    twins_of,
    vault,
)
from tifa.registry.services import (
    EvidenceFacts,
    SameEvidence,
    StaleEvidence,
    add_evidence,
    describe_evidence,
    redact_evidence,
)

PAGE_SIZE = 30
SOON = timedelta(days=90)
OTHER_ID = "other_%s"


@permission("registry.view_innovations")
def evidence_list(request: HttpRequest) -> HttpResponse:
    """Show the vault, narrowed to words, a kind and a state."""
    desk = desk_of(request)
    form = VaultFilter(request.GET or None)
    said = form.cleaned_data if form.is_valid() else {}
    rows = _in_state(vault(desk.person, desk.tree), said.get("state", ""), desk.today)
    if said.get("kind"):
        rows = rows.filter(kind=said["kind"])
    if said.get("q"):
        rows = found_in_vault(rows, said["q"], desk.person, desk.tree)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    rows_shown = [(one, one.has_expired(desk.today)) for one in page]
    return render(request, "chain/vault.html", {"form": form, "page_obj": page, "rows": rows_shown})


@permission("registry.view_innovations")
def evidence_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one piece: its first page, what it is, what it proves, what it was before; keep what is said of it."""
    desk = desk_of(request)
    evidence = _evidence_or_404(desk, pk)
    if request.method != "POST":
        return _show(request, desk, evidence)
    _refuse_without_right(desk, evidence)
    form = _facts_form(desk, evidence, request.POST)
    if not form.is_valid():
        return _show(request, desk, _evidence_or_404(desk, pk), facts=form, status=422)
    try:
        describe_evidence(
            actor=desk.person, evidence=evidence, facts=form.facts(), version=form.cleaned_data["version"]
        )
    except StaleEvidence:
        stored = _evidence_or_404(desk, pk)
        form.compare(stored)
        return _show(request, desk, stored, facts=form, status=409)
    messages.success(request, _("Kept."))
    return redirect("chain:evidence_detail", pk)


@permission("registry.add_evidence")
@require_POST
def evidence_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another file or link in the place of this one."""
    desk = desk_of(request)
    evidence = _evidence_or_404(desk, pk)
    _refuse_without_right(desk, evidence)
    values = typed(request.POST, ("evidence_url", "evidence_file", "version"))
    values["evidence_file"], refusal = keep_upload(request, desk.person, "evidence")
    form = OtherFileForm(values, files=kept_files(desk.person), auto_id=OTHER_ID)
    if refusal:
        form.show_only("evidence_upload", refusal)
    if not form.is_valid():
        return _show(request, desk, evidence, other=form, status=422)
    said = form.cleaned_data
    try:
        unchecked = replace_proof(
            actor=desk.person,
            evidence=evidence,
            version=said["version"],
            url=said["evidence_url"],
            stored=said["evidence_file"],
        )
    except (StaleEvidence, SameEvidence) as refused:
        form.add_error(None, _meanwhile() if isinstance(refused, StaleEvidence) else str(refused))
        return _show(request, desk, evidence, other=form, status=409)
    counted = ngettext(
        "It is replaced. To be checked again: %(n)d answer.",
        "It is replaced. To be checked again: %(n)d answers.",
        unchecked,
    )
    messages.success(request, counted % {"n": unchecked} if unchecked else _("It is replaced."))
    return redirect("chain:evidence_detail", pk)


@permission("registry.add_evidence")
@require_POST
def evidence_redact(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the copy without data of persons."""
    desk = desk_of(request)
    evidence = _evidence_or_404(desk, pk)
    _refuse_without_right(desk, evidence)
    form = RedactedForm(request.POST)
    key, refusal = keep_upload(request, desk.person, "evidence")
    stored = kept_files(desk.person).filter(pk=int(key)).first() if key.isdecimal() and not refusal else None
    try:
        if stored is None or not form.is_valid():
            raise ValidationError(refusal or _("Choose the file of the copy."))
        redact_evidence(
            actor=desk.person, evidence=evidence, version=form.cleaned_data["version"], stored=stored
        )
    except StaleEvidence:
        messages.error(request, _meanwhile())
    except SameEvidence:
        messages.error(
            request, _("This is the original itself. Take the data of persons out of a copy first.")
        )
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("The copy is kept. Judges and dossiers get it instead of the original."))
    return redirect("chain:evidence_detail", pk)


@permission("registry.view_innovations")
def evidence_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the first page as a picture that was drawn here; nothing of the file itself is shown."""
    desk = desk_of(request)
    evidence = _evidence_or_404(desk, pk)
    reading = reading_of(evidence.file) if _opens(desk, evidence) else None
    if reading is None or not reading.preview:
        raise Http404
    response = HttpResponse(bytes(reading.preview), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@permission("registry.view_innovations")
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the file: the original for whoever may open it, else the redacted copy."""
    desk = desk_of(request)
    evidence = _evidence_or_404(desk, pk)
    return stored_response(file_for(evidence, original=_opens(desk, evidence)))


@permission("registry.view_innovations")
def evidence_redacted(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the copy without data of persons."""
    return stored_response(_evidence_or_404(desk_of(request), pk).redacted)


@permission("registry.add_evidence")
@require_POST
def evidence_add(request: HttpRequest, code: str) -> HttpResponse:
    """Attach a file or a link."""
    desk = desk_of(request)
    innovation = get_object_or_404(evidencable_innovations(desk.person, desk.tree), code=code)
    values = typed(request.POST, EVIDENCE_NAMES)
    values["evidence_file"], refusal = keep_upload(request, desk.person, "evidence")
    form = EvidenceForm(values, files=kept_files(desk.person))
    valid = form.is_valid()
    if refusal:
        form.show_only("evidence_upload", refusal)
    elif valid:
        said = form.evidence() or {}
        try:
            added = add_evidence(
                actor=desk.person,
                innovation=innovation,
                facts=EvidenceFacts(
                    said["kind"],
                    said["title"],
                    confidentiality=Confidentiality.of(personal=said["personal"]),
                ),
                url=said["url"],
                stored=said["stored"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        except SameEvidence as same:
            form.add_error(None, str(same))
        else:
            messages.success(
                request,
                _("“%(title)s” is added. Say below what it is: number, date, years.")
                % {"title": added.title},
            )
            return redirect("chain:evidence_detail", added.pk)
    return show_innovation(request, desk, innovation, evidence=form)


def _evidence_or_404(desk: Desk, pk: int) -> Evidence:
    found: Evidence = get_object_or_404(vault(desk.person, desk.tree), pk=pk)
    return found


def _opens(desk: Desk, evidence: Evidence) -> bool:
    reaches = evidence.innovation.unit_id in original_units(desk.person, desk.tree)
    return reaches or evidence.confidentiality != Confidentiality.PERSONAL


def _refuse_without_right(desk: Desk, evidence: Evidence) -> None:
    if evidence.innovation.unit_id not in original_units(desk.person, desk.tree):
        raise PermissionDenied


def _meanwhile() -> str:
    return _(
        "Somebody changed this evidence meanwhile, so yours was not stored. Reload the page and look again."
    )


def _facts_form(desk: Desk, evidence: Evidence, data: Any = None) -> FactsForm:
    units = [(unit.pk, f"{'– ' * depth}{unit.name}") for depth, unit in desk.tree.in_order()]
    return FactsForm(data, instance=evidence, units=units, initial={"version": evidence.version})


def _show(
    request: HttpRequest,
    desk: Desk,
    evidence: Evidence,
    *,
    facts: FactsForm | None = None,
    other: OtherFileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    changes = evidence.innovation.unit_id in original_units(desk.person, desk.tree)
    opens = _opens(desk, evidence)
    reading = reading_of(evidence.file)
    context = {
        "evidence": evidence,
        "innovation": evidence.innovation,
        "reading": reading if opens else None,
        "unread": evidence.file is not None and reading is None,
        "opens": opens,
        "file": file_for(evidence, original=opens),
        "expired": evidence.has_expired(desk.today),
        "twins": list(twins_of(evidence, desk.person, desk.tree)[:PAGE_SIZE]),
        "versions": list(evidence.versions.select_related("file", "replaced_by")) if changes else [],
        "proves": proven_by(evidence),
        "facts": (facts or _facts_form(desk, evidence)) if changes else None,
        "other": other
        or OtherFileForm(
            files=kept_files(desk.person), initial={"version": evidence.version}, auto_id=OTHER_ID
        ),
        "redacted": RedactedForm(initial={"version": evidence.version}, auto_id="copy_%s"),
    }
    return render(request, "chain/evidence_detail.html", context, status=status)


def _in_state(rows: QuerySet[Evidence], state: str, today: date) -> QuerySet[Evidence]:
    if state == "expired":
        return rows.filter(valid_until__lt=today)
    if state == "expiring":
        return rows.filter(valid_until__gte=today, valid_until__lte=today + SOON)
    if state == "personal":
        return rows.filter(confidentiality=Confidentiality.PERSONAL)
    if state == "undated":
        return rows.filter(Q(number="") | Q(dated_on=None))
    return rows
