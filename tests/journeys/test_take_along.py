"""Take along: every list as Excel and CSV, reports as PDF, the letter as Word; each file is opened."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import yaml
from pypdf import PdfReader

from tests.browser import needs_chromium
from tests.evaluation.recomputing import recompute
from tests.factories import Town, make_handoff, make_innovation, make_person, walk_chain
from tests.journeys.visitor import DESKTOP_EN, PHONE_WITHOUT_SCRIPTS, Device, Visit, Visitor, ago, today
from tifa.chain.choices import Step
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.services.publishing import publish_ledgers
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Entry
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.panel import name_judges, set_entries
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import close_round, create_round, open_round
from tifa.evaluation.services.scoring import SectionScore, record_scores
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

pytestmark = needs_chromium

TITLE, LETTER, ROUND = "Perahu Sehat", "005/1234/ORG", "Penilaian Inovasi Kota"
DEVICES = (DESKTOP_EN, PHONE_WITHOUT_SCRIPTS)


@pytest.fixture
def boat(town: Town, ortal: Person) -> Innovation:
    """Make an innovation that was forwarded, and one that nobody has checked."""
    boat = walk_chain(
        make_innovation(town.puskesmas, title=TITLE, summary="=1+1 bukan rumus"),
        (Step.REPORTED, ago(60)),
        (Step.VERIFIED, ago(50)),
        (Step.SELECTED, ago(40)),
    )
    make_handoff(boat, Step.FORWARDED, ago(30), letter_number=LETTER)
    walk_chain(make_innovation(town.distrik, title="Antre dari Rumah"), (Step.REPORTED, ago(10)))
    publish_ledgers(actor=ortal, scope=Scope(today()))
    return boat


@pytest.fixture
def judged(town: Town, ortal: Person, boat: Innovation) -> None:
    """Judge it in a round, and publish the ranking."""
    judge = make_person("siti@example.org", Role.JUDGE, town.city, name="Siti")
    round_ = create_round(actor=ortal, code="KOTA-1", name=ROUND, instrument_id="kipp-2023")
    set_entries(actor=ortal, round_=round_, add=[boat.pk], remove=[], on=today())
    name_judges(actor=ortal, round_=round_, people=[judge])
    round_ = open_round(actor=ortal, round_=round_, on=today())
    moment = boat.recorded_at
    record_scores(
        judge=judge,
        entry=Entry.objects.select_related("round", "innovation").get(),
        version=0,
        scores=[
            SectionScore(one.id, ScoreState.SCORED, Decimal("82.5"), "Baik.")
            for one in rubric_of(round_).sections
        ],
        submit=True,
        now=moment,
    )
    round_ = close_round(actor=ortal, round_=round_, on=today())
    publish_ranking(actor=ortal, round_=round_, on=today(), now=moment)


def sheet(path: Path, name: str | None = None) -> list[tuple[Any, ...]]:
    """Return the rows of a worksheet, the first one unless another is named."""
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file)
        page = book[name] if name else book.worksheets[0]
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
        return list(page.iter_rows(values_only=True))


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text("utf-8-sig").splitlines()))


def text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def excel_and_csv(visitor: Visitor) -> list[tuple[Any, ...]]:
    """Take a list along both ways; both have the same headings and as many rows."""
    rows, lines = sheet(visitor.takes("Excel")), table(visitor.takes("CSV"))
    assert [str(one) for one in rows[0]] == lines[0]
    assert len(rows) == len(lines) > 1
    return rows


@pytest.mark.parametrize("device", DEVICES, ids=str)
def test_ortal_takes_lists_and_letter_along(
    visit: Visit, device: Device, ortal: Person, boat: Innovation, town: Town
) -> None:
    desk = visit(device, ortal)

    rows = excel_and_csv(desk.walks_to("Innovations"))
    assert {row[1] for row in rows[1:]} == {TITLE, "Antre dari Rumah"}
    assert next(row for row in rows if row[1] == TITLE)[-1] == "=1+1 bukan rumus"

    rows = excel_and_csv(desk.walks_to("Reporting gaps"))
    assert {(row[1], row[3]) for row in rows[1:]} >= {(TITLE, town.puskesmas.name)}
    printed = text(desk.takes("PDF"))
    assert TITLE in printed
    assert desk.said("The reporting gap") in printed

    rows = excel_and_csv(desk.walks_to("Coverage"))
    assert {row[1] for row in rows} >= {town.kampung.name, town.puskesmas.name}

    desk.walks_to("Innovations").follows(TITLE)
    letter = docx.Document(str(desk.takes("Letter of forwarding (Word)")))
    words = [one.text for one in letter.paragraphs]
    words += [cell.text for part in letter.tables for row in part.rows for cell in row.cells]
    assert all(any(wanted in one for one in words) for wanted in (TITLE, LETTER, town.puskesmas.name))


@pytest.mark.parametrize("device", DEVICES, ids=str)
def test_ortal_takes_a_round_and_everything_along(
    visit: Visit, device: Device, ortal: Person, boat: Innovation, judged: None
) -> None:
    desk = visit(device, ortal).walks_to("Evaluation rounds").follows(ROUND)

    scores = excel_and_csv(desk)
    assert [row[6] for row in scores[1:]] == [82.5] * 8
    assert {row[3] for row in scores[1:]} == {"Siti"}
    printed = text(desk.takes("PDF"))
    assert (TITLE in printed, ROUND in printed) == (True, True)
    ranking = desk.page.locator(".downloads").first
    assert sheet(desk.takes("Excel", part=ranking))[1][:5] == (1, boat.code, TITLE, boat.unit.name, 82.5)
    assert table(desk.takes("CSV", part=ranking))[1][1] == boat.code
    frozen = json.loads(desk.takes("JSON", part=ranking).read_bytes())
    assert recompute(frozen).entries[0].total == Decimal("82.50")

    # The whole city as a workbook; taken in again, it changes nothing.
    book = desk.walks_to("Import and export").takes("Take everything along (Excel)")
    assert [row[1] for row in sheet(book, "Inovasi")[1:]] == [TITLE, "Antre dari Rumah"]
    assert len(sheet(book, "Nilai")) == 1 + 8
    desk.follows("Take a workbook in")
    desk.field("Workbook").set_input_files(
        {"name": "kota.xlsx", "mimeType": "application/octet-stream", "buffer": book.read_bytes()}
    )
    desk.presses("Check the workbook").reads("Nothing would change")


@pytest.mark.parametrize("device", DEVICES, ids=str)
def test_anybody_takes_public_data_along(
    visit: Visit, device: Device, boat: Innovation, judged: None
) -> None:
    anybody = visit(device).goes_to("/")

    assert [row[1] for row in excel_and_csv(anybody)[1:]] == [TITLE]
    anybody.walks_to("Results").follows(ROUND)
    assert [row[4] for row in excel_and_csv(anybody)[1:]] == [82.5]
    assert recompute(json.loads(anybody.takes("JSON").read_bytes())).entries[0].rank == 1
    funnel = json.loads(anybody.walks_to("Funnel").takes("JSON").read_bytes())
    assert funnel["units"][0]["ledgers"]["known"] == 2
    anybody.walks_to("Standards").page.locator("main table a").first.click()
    assert yaml.safe_load(anybody.takes("YAML").read_bytes())
    assert json.loads(anybody.takes("JSON").read_bytes())
