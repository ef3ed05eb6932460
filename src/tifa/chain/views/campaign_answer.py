"""One unit in one campaign: what it owes, by when, and the answer in one form."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tifa.chain.forms.campaigns import AnswerForm
from tifa.chain.models import Campaign, CampaignUnit
from tifa.chain.selectors.campaigns import (
    Progress,
    delegation_of,
    extensions_of,
    head_of,
    known_of,
    may_manage,
    nil_of,
    progress_of,
    reported_in,
    seen_units,
    units_to_answer_for,
)
from tifa.chain.services.answering import (
    NilSaid,
    NothingNewRefused,
    NotOpen,
    VitalSaid,
    answer_campaign,
)
from tifa.chain.views.campaigns import campaign_or_404, crumbs
from tifa.core.permissions import permission
from tifa.organisation.desk import Desk, desk_of


@permission("chain.view_campaigns")
def campaign_unit(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show what a unit owes and has answered, and record its answer."""
    desk = desk_of(request)
    campaign = campaign_or_404(desk, pk)
    row = unit_row_or_404(desk, campaign, code)
    may_answer = row.unit_id in units_to_answer_for(desk.person, campaign, desk.tree)
    unit = progress_of(campaign, min(desk.today, campaign.closed_on or desk.today), units=[row.unit_id])[0]
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    form = _form(request, desk, campaign, unit)
    if request.method == "POST" and form.is_valid() and _answer(request, desk, row, form):
        return redirect("chain:campaign_unit", pk, code)
    context = {
        "campaign": campaign,
        "crumbs": crumbs(campaign),
        "row": row,
        "unit": unit,
        "form": form if may_answer else None,
        "known": form.rows,
        "reported": reported_in(campaign, row.unit_id, desk.today),
        "nil": nil_of(campaign, row.unit_id),
        "delegation": delegation_of(campaign, row.unit_id),
        "extensions": [one for one in extensions_of(campaign) if one.unit_id in {None, row.unit_id}],
        "may_manage": may_manage(desk.person, campaign, desk.tree),
    }
    return render(request, "chain/campaign_unit.html", context, status=422 if form.errors else 200)


def unit_row_or_404(desk: Desk, campaign: Campaign, code: str) -> CampaignUnit:
    """Return a unit on the list of a campaign of which the person may see the answer."""
    seen = seen_units(desk.person, campaign, desk.tree)
    return get_object_or_404(
        campaign.units.filter(unit__in=seen).select_related("unit", "campaign"), code=code
    )


def _form(request: HttpRequest, desk: Desk, campaign: Campaign, unit: Progress) -> AnswerForm:
    head = head_of(unit.row.unit_id, desk.tree)
    return AnswerForm(
        request.POST if request.method == "POST" else None,
        known=known_of(campaign, unit.row.unit_id, desk.today),
        may_sign=not (unit.nil or unit.reported),
        signer=head.name if head else "",
        today=desk.today,
    )


def _answer(request: HttpRequest, desk: Desk, row: CampaignUnit, form: AnswerForm) -> bool:
    nil = form.nil()
    try:
        count = answer_campaign(
            author=desk.person,
            row=row,
            said=[VitalSaid(**said) for said in form.answers()],
            nil=NilSaid(**nil) if nil else None,
            on=desk.today,
            tree=desk.tree,
        )
    except NotOpen as refusal:
        form.add_error(None, str(refusal))
        return False
    except NothingNewRefused as refusal:
        form.add_error("nothing_new", str(refusal))
        return False
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    if count or nil:
        messages.success(request, _("The answer of %(unit)s is stored. Thank you.") % {"unit": row.name})
    else:
        messages.info(request, _("Nothing new was said, so nothing was stored."))
    return True
