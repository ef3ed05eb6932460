"""Read: anybody finds innovations, standards, results and the funnel, and nothing else."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import needs_chromium
from tests.factories import Town, make_innovation, walk_chain
from tests.journeys.visitor import DESKTOP_EN, PHONE_ID, PHONE_WITHOUT_SCRIPTS, Device, Visit, ago, today
from tifa.chain.choices import Step
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.services.publishing import publish_ledgers
from tifa.instruments import load_instrument
from tifa.organisation.models import Person
from tifa.registry.choices import Stage

pytestmark = needs_chromium

CHECKED = ((Step.REPORTED, ago(30)), (Step.VERIFIED, ago(20)))
HIDDEN = "Belum Diperiksa"


@pytest.mark.parametrize("device", [PHONE_ID, DESKTOP_EN, PHONE_WITHOUT_SCRIPTS], ids=str)
def test_anybody_reads_what_is_public(visit: Visit, device: Device, ortal: Person, town: Town) -> None:
    boat = make_innovation(town.puskesmas, title="Perahu Sehat", summary="Perawat datang lewat teluk.")
    walk_chain(boat, *CHECKED)
    walk_chain(make_innovation(town.distrik, title="Antre dari Rumah", stage=Stage.TRIAL), *CHECKED)
    hidden = walk_chain(make_innovation(town.kampung, title=HIDDEN), CHECKED[0])
    publish_ledgers(actor=ortal, scope=Scope(today()))
    anybody = visit(device).goes_to("/")
    found = anybody.page.locator("#found")
    expect(found).to_contain_text("2 ")
    anybody.does_not_read(HIDDEN)

    # Searching, then narrowing: with scripts at once, without them by a button.
    anybody.page.get_by_role("searchbox").fill("teluk")
    anybody.presses("Search").reads("Perahu Sehat").does_not_read("Antre dari Rumah")
    anybody.follows("Clear the choice").opens_the_filter().chooses("Stage", "Trial")
    if not device.scripts:
        anybody.presses("Apply")
    anybody.reads("Antre dari Rumah").does_not_read("Perahu Sehat")
    expect(anybody.page).to_have_url(re.compile(r"[?&]tahap=uji(\+|%20)coba"))
    anybody.page.reload()
    anybody.follows("Clear the choice").reads("Perahu Sehat")

    # One innovation with its facts and how far it came.
    anybody.follows("Perahu Sehat").reads_the_heading("Perahu Sehat")
    anybody.reads("Perawat datang lewat teluk.", town.puskesmas.name, boat.code, "Verified")

    # The standard with its weights, and the funnel of each unit.
    instrument = load_instrument("kipp-2023")
    anybody.walks_to("Standards").follows(
        instrument.title.en if device.language == "en" else instrument.title.id
    )
    weights = anybody.page.locator(f"td[data-label='{anybody.said('Weight')}']")
    assert [weights.nth(n).inner_text().split()[0] for n in range(3)] == ["0", "10", "15"]
    anybody.walks_to("Funnel").follows(town.distrik.name)
    expect(anybody.row(town.distrik.code).get_by_role("cell").nth(0)).to_have_text("2")

    # Nothing else: not the page of one that nobody verified, not the workspace.
    assert anybody.page.goto(f"{anybody.address}/inovasi/{hidden.code}/").status == 404  # type: ignore[union-attr]
    anybody.does_not_read(HIDDEN).goes_to(f"/?q={HIDDEN}").does_not_read(town.kampung.name)
    anybody.goes_to(hidden.get_absolute_url()).reads_the_heading("Sign in").does_not_read(HIDDEN)
