"""One innovation: its page, its evidence and its files."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.chain.documents import letter_docx
from tifa.chain.forms.content import typed
from tifa.chain.forms.evidence import EVIDENCE_NAMES, EvidenceForm
from tifa.chain.selectors.handoffs import handoffs_of, may_have_letter, visible_receipts
from tifa.chain.views.files import keep_upload
from tifa.chain.views.innovation_page import innovation_or_404, show_innovation
from tifa.core.downloads import WORD_TYPE, content_response, stored_response
from tifa.core.permissions import permission
from tifa.organisation.desk import desk_of, person_of
from tifa.registry.selectors import (
    decidable_innovations,
    evidencable_innovations,
    kept_files,
    visible_evidence,
)
from tifa.registry.services import add_evidence


@permission("registry.view_innovations")
def innovation_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one innovation."""
    desk = desk_of(request)
    return show_innovation(request, desk, innovation_or_404(desk, code))


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
            add_evidence(actor=desk.person, innovation=innovation, **said)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The evidence “%(title)s” is added.") % {"title": said["title"]})
            return redirect("chain:innovation_detail", innovation.code)
    return show_innovation(request, desk, innovation, evidence=form)


@permission("registry.view_innovations")
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the file of a piece of evidence."""
    return stored_response(get_object_or_404(visible_evidence(person_of(request)), pk=pk).file)


@permission("registry.view_innovations")
def receipt_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the receipt of a step."""
    return stored_response(get_object_or_404(visible_receipts(person_of(request)), pk=pk).receipt)


@permission("chain.decide")
def handoff_letter(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the letter that goes with a forwarded innovation, as Word."""
    desk = desk_of(request)
    innovation = get_object_or_404(decidable_innovations(desk.person, desk.tree), code=code)
    handoffs = list(handoffs_of(innovation))
    if not may_have_letter(handoffs):
        messages.error(request, _("There is a letter only once the innovation is selected. Select it first."))
        return redirect("chain:innovation_detail", innovation.code)
    content = letter_docx(innovation, handoffs, on=desk.today)
    return content_response(content, f"surat-penerusan-{innovation.code}.docx", WORD_TYPE)
