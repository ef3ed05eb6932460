"""Takes a workbook in: all of it or nothing, and the same one twice changes nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.core.audit import Action
from tifa.core.spreadsheets import UnreadableWorkbook, WorkbookReading, read_workbook
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.scoring import WrongScore
from tifa.exchange.format import HANDOFFS, INNOVATIONS, ROUNDS, SCORES, SPECS, UNITS
from tifa.exchange.report import ImportReport
from tifa.exchange.sheets.desk import Desk
from tifa.exchange.sheets.handoffs import HandOffPlan, plan_handoffs, write_handoffs
from tifa.exchange.sheets.innovations import InnovationPlan, keys_of, plan_innovations, write_innovations
from tifa.exchange.sheets.rounds import RoundPlan, plan_rounds, write_rounds
from tifa.exchange.sheets.scores import ScorePlan, plan_scores, write_scores
from tifa.exchange.sheets.units import UnitPlan, plan_units, write_units
from tifa.organisation.models import Person

PIECE = 1024 * 1024
Progress = Callable[[int, int], None]
Reach = frozenset[str] | None


@dataclass(frozen=True)
class OpenedWorkbook:
    """A workbook that was read; when it could not be, ``refusal`` says why."""

    name: str
    digest: str = ""
    reading: WorkbookReading | None = None
    refusal: str = ""


@dataclass(frozen=True)
class _Plan:
    units: UnitPlan
    innovations: InnovationPlan
    handoffs: HandOffPlan
    rounds: RoundPlan
    scores: ScorePlan


def check_workbook(
    path: Path, *, name: str = "", reach: Reach = None, progress: Progress | None = None
) -> ImportReport:
    """Say what taking a workbook over would do, and what is wrong with it; nothing is written.

    Parameters
    ----------
    path
        The file.
    name
        The name to be shown; that of the file when left out.
    reach
        Codes of the units whose things may be touched; None means all.
    progress
        Called with the rows read and the rows in all.
    """
    opened = open_workbook(path, name=name, progress=progress)
    if opened.reading is None:
        return _refused(opened)
    desk = Desk(opened.reading, reach=reach)
    return _report(opened, _plan(desk))


def apply_workbook(
    *,
    actor: Person | None,
    path: Path,
    name: str = "",
    reach: Reach = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Take a workbook over when nothing is wrong with it; else write nothing and say what is wrong."""
    return apply_opened(actor=actor, opened=open_workbook(path, name=name, progress=progress), reach=reach)


def open_workbook(path: Path, *, name: str = "", progress: Progress | None = None) -> OpenedWorkbook:
    """Read a workbook; done before the transaction, which would keep others waiting."""
    name = name or path.name
    try:
        reading = read_workbook(path, SPECS, progress=progress)
        digest = _digest(path)
    except UnreadableWorkbook as refusal:
        return OpenedWorkbook(name, refusal=str(refusal))
    reading.notices = _useful(reading)
    return OpenedWorkbook(name, digest, reading)


def apply_opened(*, actor: Person | None, opened: OpenedWorkbook, reach: Reach = None) -> ImportReport:
    """Take over what was read, in one transaction."""
    if opened.reading is None:
        return _refused(opened)
    try:
        with transaction.atomic():
            plan = _plan(Desk(opened.reading, locked=True, reach=reach))
            report = _report(opened, plan)
            if not report.acceptable:
                return report
            if report.differs:
                _write(plan, report, actor)
    except (RoundRefused, WrongScore) as refusal:
        return _refused(replace(opened, refusal=str(refusal)))
    except IntegrityError:
        return _refused(
            replace(
                opened,
                refusal=_("Somebody changed the same things meanwhile. Nothing was taken over; try again."),
            )
        )
    return replace(report, applied=True)


def _plan(desk: Desk) -> _Plan:
    units = plan_units(desk)
    innovations = plan_innovations(desk, units.parents)
    rounds = plan_rounds(desk)
    handoffs = plan_handoffs(desk, innovations)
    return _Plan(units, innovations, handoffs, rounds, plan_scores(desk, rounds, innovations))


def _write(plan: _Plan, report: ImportReport, actor: Person | None) -> None:
    """Write everything.

    Innovations and rounds were locked before the first event, so nobody who holds one of them can wait for the
    log while this waits for them.
    """
    now = timezone.now()
    actions = write_units(plan.units)
    actions += write_innovations(plan.innovations, now)
    keys = keys_of(
        {change.innovation for change in plan.handoffs.changes} | {key[1] for key in plan.scores.wanted}
    )
    actions += write_handoffs(plan.handoffs, keys, actor=actor, now=now)
    sheets = {name: vars(tally) for name, tally in report.sheets.items()}
    summary = Action(
        "workbook.imported",
        "workbook",
        report.digest,
        {"file": report.file, "sha256": report.digest, "sheets": sheets},
    )
    audit.record_many(actor=actor, actions=[summary, *actions])
    rounds = write_rounds(plan.rounds, actor=actor, judged=plan.scores.rounds)
    write_scores(plan.scores, rounds, keys, actor=actor)


def _report(opened: OpenedWorkbook, plan: _Plan) -> ImportReport:
    reading = opened.reading or WorkbookReading()
    tallies = {
        UNITS: plan.units.tally,
        INNOVATIONS: plan.innovations.tally,
        HANDOFFS: plan.handoffs.tally,
        ROUNDS: plan.rounds.tally,
        SCORES: plan.scores.tally,
    }
    report = ImportReport(
        file=opened.name,
        digest=opened.digest,
        applied=False,
        sheets=tallies,
        errors=tuple(sorted(reading.errors, key=lambda error: (list(tallies).index(error.sheet), error.row))),
        error_count=reading.error_count,
        notices=tuple(reading.notices),
    )
    if report.acceptable and not report.differs:
        nothing = _("The workbook says nothing that is not stored already; nothing changes.")
        return replace(report, notices=(nothing, *report.notices))
    return report


def _refused(opened: OpenedWorkbook) -> ImportReport:
    return ImportReport(opened.name, opened.digest, applied=False, refusal=opened.refusal)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _useful(reading: WorkbookReading) -> list[str]:
    """Leave out the remark that a number was read as text where numbers belong, in the column `nilai`."""
    place = f"{SCORES}, "
    return [notice for notice in reading.notices if not (place in notice and " nilai: " in notice)]
