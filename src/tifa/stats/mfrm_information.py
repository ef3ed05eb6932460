"""What the ratings say of severities, steps and spreads: information, and its inverse."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from scipy.linalg.lapack import dpotri
from scipy.optimize import minimize_scalar

from tifa.stats.errors import JudgingError
from tifa.stats.posterior import Posterior
from tifa.stats.ratings import FloatArray, IntArray
from tifa.stats.score_tables import ScoreTable, step_covariance

StepKind = Literal["rating-scale", "partial-credit"]

RIDGE: Final = 0.001
LEAST_SD: Final = 0.03
LARGEST_SD: Final = 20.0

_ATTEMPTS: Final = 12


@dataclass(frozen=True, eq=False)
class Scaling:
    """Factors of the approximate information: severities and topics, steps, deviations."""

    judges: FloatArray
    steps: FloatArray
    deviations: FloatArray
    posterior: Posterior
    prior: FloatArray

    @cached_property
    def covariance(self) -> FloatArray:
        """Return the covariance of severities and topic means."""
        return inverse_of(self.judges)

    @property
    def size(self) -> int:
        """Return the number of unknowns that are searched."""
        return len(self.judges) + len(self.steps) + len(self.deviations)


def step_design(criteria: int, steps: int, kind: StepKind) -> FloatArray:
    """Return the matrix that makes thresholds (criterion by criterion) of the free parameters."""
    if kind == "partial-credit":
        return np.eye(criteria * steps)
    difficulty = np.repeat(np.eye(criteria), steps, axis=0)
    common = np.vstack([np.eye(steps - 1), -np.ones((1, steps - 1))])
    return np.hstack([difficulty, np.tile(common, (criteria, 1))])


def step_information(
    table: ScoreTable, mass: FloatArray, design: FloatArray, shift: float
) -> tuple[FloatArray, float]:
    """Return the information on the step parameters, and the whole information of the ratings.

    What integrating out the measures costs is known exactly for a shift of all steps, because that is a shift of
    all severities (``shift``); its direction carries nearly all of the cost.
    """
    above = table.steps.above
    flat = step_covariance(mass.T, above)
    flat[np.diag_indices(len(flat))] += 2 * RIDGE
    along = flat.sum(axis=1)
    whole = float(along.sum())
    known = flat - np.outer(along, along) * max(whole - shift, 0.0) / whole**2
    return design.T @ known @ design, whole


def next_sd(values: FloatArray, scaling: Scaling, own: IntArray, _others: IntArray, sd: float) -> float:
    """Take one step of the fixed point; the mean of the values is not free."""
    covariance = scaling.covariance[np.ix_(own, own)]
    free = len(values) - 1 - (float(np.trace(covariance)) - float(covariance.sum()) / len(values)) / sd**2
    return float(np.sqrt(max(float((values**2).sum()) / max(free, 0.5), LEAST_SD**2)))


def best_sd(values: FloatArray, scaling: Scaling, own: IntArray, others: IntArray, sd: float) -> float:
    """Maximise the likelihood of the standard deviation, the log-likelihood of the values being taken as quadratic."""
    whole = scaling.judges @ scaling.judges.T
    information = whole[np.ix_(own, own)]
    if len(others):
        cross = whole[np.ix_(own, others)]
        information = information - cross @ np.linalg.solve(whole[np.ix_(others, others)], cross.T)
    information = information - np.eye(len(own)) / scaling.prior[own][:, None] ** 2
    centre = np.eye(len(own)) - 1 / len(own)
    curvature, axes = np.linalg.eigh(centre @ information @ centre)
    curvature = np.maximum(curvature, 0.0)
    along = axes.T @ values
    pull = curvature * along + along / sd**2

    def cost(log_sd: float) -> float:
        variance = np.exp(2 * log_sd)
        shrunk = 1 + curvature * variance
        return float(np.log(shrunk).sum() - (pull**2 * variance / shrunk).sum())

    ends = np.log(LEAST_SD), np.log(LARGEST_SD)
    points = np.linspace(*ends, 60)
    near = points[int(np.argmin([cost(float(one)) for one in points]))]
    width = points[1] - points[0]
    best = minimize_scalar(
        cost, bounds=(near - width, near + width), method="bounded", options={"xatol": 1e-6}
    )
    return float(np.exp(np.clip(best.x, *ends)))


def cholesky_of(information: FloatArray) -> FloatArray:
    """Return the lower Cholesky factor; where the data say next to nothing, a little information is added."""
    breadth = 1e-8 * float(np.trace(information)) / len(information)
    for _ in range(_ATTEMPTS):
        try:
            return np.linalg.cholesky(information).astype(np.float64)
        except np.linalg.LinAlgError:
            information = information + breadth * np.eye(len(information))
            breadth *= 10
    raise JudgingError("The ratings say too little to tell judges and steps apart; gather more reviews.")


def inverse_of(factor: FloatArray) -> FloatArray:
    """Return the inverse of the matrix whose lower Cholesky factor is given."""
    lower, failed = dpotri(factor, lower=True)
    if failed:
        raise JudgingError("The information on the judges is singular; the ratings cannot be judged.")
    below: FloatArray = np.tril(lower)
    return below + np.tril(below, -1).T
