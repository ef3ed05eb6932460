"""What an assignment is asked for: proposals, judges, conflicts, loads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tifa.stats.ratings import BoolArray, FloatArray

BRIDGE: Final = 0.2

_LARGEST: Final = 10.0**4


class AssignmentError(ValueError):
    """The problem makes no sense; the message says what was found and what was expected."""


@dataclass(frozen=True, eq=False)
class AssignmentProblem:
    """Proposals, judges, and who may review what.

    ``affinity`` is (proposal, judge), larger is better; ``conflicts`` are pairs of names. ``load`` is the least and the most
    reviews of a judge; None shares them out evenly. ``bridge`` is how much affinity may be given for judges who can
    be compared; 0 gives none. ``seed`` decides between equally good assignments.

    ``fixed`` are pairs that stand already: they are part of the assignment, and only what is missing is added. The
    added reviews then go to those who have fewest, as far as conflicts allow; the least of ``load`` asks for nothing, and
    the most is never passed by an addition.
    """

    proposals: tuple[str, ...]
    judges: tuple[str, ...]
    affinity: FloatArray
    reviews_each: int
    conflicts: frozenset[tuple[str, str]] = frozenset()
    load: tuple[int, int] | None = None
    bridge: float = BRIDGE
    seed: int = 0
    fixed: frozenset[tuple[str, str]] = frozenset()


def check(problem: AssignmentProblem) -> None:
    """Refuse a problem that makes no sense."""
    for what, names in (("proposal", problem.proposals), ("judge", problem.judges)):
        if not names:
            raise AssignmentError(f"There is no {what}; expected at least one.")
        if len(set(names)) != len(names):
            raise AssignmentError(f"A {what} stands twice: {_twice(names)!r}.")
    _check_numbers(problem)
    known = frozenset(problem.proposals), frozenset(problem.judges)
    for kind, pairs in (("conflict", problem.conflicts), ("fixed pair", problem.fixed)):
        for pair in sorted(pairs):
            for name, those, what in zip(pair, known, ("proposal", "judge"), strict=True):
                if name not in those:
                    raise AssignmentError(f"The {kind} {list(pair)} names {name!r}, which is no {what}.")


def _check_numbers(problem: AssignmentProblem) -> None:
    proposals, judges = len(problem.proposals), len(problem.judges)
    if problem.affinity.shape != (proposals, judges):
        raise AssignmentError(
            f"The affinities are {problem.affinity.shape}; expected a row for each of {proposals} proposals with "
            f"{judges} numbers, one a judge."
        )
    if not np.isfinite(problem.affinity).all() or np.abs(problem.affinity).max() > _LARGEST:
        raise AssignmentError(f"An affinity is no number between -{_LARGEST:g} and {_LARGEST:g}.")
    if problem.reviews_each < 1:
        raise AssignmentError(f"Found {problem.reviews_each} reviews for each proposal; expected 1 or more.")
    if problem.load is not None and not 0 <= problem.load[0] <= problem.load[1]:
        raise AssignmentError(
            f"The load is {list(problem.load)}; expected [least, most] with 0 <= least <= most."
        )
    if not (np.isfinite(problem.bridge) and problem.bridge >= 0):
        raise AssignmentError(f"The bridge is {problem.bridge}; expected a number of 0 or more.")


def allowed_pairs(problem: AssignmentProblem) -> BoolArray:
    """Return which judge may review which proposal, in the order of the problem."""
    return ~_marked(problem, problem.conflicts)


def fixed_pairs(problem: AssignmentProblem) -> BoolArray:
    """Return which judge reviews which proposal already, in the order of the problem."""
    return _marked(problem, problem.fixed)


def _marked(problem: AssignmentProblem, pairs: Collection[tuple[str, str]]) -> BoolArray:
    marked = np.zeros((len(problem.proposals), len(problem.judges)), dtype=np.bool_)
    row = {name: position for position, name in enumerate(problem.proposals)}
    column = {name: position for position, name in enumerate(problem.judges)}
    for proposal, judge in pairs:
        marked[row[proposal], column[judge]] = True
    return marked


def loads_of(problem: AssignmentProblem) -> tuple[int, int]:
    """Return the least and the most reviews of a judge."""
    if problem.load is not None:
        return problem.load
    reviews, judges = len(problem.proposals) * problem.reviews_each, len(problem.judges)
    return reviews // judges, -(-reviews // judges)


def _twice(names: Sequence[str]) -> str:
    seen: set[str] = set()
    return next(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]  # remembers
