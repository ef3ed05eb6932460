"""Minimises a smooth function that is nearly the half square of its argument."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from tifa.stats.ratings import FloatArray

Objective: TypeAlias = Callable[[FloatArray], tuple[float, FloatArray]]

_MEMORY: Final = 20
_ENOUGH: Final = 1e-4
_SHORTEST: Final = 1e-6


@dataclass(frozen=True, eq=False)
class Minimum:
    """Where the search ended, and whether the largest component of the gradient (``steepness``) was small there."""

    point: FloatArray
    value: float
    passes: int
    converged: bool
    steepness: float


@dataclass(eq=False)
class Memory:
    """The last moves and how the gradient turned with each; a search can go on with that of another."""

    moves: list[FloatArray] = field(default_factory=list)
    turns: list[FloatArray] = field(default_factory=list)

    def forget(self) -> None:
        """Begin anew."""
        self.moves, self.turns = [], []

    def learn(self, move: FloatArray, turn: FloatArray) -> None:
        """Keep a move when the function bends upwards along it."""
        if float(move @ turn) > _SHORTEST * float(move @ move):
            self.moves = [*self.moves[-_MEMORY + 1 :], move]
            self.turns = [*self.turns[-_MEMORY + 1 :], turn]


def minimise(
    objective: Objective, start: FloatArray, *, tolerance: float, most: int, memory: Memory | None = None
) -> Minimum:
    """Search by limited-memory quasi-Newton steps, the first one being the whole gradient.

    Parameters
    ----------
    objective
        Returns value and gradient. Its variables are scaled so that its curvature is about one; then the first step
        is Newton's, and few passes are needed.
    tolerance
        The largest component of the gradient at which the search may stop.
    most
        The largest number of evaluations.
    memory
        What an earlier search of nearly the same function learnt.

    Notes
    -----
    The two-loop recursion of [1]_ with backtracking until the decrease is sufficient.

    References
    ----------
    .. [1] Nocedal, J. (1980). Updating quasi-Newton matrices with limited storage. Mathematics of Computation 35,
       773-782.
    """
    point, (value, gradient) = start, objective(start)
    passes, known = 1, Memory() if memory is None else memory
    while _steepness(gradient) > tolerance and passes < most:
        direction = -_two_loops(gradient, known.moves, known.turns)
        fall = float(gradient @ direction)
        if fall >= 0:
            known.forget()
            direction, fall = -gradient, -float(gradient @ gradient)
        length = 1.0
        while True:
            trial = point + length * direction
            trial_value, trial_gradient = objective(trial)
            passes += 1
            if trial_value <= value + _ENOUGH * length * fall + 1e-10 * abs(value):
                break
            if length < _SHORTEST or passes >= most:
                return Minimum(point, value, passes, False, _steepness(gradient))
            bend = trial_value - value - length * fall
            length *= float(np.clip(-fall * length / (2 * bend), 0.1, 0.5))
        known.learn(trial - point, trial_gradient - gradient)
        point, value, gradient = trial, trial_value, trial_gradient
    steepness = _steepness(gradient)
    return Minimum(point, value, passes, steepness <= tolerance, steepness)


def _two_loops(gradient: FloatArray, moves: list[FloatArray], turns: list[FloatArray]) -> FloatArray:
    rest = gradient.copy()
    kept = []
    for move, turn in zip(reversed(moves), reversed(turns), strict=True):
        share = float(move @ rest) / float(move @ turn)
        rest -= share * turn
        kept.append(share)
    if moves:
        rest *= float(moves[-1] @ turns[-1]) / float(turns[-1] @ turns[-1])
    for move, turn, share in zip(moves, turns, reversed(kept), strict=True):
        rest += (share - float(turn @ rest) / float(move @ turn)) * move
    return rest


def _steepness(gradient: FloatArray) -> float:
    return float(np.abs(gradient).max(initial=0.0))
