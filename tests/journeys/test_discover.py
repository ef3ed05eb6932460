"""Discover: a news text becomes a registered innovation, and the decisions on the way teach."""

import pytest
from playwright.sync_api import expect

from tests.browser import needs_chromium
from tests.factories import Town, make_innovation, walk_chain
from tests.journeys.visitor import DESKTOP_EN, PHONE_ID, PHONE_WITHOUT_SCRIPTS, Device, Visit, ago, today
from tifa.chain.choices import CandidateState, Step
from tifa.chain.models import Candidate, Document
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

pytestmark = needs_chromium

NEWS = (
    "Puskesmas Abepura Datangi Kampung\n\n"
    "Puskesmas Abepura meluncurkan inovasi PERAHU PINTAR (Pelayanan Rawat Jalan Terintegrasi) pekan lalu. "
    "Perawat datang dengan perahu setiap pekan."
)
TITLE = "PERAHU PINTAR (Pelayanan Rawat Jalan Terintegrasi)"


@pytest.mark.parametrize("device", [PHONE_ID, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_news_text_becomes_a_registered_innovation(
    visit: Visit, device: Device, ortal: Person, operator: Person, town: Town
) -> None:
    desk = visit(DESKTOP_EN, ortal).walks_to("Discovery").follows("Paste a text")
    desk.fills("Text", NEWS).fills("Date of the text", ago(3)).presses("Read it")
    desk.reads("PERAHU PINTAR").follows("PERAHU PINTAR")

    expect(desk.page.locator("mark")).to_contain_text("meluncurkan inovasi PERAHU PINTAR")
    desk.reads("Nothing in the registry resembles it.").follows("Ask the unit")
    expect(desk.field("Title")).to_have_value(TITLE)
    desk.fills("Note to the unit", "Mohon dilaporkan.").presses("Ask the unit")
    desk.reads(f"{town.puskesmas.name} is asked.")

    # The unit answers on its start page, on a phone.
    phone = visit(device, operator).reads("Ortal asks you", TITLE).follows("Give an answer")
    phone.reads("Mohon dilaporkan.", "Yes, it is ours").presses("Report it")
    expect(phone.field("Title")).to_have_value(TITLE)
    phone.fills("Start of use", ago(30)).presses("Send to Ortal")
    phone.reads_the_heading(TITLE)

    # Ortal reads the answer and verifies; the same text gives nothing new.
    desk.goes_to("/ruang/telusur/jawaban/").reads("Reported").follows(TITLE)
    desk.chooses("Decision", "Verified").presses("Record the decision").reads("Recorded: Verified.")
    innovation = Innovation.objects.get()
    assert innovation.verified_on == today()
    desk.goes_to("/ruang/telusur/teks/tempel/").fills("Text", NEWS + "  ").fills("Title", "Lain")
    desk.presses("Read it").reads("No text of this batch tells of something new.")
    assert Document.objects.count() == 1


def test_unit_declines_and_the_finding_leaves_the_gaps(
    visit: Visit, ortal: Person, operator: Person, town: Town
) -> None:
    desk = visit(DESKTOP_EN, ortal).goes_to("/ruang/telusur/teks/tempel/").fills("Text", NEWS)
    desk.presses("Read it").follows("PERAHU PINTAR").follows("Ask the unit").presses("Ask the unit")

    phone = visit(PHONE_ID, operator).follows("Give an answer")
    phone.chooses("Why is there nothing to report?", "Stopped").presses("Send the answer")
    phone.reads("Write a few words, so that Ortal need not ask again.")
    phone.fills("In a few words", "Perahu rusak sejak Mei.").presses("Send the answer")
    phone.reads("Your answer is with Ortal. Thank you.").does_not_read(TITLE)

    desk.goes_to("/ruang/telusur/jawaban/").reads("Stopped", "Perahu rusak sejak Mei.")
    desk.walks_to("Reporting gaps").does_not_read(TITLE)


def test_merging_teaches_the_name(visit: Visit, ortal: Person, town: Town) -> None:
    walk_chain(make_innovation(town.puskesmas, title="Klinik Apung"), (Step.REPORTED, ago(90)))
    desk = visit(DESKTOP_EN, ortal).goes_to("/ruang/telusur/teks/tempel/").fills("Text", NEWS)
    desk.presses("Read it").follows("PERAHU PINTAR")
    desk.page.get_by_text(desk.said("It is another innovation of the registry")).click()
    desk.fills("Code of the innovation", Innovation.objects.get().code).presses("Merge")
    desk.reads("Nothing waits. Paste a text or send files, and what they tell of appears here.")

    desk.goes_to("/ruang/telusur/teks/tempel/").fills("Text", f"{NEWS} Warga senang sekali.")
    desk.presses("Read it").reads("In the registry already")

    assert Candidate.objects.latest("pk").state == CandidateState.KNOWN
