"""Why there is no assignment, and what would make one possible."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from tifa.stats.assignment_problem import AssignmentProblem, allowed_pairs, fixed_pairs, loads_of
from tifa.stats.ratings import BoolArray, IntArray

_NAMED: Final = 5


class Reason(str):
    """A sentence in English, with its code and its numbers and names for whoever says it in another language."""

    code: str
    values: Mapping[str, object]

    __slots__ = ("code", "values")

    def __new__(cls, code: str, sentence: str, **values: object) -> "Reason":
        """Fill ``values`` into ``sentence``."""
        made = super().__new__(cls, sentence.format(**values))
        made.code = code
        made.values = values
        return made


def reasons(problem: AssignmentProblem) -> tuple[Reason, ...]:
    """Return why the problem has no assignment and what would give it one; nothing when it has one.

    Notes
    -----
    After the simple counts, a minimum cut of the network names a set of proposals whose possible judges are too few:
    by the theorem of Hall and Gale there is one whenever there is no assignment [1]_.

    References
    ----------
    .. [1] Gale, D. (1957). A theorem on flows in networks. Pacific Journal of Mathematics 7, 1073-1082.
    """
    allowed = allowed_pairs(problem)
    if problem.fixed:
        return tuple(_missing(problem, allowed))
    least, most = loads_of(problem)
    found = [*_counts(problem, least, most), *_lonely(problem, allowed, least)]
    if not found:
        found = _cut(problem, allowed, least, most)
    return tuple(found)


def _counts(problem: AssignmentProblem, least: int, most: int) -> list[Reason]:
    proposals, judges = len(problem.proposals), len(problem.judges)
    each, needed = problem.reviews_each, proposals * problem.reviews_each
    found = []
    if each > judges:
        found.append(
            Reason(
                "few_judges",
                "Every proposal needs {each} judges and there are {judges}: add {add}, or ask for {judges} reviews each.",
                each=each,
                judges=judges,
                add=each - judges,
            )
        )
    if judges * most < needed:
        found.append(
            Reason(
                "little_room",
                "{proposals} proposals need {needed} reviews and {judges} judges may take {room}: raise the most reviews of "
                "a judge from {most} to {enough}, or add {add} judges.",
                proposals=proposals,
                needed=needed,
                judges=judges,
                room=judges * most,
                most=most,
                enough=-(-needed // judges),
                add=-(-needed // max(most, 1)) - judges,
            )
        )
    if judges * least > needed:
        found.append(
            Reason(
                "much_duty",
                "{judges} judges have to take {duty} reviews and {proposals} proposals need {needed}: lower the least reviews "
                "of a judge from {least} to {enough}.",
                judges=judges,
                duty=judges * least,
                proposals=proposals,
                needed=needed,
                least=least,
                enough=needed // judges,
            )
        )
    return found


def _lonely(problem: AssignmentProblem, allowed: BoolArray, least: int) -> list[Reason]:
    free_judges, free_proposals = allowed.sum(axis=1), allowed.sum(axis=0)
    found = [
        Reason(
            "lonely_proposal",
            "Proposal {proposal!r} needs {each} judges and only {free} have no conflict: find {add} more for it.",
            proposal=problem.proposals[i],
            each=problem.reviews_each,
            free=int(free_judges[i]),
            add=problem.reviews_each - int(free_judges[i]),
        )
        for i in np.flatnonzero(free_judges < min(problem.reviews_each, len(problem.judges)))
    ]
    found += [
        Reason(
            "lonely_judge",
            "Judge {judge!r} has to take {least} proposals and is free of conflict with {free}: lower the least reviews of a "
            "judge to {free}.",
            judge=problem.judges[j],
            least=least,
            free=int(free_proposals[j]),
        )
        for j in np.flatnonzero(free_proposals < min(least, len(problem.proposals)))
    ]
    return found


def _missing(problem: AssignmentProblem, allowed: BoolArray) -> list[Reason]:
    """Return why what is missing beside the fixed pairs cannot be added."""
    fixed = fixed_pairs(problem)
    most = len(problem.proposals) if problem.load is None else problem.load[1]
    need = np.maximum(problem.reviews_each - fixed.sum(axis=1), 0)
    room = np.maximum(most - fixed.sum(axis=0), 0)
    left = allowed & ~fixed
    takers = (left & (room > 0)).sum(axis=1)
    found = [
        Reason(
            "lonely_rest",
            "Proposal {proposal!r} still needs {need} judges and only {free} have no conflict and room for it: find {add} "
            "more for it, or raise the most reviews of a judge.",
            proposal=problem.proposals[i],
            need=int(need[i]),
            free=int(takers[i]),
            add=int(need[i] - takers[i]),
        )
        for i in np.flatnonzero(takers < need)
    ]
    if found:
        return found
    short, side = _bottleneck(left, need, room)
    if not short:
        return []
    return [
        Reason(
            "crowded_rest",
            "The proposals {names} still need {needed} reviews, and conflicts and full loads leave them too few judges; "
            "{short} reviews find nobody: raise the most reviews of a judge above {most}, or bring in judges without a "
            "conflict with them.",
            names=_some(problem.proposals, side),
            needed=int(need[side].sum()),
            short=short,
            most=most,
        )
    ]


def _cut(problem: AssignmentProblem, allowed: BoolArray, least: int, most: int) -> list[Reason]:
    short, side = _bottleneck(allowed, problem.reviews_each, most)
    if short:
        return [_crowded(problem, allowed, side, most, short)]
    short, side = _bottleneck(allowed.T, least, problem.reviews_each)
    if short:
        return [_idle(problem, allowed, side, least, short)]
    return []


def _bottleneck(allowed: BoolArray, each: int | IntArray, most: int | IntArray) -> tuple[int, IntArray]:
    """Return how many units find no place, and the rows that compete for too few columns."""
    rows, columns = allowed.shape
    asked, room = np.broadcast_to(each, rows), np.broadcast_to(most, columns)
    row, column = np.nonzero(allowed)
    source, sink = rows + columns, rows + columns + 1
    tails = np.concatenate([row, np.full(rows, source), np.arange(rows, rows + columns)])
    heads = np.concatenate([rows + column, np.arange(rows), np.full(columns, sink)])
    capacity = np.concatenate([np.ones(len(row)), asked, room])
    network = SimpleMaxFlow()
    network.add_arcs_with_capacity(tails.astype(np.int32), heads.astype(np.int32), capacity.astype(np.int64))
    network.solve(source, sink)
    side = np.array(sorted(node for node in network.get_source_side_min_cut() if node < rows), dtype=np.intp)
    return int(asked.sum()) - int(network.optimal_flow()), side


def _crowded(problem: AssignmentProblem, allowed: BoolArray, side: IntArray, most: int, short: int) -> Reason:
    open_to = np.flatnonzero(allowed[side].any(axis=0))
    enough = next(
        (
            more
            for more in range(most + 1, len(problem.proposals) + 1)
            if not _bottleneck(allowed, problem.reviews_each, more)[0]
        ),
        None,
    )
    mend = "" if enough is None else "raise the most reviews of a judge from {most} to {enough}, or "
    return Reason(
        "crowded" if enough is None else "crowded_mended",
        "The proposals {names} need {needed} reviews, and conflicts leave them {judges} judges with at most {most} each; "
        f"{{short}} reviews find nobody: {mend}bring in judges without a conflict with them.",
        names=_some(problem.proposals, side),
        needed=len(side) * problem.reviews_each,
        judges=len(open_to),
        most=most,
        short=short,
        enough=enough,
    )


def _idle(problem: AssignmentProblem, allowed: BoolArray, side: IntArray, least: int, short: int) -> Reason:
    enough = next(
        fewer
        for fewer in range(least - 1, -1, -1)
        if not _bottleneck(allowed.T, fewer, problem.reviews_each)[0]
    )
    return Reason(
        "idle",
        "The judges {names} have to take {duty} reviews, and conflicts leave them too few proposals; {short} reviews are "
        "missing: lower the least reviews of a judge from {least} to {enough}.",
        names=_some(problem.judges, side),
        duty=len(side) * least,
        short=short,
        least=least,
        enough=enough,
    )


def _some(names: Sequence[str], chosen: IntArray) -> str:
    listed = sorted(names[i] for i in chosen)
    shown = ", ".join(repr(name) for name in listed[:_NAMED])
    return shown if len(listed) <= _NAMED else f"{shown} and {len(listed) - _NAMED} more"
