"""The sheet `Putaran`: rounds of evaluation, each by its code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from tifa.core.spreadsheets import Row
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.importing import import_round
from tifa.evaluation.services.rounds import freeze_instrument
from tifa.exchange.format import ROUNDS, SCORES
from tifa.exchange.report import Tally
from tifa.exchange.sheets.desk import Desk
from tifa.instruments import (
    NoRubric,
    Rubric,
    UnknownInstrument,
    list_instruments,
    load_instrument,
    rubric,
)
from tifa.organisation.models import Person


@dataclass(frozen=True)
class RoundFacts:
    """What a workbook says of a round."""

    name: str
    instrument_id: str
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class RoundPlan:
    """The rounds to be written, and the rubric of every round that has scores in the workbook."""

    stored: Mapping[str, Round]
    wanted: Mapping[str, RoundFacts]
    mentioned: frozenset[str] = frozenset()
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)

    @property
    def tally(self) -> Tally:
        """Return how many are new, changed, and the same."""
        created = sum(code not in self.stored for code in self.wanted)
        unchanged = sum(
            code in self.stored and _said(self.stored[code]) == facts for code, facts in self.wanted.items()
        )
        return Tally(created, len(self.wanted) - created - unchanged, unchanged)

    def knows(self, code: str) -> bool:
        """Return whether a round is stored or stands in the workbook."""
        return code in self.stored or code in self.mentioned

    def takes_scores(self, code: str) -> bool:
        """Return whether scores of a round can be stored: it has opened, or this workbook brings it along."""
        return code in self.mentioned or self.stored[code].state != RoundState.DRAFT


def plan_rounds(desk: Desk) -> RoundPlan:
    """Compare the sheet with what is stored, and note what does not fit."""
    codes = {row.text("kode") for row in desk.rows(ROUNDS)} | {
        row.text("putaran") for row in desk.rows(SCORES)
    }
    found = Round.objects.filter(code__in=codes).order_by("pk")
    stored = {round_.code: round_ for round_ in (found.select_for_update() if desk.locked else found)}
    seen: dict[str, int] = {}
    wanted: dict[str, RoundFacts] = {}
    rubrics = {code: rubric_of(round_) for code, round_ in stored.items() if round_.instrument_copy}
    for row in desk.rows(ROUNDS):
        code = desk.check_code(ROUNDS, row, "kode")
        if not code or not desk.check_once(ROUNDS, row, "kode", seen.get(code)):
            continue
        seen[code] = row.number
        wanted[code] = _facts(row, stored.get(code))
        _check_dates(desk, row, wanted[code])
        if code in stored:
            _check_step_back(desk, row, wanted[code], stored[code])
        known = _rubric(desk, row)
        if known and code not in rubrics:
            rubrics[code] = known
    return RoundPlan(stored, wanted, frozenset(seen), rubrics)


def write_rounds(plan: RoundPlan, *, actor: Person | None, judged: frozenset[str]) -> dict[str, Round]:
    """Write the rounds of the workbook; ``judged`` are those that scores come for."""
    rounds = {}
    for code, facts in plan.wanted.items():
        rounds[code], _outcome = import_round(actor=actor, code=code, **vars(facts))
        if code in judged and rounds[code].state == RoundState.DRAFT:
            _open_undated(rounds[code])
    return {**plan.stored, **rounds}


def _open_undated(round_: Round) -> None:
    """Let a round take its scores although the workbook does not know on which day it opened."""
    freeze_instrument(round_)
    round_.state = RoundState.OPEN
    round_.save(update_fields=["state", "instrument_copy", "instrument_digest"])


def _said(round_: Round) -> RoundFacts:
    return RoundFacts(round_.name, round_.instrument_id, round_.opened_on, round_.closed_on)


def _facts(row: Row, before: Round | None) -> RoundFacts:
    return RoundFacts(
        name=row.text("nama"),
        instrument_id=row.text("instrumen"),
        opened_on=row.day("dibuka") if "dibuka" in row.values else before.opened_on if before else None,
        closed_on=row.day("ditutup") if "ditutup" in row.values else before.closed_on if before else None,
    )


def _check_dates(desk: Desk, row: Row, facts: RoundFacts) -> None:
    if facts.opened_on and facts.closed_on and facts.opened_on > facts.closed_on:
        expected = _("a day on or after the column dibuka (%s)") % facts.opened_on
        desk.refuse(ROUNDS, row, "ditutup", expected, found=str(facts.closed_on))


def _check_step_back(desk: Desk, row: Row, facts: RoundFacts, stored: Round) -> None:
    """Note errors for what a round cannot undo; a round that says what is stored is always fine."""
    if facts == _said(stored):
        return
    closed = stored.state in {RoundState.CLOSED, RoundState.PUBLISHED}
    if closed and not facts.closed_on:
        expected = _("the day on which it closed (%s); a closed round does not open again") % (
            stored.closed_on or "–"
        )
        desk.refuse(ROUNDS, row, "ditutup", expected, found="")
    if stored.state == RoundState.OPEN and not facts.opened_on and not facts.closed_on:
        expected = _("the day on which it opened (%s); the round runs already") % (stored.opened_on or "–")
        desk.refuse(ROUNDS, row, "dibuka", expected, found="")
    if stored.instrument_copy and facts.instrument_id != stored.instrument_id:
        expected = _("“%s”, on which the round has opened") % stored.instrument_id
        desk.refuse(ROUNDS, row, "instrumen", expected)


def _rubric(desk: Desk, row: Row) -> Rubric | None:
    name = row.text("instrumen")
    if not name:
        return None
    try:
        return rubric(load_instrument(name))
    except UnknownInstrument:
        known = ", ".join(sorted(one.id for one in list_instruments()))
        desk.refuse(ROUNDS, row, "instrumen", _("one of: %s") % known)
    except NoRubric as error:
        desk.refuse(
            ROUNDS, row, "instrumen", _("an instrument that can be scored (%s)") % str(error).rstrip(".")
        )
    return None
