"""A unit lets another one answer for it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tifa.chain.forms.campaigns import DelegationForm
from tifa.chain.forms.content import typed
from tifa.chain.models import Campaign
from tifa.chain.selectors.campaigns import delegation_of, may_manage
from tifa.chain.services.campaigns import WrongState, delegate_answer, end_delegation
from tifa.chain.tasks import send_outbox
from tifa.chain.views.campaign_answer import unit_row_or_404
from tifa.chain.views.campaigns import campaign_or_404, crumbs
from tifa.core.permissions import permission
from tifa.organisation.choices import REPORTING_ROLES
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import unit_choices, units_of

NAMES = ("to_unit", "reason")
END = "end"


@permission("chain.delegate")
def campaign_delegate(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show who answers for a unit, hand that over, or take it back."""
    desk = desk_of(request)
    campaign = campaign_or_404(desk, pk)
    row = unit_row_or_404(desk, campaign, code)
    if not campaign.is_running or not _may_delegate(desk, campaign, row.unit_id):
        raise Http404
    current = delegation_of(campaign, row.unit_id)
    if current and request.POST.get("action") == END:
        end_delegation(actor=desk.person, delegation=current, on=desk.today, tree=desk.tree)
        messages.success(request, _("%(unit)s answers for itself again.") % {"unit": row.name})
        return redirect("chain:campaign_unit", pk, code)
    if current and request.method == "POST":
        # The form of making it was sent twice, or from a page that is no longer true: what was agreed stays.
        messages.info(
            request,
            _("%(to_unit)s answers for %(unit)s already.")
            % {"to_unit": current.to_unit.name, "unit": row.name},
        )
        return redirect("chain:campaign_unit", pk, code)
    form = _form(request, desk, row.unit_id)
    if form.is_bound and form.is_valid():
        try:
            made = delegate_answer(
                actor=desk.person,
                campaign=campaign,
                unit=row.unit,
                on=desk.today,
                tree=desk.tree,
                **form.cleaned_data,
            )
        except WrongState as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error("to_unit", error.messages)
        else:
            send_outbox.enqueue()
            messages.success(
                request,
                _("%(to_unit)s answers for %(unit)s now, and is told so.")
                % {"to_unit": made.to_unit.name, "unit": row.name},
            )
            return redirect("chain:campaign_unit", pk, code)
    context = {
        "campaign": campaign,
        "crumbs": crumbs(campaign),
        "row": row,
        "current": current,
        "form": form,
    }
    return render(request, "chain/campaign_delegate.html", context, status=422 if form.errors else 200)


def _may_delegate(desk: Desk, campaign: Campaign, unit: int) -> bool:
    """Return whether it is the person's own unit, by the tree: what was delegated is not passed on."""
    own = units_of(desk.person, REPORTING_ROLES, desk.tree)
    return unit in own or may_manage(desk.person, campaign, desk.tree)


def _form(request: HttpRequest, desk: Desk, unit: int) -> DelegationForm:
    own = desk.tree.own_government()
    others = set(own if own is not None else desk.tree.units) - {unit}
    data = typed(request.POST, NAMES) if request.method == "POST" else None
    return DelegationForm(data, units=unit_choices(desk.tree, others, on=desk.today))
