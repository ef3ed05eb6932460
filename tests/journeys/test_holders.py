"""Who holds what: Ortal finds what lies too long, decides on many at once, and takes a slip back."""

import pytest

from tests.browser import needs_chromium
from tests.factories import Town, make_innovation, walk_chain
from tests.journeys.visitor import DESKTOP_WITHOUT_SCRIPTS, PHONE_ID, Device, Visit, ago
from tifa.chain.choices import GapKind, Step
from tifa.chain.models import HandOff, ServiceLevel
from tifa.organisation.models import Person

pytestmark = needs_chromium


@pytest.mark.parametrize("device", [PHONE_ID, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_deadline_day(visit: Visit, device: Device, ortal: Person, leader: Person, town: Town) -> None:
    ServiceLevel.objects.create(unit=town.city, kind=GapKind.UNVERIFIED, days=14)
    for title in ("Perahu Sehat", "Antre dari Rumah"):
        walk_chain(make_innovation(town.puskesmas, title=title), (Step.REPORTED, ago(20)))

    # The board shows both as late; both are ticked and verified with one form, and that was a slip.
    desk = visit(device, ortal).walks_to("Who holds what").reads("Perahu Sehat")
    for box in desk.page.locator("[data-pick]").all():
        box.check()
    desk.presses("Decide on the ticked")
    desk.chooses("Decision", "Verified").presses("Record for all ticked")
    assert HandOff.objects.filter(step=Step.VERIFIED).count() == 2
    desk.page.locator("form[action$='/batal/'] button").click()
    desk.reads("All of it was taken back. The steps stay in the history and do not count.")
    assert HandOff.objects.filter(step=Step.VERIFIED).count() == 0

    # The leader reads the same on one page, and opens the list behind the number.
    mayor = visit(device, leader).walks_to("For the leader").reads("Perahu Sehat")
    mayor.page.locator("a[href*='overdue=on'][href*='holder=ortal']").first.click()
    mayor.reads("Antre dari Rumah")
