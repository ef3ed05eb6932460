"""A campaign from the letter to the silence list: Ortal asks, a unit answers on a phone, Ortal sees who is left."""

import pytest
from playwright.sync_api import expect

from tests.browser import needs_chromium, sideways
from tests.factories import Town, make_innovation
from tests.journeys.visitor import DESKTOP_EN, PHONE_ID, PHONE_WITHOUT_SCRIPTS, Device, Visit, ago
from tifa.chain.models import CampaignNil, Message, VitalCheck
from tifa.organisation.models import Person

pytestmark = needs_chromium


@pytest.mark.parametrize("phone", [PHONE_ID, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_campaign_from_the_letter_to_the_silence_list(
    visit: Visit, phone: Device, ortal: Person, operator: Person, town: Town
) -> None:
    make_innovation(town.puskesmas, title="Perahu Sehat", use_started=ago(300))
    make_innovation(town.puskesmas, title="Loket Malam", use_started=ago(300))

    office = visit(DESKTOP_EN, ortal).walks_to("Campaigns").follows("Prepare a campaign")
    office.fills("Name", "Pelaporan kota").fills("Due", ago(-5)).fills("Letter number", "000/1")
    office.presses("Keep").reads("Being prepared. Nobody is asked yet.")
    assert office.takes("Letter of invitation (Word)").stat().st_size > 1000
    office.follows("Open it").presses("Open it and invite").reads("By branch")

    unit = visit(phone, operator).walks_to("Messages")
    unit.page.get_by_role("link", name="Pelaporan kota").first.click()
    unit.reads_the_heading("Pelaporan kota")
    unit.walks_to("Campaigns").page.get_by_role("link", name=unit.said("Answer now")).first.click()
    unit.chooses("Perahu Sehat", "Still running").chooses("Loket Malam", "Stopped")
    innovation = town.puskesmas.innovations.get(title="Loket Malam")
    unit.page.locator(f"[name=on_{innovation.pk}]").fill(ago(90).isoformat())
    unit.page.locator(f"[name=note_{innovation.pk}]").fill("Tidak ada petugas")
    unit.page.get_by_role("checkbox", name=unit.said("We have nothing new in this period")).check()
    unit.fills("Signed by the head of the unit", "Kepala Puskesmas").presses("Send the answer")
    unit.reads("The answer is complete. Thank you.")
    assert sideways(unit.page) <= 0

    office.page.reload()
    expect(office.row("Puskesmas Abepura")).to_contain_text("Complete")
    office.follows("Silent")
    expect(office.row("Puskesmas Abepura")).to_have_count(0)
    expect(office.row("Dinas Kesehatan")).not_to_have_count(0)
    office.follows("Reminders").reads("Nobody has to be reminded today.")
    assert (VitalCheck.objects.count(), CampaignNil.objects.count(), Message.objects.count()) == (2, 1, 1)
