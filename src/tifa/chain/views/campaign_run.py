"""Ortal opens a campaign, gives more time, reminds, and closes it."""

from urllib.parse import quote, urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tifa.chain.forms.campaigns import ExtensionForm
from tifa.chain.forms.content import typed
from tifa.chain.models import Campaign
from tifa.chain.selectors.campaigns import extensions_of, managed_campaigns, units_to_ask
from tifa.chain.selectors.recipients import Recipients
from tifa.chain.selectors.reminders import Planned, planned_reminders
from tifa.chain.services.campaigns import (
    NobodyAsked,
    NoLater,
    WrongState,
    close_campaign,
    extend_campaign,
    open_campaign,
)
from tifa.chain.services.delivery import mail_is_set_up
from tifa.chain.services.reminders import give_reminders
from tifa.chain.services.telling import address
from tifa.chain.tasks import send_outbox
from tifa.chain.views.campaigns import crumbs
from tifa.core.permissions import permission
from tifa.organisation.desk import Desk, desk_of

PAGE_SIZE = 50
EXTENSION_NAMES = ("unit", "due", "reason")
WHATSAPP = "https://wa.me/?"


@permission("chain.manage_campaigns")
def campaign_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a campaign is opened, say who is invited, and open it."""
    desk = desk_of(request)
    campaign = _managed(desk, pk)
    if request.method == "POST":
        try:
            open_campaign(actor=desk.person, campaign=campaign, on=desk.today, tree=desk.tree)
        except (NobodyAsked, WrongState) as refusal:
            messages.error(request, str(refusal))
        else:
            send_outbox.enqueue()
            messages.success(request, _("The campaign is open; the invitations are in the outbox."))
        return redirect(campaign)
    if not campaign.is_draft:
        return redirect(campaign)
    units = [unit for _depth, unit in units_to_ask(campaign, desk.tree, on=desk.today)]
    recipients = Recipients(desk.tree)
    told = {unit.pk: recipients.both(unit.pk) for unit in units}
    context = {
        "campaign": campaign,
        "crumbs": crumbs(campaign),
        "count": len(units),
        "people": len({person.pk for people in told.values() for person in people}),
        "unreached": [unit for unit in units if not told[unit.pk]],
        "mail": mail_is_set_up(),
    }
    return render(request, "chain/campaign_open.html", context)


@permission("chain.manage_campaigns")
def campaign_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a campaign is closed, and close it."""
    desk = desk_of(request)
    campaign = _managed(desk, pk)
    if request.method == "POST":
        try:
            close_campaign(actor=desk.person, campaign=campaign, on=desk.today)
        except WrongState as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The campaign is closed."))
        return redirect(campaign)
    if not campaign.is_running:
        return redirect(campaign)
    return render(request, "chain/campaign_close.html", {"campaign": campaign, "crumbs": crumbs(campaign)})


@permission("chain.manage_campaigns")
def campaign_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of an extension, and grant it."""
    desk = desk_of(request)
    campaign = _managed(desk, pk)
    if not campaign.is_running:
        return redirect(campaign)
    rows = list(campaign.units.select_related("unit").order_by("place"))
    data = typed(request.POST, EXTENSION_NAMES) if request.method == "POST" else None
    form = ExtensionForm(
        data, units=[row.unit for row in rows], initial={"unit": request.GET.get("unit", "")}
    )
    if form.is_bound and form.is_valid():
        try:
            extension = extend_campaign(
                actor=desk.person, campaign=campaign, on=desk.today, tree=desk.tree, **form.cleaned_data
            )
        except NoLater as refusal:
            form.add_error("due", str(refusal))
        except WrongState as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            send_outbox.enqueue()
            day = date_format(extension.due, "j F Y")
            messages.success(request, _("Due on %(day)s now; the people concerned are told.") % {"day": day})
            return redirect(campaign)
    context = {
        "campaign": campaign,
        "crumbs": crumbs(campaign),
        "form": form,
        "extensions": extensions_of(campaign),
    }
    return render(request, "chain/campaign_extend.html", context, status=422 if form.errors else 200)


@permission("chain.manage_campaigns")
def campaign_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which reminders are due today, with a WhatsApp text for each, and put them into the outbox."""
    desk = desk_of(request)
    campaign = _managed(desk, pk)
    if not campaign.is_running:
        return redirect(campaign)
    if request.method == "POST":
        given = give_reminders(as_of=desk.today, now=timezone.now(), campaign=campaign)
        send_outbox.enqueue()
        messages.success(
            request,
            ngettext(
                "%(count)d message is in the outbox.", "%(count)d messages are in the outbox.", len(given)
            )
            % {"count": len(given)},
        )
        return redirect("chain:campaign_remind", pk)
    planned = [one for one in planned_reminders(desk.today, desk.tree) if one.campaign.pk == pk]
    page = Paginator(planned, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "crumbs": crumbs(campaign),
        "page_obj": page,
        "rows": [(one, whatsapp_url(campaign, one)) for one in page],
        "count": len(planned),
        "mail": mail_is_set_up(),
    }
    return render(request, "chain/campaign_remind.html", context)


def whatsapp_url(campaign: Campaign, planned: Planned) -> str:
    """Return the link that opens WhatsApp on Ortal's own phone with a text for a unit; nothing is sent by us."""
    with translation.override("id"):
        text = _("Dear %(person)s, the answer of %(unit)s to “%(campaign)s” is due on %(due)s: %(url)s") % {
            "person": planned.person.name,
            "unit": planned.unit.row.name,
            "campaign": campaign.name,
            "due": date_format(planned.unit.due, "j F Y"),
            "url": address(reverse("chain:campaign_unit", args=[campaign.pk, planned.unit.row.code])),
        }
    return WHATSAPP + urlencode({"text": text}, quote_via=quote)


def _managed(desk: Desk, pk: int) -> Campaign:
    return get_object_or_404(managed_campaigns(desk.person, desk.tree), pk=pk)
