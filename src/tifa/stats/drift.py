"""Judges who change over time, or treat groups of entries differently: residuals of whole reviews.

In logits under the many-facet model, in points of the scale under the linear one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtr

from tifa.stats.anchored import anchored_posterior
from tifa.stats.errors import JudgingError
from tifa.stats.linear import LinearFit
from tifa.stats.mfrm import MfrmFit
from tifa.stats.misfit import FALSE_DISCOVERY, LEAST_SIZE, false_discovery
from tifa.stats.ratings import FloatArray, IntArray, Panel, review_scores, totals

_LEAST_REVIEWS: Final = 3


@dataclass(frozen=True, eq=False)
class ReviewResiduals:
    """For each review, how much higher it is than the entry's other reviews say, and its precision.

    A difference between groups below ``least`` is nothing to speak of.
    """

    residual: FloatArray
    precision: FloatArray
    least: float


@dataclass(frozen=True)
class Shift:
    """A judge who is more generous (``size`` above 0) or stricter in one group of reviews than in the others."""

    judge: str
    group: str
    size: float
    se: float
    p: float
    q: float
    n: int
    flagged: bool


def review_residuals(fit: MfrmFit) -> ReviewResiduals:
    """Compare each review with what the entry's other reviews say.

    Notes
    -----
    The review's log-likelihood is taken as quadratic around the entry's posterior mean; removing it from the posterior
    leaves what the others say, as in [1]_.

    References
    ----------
    .. [1] Minka, T. P. (2001). Expectation propagation for approximate Bayesian inference. Proceedings of the 17th
       Conference on Uncertainty in Artificial Intelligence, 362-369.
    """
    posterior = anchored_posterior(fit, fit.panel, fit.coded, fit.panel.judge_of)
    entry = fit.panel.entry_of
    information = np.maximum(-posterior.second, 1e-6)
    others = np.maximum(1 / posterior.variance[entry] - information, 1 / fit.prior_sd**2)
    moved = -posterior.slope / others
    residual = posterior.slope / information - moved
    return ReviewResiduals(residual, 1 / (1 / information + 1 / others), LEAST_SIZE)


def linear_residuals(fit: LinearFit, panel: Panel, weights: FloatArray) -> ReviewResiduals:
    """Compare each review with what the entry's other reviews say, under the linear model.

    Notes
    -----
    The predictor of the entry from all reviews but this one, at the estimated severities. Half the standard deviation
    of a review is the least that is told.

    Raises
    ------
    JudgingError
        When a review rates nothing that weighs.
    """
    scores = review_scores(panel, weights)
    if np.isnan(scores).any():
        raise JudgingError("A review rates nothing that weighs, so it cannot be compared.")
    entry, entries = panel.entry_of, len(panel.entries)
    above = scores - fit.mean + fit.severity[panel.judge_of]
    rest = fit.s_rest**2
    evidence = (panel.reviews_each[entry] - 1) / rest + 1 / np.hypot(fit.s_entry, fit.s_topic) ** 2
    others = (totals(entry, above, entries)[entry] - above) / rest / evidence
    return ReviewResiduals(above - others, 1 / (rest + 1 / evidence), fit.s_rest / 2)


def shifts(
    found: ReviewResiduals,
    panel: Panel,
    group_of: IntArray,
    groups: Sequence[str],
    *,
    level: float = FALSE_DISCOVERY,
) -> tuple[Shift, ...]:
    """Test whether a judge's severity differs between groups of their reviews; the strongest suspicion first.

    Parameters
    ----------
    found, panel
        The residuals of the reviews of a panel.
    group_of
        Group of each review in the order of the panel: a slice of time (drift), or a kind of entry (favour).
    groups
        Names of the groups.

    Raises
    ------
    JudgingError
        When ``group_of`` does not have one group a review.

    Notes
    -----
    A two-sample t-test with unequal variances [1]_ of the judge's residuals within the group against those outside, the
    median of the panel taken out; q-values as for bias.

    References
    ----------
    .. [1] Welch, B. L. (1947). The generalization of “Student's” problem when several different population
       variances are involved. Biometrika 34, 28-35.
    """
    if len(group_of) != len(panel.entry_of) or not 0 <= int(np.min(group_of)) <= int(np.max(group_of)) < len(
        groups
    ):
        raise JudgingError(
            f"Found {len(group_of)} groups for {len(panel.entry_of)} reviews; expected one of {len(groups)} for each."
        )
    size, se, p, n = _welch(found, panel.judge_of * len(groups) + group_of, len(panel.judges), len(groups))
    q = false_discovery(p)
    listed = [
        Shift(
            judge,
            group,
            float(size[cell]),
            float(se[cell]),
            float(p[cell]),
            float(q[cell]),
            int(n[cell]),
            bool(q[cell] <= level and abs(size[cell]) > found.least),
        )
        for cell, (judge, group) in enumerate((judge, group) for judge in panel.judges for group in groups)
        if not np.isnan(p[cell])
    ]
    return tuple(sorted(listed, key=lambda one: (one.p, one.judge, one.group)))


def _welch(
    found: ReviewResiduals, cell_of: IntArray, judges: int, groups: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    sums = [
        totals(cell_of, values, judges * groups).reshape(judges, groups)
        for values in (np.ones(len(cell_of)), found.residual, found.residual**2)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = _mean_and_error(*sums)
        outside = _mean_and_error(*(one.sum(axis=1, keepdims=True) - one for one in sums))
        few = (inside[2] < _LEAST_REVIEWS) | (outside[2] < _LEAST_REVIEWS)
        size = _against_the_panel(np.where(few, np.nan, inside[0] - outside[0]))
        variance = inside[1] + outside[1]
        freedom = variance**2 / (inside[1] ** 2 / (inside[2] - 1) + outside[1] ** 2 / (outside[2] - 1))
        p = 2 * stdtr(freedom, -np.abs(size) / np.sqrt(variance))
    return size.ravel(), np.sqrt(variance).ravel(), np.where(few, np.nan, p).ravel(), inside[2].ravel()


def _against_the_panel(size: FloatArray) -> FloatArray:
    """Take the panel's median out of each group: where one judge grows strict, all others look more generous."""
    known = ~np.isnan(size)
    median = [
        float(np.median(one[own])) if own.any() else 0.0 for one, own in zip(size.T, known.T, strict=True)
    ]
    against: FloatArray = size - np.array(median)
    return against


def _mean_and_error(
    count: FloatArray, total: FloatArray, square: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    mean = total / count
    return mean, np.maximum(square - count * mean**2, 0.0) / (count - 1) / count, count
