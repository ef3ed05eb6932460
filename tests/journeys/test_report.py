"""Report: a health centre tells Ortal of an innovation, or that it has none."""

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser import needs_chromium
from tests.factories import Town
from tests.journeys.visitor import (
    DESKTOP_EN,
    DESKTOP_WITHOUT_SCRIPTS,
    PHONE_ID,
    PHONE_WITHOUT_SCRIPTS,
    Device,
    Visit,
    Visitor,
    ago,
    pdf_file,
    today,
)
from tifa.chain.models import ReportDraft
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

pytestmark = needs_chromium

TITLE = "Perahu Sehat Teluk Youtefa"
SUMMARY = "Kampung di tepi teluk jauh dari puskesmas. Perawat datang dengan perahu setiap pekan."


def begin(visitor: Visitor) -> Visitor:
    return visitor.walks_to("Reporting").presses("Begin").reads_the_heading("A new report")


@pytest.mark.parametrize("device", [PHONE_ID, DESKTOP_EN, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_operator_reports_an_innovation(visit: Visit, device: Device, operator: Person, town: Town) -> None:
    visitor = visit(device).signs_in(operator)
    begin(visitor)
    visitor.fills("Title", TITLE).fills("Public service", "Layanan kesehatan ibu")
    visitor.chooses("Function of government", "Service").chooses("Stage", "In use")
    visitor.fills("Start of the trial", ago(400)).fills("Start of use", ago(300))
    visitor.fills("Government affairs (urusan)", "kesehatan").fills("Initiator", "Bidan koordinator")
    visitor.picks("Kind of evidence", "Decree or regulation")
    visitor.fills("What the evidence shows", "Surat keputusan perahu")
    visitor.field("File of the evidence").set_input_files(pdf_file("keputusan.pdf"))

    # One thing is missing: it is named at its field, and neither words nor file are lost.
    visitor.presses("Send to Ortal").reads("Describe the innovation in a few sentences.", "keputusan.pdf")
    expect(visitor.field("Title")).to_have_value(TITLE)
    visitor.fills("Summary", SUMMARY).presses("Send to Ortal")

    visitor.reads_the_heading(TITLE).reads(SUMMARY, "Reported", town.ortal.name)
    visitor.follows("Surat keputusan perahu").reads_the_heading("Surat keputusan perahu")
    assert len(PdfReader(visitor.takes("Open the file")).pages) == 1
    innovation = Innovation.objects.get()
    assert (innovation.unit, innovation.use_started) == (town.puskesmas, ago(300))


@pytest.mark.parametrize("device", [PHONE_ID, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_operator_says_that_there_is_nothing_this_year(
    visit: Visit, device: Device, operator: Person, town: Town
) -> None:
    visitor = visit(device, operator).reads(town.puskesmas.name)
    visitor.follows("Nothing this period").fills("Signed by", "").presses("Send to Ortal")
    visitor.reads("Write who signs.").fills("Signed by", "Kepala Puskesmas").presses("Send to Ortal")

    sentence = "Recorded: %(unit)s has no innovation in %(year)d."
    visitor.reads(visitor.said(sentence, unit=town.puskesmas.name, year=today().year))


def test_draft_saves_itself_and_outlives_a_lost_connection(visit: Visit, operator: Person) -> None:
    visitor = visit(DESKTOP_EN, operator)
    begin(visitor).fills("Title", TITLE).waits_until_saved()
    visitor.page.reload()
    expect(visitor.field("Title")).to_have_value(TITLE)

    visitor.page.context.set_offline(True)
    visitor.fills("Summary", SUMMARY)
    visitor.reads("Not saved yet: no connection. Your text is kept on this device and will be sent again.")
    visitor.page.context.set_offline(False)
    visitor.waits_until_saved()

    # At home, on another device, the draft goes on where it stopped.
    elsewhere = visit(PHONE_ID, operator).walks_to("Reporting").follows(TITLE)
    expect(elsewhere.field("Summary")).to_have_value(SUMMARY)


def test_text_typed_without_a_connection_is_there_when_the_window_opens_again(
    visit: Visit, operator: Person
) -> None:
    visitor = visit(PHONE_ID, operator)
    begin(visitor).fills("Title", TITLE).waits_until_saved()
    address = visitor.page.url
    visitor.page.context.set_offline(True)
    visitor.fills("Summary", SUMMARY)
    context = visitor.page.context
    visitor.page.close()

    context.set_offline(False)
    visitor.page = context.new_page()
    visitor.page.goto(address)

    expect(visitor.field("Summary")).to_have_value(SUMMARY)
    visitor.waits_until_saved()
    assert ReportDraft.objects.get().content["summary"] == SUMMARY


def test_draft_is_saved_by_its_button_without_scripts(visit: Visit, operator: Person) -> None:
    visitor = visit(DESKTOP_WITHOUT_SCRIPTS, operator)
    begin(visitor).fills("Title", TITLE).presses("Save draft")
    visitor.reads("The draft is saved. Ortal sees it when you send it.")

    visitor.walks_to("Reporting").follows(TITLE).fills("Summary", SUMMARY).presses("Save draft")

    expect(visitor.field("Summary")).to_have_value(SUMMARY)


def test_two_windows_are_brought_together(visit: Visit, operator: Person) -> None:
    first = visit(DESKTOP_EN, operator)
    begin(first)
    second = visit(PHONE_WITHOUT_SCRIPTS, operator).goes_to(first.page.url.removeprefix(first.address))
    second.fills("Title", "Perahu Sehat").fills("Initiator", "Kepala puskesmas").presses("Save draft")

    first.fills("Title", TITLE).fills("Summary", SUMMARY).fills("Initiator", "Bidan koordinator")
    first.presses("Save draft").reads_the_heading("Two versions of your report")

    first.reads("Perahu Sehat", "Kepala puskesmas")
    first.page.locator("input[name=keep-initiator][value=stored]").check()
    first.presses("Save what I chose").reads("The draft is saved. Ortal sees it when you send it.")
    kept = ReportDraft.objects.get().content
    assert (kept["title"], kept["summary"], kept["initiator"]) == (TITLE, SUMMARY, "Kepala puskesmas")
