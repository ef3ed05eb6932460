"""Which judges answer unevenly, and which favour or slight a criterion: residuals given each review's total."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtr

from tifa.stats.categories import Coded
from tifa.stats.mfrm import MfrmFit
from tifa.stats.ratings import FloatArray, IntArray, totals

HIGH_STAKES: Final = (0.7, 1.3)
LEAST_SIZE: Final = 0.5
FALSE_DISCOVERY: Final = 0.05
_LEAST_VARIANCE: Final = 1e-10


@dataclass(frozen=True, eq=False)
class JudgeFit:
    """For each judge: mean squares (1 is as expected), infit in its standardised form, and the number of reviews."""

    infit: FloatArray
    outfit: FloatArray
    infit_z: FloatArray
    reviews: IntArray


@dataclass(frozen=True)
class Bias:
    """A judge who scores one criterion higher (``size`` above 0) or lower than the own totals explain."""

    judge: str
    criterion: str
    size: float
    t: float
    p: float
    q: float
    n: int
    flagged: bool


@dataclass(frozen=True, eq=False)
class Conditional:
    """Residual, variance and fourth moment of every rating given its review's total; NaN where missing."""

    residual: FloatArray
    variance: FloatArray
    fourth: FloatArray


def conditional(fit: MfrmFit) -> Conditional:
    """Return the residuals of the ratings given the total of their review.

    Notes
    -----
    Given the total, a Rasch rating depends on the steps alone, whatever entry, judge and review effect are [1]_; so
    the residuals are free of errors in those. Computed by multiplying polynomials in the steps.

    References
    ----------
    .. [1] Müller, M. (2020). Item fit statistics for Rasch analysis: can we trust them? Journal of Statistical
       Distributions and Applications 7, 5.
    """
    moments = _row_moments(fit.coded, fit.thresholds)
    mean, variance, fourth = (one[fit.coded.row_of] for one in moments)
    rated = fit.coded.category >= 0
    residual = np.where(rated, fit.coded.category - mean, np.nan)
    return Conditional(residual, np.where(rated, variance, np.nan), np.where(rated, fourth, np.nan))


def judge_fit(fit: MfrmFit, found: Conditional | None = None) -> JudgeFit:
    """Return infit and outfit of every judge, conditional on the totals of the reviews.

    Notes
    -----
    Infit weighs squared residuals by information, outfit does not; it is standardised by the cube root [1]_.
    Reviews at the end of the scale say nothing and are left out.

    References
    ----------
    .. [1] Wright, B. D., and Masters, G. N. (1982). Rating Scale Analysis, chapter 5. MESA Press, Chicago.
    """
    parts = conditional(fit) if found is None else found
    told = parts.variance > _LEAST_VARIANCE
    judges = len(fit.panel.judges)
    judge = np.broadcast_to(fit.panel.judge_of[:, None], told.shape)[told]
    square, variance, fourth = parts.residual[told] ** 2, parts.variance[told], parts.fourth[told]

    def total(values: FloatArray) -> FloatArray:
        return totals(judge, values, judges)

    with np.errstate(invalid="ignore", divide="ignore"):
        count = total(np.ones(len(judge)))
        infit, outfit = total(square) / total(variance), total(square / variance) / count
        infit_q = np.sqrt(total(fourth - variance**2)) / total(variance)
        return JudgeFit(
            infit,
            outfit,
            _standardised(infit, infit_q),
            np.bincount(fit.panel.judge_of, minlength=judges),
        )


def biases(
    fit: MfrmFit, found: Conditional | None = None, *, level: float = FALSE_DISCOVERY
) -> tuple[Bias, ...]:
    """Test every judge on every criterion; the strongest suspicion first.

    Notes
    -----
    A t-test on the conditional residuals with their empirical standard error, so that it holds whatever the halo;
    q-values control the share of false flags among all cells [1]_. A flag also needs a size above half a logit.

    References
    ----------
    .. [1] Benjamini, Y., and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
       Statistical Society B 57, 289-300.
    """
    parts = conditional(fit) if found is None else found
    names = [(judge, criterion) for judge in fit.panel.judges for criterion in fit.panel.criteria]
    size, t, p, n = bias_cells(parts, fit.panel.judge_of, len(fit.panel.judges))
    q = false_discovery(p.ravel())
    cells = zip(names, size.ravel(), t.ravel(), p.ravel(), q, n.ravel(), strict=True)
    listed = [
        Bias(
            judge,
            criterion,
            float(a),
            float(b),
            float(c),
            float(d),
            int(e),
            bool(d <= level and abs(a) > LEAST_SIZE),
        )
        for (judge, criterion), a, b, c, d, e in cells
        if not np.isnan(c)
    ]
    return tuple(sorted(listed, key=lambda one: (one.p, one.judge, one.criterion)))


def bias_cells(
    parts: Conditional, group_of: IntArray, groups: int
) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """Return size in logits, t, p and number of reviews for each group of reviews and criterion."""
    told = parts.variance > _LEAST_VARIANCE
    residual, variance = np.where(told, parts.residual, 0.0), np.where(told, parts.variance, 0.0)

    def total(values: FloatArray) -> FloatArray:
        columns = [totals(group_of, column, groups) for column in values.T]
        return np.stack(columns, axis=1)

    with np.errstate(invalid="ignore", divide="ignore"):
        n = total(told.astype(np.float64))
        mean = total(residual) / n
        spread = (total(residual**2) - n * mean**2) / (n - 1)
        t = mean / np.sqrt(np.maximum(spread, 0.0) / n)
        p = 2 * stdtr(n - 1, -np.abs(t))
        size = total(residual) / total(variance)
    unknown = (n < 3) | ~(spread > _LEAST_VARIANCE)  # two residuals carry no t-test worth a flag
    return size, np.where(unknown, np.nan, t), np.where(unknown, np.nan, p), n.astype(np.intp)


def false_discovery(p: FloatArray) -> FloatArray:
    """Return the Benjamini-Hochberg q-value of each p-value; NaN stays NaN and is not counted.

    Examples
    --------
    >>> false_discovery(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.04, 0.04]
    """
    q = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q


def _standardised(mean_square: FloatArray, q: FloatArray) -> FloatArray:
    return (np.cbrt(mean_square) - 1) * 3 / q + q / 3


def _row_moments(coded: Coded, thresholds: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    criteria, steps = thresholds.shape
    psi = np.concatenate([np.zeros((criteria, 1)), np.cumsum(thresholds, axis=1)], axis=1)
    weight = np.exp(-psi)
    shape = (len(coded.row_total), criteria)
    mean, variance, fourth = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    category = np.arange(steps + 1)
    for number, pattern in enumerate(coded.patterns):
        rows = np.flatnonzero(coded.row_pattern == number)
        rated = np.flatnonzero(pattern)
        for criterion, others in zip(rated, _leaving_one_out(weight[rated]), strict=True):
            rest = coded.row_total[rows][:, None] - category
            inside = (rest >= 0) & (rest < len(others))
            chance = np.where(inside, others[np.clip(rest, 0, len(others) - 1)], 0.0) * weight[criterion]
            chance /= chance.sum(axis=1, keepdims=True)
            centre = chance @ category
            deviation = category - centre[:, None]
            mean[rows, criterion] = centre
            variance[rows, criterion] = (chance * deviation**2).sum(axis=1)
            fourth[rows, criterion] = (chance * deviation**4).sum(axis=1)
    return mean, variance, fourth


def _leaving_one_out(weights: FloatArray) -> list[FloatArray]:
    """Return the product of all polynomials but one, for each; scaled, because only ratios count."""
    before, after = [np.ones(1)], [np.ones(1)]
    for left, right in zip(weights[:-1], weights[:0:-1], strict=True):
        before.append(_product(before[-1], left))
        after.append(_product(after[-1], right))
    return [_product(left, right) for left, right in zip(before, reversed(after), strict=True)]


def _product(left: FloatArray, right: FloatArray) -> FloatArray:
    whole = np.convolve(left, right)
    scaled: FloatArray = whole / whole.max()
    return scaled
