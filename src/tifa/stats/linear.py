"""The linear twin: entry plus judge plus remainder, for fine scales and weighted scores."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.sparse import csr_array

from tifa.stats.errors import JudgingError
from tifa.stats.posterior import pairs_within
from tifa.stats.ratings import FloatArray, IntArray, Panel, review_scores, totals
from tifa.stats.uncertain import Estimates

METHOD: Final = "severity-linear/1"

_NARROWEST: Final = 1e-6
_WIDEST: Final = 1e6


@dataclass(frozen=True, eq=False)
class LinearFit:
    """Variance components and predictions; ``severity`` is positive for strict judges."""

    mean: float
    severity: FloatArray
    severity_se: FloatArray
    topic_effects: FloatArray
    s_entry: float
    s_judge: float
    s_topic: float
    s_rest: float
    estimates: Estimates
    log_likelihood: float
    converged: bool


def fit_linear(panel: Panel, weights: FloatArray, *, topics: bool = False) -> LinearFit:
    """Fit the linear model to the weighted score of each review.

    Raises
    ------
    JudgingError
        When the reviews rate nothing that weighs, or do not differ.
    """
    scores = review_scores(panel, weights)
    kept = ~np.isnan(scores)
    if np.unique(panel.entry_of[kept]).size < len(panel.entries):
        lost = sorted(set(panel.entries) - {panel.entries[i] for i in panel.entry_of[kept]})
        raise JudgingError(
            f"Entry {lost[0]!r} has no score for a criterion with a weight; expected at least one."
        )
    topic_of = panel.topic_of if topics and len(panel.topics) > 1 else None
    return fit_crossed(scores[kept], panel.entry_of[kept], panel.judge_of[kept], topic_of)


def fit_crossed(
    scores: FloatArray, entry_of: IntArray, judge_of: IntArray | None, topic_of: IntArray | None = None
) -> LinearFit:
    """Fit ``score = mean + entry - judge + rest`` by restricted maximum likelihood.

    Parameters
    ----------
    scores
        One number a review.
    entry_of
        Entry of each review, in rising order without a gap.
    judge_of
        Judge of each review; None when judges are not part of the model.
    topic_of
        Topic of each entry; topics then have random means, while entries are still drawn towards the common mean.

    Notes
    -----
    The mixed-model equations of [1]_ with the entries eliminated; the residual variance is profiled out and the
    ratios are found by a simplex search. The restricted likelihood is that of [2]_.

    References
    ----------
    .. [1] Henderson, C. R. (1975). Best linear unbiased estimation and prediction under a selection model.
       Biometrics 31, 423-447.
    .. [2] Patterson, H. D., and Thompson, R. (1971). Recovery of inter-block information when block sizes are
       unequal. Biometrika 58, 545-554.
    """
    if len(scores) < 2 or np.ptp(scores) == 0:  # one number has no spread
        raise JudgingError("All reviews have the same score, so nothing can be told apart.")
    equations = _Equations(scores, entry_of, judge_of, topic_of)
    start = np.zeros(1 + len(equations.sizes))
    found = minimize(
        equations.deviance,
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000, "initial_simplex": _simplex(start)},
    )
    return _result(equations, found.x, converged=bool(found.success))


@dataclass(frozen=True, eq=False)
class _Solution:
    """The equations solved for given variance ratios."""

    by_entry: FloatArray
    effects: FloatArray
    inverse: FloatArray
    s_rest: float
    deviance: float


class _Equations:
    """Counts and sums from which the equations are set up for any ratio of variances.

    The coefficients are the mean, the judges, the topics.
    """

    def __init__(
        self, scores: FloatArray, entry_of: IntArray, judge_of: IntArray | None, topic_of: IntArray | None
    ) -> None:
        columns, self.sizes = [np.zeros(len(scores), dtype=np.intp)], list[int]()
        for numbers in (judge_of, None if topic_of is None else topic_of[entry_of]):
            if numbers is not None:
                columns.append(numbers + 1 + sum(self.sizes))
                self.sizes.append(int(numbers.max()) + 1)
        self.has_judges = judge_of is not None
        entries, per = int(entry_of[-1]) + 1, len(columns)
        # The sign of the judges is turned so that severity is positive.
        sign = np.ones((len(scores), per))
        sign[:, 1 : 1 + self.has_judges] = -1.0
        self.count = np.bincount(entry_of, minlength=entries).astype(np.float64)
        self.design = csr_array(
            (sign.ravel(), np.stack(columns, axis=1).ravel(), np.arange(0, len(scores) * per + 1, per)),
            shape=(len(scores), 1 + sum(self.sizes)),
        )
        own = csr_array((np.ones(len(scores)), (entry_of, np.arange(len(scores)))))
        self.by_entry = csr_array(own @ self.design)
        self.by_entry.sort_indices()
        self.sum_by_entry = own @ scores
        self.sums = self.design.T @ scores
        self.square = float(scores @ scores)
        self.gram = (self.design.T @ self.design).toarray()
        self.groups = self._groups()
        self.freedom = len(scores) - 1

    def _groups(self) -> list[tuple[float, FloatArray]]:
        starts, size = self.by_entry.indptr.astype(np.intp), self.design.shape[1]
        column, weight = self.by_entry.indices.astype(np.intp), self.by_entry.data
        row = np.repeat(np.arange(len(self.count)), np.diff(starts))
        found = {value: np.zeros(size * size) for value in np.unique(self.count)}
        for left, right in pairs_within(starts):
            key, product = column[left] * size + column[right], weight[left] * weight[right]
            for value, whole in found.items():
                of = self.count[row[left]] == value
                whole += totals(key[of], product[of], size * size)
        return [(float(value), whole.reshape(size, size)) for value, whole in found.items()]

    def ratios(self, log_sd: FloatArray) -> FloatArray:
        """Return residual variance over that of entries, judges, topics."""
        return np.clip(np.exp(-2 * log_sd), _NARROWEST, _WIDEST)

    def solved(self, log_sd: FloatArray) -> _Solution:
        """Solve for given logarithms of standard deviations relative to the residual one."""
        ratios = self.ratios(log_sd)
        of_entry, others = ratios[0], np.concatenate([[0.0], np.repeat(ratios[1:], self.sizes)])
        by_entry = 1 / (self.count + of_entry)
        matrix = self.gram + np.diag(others)
        for count, products in self.groups:
            matrix = matrix - products / (count + of_entry)
        right = self.sums - self.by_entry.T @ (by_entry * self.sum_by_entry)
        factor = cho_factor(matrix, lower=True)
        effects = cho_solve(factor, right)
        rest = self.square - float(by_entry @ self.sum_by_entry**2) - float(effects @ right)
        variance = max(rest, 1e-12 * self.square) / self.freedom
        determinant = 2 * float(np.log(np.diag(factor[0])).sum()) - float(np.log(by_entry).sum())
        penalties = len(self.count) * np.log(of_entry) + float(np.dot(self.sizes, np.log(ratios[1:])))
        deviance = self.freedom * (np.log(2 * np.pi * variance) + 1) + determinant - penalties
        return _Solution(
            by_entry,
            effects,
            cho_solve(factor, np.eye(len(matrix))),
            float(np.sqrt(variance)),
            float(deviance),
        )

    def deviance(self, log_sd: FloatArray) -> float:
        """Return -2 log restricted likelihood."""
        # Far out the ratios are clipped; a slope leads back.
        return self.solved(log_sd).deviance + float((np.clip(np.abs(log_sd) - 6.9, 0, None) ** 2).sum())


def _simplex(start: FloatArray) -> FloatArray:
    return np.vstack([start, start - 0.7 * np.eye(len(start))])


def _result(equations: _Equations, log_sd: FloatArray, *, converged: bool) -> LinearFit:
    solution = equations.solved(log_sd)
    sds = solution.s_rest / np.sqrt(equations.ratios(log_sd))
    s_judge = float(sds[1]) if equations.has_judges else 0.0
    judges = equations.sizes[0] if equations.has_judges else 0
    s_topic = float(sds[-1]) if len(equations.sizes) > equations.has_judges else 0.0
    common = float(np.hypot(sds[0], s_topic))
    covariance = solution.s_rest**2 * solution.inverse
    of_judges = covariance[1 : 1 + judges, 1 : 1 + judges]
    return LinearFit(
        mean=float(solution.effects[0]),
        severity=solution.effects[1 : 1 + judges],
        severity_se=np.sqrt(np.diag(of_judges)),
        topic_effects=solution.effects[1 + judges :],
        s_entry=float(sds[0]),
        s_judge=s_judge,
        s_topic=s_topic,
        s_rest=solution.s_rest,
        estimates=_estimates(equations, solution, covariance, common, judges),
        log_likelihood=-solution.deviance / 2,
        converged=converged,
    )


def _estimates(
    equations: _Equations, solution: _Solution, covariance: FloatArray, s_entry: float, judges: int
) -> Estimates:
    """Predict mean plus entry under one common variance of entries, given mean and judges."""
    kept = 1 + judges
    ratio = solution.s_rest**2 / s_entry**2
    pull = 1 / (equations.count + ratio)
    by_entry = csr_array(equations.by_entry[:, :kept])
    effects = solution.effects[:kept]
    value = effects[0] + pull * (equations.sum_by_entry - by_entry @ effects)
    ones = csr_array(
        (np.ones(len(pull)), (np.arange(len(pull)), np.zeros(len(pull), dtype=int))), shape=by_entry.shape
    )
    loading = csr_array(ones - by_entry.multiply(pull[:, None]))
    loading.sort_indices()
    return Estimates(value, solution.s_rest**2 * pull, loading, effects, covariance[:kept, :kept])
