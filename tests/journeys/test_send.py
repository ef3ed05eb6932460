"""A dossier goes from the report to the receipt, and a deadline moves while it is written."""

from playwright.sync_api import expect

from tests.browser import needs_chromium
from tests.factories import Town, make_innovation, walk_chain
from tests.journeys.visitor import DESKTOP_EN, PHONE_ID, Visit, Visitor, ago, pdf_file, today
from tifa.chain.choices import Step
from tifa.chain.models import HandOff
from tifa.core.clock import months_after
from tifa.dossiers.choices import DossierState
from tifa.dossiers.eligibility import closing_day
from tifa.dossiers.models import Dossier, SentDossier
from tifa.instruments import load_instrument
from tifa.organisation.models import Person

pytestmark = needs_chromium

TITLE = "Perahu Sehat Teluk Youtefa"
SUMMARY = "Kampung di tepi teluk jauh dari puskesmas. Perawat datang dengan perahu setiap pekan."
EDITION = "Kompetisi Inovasi Pelayanan Publik 2023"
DUE = today().replace(year=today().year + 1).isoformat()


def reports(visitor: Visitor) -> Visitor:
    visitor.walks_to("Reporting").presses("Begin").reads_the_heading("A new report")
    visitor.fills("Title", TITLE).fills("Public service", "Layanan kesehatan ibu")
    visitor.chooses("Function of government", "Service").chooses("Stage", "In use")
    visitor.fills("Start of the trial", ago(1500)).fills("Start of use", ago(1400))
    visitor.fills("Government affairs (urusan)", "kesehatan").fills("Initiator", "Bidan koordinator")
    visitor.fills("Summary", SUMMARY).presses("Send to Ortal")
    return visitor.reads_the_heading(TITLE)


def goes_to_the_dossier(visitor: Visitor) -> Visitor:
    return visitor.goes_to("/ruang/berkas/").follows(TITLE)


def test_from_the_report_to_the_receipt(
    visit: Visit, town: Town, operator: Person, head: Person, ortal: Person
) -> None:
    # The unit reports, and writes the dossier on its phone.
    unit = reports(visit(PHONE_ID, operator))
    unit.follows("Story and dossiers")
    unit.page.get_by_role("button", name=EDITION).click()
    unit.reads_the_heading(EDITION)
    unit.picks("Category", "Kesehatan")
    unit.chooses("Sustainable Development Goals", "3.")
    for box in unit.page.locator("input[name=attachments]").all():
        box.check()
    unit.presses("Keep").reads("Kept.").follows("Ringkasan")
    unit.page.get_by_role("textbox").first.fill(SUMMARY)
    unit.presses("Save").reads("Saved.")
    goes_to_the_dossier(visit(DESKTOP_EN, head)).presses("It is ready")
    assert Dossier.objects.get().state == DossierState.READY

    # Ortal verifies, chooses under the cap with a reason, and takes the covering letter along.
    desk = visit(DESKTOP_EN, ortal).follows(TITLE)
    desk.chooses("Decision", "Verified").presses("Record the decision").reads("Verified")
    desk.walks_to("Dossiers").page.locator("a[href$='/pilih/kipp-2023/']").click()
    desk.reads_the_heading("Choice under the cap").page.get_by_label(TITLE).check()
    desk.presses("Count anew").reads("Puskesmas Abepura")
    desk.fills("Why these", "Bukti paling lengkap.").presses("Record the choice")
    desk.reads("Recorded: 1 of 1 is chosen; the others are held back with their reason.")
    desk.fills("Letter number", "000.8/7/ORG")
    with desk.page.expect_download() as letter:
        desk.presses("Covering letter (Word)")
    assert letter.value.failure() is None

    # It goes out, and without a receipt it is a gap; the receipt closes it, and the public can check the copy.
    goes_to_the_dossier(desk).goes_to(f"/ruang/inovasi/{Dossier.objects.get().innovation.code}/")
    desk.chooses("Decision", "Forwarded").fills("Letter number", "000.8/7/ORG")
    desk.presses("Record the decision").reads("Recorded: Forwarded.")
    goes_to_the_dossier(desk).reads("No receipt is recorded yet. Until then it stands on the list of gaps.")
    desk.follows("Record the receipt").chooses("Decision", "Received").fills("Letter number", "REG-77")
    desk.field("Receipt").set_input_files(pdf_file("tanda-terima.pdf"))
    desk.presses("Record the decision").reads("Recorded: Received.")
    goes_to_the_dossier(desk).does_not_read("No receipt is recorded yet.")
    desk.reads("Receipt: tanda-terima.pdf")
    sent = SentDossier.objects.get()
    steps = sent.handoffs.order_by("pk").values_list("step", flat=True)
    assert list(steps) == [Step.FORWARDED, Step.RECEIVED]
    visit(PHONE_ID).goes_to(f"/periksa/{sent.code}/").reads(TITLE, sent.pdf.sha256)
    unit.goes_to("/ruang/berkas/").reads(TITLE, "Sent")


def test_a_deadline_moves_and_who_may_enter_with_it(
    visit: Visit, town: Town, operator: Person, ortal: Person
) -> None:
    edition = load_instrument("kipp-2021")
    published = closing_day(edition)
    assert published is not None
    innovation = make_innovation(
        town.puskesmas, title=TITLE, trial_started=None, use_started=months_after(published, -23)
    )
    walk_chain(innovation, (Step.REPORTED, ago(20)), (Step.VERIFIED, ago(10)))
    dossier = Dossier.objects.create(
        innovation=innovation,
        instrument_id=edition.id,
        group="umum",
        state_by=operator,
        state_at=innovation.recorded_at,
        made_by=operator,
        made_at=innovation.recorded_at,
    )
    unit = visit(PHONE_ID, operator).goes_to(f"/ruang/berkas/{dossier.pk}/")
    rule = unit.page.get_by_text("24 bulan")
    expect(rule.first).to_be_visible()

    desk = visit(DESKTOP_EN, ortal)
    desk.walks_to("Dossiers").page.locator("a[href$='/edisi/kipp-2021/tenggat/']").click()
    desk.reads_the_heading("When it closes").reads(edition.title.en)
    desk.presses("Keep the new day").reads("Give the new day.")
    desk.fills("Closes on", DUE).fills("Where it was told", "Surat B/12/2021").presses("Keep the new day")
    desk.reads("moved: Surat B/12/2021", "365 days left")

    unit.page.reload()
    expect(rule).to_have_count(0)
    assert not HandOff.objects.filter(step=Step.HELD).exists()
