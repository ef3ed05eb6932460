"""A service from the catalogue to the public page: written on a phone, determined, read by a citizen."""

from playwright.sync_api import expect

from tests.browser import needs_chromium
from tests.factories import Town
from tests.journeys.visitor import DESKTOP_EN, PHONE_ID, PHONE_WITHOUT_SCRIPTS, Visit, ago, pdf_file
from tifa.organisation.models import Person
from tifa.standards.models import Service, Standard

pytestmark = needs_chromium

NAME = "Imunisasi anak"
PUBLIC = (
    "Persyaratan",
    "Sistem, mekanisme, dan prosedur",
    "Jangka waktu pelayanan",
    "Biaya/tarif",
    "Produk pelayanan",
    "Penanganan pengaduan, saran, dan masukan",
)


def test_a_standard_from_the_first_word_to_the_wall(visit: Visit, town: Town, operator: Person) -> None:
    unit = visit(PHONE_ID, operator).walks_to("Services")
    unit.follows("Add a service").fills("Name of the service", NAME)
    unit.chooses("Function of government", "Service").fills("Who uses it", "Anak sampai lima tahun")
    unit.presses("Save").reads("It has no standard yet.").presses("Begin")
    unit.field("Biaya/tarif").fill("Gratis.")
    unit.waits_until_saved()
    assert Standard.objects.get().components == {"biaya": "Gratis."}

    # What must be published is missing: it is refused with the names, and nothing is lost.
    unit.follows("Back to the service").chooses("What happened", "Determined")
    unit.fills("Date", ago(3)).fills("Number of the decree", "800/9/2026").presses("Record the step")
    expect(unit.page.locator("#errors")).to_contain_text("Persyaratan")
    unit.follows("Write the components")
    for name in PUBLIC:
        unit.field(name).fill("Gratis." if name == "Biaya/tarif" else f"{name} layanan ini.")
    unit.presses("Save").reads("Saved.").follows("Back to the service")
    unit.chooses("What happened", "Discussed with the public").chooses(
        "Who took part", "Users of the service"
    )
    unit.fills("Date", ago(4)).field("Minutes or decree").set_input_files(pdf_file("notulen.pdf"))
    unit.presses("Record the step").reads("notulen.pdf")
    unit.chooses("What happened", "Determined").fills("Date", ago(3))
    unit.fills("Number of the decree", "800/9/2026").presses("Record the step").reads("800/9/2026")
    assert unit.takes("Sheet for the wall (PDF)").read_bytes().startswith(b"%PDF")

    citizen = visit(PHONE_WITHOUT_SCRIPTS).goes_to("/layanan/?q=imunisasi").follows(NAME)
    citizen.reads_the_heading(NAME).reads("Gratis.", "800/9/2026")
    other = visit(DESKTOP_EN).goes_to(f"/layanan/{Service.objects.get().pk}/")
    other.reads(town.puskesmas.name)
