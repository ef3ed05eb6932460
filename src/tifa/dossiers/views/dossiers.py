"""A dossier as a whole: the list, beginning one, what is missing, and whether it is ready."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.core.downloads import (
    WORD_TYPE,
    content_response,
    pieces_response,
    stored_response,
    table_response,
)
from tifa.core.permissions import permission
from tifa.dossiers.choices import FINISHED_STATES, DossierState, Statement
from tifa.dossiers.documents import (
    check_address,
    proposal_docx,
    proposal_of,
    proposal_pdf,
    proposal_sheets,
    statement_docx,
)
from tifa.dossiers.forms import FactsForm, RemarkForm
from tifa.dossiers.models import Dossier, DossierAnswer
from tifa.dossiers.packing import packed, zip_pieces
from tifa.dossiers.selectors.choosing import selections_that_hold
from tifa.dossiers.selectors.closing import soon_old_enough
from tifa.dossiers.selectors.dossiers import (
    LEVEL,
    FormItem,
    Rights,
    answers_of,
    check_of,
    comments_on,
    each_dossier,
    edition_board,
    form_items,
    given_score,
    levels_of,
    sent_of,
    text_items,
    verdicts_of,
    verified_score,
    visible_dossiers,
)
from tifa.dossiers.selectors.neighbours import neighbours_of
from tifa.dossiers.services.writing import (
    FACTS,
    DossierRefused,
    mark_ready,
    send_back,
    set_facts,
    start_dossier,
)
from tifa.dossiers.views.access import dossier_or_404, edition_or_404, innovation_or_404
from tifa.instruments import list_instruments, spoken
from tifa.instruments.schema import ChoiceItem
from tifa.organisation.desk import desk_of

PAGE_SIZE = 50
ZIP_TYPE = "application/zip"
GAINS = 5


@permission("dossiers.view")
def dossier_list(request: HttpRequest) -> HttpResponse:
    """Show the dossiers that the person may see, narrowed to a state."""
    desk = desk_of(request)
    found = visible_dossiers(desk.person, desk.tree)
    state = request.GET.get("state", "")
    if state in DossierState.values:
        found = found.filter(state=state)
    titles = {one.id: spoken(one.title) for one in list_instruments()}
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(one, titles.get(one.instrument_id, one.instrument_id)) for one in page],
        "state": state,
        "states": DossierState.choices,
        "editions": edition_board(desk.person, desk.tree, desk.today),
        "may_choose": request.user.has_perm("chain.decide"),
        "may_see_city": request.user.has_perm("dossiers.view_city"),
        "soon": soon_old_enough(desk.person, desk.tree, desk.today),
    }
    return render(request, "dossiers/list.html", context)


@permission("dossiers.write")
@require_POST
def dossier_start(request: HttpRequest, code: str, instrument_id: str) -> HttpResponse:
    """Begin a dossier, filled with the story."""
    desk = desk_of(request)
    innovation, rights = innovation_or_404(desk, code)
    if not rights.write:
        raise PermissionDenied
    instrument = edition_or_404(instrument_id)
    if not text_items(instrument, next((one.id for one in instrument.groups), "")):
        raise Http404
    dossier = start_dossier(
        actor=desk.person,
        innovation=innovation,
        instrument=instrument,
        group=next((one.id for one in instrument.groups), ""),
        now=timezone.now(),
    )
    return redirect("dossiers:dossier", dossier.pk)


@permission("dossiers.view")
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a dossier: item by item what is written and missing, who may enter, what to mend."""
    desk = desk_of(request)
    found, instrument, rights = dossier_or_404(desk, pk)
    answers = answers_of(found)
    check = check_of(found, instrument, answers, on=desk.today)
    lengths = {one.id: one for one in check.lengths}
    waiting: dict[str, int] = {}
    for remark in comments_on(found).filter(resolved_at=None):
        waiting[remark.item] = waiting.get(remark.item, 0) + 1
    sent = sent_of(found)
    context = {
        "dossier": found,
        "innovation": found.innovation,
        "instrument": instrument,
        "title": spoken(instrument.title),
        "rights": rights,
        "open": found.is_open,
        "check": check,
        "rows": [
            {
                "item": item,
                "label": spoken(item.label),
                "answer": answers.get(item.id),
                "length": lengths.get(item.id),
                "comments": waiting.get(item.id, 0),
                "lint": [one for one in check.lint if one.item == item.id],
                "level": _level(item, answers.get(item.id)),
            }
            for item in form_items(instrument, found.group)
        ],
        "lint": [one for one in check.lint if one.item is None],
        "neighbours": neighbours_of(found.innovation, desk.person, desk.tree),
        "verdicts": verdicts_of(check, "failed", "unknown", "judged", "met"),
        "open_verdicts": verdicts_of(check, "unknown", "judged"),
        "gains": [
            {"item": one.item.id, "label": spoken(one.item.label), "points": float(one.points)}
            for one in check.gains[:GAINS]
        ],
        "verified": verified_score(found, instrument, answers, on=desk.today),
        "facts": FactsForm(
            instrument=instrument,
            initial={name: getattr(found, name) for name in (*FACTS, "version")},
        ),
        "remark": RemarkForm(),
        "statements": [
            (value, label, any(one.id.endswith(f"_{value}") for one in instrument.attachments))
            for value, label in Statement.choices
        ],
        "sent": sent,
        "selection": selections_that_hold([pk]).get(pk),
        "given": given_score(sent),
    }
    return render(request, "dossiers/dossier.html", context)


@permission("dossiers.view")
@require_POST
def dossier_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep group, category and attachments; say that the dossier is ready, or send it back."""
    desk = desk_of(request)
    found, instrument, rights = dossier_or_404(desk, pk)
    action = request.POST.get("action", "")
    _refuse_without_right(action, rights)
    try:
        _change(
            request,
            found,
            action,
            {"actor": desk.person, "dossier": found, "now": timezone.now()},
            instrument,
        )
    except DossierRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dossiers:dossier", pk)


@permission("dossiers.view")
def dossier_export(request: HttpRequest, pk: int, fmt: str) -> HttpResponseBase:
    """Hand out the proposal for Word, as PDF, as a table, or as a ZIP with what proves it."""
    found, instrument, _rights = dossier_or_404(desk_of(request), pk)
    proposal = proposal_of(found, instrument, answers_of(found))
    name = f"{found.innovation.code}-{instrument.id}"
    sent = next(iter(sent_of(found)), None)
    if fmt == "docx":
        check = check_address(sent) if sent else ""
        return content_response(proposal_docx(proposal, check), f"{name}.docx", WORD_TYPE)
    if fmt == "pdf" and sent:
        # What went out is handed out, not made anew.
        return stored_response(sent.pdf)
    if fmt == "pdf":
        return content_response(proposal_pdf(proposal), f"{name}.pdf", "application/pdf")
    if fmt == "zip":
        return pieces_response(zip_pieces([packed(found)]), f"{name}.zip", ZIP_TYPE)
    return table_response(fmt, name, proposal_sheets(proposal))


@permission("dossiers.view")
def dossier_statement(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Hand out one of the statements that go with a proposal, as Word, to be signed."""
    desk = desk_of(request)
    found, instrument, _rights = dossier_or_404(desk, pk)
    if kind not in Statement.values:
        raise Http404
    content = statement_docx(found, instrument, Statement(kind), on=desk.today)
    return content_response(content, f"{found.innovation.code}-pernyataan-{kind}.docx", WORD_TYPE)


@permission("dossiers.view")
def edition_zip(request: HttpRequest, instrument_id: str) -> HttpResponseBase:
    """Hand out all dossiers of an edition that are ready or sent, each in a folder of its own."""
    desk = desk_of(request)
    rows = visible_dossiers(desk.person, desk.tree).filter(
        instrument_id=edition_or_404(instrument_id).id, state__in=FINISHED_STATES
    )
    keys = list(rows.order_by("innovation__code").values_list("pk", flat=True))
    if not keys:
        raise Http404
    packages = (
        packed(one, f"{one.innovation.code.replace('/', '-')}/", desk.tree) for one in each_dossier(keys)
    )
    return pieces_response(zip_pieces(packages), f"{instrument_id}.zip", ZIP_TYPE)


@permission("dossiers.view")
def dossier_sent(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Hand out the PDF as it was sent."""
    found, _instrument, _rights = dossier_or_404(desk_of(request), pk)
    return stored_response(next((one.pdf for one in sent_of(found) if one.code == code), None))


@permission("dossiers.view")
def dossier_paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the texts one below the other in the order of the form, to be copied into it."""
    found, instrument, _rights = dossier_or_404(desk_of(request), pk)
    rows = proposal_of(found, instrument, answers_of(found)).places
    context = {
        "dossier": found,
        "innovation": found.innovation,
        "title": spoken(instrument.title),
        "rows": rows,
    }
    return render(request, "dossiers/paste.html", context)


def _level(item: FormItem, answer: DossierAnswer | None) -> str | None:
    """Return the words of a claimed level; None where a text is asked for."""
    if not isinstance(item, ChoiceItem):
        return None
    return dict(levels_of(item)).get(answer.texts.get(LEVEL, ""), "") if answer else ""


def _refuse_without_right(action: str, rights: Rights) -> None:
    allowed = {"facts": rights.write, "ready": rights.decide, "back": rights.decide}
    if not allowed.get(action, False):
        raise PermissionDenied


def _change(request: HttpRequest, found: Dossier, action: str, who: dict[str, Any], instrument: Any) -> None:
    if action == "ready":
        mark_ready(**who)
        messages.success(request, _("The dossier is ready. Its texts rest until it is sent back."))
    elif action == "back":
        form = RemarkForm(request.POST)
        send_back(**who, note=form.cleaned_data["text"] if form.is_valid() else "")
        messages.success(request, _("The dossier is sent back with your note."))
    else:
        form_of_facts = FactsForm(request.POST, instrument=instrument)
        if not form_of_facts.is_valid():
            raise DossierRefused(_("This choice does not belong to the edition. Reload the page."))
        set_facts(
            **who,
            instrument=instrument,
            facts=form_of_facts.facts(),
            version=form_of_facts.cleaned_data["version"],
        )
        messages.success(request, _("Kept."))
