"""Turns a round into an assignment problem, and its solution into a plan to look at."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from tifa.evaluation.models import Assignment, Conflict, Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.selectors.plans import (
    ELSEWHERE,
    FITS,
    GOOD_EFFICIENCY,
    UNKNOWN,
    Pair,
    PlanResult,
    Wish,
    is_fit,
)
from tifa.evaluation.selectors.rounds import without_conflict
from tifa.stats.assignment import Assignment as Solution
from tifa.stats.assignment import AssignmentProblem, assign
from tifa.stats.infeasibility import Reason

# How much fit is given for judges who can be compared; more only as long as it costs little.
BRIDGES: Final = (0.2, 0.5, 1.0)
LEAST_KEPT: Final = 0.97
REASONS_KEPT: Final = 10


@dataclass(frozen=True)
class PlanInputs:
    """A problem whose names lead back to rows, and the digest of all it was made from."""

    problem: AssignmentProblem
    entries: Mapping[str, int]
    members: Mapping[str, int]
    basis: str


def plan_inputs(round_: Round, wish: Wish) -> PlanInputs:
    """Read a round as a problem, in five statements.

    A score sheet that was begun fixes its pair, and so does a submitted one of a judge who was withdrawn: such a judge
    gets nothing more.
    """
    entries = list(
        Entry.objects.filter(round=round_, withdrawn_at=None)
        .order_by("pk")
        .values_list("pk", "innovation__code", "topic")
    )
    panel = list(
        PanelMember.objects.filter(round=round_)
        .order_by("pk")
        .values_list("pk", "name", "expertise", "withdrawn_at")
    )
    conflicts = set(Conflict.objects.filter(entry__round=round_).values_list("entry_id", "member_id"))
    gone = {key for key, _name, _expertise, withdrawn in panel if withdrawn}
    fixed = _fixed(round_, wish, gone) - conflicts
    fixed = {pair for pair in fixed if pair[0] in {key for key, _code, _topic in entries}}
    seated = [one for one in panel if one[0] not in gone or any(member == one[0] for _entry, member in fixed)]
    barred = conflicts | {
        (entry, one[0]) for one in seated if one[0] in gone for entry, _code, _topic in entries
    }
    code_of = {key: code for key, code, _topic in entries}
    name_of = {key: name for key, name, _expertise, _withdrawn in seated}

    def named(pairs: set[Pair]) -> frozenset[tuple[str, str]]:
        return frozenset(
            (code_of[entry], name_of[member])
            for entry, member in pairs
            if entry in code_of and member in name_of
        )

    problem = AssignmentProblem(
        proposals=tuple(code_of.values()),
        judges=tuple(name_of.values()),
        affinity=_affinity([topic for _key, _code, topic in entries], [one[2] for one in seated]),
        reviews_each=wish.reviews_each,
        conflicts=named(barred),
        load=_load(len(entries), len(seated), wish),
        bridge=BRIDGES[0],
        seed=_seed(round_),
        fixed=named(fixed),
    )
    basis = [
        asdict(wish),
        entries,
        [[*one[:3], one[0] in gone] for one in panel],
        sorted(conflicts),
        sorted(fixed),
    ]
    return PlanInputs(
        problem,
        {code: key for key, code in code_of.items()},
        {name: key for key, name in name_of.items()},
        hashlib.sha256(json.dumps(basis, ensure_ascii=False).encode()).hexdigest(),
    )


def solve(inputs: PlanInputs) -> PlanResult:
    """Find the plan: shares as even as conflicts allow, and as much comparability as costs little fit."""
    problem = inputs.problem
    found = assign(problem)
    if found.infeasible_because and not problem.fixed:
        problem, found = _relaxed(problem)
    if found.infeasible_because:
        reasons = tuple(_reason(one) for one in found.infeasible_because[:REASONS_KEPT])
        unsaid = len(found.infeasible_because) - len(reasons)
        return PlanResult((), 0, 0, 0, 0, 0.0, reasons, unsaid)
    return _measured(inputs, _bridged(problem, found))


def _fixed(round_: Round, wish: Wish, gone: set[int]) -> set[Pair]:
    sheets = ScoreSheet.objects.filter(without_conflict(), entry__round=round_)
    fixed = {
        (entry, member)
        for entry, member, submitted in sheets.values_list("entry_id", "member_id", "submitted_at")
        if submitted or member not in gone
    }
    if wish.keep:
        rows = Assignment.objects.filter(entry__round=round_).exclude(member__in=gone)
        fixed |= set(rows.values_list("entry_id", "member_id"))
    return fixed


def _load(entries: int, judges: int, wish: Wish) -> tuple[int, int] | None:
    """Return the least and the most entries of a judge: as far below the even share as the largest is above it."""
    if wish.largest_load is None or not judges:
        return None
    even = entries * wish.reviews_each // judges
    return min(max(2 * even - wish.largest_load, 0), wish.largest_load), wish.largest_load


def _relaxed(problem: AssignmentProblem) -> tuple[AssignmentProblem, Solution]:
    """Give up the even shares as little as conflicts demand: first the least load, then the most if nobody set one."""
    even = len(problem.proposals) * problem.reviews_each // len(problem.judges)
    most = problem.load[1] if problem.load else even + 1
    found = assign(replace(problem, load=(0, most)))
    if problem.load is None and (enough := _enough(found)):
        most = enough
        found = assign(replace(problem, load=(0, most)))
    if found.infeasible_because:
        return problem, found
    for least in (even, even // 2, 1):
        tighter = replace(problem, load=(min(least, most), most))
        better = assign(tighter)
        if not better.infeasible_because:
            return tighter, better
    return replace(problem, load=(0, most)), found


def _enough(found: Solution) -> int | None:
    """Return the most entries of a judge that would do, where nothing else is in the way."""
    said = [reason.values.get("enough") for reason in found.infeasible_because if isinstance(reason, Reason)]
    known = [one for one in said if isinstance(one, int)]
    return max(known) if known and len(known) == len(said) else None


def _bridged(problem: AssignmentProblem, first: Solution) -> Solution:
    best = first
    for bridge in BRIDGES[1:]:
        if best.efficiency >= GOOD_EFFICIENCY or problem.reviews_each == 1:
            break
        found = assign(replace(problem, bridge=bridge))
        cheap = found.total >= LEAST_KEPT * first.total or best.components > 1
        if not found.infeasible_because and found.efficiency > best.efficiency and cheap:
            best = found
    return best


def _measured(inputs: PlanInputs, found: Solution) -> PlanResult:
    problem = inputs.problem
    row = {name: position for position, name in enumerate(problem.proposals)}
    column = {name: position for position, name in enumerate(problem.judges)}
    fit = [float(problem.affinity[row[code], column[name]]) for code, name in found.pairs]
    return PlanResult(
        pairs=tuple((inputs.entries[code], inputs.members[name]) for code, name in found.pairs),
        added=len(found.pairs) - len(problem.fixed),
        fits=fit.count(FITS),
        known=len(fit) - fit.count(UNKNOWN),
        components=found.components,
        efficiency=found.efficiency,
    )


def _affinity(topics: Sequence[str], expertise: Sequence[Sequence[str]]) -> Any:
    worth = {True: FITS, False: ELSEWHERE, None: UNKNOWN}
    by_topic = {
        topic: [worth[is_fit(topic, known)] for known in expertise] for topic in dict.fromkeys(topics)
    }
    return np.array([by_topic[topic] for topic in topics], dtype=np.float64).reshape(
        len(topics), len(expertise)
    )


def _reason(reason: str) -> dict[str, Any]:
    if isinstance(reason, Reason):
        return {"code": reason.code, "values": dict(reason.values), "sentence": str(reason)}
    return {"code": "", "values": {}, "sentence": reason}


def _seed(round_: Round) -> int:
    return int.from_bytes(hashlib.sha256(round_.code.encode()).digest()[:4], "big")
