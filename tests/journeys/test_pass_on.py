"""Pass on: Ortal looks at what came in, and what it decides is read by the unit."""

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser import needs_chromium
from tests.factories import Town, make_innovation, walk_chain
from tests.journeys.visitor import (
    DESKTOP_WITHOUT_SCRIPTS,
    PHONE_ID,
    Device,
    Visit,
    Visitor,
    ago,
    pdf_file,
    today,
)
from tifa.chain.choices import Step
from tifa.organisation.models import Person

pytestmark = needs_chromium

TITLE = "Antre dari Rumah"
REASON = "Tanggal keputusan belum ada. Lampirkan surat keputusan kepala dinas."
LETTER = "005/1234/ORG"


def decides(visitor: Visitor, step: str, **more: str) -> Visitor:
    """Record a step with what belongs to it, and see it recorded."""
    visitor.chooses("Decision", step)
    for label, text in more.items():
        visitor.fills(label.replace("_", " ").capitalize(), text)
    visitor.presses("Record the decision")
    return visitor.reads(visitor.said("Recorded: %(step)s.", step=visitor.said(step)))


@pytest.mark.parametrize("device", [PHONE_ID, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_ortal_passes_an_innovation_on(
    visit: Visit, device: Device, ortal: Person, operator: Person, town: Town
) -> None:
    walk_chain(make_innovation(town.puskesmas, title=TITLE), (Step.REPORTED, ago(20)))
    desk = visit(device, ortal).reads("Reported but not verified").follows(TITLE)

    # Returned: without a reason it is refused at the field; the unit reads the reason and reports again.
    desk.chooses("Decision", "Returned").presses("Record the decision")
    desk.reads(desk.said("“%(step)s” needs a reason.", step=desk.said("Returned")))
    decides(desk, "Returned", reason=REASON)
    unit = visit(PHONE_ID, operator).reads("Came back to you: mend and report again").follows(TITLE)
    unit.reads(REASON).presses("Mend it and report again")
    unit.fills("Summary", "Antrean diambil dari rumah. Keputusan kepala dinas terlampir.").presses(
        "Send to Ortal"
    )
    unit.reads_the_heading(TITLE).reads("Reported")

    # Verified and selected, held back for a while on purpose, selected in the end.
    desk.walks_to("Innovations").follows(TITLE)
    decides(desk, "Verified")
    decides(desk, "Held back", reason="Menunggu hasil survei warga.", due=today().isoformat())
    desk.reads("Back to be decided")
    decides(desk, "Selected")

    # Forwarded with letter and receipt, and what became of it.
    desk.chooses("Decision", "Forwarded").fills("Letter number", LETTER)
    desk.field("Receipt").set_input_files(pdf_file("tanda-terima.pdf"))
    desk.presses("Record the decision").reads(desk.said("Letter %(number)s", number=LETTER))
    decides(desk, "Received")
    decides(desk, "Finalist")
    decides(desk, "Awarded")

    desk.reads("Nobody: the chain is at its end for this innovation.")
    # What is left is another edition in another year.
    expect(desk.page.get_by_role("group", name=desk.said("Decision")).get_by_role("radio")).to_have_count(1)
    assert len(PdfReader(desk.takes("tanda-terima.pdf")).pages) == 1
    unit.page.reload()
    unit.reads("Awarded", REASON).does_not_read("Decide")
