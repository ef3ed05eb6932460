"""The calendar to which a person's phone subscribes; its address is the secret."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tifa.chain.selectors.due_days import DueDay, due_days, person_of_calendar
from tifa.chain.selectors.messages import message_settings
from tifa.chain.services.telling import address
from tifa.chain.views.access import calendar_day
from tifa.core.calendars import CALENDAR_TYPE, Day, calendar_of
from tifa.core.permissions import public
from tifa.organisation.selectors import unit_tree


@public
@never_cache
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the due dates of the person to whom the address belongs."""
    person = person_of_calendar(token)
    if person is None:
        raise Http404
    with translation.override(message_settings(person).language):
        days = [_day(one) for one in due_days(person, calendar_day(), unit_tree())]
        name = _("Tifa %(city)s: due dates") % {"city": settings.CITY_NAME}
        content = calendar_of(days, name=name, now=timezone.now())
    return HttpResponse(content, content_type=CALENDAR_TYPE)


def _day(one: DueDay) -> Day:
    host = settings.SITE_URL.split("://", 1)[1]
    path = (
        reverse("chain:campaign_unit", args=[one.campaign.pk, one.code])
        if one.code
        else one.campaign.get_absolute_url()
    )
    what = f"{one.campaign.name}: {one.unit}" if one.code else one.campaign.name
    return Day(
        uid=f"campaign-{one.campaign.pk}-{one.code or 'all'}@{host}",
        on=one.due,
        summary=_("Answered: %(what)s") % {"what": what} if one.done else _("Due: %(what)s") % {"what": what},
        description=one.campaign.asked,
        url=address(path),
        days_before=one.campaign.days_before,
    )
