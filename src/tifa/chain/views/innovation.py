"""One innovation: its page, its evidence and its files."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from tifa.chain.documents import letter_docx
from tifa.chain.selectors.handoffs import handoffs_of, may_have_letter, visible_receipts
from tifa.chain.views.innovation_page import innovation_or_404, show_innovation
from tifa.core.downloads import WORD_TYPE, content_response, stored_response
from tifa.core.permissions import permission
from tifa.organisation.desk import desk_of, person_of
from tifa.registry.selectors import (
    decidable_innovations,
)


@permission("registry.view_innovations")
def innovation_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one innovation."""
    desk = desk_of(request)
    return show_innovation(request, desk, innovation_or_404(desk, code))


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
