"""What a person has to do or decide today, for the start page."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tifa.chain.choices import GapKind, Holder
from tifa.chain.models import Question, ReportDraft
from tifa.chain.selectors.board import Narrowed, board
from tifa.chain.selectors.candidates import waiting_candidates
from tifa.chain.selectors.ledgers import (
    FunnelRow,
    Gap,
    ReportingGap,
    Scope,
    funnel,
    largest_loss,
    reporting_gap,
)
from tifa.chain.selectors.questions import open_questions, questions_for
from tifa.chain.selectors.reporting import drafts_for
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES, Role
from tifa.organisation.models import Person, Unit
from tifa.organisation.rules import roles_of
from tifa.organisation.selectors import UnitTree, unit_tree, units_of

LEADING_ROLES = frozenset({Role.LEADER})
ORTAL_KINDS = frozenset(
    {GapKind.UNVERIFIED, GapKind.UNDECIDED, GapKind.HELD, GapKind.UNFORWARDED, GapKind.UNRECEIPTED}
)
URGENT = 5
QUESTIONS = 20


@dataclass(frozen=True)
class ReporterAgenda:
    """What waits for an operator or head: questions, drafts, what came back, what is unreported, who is silent.

    ``units`` are the units in which the person has the role itself, without those below; ``silent_units``
    are those of the whole subtree that said nothing this year.
    """

    units: tuple[Unit, ...]
    drafts: tuple[ReportDraft, ...]
    returned: tuple[Gap, ...]
    unreported: tuple[Gap, ...]
    silent_units: tuple[Unit, ...]
    questions: tuple[Question, ...]

    @property
    def is_silent(self) -> bool:
        """Whether one of the person's own units said nothing this year."""
        return bool(set(self.units) & set(self.silent_units))


@dataclass(frozen=True)
class OrtalAgenda:
    """What waits for the organisation section, by kind, and the most urgent of it first.

    ``counts`` has every kind that Ortal holds and ``unreceipted``, where Ortal must ask the ministry;
    ``overdue`` counts the gaps among these that are past their date, ``back`` what was held back until a day
    that has come.
    """

    counts: dict[GapKind, int]
    overdue: int
    back: int
    unreceipted: int
    urgent: tuple[Gap, ...]
    unreported: int
    silent_units: int
    candidates: int
    questions: int

    @property
    def total(self) -> int:
        """Return how many innovations wait for Ortal itself."""
        return sum(count for kind, count in self.counts.items() if kind != GapKind.UNRECEIPTED)


@dataclass(frozen=True)
class LeaderAgenda:
    """Where the city stands: the funnel, what is overdue, the largest loss, and who holds what.

    All of it is counted as on the board: what is held back until a later day lies in nobody's hands.
    ``holding_units`` are the units that hold most gaps themselves, with the number of each.
    """

    funnel: tuple[FunnelRow, ...]
    overdue: int
    largest_loss: FunnelRow | None
    holders: dict[Holder, int]
    holding_units: tuple[tuple[Unit, int], ...]
    urgent: tuple[Gap, ...]
    silent_units: int


@dataclass(frozen=True)
class Agenda:
    """What a person has to do in each of their roles; None where they do not have it."""

    reporter: ReporterAgenda | None
    ortal: OrtalAgenda | None
    leader: LeaderAgenda | None


def agenda(person: Person, today: date) -> Agenda:
    """Return what a person has to do; the number of statements does not depend on the rows."""
    tree = unit_tree()
    return Agenda(
        reporter=_reporter(person, today, tree),
        ortal=_ortal(person, today, tree),
        leader=_leader(person, today, tree),
    )


def _gap(person: Person, roles: Collection[Role], today: date, tree: UnitTree) -> ReportingGap | None:
    units = units_of(person, roles, tree)
    return reporting_gap(Scope(today, units), tree=tree) if units else None


def _reporter(person: Person, today: date, tree: UnitTree) -> ReporterAgenda | None:
    gap = _gap(person, REPORTING_ROLES, today, tree)
    if gap is None:
        return None
    own = {unit_id for role, unit_id in roles_of(person) if role in REPORTING_ROLES}
    questions = tuple(questions_for(person, tree)[:QUESTIONS])
    asked = {question.innovation.code for question in questions}
    return ReporterAgenda(
        units=tuple(unit for _, unit in tree.in_order() if unit.pk in own),
        drafts=tuple(drafts_for(person)),
        returned=_but(gap.of_kind(GapKind.RETURNED), asked),
        unreported=_but(gap.of_kind(GapKind.UNREPORTED), asked),
        silent_units=gap.silent_units,
        questions=questions,
    )


def _but(gaps: tuple[Gap, ...], asked: Collection[str]) -> tuple[Gap, ...]:
    """Leave out what stands among the questions already."""
    return tuple(gap for gap in gaps if gap.innovation not in asked)


def _ortal(person: Person, today: date, tree: UnitTree) -> OrtalAgenda | None:
    gap = _gap(person, DECIDING_ROLES, today, tree)
    if gap is None:
        return None
    mine = [one for one in gap.gaps if one.holder != Holder.UNIT]
    kinds = Counter(one.kind for one in mine)
    return OrtalAgenda(
        counts={kind: kinds[kind] for kind in GapKind if kind in ORTAL_KINDS},
        overdue=sum(1 for one in mine if one.days_late),
        back=sum(1 for one in mine if one.is_back),
        unreceipted=kinds[GapKind.UNRECEIPTED],
        urgent=tuple(mine[:URGENT]),
        unreported=len(gap.of_kind(GapKind.UNREPORTED)),
        silent_units=len(gap.silent_units),
        candidates=waiting_candidates(person, tree),
        questions=open_questions(units_of(person, DECIDING_ROLES, tree)).count(),
    )


def _leader(person: Person, today: date, tree: UnitTree) -> LeaderAgenda | None:
    gap = _gap(person, LEADING_ROLES, today, tree)
    if gap is None:
        return None
    rows = funnel(gap.ledgers)
    seen = board(gap, Narrowed(), tree)
    most = [(hand.unit, hand.count) for hand in seen.of(Holder.UNIT) if hand.unit]
    return LeaderAgenda(
        funnel=rows,
        overdue=seen.overdue,
        largest_loss=largest_loss(rows),
        holders={holder: sum(hand.count for hand in seen.of(holder)) for holder in Holder},
        holding_units=tuple(most[:URGENT]),
        urgent=tuple(gap.gaps[:URGENT]),
        silent_units=len(gap.silent_units),
    )
