"""Who reviews what: the best assignment under conflicts and loads, or why there is none."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from tifa.stats.assignment_problem import (
    AssignmentError,
    AssignmentProblem,
    allowed_pairs,
    check,
    fixed_pairs,
    loads_of,
)
from tifa.stats.connectedness import connectedness, resistance
from tifa.stats.infeasibility import reasons
from tifa.stats.ratings import BoolArray, FloatArray, IntArray

__all__ = ["Assignment", "AssignmentError", "AssignmentProblem", "assign"]

_SCALE: Final = 10.0**10
_TIES: Final = 64


@dataclass(frozen=True)
class Assignment:
    """Pairs of proposal and judge in the order of the problem, or the reasons why there are none.

    ``total`` is the sum of the affinities; ``loads`` are in the order of the judges.
    """

    pairs: tuple[tuple[str, str], ...]
    total: float
    loads: tuple[int, ...]
    components: int
    efficiency: float
    infeasible_because: tuple[str, ...] = ()


def assign(problem: AssignmentProblem) -> Assignment:
    """Find the assignment with the largest total affinity, exactly.

    Raises
    ------
    AssignmentError
        When names repeat or are unknown, or numbers make no sense.

    Notes
    -----
    A flow of least cost from proposals to judges [1]_; its solutions are whole numbers. Names are sorted and ties are
    broken by a hash of seed and names, so the order of the input does not matter.

    With ``bridge``, the last review of every proposal is chosen by affinity plus ``bridge`` times the effective
    resistance between the judge and those whom the proposal has already: a judge who is far from them ties the panel
    together most.

    References
    ----------
    .. [1] Ahuja, R. K., Magnanti, T. L., and Orlin, J. B. (1993). Network Flows. Prentice Hall.
    """
    check(problem)
    by_proposal = np.argsort(np.array(problem.proposals, dtype=object), kind="stable").astype(np.intp)
    by_judge = np.argsort(np.array(problem.judges, dtype=object), kind="stable").astype(np.intp)
    allowed = allowed_pairs(problem)[np.ix_(by_proposal, by_judge)]
    affinity = problem.affinity[np.ix_(by_proposal, by_judge)].astype(np.float64)
    network = _Network(allowed, affinity, _ties(problem, by_proposal, by_judge))
    if problem.fixed:
        chosen = _completed(network, problem, fixed_pairs(problem)[np.ix_(by_proposal, by_judge)])
        if chosen is None:
            return Assignment((), 0.0, (0,) * len(problem.judges), 0, 0.0, reasons(problem))
        return _result(problem, chosen, by_proposal, by_judge)
    least, most = loads_of(problem)
    chosen = _bridged(network, problem, least, most) if _bridges(problem) else None
    if chosen is None:
        chosen = network.flow(affinity, allowed, problem.reviews_each, least, most)
    if chosen is None:
        return Assignment((), 0.0, (0,) * len(problem.judges), 0, 0.0, reasons(problem))
    return _result(problem, chosen, by_proposal, by_judge)


@dataclass(frozen=True, eq=False)
class _Network:
    """Proposals and judges in the order of their names."""

    allowed: BoolArray
    affinity: FloatArray
    ties: FloatArray

    def flow(
        self,
        value: FloatArray,
        allowed: BoolArray,
        each: int | IntArray,
        least: int | IntArray,
        most: int | IntArray,
    ) -> IntArray | None:
        """Return the best pairs (proposal, judge), or None when there are not enough."""
        proposals, judges = allowed.shape
        asked = np.broadcast_to(np.asarray(each, dtype=np.intp), proposals)
        lower = np.broadcast_to(np.asarray(least, dtype=np.intp), judges)
        upper = np.broadcast_to(np.asarray(most, dtype=np.intp), judges)
        spare = int(asked.sum()) - int(lower.sum())
        if spare < 0 or np.any(upper < lower):
            return None
        row, column = np.nonzero(allowed)
        cost = -(np.rint(value[row, column] * _SCALE) + self.ties[row, column]).astype(np.int64)
        network, overflow = SimpleMinCostFlow(), proposals + judges
        network.add_arcs_with_capacity_and_unit_cost(
            row.astype(np.int32),
            (proposals + column).astype(np.int32),
            np.ones(len(row), dtype=np.int64),
            cost,
        )
        network.add_arcs_with_capacity_and_unit_cost(
            np.arange(proposals, proposals + judges, dtype=np.int32),
            np.full(judges, overflow, dtype=np.int32),
            (upper - lower).astype(np.int64),
            np.zeros(judges, dtype=np.int64),
        )
        supply = np.concatenate([asked, -lower, [-spare]])
        network.set_nodes_supplies(np.arange(overflow + 1, dtype=np.int32), supply.astype(np.int64))
        if network.solve() != network.OPTIMAL:
            return None
        taken = network.flows(np.arange(len(row), dtype=np.int32)) > 0
        return np.stack([row[taken], column[taken]], axis=1)


def _bridges(problem: AssignmentProblem) -> bool:
    return problem.bridge > 0 and problem.reviews_each > 1 and len(problem.judges) > 1


def _bridged(network: _Network, problem: AssignmentProblem, least: int, most: int) -> IntArray | None:
    """Choose all reviews but the last by affinity, and the last one also by how far the judge is."""
    each, (proposals, judges) = problem.reviews_each, network.allowed.shape
    first = network.flow(
        network.affinity,
        network.allowed,
        each - 1,
        least * (each - 1) // each,
        -(-most * (each - 1) // each),
    )
    if first is None:
        return None
    left = network.allowed.copy()
    left[first[:, 0], first[:, 1]] = False
    value = network.affinity + problem.bridge * resistance(first[:, 0], first[:, 1], proposals, judges)
    load = np.bincount(first[:, 1], minlength=judges)
    last = network.flow(value, left, 1, np.maximum(least - load, 0), most - load)
    if last is None:
        return None
    both = np.concatenate([first, last])
    return both[np.lexsort((both[:, 1], both[:, 0]))]


def _completed(network: _Network, problem: AssignmentProblem, fixed: BoolArray) -> IntArray | None:
    """Add to the fixed pairs what is missing, so that the fullest judge who gets more stays as low as can be."""
    standing = np.argwhere(fixed)
    need = np.maximum(problem.reviews_each - fixed.sum(axis=1), 0)
    if not need.any():
        return standing
    load, left = fixed.sum(axis=0), network.allowed & ~fixed
    value = network.affinity
    if _bridges(problem):
        value = value + problem.bridge * resistance(standing[:, 0], standing[:, 1], *fixed.shape)
    most = fixed.shape[0] if problem.load is None else problem.load[1]

    def at(level: int) -> IntArray | None:
        return network.flow(value, left, need, 0, np.maximum(level - load, 0))

    added = at(most)
    if added is None:
        return None
    low, high = int(load.min()), most
    while high - low > 1:
        middle = (low + high) // 2
        fewer = at(middle)
        low, high, added = (middle, high, added) if fewer is None else (low, middle, fewer)
    both = np.concatenate([standing, added])
    return both[np.lexsort((both[:, 1], both[:, 0]))]


def _ties(problem: AssignmentProblem, by_proposal: IntArray, by_judge: IntArray) -> FloatArray:
    rows = _hashes(problem.seed, "proposal", [problem.proposals[i] for i in by_proposal])
    columns = _hashes(problem.seed, "judge", [problem.judges[i] for i in by_judge])
    mixed = rows[:, None] ^ (columns * np.uint64(0x9E3779B97F4A7C15))
    # The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: FloatArray = ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(_TIES)).astype(np.float64)
    return found


def _hashes(seed: int, kind: str, names: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    digests = (hashlib.blake2b(f"{seed}\0{kind}\0{name}".encode(), digest_size=8).digest() for name in names)
    return np.array([int.from_bytes(one, "little") for one in digests], dtype=np.uint64)


def _result(
    problem: AssignmentProblem, chosen: IntArray, by_proposal: IntArray, by_judge: IntArray
) -> Assignment:
    row, column = by_proposal[chosen[:, 0]], by_judge[chosen[:, 1]]
    order = np.lexsort((column, row))
    # Measured in the order of the names, so that no sum depends on the order of the input.
    found = connectedness(chosen[:, 0], chosen[:, 1], len(problem.judges))
    return Assignment(
        pairs=tuple((problem.proposals[row[i]], problem.judges[column[i]]) for i in order),
        total=float(problem.affinity[row, column].sum()),
        loads=tuple(np.bincount(column, minlength=len(problem.judges)).tolist()),
        components=found.components,
        efficiency=found.efficiency,
    )
