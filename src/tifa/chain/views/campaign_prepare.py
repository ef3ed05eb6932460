"""Ortal prepares a campaign."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tifa.chain.forms.campaigns import CampaignForm, first_values, values_of
from tifa.chain.models import Campaign
from tifa.chain.selectors.campaigns import kinds_in, managed_campaigns, tops_of
from tifa.chain.services.campaigns import CampaignContent, WrongState, change_campaign, create_campaign
from tifa.chain.views.campaigns import crumbs
from tifa.core.permissions import permission
from tifa.organisation.choices import DECIDING_ROLES
from tifa.organisation.desk import Desk, desk_of
from tifa.organisation.selectors import unit_choices, units_of


@permission("chain.manage_campaigns")
def campaign_create(request: HttpRequest) -> HttpResponse:
    """Show the form of a new campaign, and store it."""
    desk = desk_of(request)
    if request.method != "POST":
        return _page(request, _form(desk, initial=first_values(desk.today)), None)
    form = _form(desk, request.POST)
    if form.is_valid():
        try:
            campaign = create_campaign(actor=desk.person, content=_content(desk, form))
        except ValidationError as error:
            _say(form, error)
        else:
            messages.success(request, _("The campaign is prepared. Nobody is asked before you open it."))
            return redirect(campaign)
    return _page(request, form, None)


@permission("chain.manage_campaigns")
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a campaign that is not open yet, and change it."""
    desk = desk_of(request)
    campaign = get_object_or_404(managed_campaigns(desk.person, desk.tree).filter(opened_on=None), pk=pk)
    if request.method != "POST":
        codes = {key: unit.code for key, unit in desk.tree.units.items()}
        return _page(request, _form(desk, initial=values_of(campaign, codes, _tops(desk))), campaign)
    form = _form(desk, request.POST)
    if form.is_valid():
        try:
            change_campaign(actor=desk.person, campaign=campaign, content=_content(desk, form))
        except WrongState as refusal:
            messages.error(request, str(refusal))
            return redirect(campaign)
        except ValidationError as error:
            _say(form, error)
        else:
            messages.success(request, _("The campaign is changed."))
            return redirect(campaign)
    return _page(request, form, campaign)


def _reach(desk: Desk) -> frozenset[int]:
    own = desk.tree.own_government()
    reach = units_of(desk.person, DECIDING_ROLES, desk.tree)
    return reach if own is None else reach & own


def _tops(desk: Desk) -> list[int]:
    return tops_of(_reach(desk), desk.tree)


def _content(desk: Desk, form: CampaignForm) -> CampaignContent:
    return CampaignContent(**form.content(_tops(desk)))


def _form(
    desk: Desk, data: QueryDict | None = None, *, initial: dict[str, object] | None = None
) -> CampaignForm:
    reach = _reach(desk)
    return CampaignForm(
        data,
        initial=initial,
        units=unit_choices(desk.tree, reach, on=desk.today),
        kinds=kinds_in(desk.tree, reach),
    )


def _say(form: CampaignForm, error: ValidationError) -> None:
    """Put what the table refuses at the field that it is about."""
    for name, sentences in error.message_dict.items():
        at = "name" if name == "__all__" else name
        form.add_error(at if at in form.fields else None, sentences)


def _page(request: HttpRequest, form: CampaignForm, campaign: Campaign | None) -> HttpResponse:
    context = {"form": form, "campaign": campaign, "crumbs": crumbs(campaign)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "chain/campaign_form.html", context, status=status)
