"""A dossier from the story to the proposal: two write at once, and the network goes away and comes back."""

from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.browser import needs_chromium
from tests.factories import Town, make_innovation, make_person
from tests.journeys.visitor import DESKTOP_EN, PHONE_ID, PHONE_WITHOUT_SCRIPTS, Visit, Visitor
from tifa.dossiers.choices import DossierState
from tifa.dossiers.models import Dossier, DossierAnswer
from tifa.organisation.choices import Role
from tifa.registry.models import Innovation

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

STORY = "Warga mendaftar dari rumah lewat pesan singkat."
OFFLINE = "Waktu tunggu turun dari 95 menit menjadi 30 menit."


@pytest.fixture
def innovation(town: Town) -> Innovation:
    return make_innovation(town.puskesmas, title="Antre dari Rumah")


def opens_the_summary(visitor: Visitor, innovation: Innovation) -> Visitor:
    visitor.goes_to(innovation.get_absolute_url()).follows("Story and dossiers")
    visitor.follows("Go to the dossier")
    visitor.page.locator("a[href$='/ringkasan/']").click()
    return visitor


def goes_up(visitor: Visitor) -> Visitor:
    visitor.page.locator(".crumbs a").last.click()
    return visitor


def test_from_the_story_to_the_proposal(visit: Visit, town: Town, innovation: Innovation) -> None:
    writer = visit(
        PHONE_ID, make_person("operator@example.org", Role.OPERATOR, town.puskesmas, name="Operator")
    )
    writer.goes_to(innovation.get_absolute_url()).follows("Story and dossiers").follows("Summary")
    writer.fills("Text", STORY).presses("Save")
    writer.reads("The story is kept. Forms that begin from now on use it.")
    writer.page.get_by_role("button", name="Kompetisi Inovasi Pelayanan Publik 2023").click()
    writer.reads_the_heading("Kompetisi Inovasi Pelayanan Publik 2023").follows("Ringkasan")
    field = writer.page.get_by_role("textbox").first
    expect(field).to_have_value(STORY)

    writer.page.context.set_offline(True)
    field.fill(f"{STORY} {OFFLINE}")
    writer.page.wait_for_timeout(1500)
    assert DossierAnswer.objects.get().texts == {"ringkasan": STORY}
    writer.page.context.set_offline(False)
    writer.waits_until_saved()
    assert DossierAnswer.objects.get().texts == {"ringkasan": f"{STORY} {OFFLINE}"}

    other = visit(
        PHONE_WITHOUT_SCRIPTS,
        make_person("kedua@example.org", Role.OPERATOR, town.puskesmas, name="Yang Kedua"),
    )
    opens_the_summary(other, innovation)
    other.page.get_by_role("textbox").first.fill(f"{STORY} Kini di dua puskesmas.")
    field.fill(f"{STORY} {OFFLINE} Diukur tim mutu.")
    writer.page.wait_for_function(
        "() => document.querySelector('form[data-version]').dataset.version === '3'"
    )
    other.presses("Save")
    expect(other.page.locator("ins").first).to_be_visible()
    expect(other.page.locator("del").first).to_be_visible()
    other.page.get_by_role("textbox").first.fill(f"{STORY} {OFFLINE} Diukur tim mutu di dua puskesmas.")
    other.presses("Save")
    assert DossierAnswer.objects.get().texts["ringkasan"].endswith("di dua puskesmas.")

    head = visit(DESKTOP_EN, make_person("kepala@example.org", Role.HEAD, town.puskesmas, name="Kepala"))
    opens_the_summary(head, innovation)
    head.field("Comment").fill("Tahun berapa?")
    head.presses("Comment")
    goes_up(head).presses("It is ready")
    assert Dossier.objects.get().state == DossierState.WRITING
    opens_the_summary(head, innovation).presses("Resolved")
    goes_up(head).presses("It is ready")
    head.reads("The dossier is ready. Its texts rest until it is sent back.")
    assert Dossier.objects.get().state == DossierState.READY
    proposal = head.takes("Proposal (Word)")
    assert "Diukur tim mutu di dua puskesmas." in words_of(proposal)


def words_of(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
