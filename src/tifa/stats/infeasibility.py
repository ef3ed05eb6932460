"""Why there is no assignment, and what would make one possible."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from tifa.stats.assignment_problem import AssignmentProblem, allowed_pairs, loads_of
from tifa.stats.ratings import BoolArray, IntArray

_NAMED: Final = 5


def reasons(problem: AssignmentProblem) -> tuple[str, ...]:
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
    least, most = loads_of(problem)
    found = [*_counts(problem, least, most), *_lonely(problem, allowed, least)]
    if not found:
        found = _cut(problem, allowed, least, most)
    return tuple(found)


def _counts(problem: AssignmentProblem, least: int, most: int) -> list[str]:
    proposals, judges = len(problem.proposals), len(problem.judges)
    needed = proposals * problem.reviews_each
    found = []
    if problem.reviews_each > judges:
        found.append(
            f"Every proposal needs {problem.reviews_each} judges and there are {judges}: add "
            f"{problem.reviews_each - judges}, or ask for {judges} reviews each."
        )
    if judges * most < needed:
        found.append(
            f"{proposals} proposals need {needed} reviews and {judges} judges may take {judges * most}: raise the most "
            f"reviews of a judge from {most} to {-(-needed // judges)}, or add {-(-needed // max(most, 1)) - judges} "
            "judges."
        )
    if judges * least > needed:
        found.append(
            f"{judges} judges have to take {judges * least} reviews and {proposals} proposals need {needed}: lower the "
            f"least reviews of a judge from {least} to {needed // judges}."
        )
    return found


def _lonely(problem: AssignmentProblem, allowed: BoolArray, least: int) -> list[str]:
    free_judges, free_proposals = allowed.sum(axis=1), allowed.sum(axis=0)
    found = [
        f"Proposal {problem.proposals[i]!r} needs {problem.reviews_each} judges and only {free_judges[i]} have no "
        f"conflict: find {problem.reviews_each - free_judges[i]} more for it."
        for i in np.flatnonzero(free_judges < min(problem.reviews_each, len(problem.judges)))
    ]
    found += [
        f"Judge {problem.judges[j]!r} has to take {least} proposals and is free of conflict with {free_proposals[j]}: "
        f"lower the least reviews of a judge to {free_proposals[j]}."
        for j in np.flatnonzero(free_proposals < min(least, len(problem.proposals)))
    ]
    return found


def _cut(problem: AssignmentProblem, allowed: BoolArray, least: int, most: int) -> list[str]:
    short, side = _bottleneck(allowed, problem.reviews_each, most)
    if short:
        return [_crowded(problem, allowed, side, most, short)]
    short, side = _bottleneck(allowed.T, least, problem.reviews_each)
    if short:
        return [_idle(problem, allowed, side, least, short)]
    return []


def _bottleneck(allowed: BoolArray, each: int, most: int) -> tuple[int, IntArray]:
    """Return how many units find no place, and the rows that compete for too few columns."""
    rows, columns = allowed.shape
    row, column = np.nonzero(allowed)
    source, sink = rows + columns, rows + columns + 1
    tails = np.concatenate([row, np.full(rows, source), np.arange(rows, rows + columns)])
    heads = np.concatenate([rows + column, np.arange(rows), np.full(columns, sink)])
    capacity = np.concatenate([np.ones(len(row)), np.full(rows, each), np.full(columns, most)])
    network = SimpleMaxFlow()
    network.add_arcs_with_capacity(tails.astype(np.int32), heads.astype(np.int32), capacity.astype(np.int64))
    network.solve(source, sink)
    side = np.array(sorted(node for node in network.get_source_side_min_cut() if node < rows), dtype=np.intp)
    return rows * each - int(network.optimal_flow()), side


def _crowded(problem: AssignmentProblem, allowed: BoolArray, side: IntArray, most: int, short: int) -> str:
    open_to = np.flatnonzero(allowed[side].any(axis=0))
    enough = next(
        (
            more
            for more in range(most + 1, len(problem.proposals) + 1)
            if not _bottleneck(allowed, problem.reviews_each, more)[0]
        ),
        None,
    )
    mend = "" if enough is None else f"raise the most reviews of a judge from {most} to {enough}, or "
    return (
        f"The proposals {_some(problem.proposals, side)} need {len(side) * problem.reviews_each} reviews, and conflicts leave them "
        f"{len(open_to)} judges with at most {most} each; {short} reviews find nobody: {mend}"
        "bring in judges without a conflict with them."
    )


def _idle(problem: AssignmentProblem, allowed: BoolArray, side: IntArray, least: int, short: int) -> str:
    enough = next(
        fewer
        for fewer in range(least - 1, -1, -1)
        if not _bottleneck(allowed.T, fewer, problem.reviews_each)[0]
    )
    return (
        f"The judges {_some(problem.judges, side)} have to take {len(side) * least} reviews, and conflicts leave them too few "
        f"proposals; {short} reviews are missing: lower the least reviews of a judge from {least} to {enough}."
    )


def _some(names: Sequence[str], chosen: IntArray) -> str:
    listed = sorted(names[i] for i in chosen)
    shown = ", ".join(repr(name) for name in listed[:_NAMED])
    return shown if len(listed) <= _NAMED else f"{shown} and {len(listed) - _NAMED} more"
