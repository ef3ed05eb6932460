"""Evaluate: from the opening of a round to the ranking that anybody can read and compute again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import needs_chromium
from tests.factories import Town, make_innovation, make_person, walk_chain
from tests.journeys.sheets import gives, scores
from tests.journeys.visitor import (
    DESKTOP_EN,
    DESKTOP_WITHOUT_SCRIPTS,
    PHONE_ID,
    PHONE_WITHOUT_SCRIPTS,
    Device,
    Visit,
    Visitor,
    ago,
    today,
)
from tifa.chain.choices import Step
from tifa.evaluation.models import RankingPublication, Score, ScoreSheet
from tifa.evaluation.services.panel import name_judges, set_entries
from tifa.evaluation.services.rounds import create_round, open_round
from tifa.instruments import load_instrument
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

pytestmark = needs_chromium

FIRST, SECOND = "Perahu Sehat", "Antre dari Rumah"
ROUND = "Penilaian Inovasi Kota"
CHECKED = ((Step.REPORTED, ago(30)), (Step.VERIFIED, ago(20)))
WAITING = (
    "No connection. What you wrote is kept on this device; leave this page open, and it is sent when the connection is "
    "back."
)
NOVELTY = 2  # the third section of KIPP 2023 has a weight of 15


@pytest.fixture
def judges(town: Town) -> tuple[Person, Person]:
    return (
        make_person("siti@example.org", Role.JUDGE, town.city, name="Siti"),
        make_person("yohanis@example.org", Role.JUDGE, town.city, name="Yohanis"),
    )


def prepares(desk: Visitor) -> Visitor:
    """Prepare a round with both innovations and both judges, and open it."""
    desk.walks_to("Evaluation rounds").follows("Prepare a round")
    desk.fills("code", "KOTA 1").fills("name", ROUND).picks("Instrument", "kipp-2023").presses("Save")
    expect(desk.field("name")).to_have_value(ROUND)
    desk.fills("code", "KOTA-1").presses("Save").reads_the_heading(ROUND)
    desk.follows("Choose entries").does_not_read("Belum Diperiksa")
    for title in (FIRST, SECOND):
        desk.page.get_by_role("checkbox", name=title).check()
    desk.presses("Store the ticks of this page").follows("Back to the round")
    desk.follows("Name judges").chooses("Judges", "Siti").chooses("Judges", "Yohanis").presses("Save")
    return desk.follows("Open the round").presses("Open the round").reads_the_heading(ROUND)


@pytest.mark.parametrize("device", [PHONE_ID, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_round_leads_to_a_published_ranking(
    visit: Visit, device: Device, ortal: Person, judges: tuple[Person, Person], town: Town
) -> None:
    for unit, title in ((town.puskesmas, FIRST), (town.distrik, SECOND)):
        walk_chain(make_innovation(unit, title=title), *CHECKED)
    walk_chain(make_innovation(town.kampung, title="Belum Diperiksa"), CHECKED[0])
    desk = prepares(visit(device, ortal))

    # Yohanis leads the unit of the second one: from then on he does not see it.
    yohanis = visit(device, judges[1]).walks_to("Judging").follows(ROUND).follows(SECOND)
    yohanis.follows("I have a conflict of interest").fills("reason", "Saya memimpin unitnya.")
    yohanis.presses("Declare the conflict").reads(FIRST).does_not_read(SECOND)
    yohanis.follows(FIRST)
    scores(yohanis).first.fill("101")
    yohanis.presses("Submit, then the next entry").reads("Please mend this first")
    gives(yohanis, "90").presses("Submit, then the next entry")
    yohanis.reads("You have submitted a score sheet for every entry. Thank you.")

    # Siti judges both; of the novelty of the first one she cannot say anything.
    siti = visit(device, judges[0]).walks_to("Judging").follows(ROUND).follows("Go on with the next entry")
    siti.reads_the_heading(FIRST)
    if device.scripts:
        scores(siti).first.fill("80")
        siti.waits_until_saved()
        siti.page.reload()
        expect(scores(siti).first).to_have_value("80")
    gives(siti, "80", leaving_out=NOVELTY).presses("Submit, then the next entry").reads_the_heading(SECOND)
    gives(siti, "70,5").presses("Submit, then the next entry")
    siti.reads("You have submitted a score sheet for every entry. Thank you.")

    # Ortal sees that all is there, closes and publishes.
    desk.page.reload()
    expect(desk.row("Yohanis")).to_contain_text("1/1")
    expect(desk.row("Siti")).to_contain_text("2/2")
    desk.follows("Close the round").presses("Close the round")
    expect(desk.row(SECOND).last).to_contain_text(number(desk, "70.50"))
    desk.follows("Publish the ranking").presses("Publish the ranking").reads("Published")

    reads_the_result(visit(device))


def reads_the_result(anybody: Visitor) -> None:
    """Read the ranking as somebody without an account, and how its numbers came about."""
    anybody.goes_to("/").walks_to("Results").follows(ROUND)
    first, second = anybody.row(FIRST), anybody.row(SECOND)
    # Eight sections: 85 is the mean of 80 and 90; novelty, 15 of 100, has the 90 of one judge alone.
    expect(first).to_contain_text(number(anybody, "85.75"))
    expect(second).to_contain_text(number(anybody, "70.50"))
    first.locator("summary").click()
    expect(first).to_contain_text(f"{number(anybody, '90.00')} × 15 → {number(anybody, '13.50')}")
    second.locator("summary").click()
    # Neither a count nor a hole tells that a judge had a conflict.
    protected = (
        "To protect the judges, their scores of this entry are not matched with those of other entries"
    )
    expect(second).to_contain_text(anybody.said(f"{protected}; the interval is wider for it."))
    expect(second).not_to_contain_text(re.compile("benturan kepentingan|conflict of interest"))
    anybody.does_not_read("Siti", "Yohanis", "Belum Diperiksa")
    publication = RankingPublication.objects.get()
    anybody.reads(publication.digest, publication.instrument_digest, load_instrument("kipp-2023").id)


def number(visitor: Visitor, text: str) -> str:
    """Return a number as the visitor's language writes it."""
    return text.replace(".", ",") if visitor.device.language == "id" else text


def opens_a_round(ortal: Person, judges: tuple[Person, Person], *innovations: Innovation) -> None:
    """Prepare and open a round at once."""
    round_ = create_round(actor=ortal, code="KOTA-1", name=ROUND, instrument_id="kipp-2023")
    set_entries(actor=ortal, round_=round_, add=[one.pk for one in innovations], remove=[], on=today())
    name_judges(actor=ortal, round_=round_, people=list(judges))
    open_round(actor=ortal, round_=round_, on=today())


def test_two_windows_of_a_score_sheet_are_brought_together(
    visit: Visit, ortal: Person, judges: tuple[Person, Person], town: Town
) -> None:
    opens_a_round(ortal, judges, walk_chain(make_innovation(town.puskesmas, title=FIRST), *CHECKED))
    office = visit(DESKTOP_EN, judges[0]).walks_to("Judging").follows(ROUND).follows(FIRST)
    home = visit(PHONE_WITHOUT_SCRIPTS, judges[0]).goes_to(office.page.url.removeprefix(office.address))
    gives(home, "60").presses("Save as a draft").reads("The draft is saved. It counts when you submit it.")

    gives(office, "75").presses("Save as a draft").reads_the_heading("Two versions of your score sheet")

    office.page.locator("input[name=keep-kebaruan][value=stored]").check()
    office.presses("Save as a draft").reads("The draft is saved. It counts when you submit it.")
    kept = [scores(office).nth(section).input_value() for section in range(8)]
    assert kept == ["75", "75", "60", "75", "75", "75", "75", "75"]


def test_sheet_that_is_handed_in_without_a_network_is_sent_when_it_is_back(
    visit: Visit, ortal: Person, judges: tuple[Person, Person], town: Town
) -> None:
    boat = walk_chain(make_innovation(town.puskesmas, title=FIRST), *CHECKED)
    queue = walk_chain(make_innovation(town.puskesmas, title=SECOND), *CHECKED)
    opens_a_round(ortal, judges, boat, queue)
    siti = visit(PHONE_ID, judges[0]).walks_to("Judging").follows(ROUND).follows(FIRST)
    siti.reads(
        siti.said("Entry %(number)s of %(count)s; submitted: %(submitted)s", number=1, count=2, submitted=0)
    )
    siti.page.context.set_offline(True)

    gives(siti, "65").presses("Submit, then the next entry").reads(WAITING)

    assert not ScoreSheet.objects.exclude(submitted_at=None).exists()
    siti.page.context.set_offline(False)
    siti.reads_the_heading(SECOND)
    assert ScoreSheet.objects.get().submitted_at is not None


def test_enter_goes_to_the_next_number_and_hands_nothing_in(
    visit: Visit, ortal: Person, judges: tuple[Person, Person], town: Town
) -> None:
    opens_a_round(ortal, judges, walk_chain(make_innovation(town.puskesmas, title=FIRST), *CHECKED))
    siti = visit(DESKTOP_EN, judges[0]).walks_to("Judging").follows(ROUND).follows(FIRST)

    for number in range(8):
        field = scores(siti).nth(number)
        expect(field).to_be_focused() if number else field.focus()
        siti.page.keyboard.type("80")
        siti.page.keyboard.press("Enter")

    siti.waits_until_saved()
    assert ScoreSheet.objects.get().submitted_at is None
    assert Score.objects.filter(value=80).count() == 8

    # Without scripts, Enter presses the button that only saves.
    yohanis = visit(DESKTOP_WITHOUT_SCRIPTS, judges[1]).walks_to("Judging").follows(ROUND).follows(FIRST)
    scores(yohanis).first.fill("70")
    scores(yohanis).first.press("Enter")
    yohanis.reads("The draft is saved. It counts when you submit it.")
