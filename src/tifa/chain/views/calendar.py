"""The calendar to which a person's phone subscribes; its address is the secret."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from tifa.chain.choices import Holder
from tifa.chain.selectors.due_days import (
    ActingDay,
    DueDay,
    acting_days,
    due_days,
    person_of_calendar,
)
from tifa.chain.selectors.messages import message_settings
from tifa.chain.services.telling import address
from tifa.core.calendars import CALENDAR_TYPE, Day, calendar_of
from tifa.core.clock import today
from tifa.core.permissions import public
from tifa.dossiers.selectors.closing import ClosingEdition, closing_editions
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, unit_tree, units_of

LISTED = 20


@public
@never_cache
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the due dates of the person to whom the address belongs."""
    person = person_of_calendar(token)
    if person is None:
        raise Http404
    with translation.override(message_settings(person).language):
        tree, day = unit_tree(), today()
        days = [_day(one) for one in due_days(person, day, tree)]
        days += [_acting(one) for one in acting_days(person, day, tree)]
        days += [_edition(one) for one in closing_editions(_mine(person, tree), day)]
        name = _("Tifa %(city)s: due dates") % {"city": settings.CITY_NAME}
        content = calendar_of(days, name=name, now=timezone.now())
    return HttpResponse(content, content_type=CALENDAR_TYPE)


def _acting(one: ActingDay) -> Day:
    """Return one event for all that is due on a day: a hundred of them would hide each other."""
    count = len(one.titles)
    names = [f"- {title}" for title in one.titles[:LISTED]]
    if count > LISTED:
        names.append(_("and %(n)d more") % {"n": count - LISTED})
    told = (
        ngettext("%(n)d innovation to decide on", "%(n)d innovations to decide on", count)
        if one.holder == Holder.ORTAL
        else ngettext("%(n)d innovation waits for you", "%(n)d innovations wait for you", count)
    )
    return Day(
        uid=f"act-{one.holder.value}-{one.on.isoformat()}@{_host()}",
        on=one.on,
        summary=told % {"n": count},
        description="\n".join(names),
        url=address(f"{reverse('chain:board')}?{urlencode({'holder': one.holder.value})}#daftar"),
    )


def _mine(person: Person, tree: UnitTree) -> frozenset[int]:
    return units_of(person, REPORTING_ROLES | DECIDING_ROLES, tree)


def _edition(one: ClosingEdition) -> Day:
    """Return one event for an edition that closes, however many dossiers wait for it."""
    told = ngettext("%(n)d dossier is not sent", "%(n)d dossiers are not sent", one.waiting) % {
        "n": one.waiting
    }
    return Day(
        uid=f"edition-{one.id}@{_host()}",
        on=one.closes,
        summary=_("Closes: %(what)s") % {"what": one.title},
        description=told,
        url=address(reverse("dossiers:list")),
        days_before=7,
    )


def _host() -> str:
    return settings.SITE_URL.split("://", 1)[1]


def _day(one: DueDay) -> Day:
    path = (
        reverse("chain:campaign_unit", args=[one.campaign.pk, one.code])
        if one.code
        else one.campaign.get_absolute_url()
    )
    what = f"{one.campaign.name}: {one.unit}" if one.code else one.campaign.name
    return Day(
        uid=f"campaign-{one.campaign.pk}-{one.code or 'all'}@{_host()}",
        on=one.due,
        summary=_("Answered: %(what)s") % {"what": what} if one.done else _("Due: %(what)s") % {"what": what},
        description=one.campaign.asked,
        url=address(path),
        days_before=one.campaign.days_before,
    )
