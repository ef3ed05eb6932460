"""See the gaps: how many came how far, and who holds what, since when, until when and why."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import needs_chromium
from tests.factories import Town, make_handoff, make_innovation, walk_chain
from tests.journeys.visitor import DESKTOP_EN, PHONE_WITHOUT_SCRIPTS, Device, Visit, Visitor, ago
from tifa.chain.choices import Step
from tifa.organisation.choices import Function
from tifa.organisation.models import Person

pytestmark = needs_chromium


def build_chain(town: Town) -> None:
    """Make one innovation for each kind of gap."""
    make_innovation(town.kampung, title="Tak Terlapor", source="temuan", use_started=ago(90))
    steps = (
        (Step.REPORTED, ago(60)),
        (Step.VERIFIED, ago(50)),
        (Step.SELECTED, ago(40)),
        (Step.FORWARDED, ago(30)),
    )
    for count, title in enumerate(
        ("Menunggu Verifikasi", "Menunggu Putusan", "Terpilih", "Terkirim"), start=1
    ):
        walk_chain(make_innovation(town.puskesmas, title=title), *steps[:count])
    returned = walk_chain(
        make_innovation(town.department, title="Dikirim Balik", function=Function.SUPERVISION), steps[0]
    )
    make_handoff(returned, Step.RETURNED, ago(55), reason="Bukti belum ada.", due=ago(5))
    held = walk_chain(make_innovation(town.department, title="Sengaja Ditunda"), *steps[:2])
    make_handoff(held, Step.HELD, ago(45), reason="Menunggu anggaran.", due=ago(-10))


def row_of(visitor: Visitor, title: str) -> Locator:
    row = visitor.row(title)
    expect(row).to_have_count(1)
    return row


def shown(visitor: Visitor, *titles: str) -> None:
    """Check that exactly these innovations are listed."""
    expect(visitor.page.locator("#daftar ~ * tbody th a")).to_have_count(len(titles))
    for title in titles:
        row_of(visitor, title)


@pytest.mark.parametrize("device", [DESKTOP_EN, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_leader_finds_who_must_act(
    visit: Visit, device: Device, leader: Person, operator: Person, town: Town
) -> None:
    build_chain(town)
    visitor = visit(device, leader).walks_to("Reporting gaps")

    bars = (
        visitor.page.get_by_role("list").filter(has=visitor.page.locator("svg.bar")).get_by_role("listitem")
    )
    counts = [int(bars.nth(n).locator("b").first.inner_text()) for n in range(bars.count())]
    assert counts == [7, 6, 4, 2, 1, 0]

    late = row_of(visitor, "Dikirim Balik")
    for text in ("The unit", "Returned to the unit"):
        expect(late).to_contain_text(visitor.said(text))
    expect(late).to_contain_text("Bukti belum ada.")
    expect(late).to_contain_text(visitor.counted("%(days)d day late", "%(days)d days late", 5, days=5))
    expect(row_of(visitor, "Terkirim")).to_contain_text(visitor.said("The ministry; Ortal must ask"))

    # The kinds of gap stand as tabs; what is held back on purpose has a reason and a date.
    visitor.page.get_by_role("navigation", name=visitor.said("Kinds of gap")).get_by_role(
        "link", name=visitor.said("Held back on purpose")
    ).click()
    shown(visitor, "Sengaja Ditunda")
    expect(row_of(visitor, "Sengaja Ditunda")).to_contain_text("Menunggu anggaran.")

    # A unit includes everything below it; the function narrows further.
    visitor.walks_to("Reporting gaps").opens_the_filter().picks("Unit", town.department.name).presses("Show")
    visitor.reads(town.department.name).does_not_read("Tak Terlapor")
    visitor.opens_the_filter().picks("Function of government", "Supervision").presses("Show")
    shown(visitor, "Dikirim Balik")

    # Who was silent, and from there to the whole coverage.
    visitor.walks_to("Coverage")
    expect(row_of(visitor, town.kampung.code)).to_contain_text(visitor.said("silent"))
    assert "1" in row_of(visitor, town.kampung.code).inner_text()

    # An operator sees their own unit and nothing of the others.
    own = visit(PHONE_WITHOUT_SCRIPTS, operator).walks_to("Reporting gaps")
    own.reads("Menunggu Verifikasi").does_not_read("Dikirim Balik", "Tak Terlapor")
