"""A round of 300 entries and 40 judges: from the conflicts of interest to a bundle that anybody can verify."""

import json
import os
import random
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.db.models import F
from scipy.stats import spearmanr

from tests.browser import needs_chromium
from tests.evaluation.makers import NOW, SECTIONS, make_judges
from tests.factories import Town, make_innovation, make_unit
from tests.journeys.sheets import gives
from tests.journeys.visitor import DESKTOP_EN, PHONE_WITHOUT_SCRIPTS, Visit, Visitor
from tifa.evaluation.choices import ConflictKind, ScoreState
from tifa.evaluation.models import Assignment, Conflict, Round, ScoreSheet
from tifa.evaluation.services.scoring import SectionScore, record_scores
from tifa.organisation.choices import Role, UnitKind
from tifa.organisation.models import Membership, Person

pytestmark = needs_chromium

ENTRIES, JUDGES, EACH, UNITS = 300, 40, 3, 20
ROUND = "Penilaian Besar"
VERIFIED = date(2026, 9, 1)
PATIENCE = 60_000  # milliseconds: dividing and computing are done within the request here
# The fair scores of so many reviews find the planted order again, though not to the place.
LEAST_AGREEMENT = 0.8


@pytest.fixture
def judges(town: Town) -> list[Person]:
    """Make the city: units with innovations, and judges of whom every second works in one of the units."""
    people = make_judges(town, JUDGES)
    for number in range(UNITS):
        unit = make_unit(f"OPD.{number:02}", f"Dinas {number:02}", UnitKind.DEPARTMENT, town.city)
        Membership.objects.create(person=people[2 * number], unit=unit, role=Role.OPERATOR)
        for _ in range(ENTRIES // UNITS):
            make_innovation(unit, verified_on=VERIFIED, published_on=VERIFIED)
    return people


def prepares(desk: Visitor, judges: list[Person]) -> Round:
    """Prepare the round: entries, judges, conflicts, three judges an entry; then open it."""
    desk.walks_to("Evaluation rounds").follows("Prepare a round")
    desk.fills("code", "BESAR-1").fills("name", ROUND).picks("Instrument", "kipp-2023").presses("Save")
    desk.reads_the_heading(ROUND).follows("Choose entries")
    desk.page.get_by_role("button", name=f"Take all {ENTRIES} found").click()
    desk.goes_to(f"/ruang/putaran/{Round.objects.get().pk}/").follows("Name judges")
    for judge in judges:
        desk.page.get_by_role("checkbox", name=judge.name, exact=True).check()
    desk.presses("Save").reads_the_heading(ROUND)
    desk.follows("Divide the work").fills("judges for each entry", str(EACH)).presses("Make a plan")
    desk.presses("Accept the plan")
    desk.goes_to(f"/ruang/putaran/{Round.objects.get().pk}/").follows("Open the round")
    desk.presses("Open the round").reads_the_heading(ROUND)
    return Round.objects.get()


def declares_a_conflict(judge: Visitor) -> None:
    """Say of the first entry of one's own that one may not judge it."""
    judge.walks_to("Judging").follows(ROUND).follows("Go on with the next entry")
    judge.follows("I have a conflict of interest").fills("reason", "Saudara saya memimpin timnya.")
    judge.presses("Declare the conflict").reads_the_heading(ROUND)


def scores_by_hand(judge: Visitor, number: str) -> None:
    """Fill in the sheet of the next entry and submit it."""
    judge.walks_to("Judging").follows(ROUND).follows("Go on with the next entry")
    gives(judge, number).presses("Submit, then the next entry")


def test_large_round_runs_from_conflicts_to_a_verified_bundle(
    visit: Visit, ortal: Person, judges: list[Person], tmp_path: Path
) -> None:
    desk = visit(DESKTOP_EN, ortal)
    desk.page.context.set_default_timeout(PATIENCE)
    round_ = prepares(desk, judges)
    own_units = Conflict.objects.filter(kind=ConflictKind.FOUND)
    assert own_units.count() == ENTRIES
    assert not Assignment.objects.filter(entry__conflicts__member=F("member")).exists()
    assert Assignment.objects.count() == ENTRIES * EACH

    # One declares a conflict; Ortal fills the gap that it leaves.
    declares_a_conflict(visit(PHONE_WITHOUT_SCRIPTS, judges[1]))
    assert Assignment.objects.count() == ENTRIES * EACH - 1
    desk.goes_to(f"/ruang/putaran/{round_.pk}/tugas/").reads("Some entries have too few judges")
    desk.page.get_by_label(
        desk.said("Leave those who are assigned already, and fill what is missing")
    ).check()
    desk.presses("Make a plan").presses("Accept the plan")
    assert Assignment.objects.count() == ENTRIES * EACH

    scores_by_hand(visit(PHONE_WITHOUT_SCRIPTS, judges[1]), "71")
    planted = judges_the_rest(round_)
    desk.goes_to(f"/ruang/putaran/{round_.pk}/").reads(f"{ENTRIES * EACH}")
    desk.follows("Close the round").presses("Close the round")
    desk.follows("Result").presses("Compute the result").reads("Judges, for the organisation section only")
    desk.follows("Publish the result").presses("Publish the ranking").reads("Published")

    anybody = visit(DESKTOP_EN).goes_to("/").walks_to("Results").follows(ROUND)
    anybody.does_not_read(judges[0].name)
    bundle = anybody.takes("Bundle to verify (ZIP)")
    assert verified(bundle, anybody.takes("Public key (PEM)"))
    # The spread that was planted between entries is found again.
    with ZipFile(bundle) as archive:
        results = json.loads(archive.read("results.json"))
    fair = {row["entry"]: row["fair"] for row in results["fair"]["entries"]}
    assert set(fair) == set(planted)
    assert spearmanr([fair[code] for code in planted], list(planted.values())).statistic > LEAST_AGREEMENT


def verified(bundle: Path, key: Path) -> bool:
    """Verify as anybody would, in a process that has no database."""
    command = [sys.executable, "-m", "tifa", "verify", str(bundle), "--key", str(key)]
    return (
        subprocess.run(
            command, check=False, env={"PATH": "", "PYTHONPATH": os.pathsep.join(sys.path)}
        ).returncode
        == 0
    )


@transaction.atomic
def judges_the_rest(round_: Round) -> dict[str, float]:
    """Let every judge submit what is left: the entry's level, the judge's severity, the mood of the review."""
    chance = random.Random(20261)  # repeatable, not secret
    assigned = list(
        Assignment.objects.filter(entry__round=round_).select_related(
            "entry__round", "entry__innovation__unit", "member__person"
        )
    )
    level = {one.entry.innovation.code: chance.gauss(65, 10) for one in assigned}
    severity = {one.member_id: chance.gauss(0, 6) for one in assigned}
    done = set(ScoreSheet.objects.exclude(submitted_at=None).values_list("entry", "member"))
    for one in assigned:
        if (one.entry_id, one.member_id) in done:
            continue
        assert one.member.person is not None
        mood = level[one.entry.innovation.code] - severity[one.member_id] + chance.gauss(0, 4)
        marks = [min(max(round(mood + chance.gauss(0, 4)), 0), 100) for _ in SECTIONS]
        record_scores(
            judge=one.member.person,
            entry=one.entry,
            version=0,
            scores=[
                SectionScore(section, ScoreState.SCORED, Decimal(mark), "")
                for section, mark in zip(SECTIONS, marks, strict=True)
            ],
            submit=True,
            now=NOW,
        )
    return level
