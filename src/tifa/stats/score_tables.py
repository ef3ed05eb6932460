"""The likelihood of a review as a function of one number, tabulated for every total score that occurs."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import as_strided
from scipy.ndimage import spline_filter1d

from tifa.stats.categories import Coded
from tifa.stats.ratings import FloatArray, IntArray

STEP: Final = 0.1
_TAILS: Final = 7.0
_MARGIN: Final = 16
_SMALLEST: Final = 1e-300


@dataclass(frozen=True)
class Lattice:
    """Equally spaced points from ``low`` (in steps of ``STEP``), ``size`` of them."""

    low: int
    size: int

    @property
    def origin(self) -> float:
        """Return the first point."""
        return self.low * STEP

    @property
    def inner(self) -> tuple[float, float]:
        """Return the ends between which look-ups are exact: the ends of a spline are not."""
        return self.origin + _MARGIN * STEP, self.origin + (self.size - 1 - _MARGIN) * STEP

    @classmethod
    def over(cls, low: float, high: float) -> "Lattice":
        """Return the lattice whose inner part holds ``low`` to ``high``."""
        first = int(np.floor(low / STEP)) - _MARGIN
        return cls(first, int(np.ceil(high / STEP)) + _MARGIN + 1 - first)


@dataclass(frozen=True, eq=False)
class Steps:
    """What the criteria say at each point: log normaliser (criterion, point) and P(X > m) (point, criterion, m)."""

    log_normaliser: FloatArray
    above: FloatArray

    @property
    def expected(self) -> FloatArray:
        """Return the expected category, (point, criterion)."""
        expected: FloatArray = self.above.sum(axis=2)
        return expected

    @property
    def information(self) -> FloatArray:
        """Return the variance of the category, (point, criterion)."""
        odd = 2 * np.arange(1, self.above.shape[2] + 1) - 1
        variance: FloatArray = self.above @ odd - self.expected**2
        return variance


def steps_at(points: FloatArray, thresholds: FloatArray) -> Steps:
    """Evaluate the categories of each criterion at ``points``; ``thresholds`` are (criterion, step)."""
    count = thresholds.shape[1]
    psi = np.concatenate([np.zeros((len(thresholds), 1)), np.cumsum(thresholds, axis=1)], axis=1)
    logits = points[:, None, None] * np.arange(count + 1) - psi
    top = logits.max(axis=2)
    weight = np.exp(logits - top[:, :, None])
    whole = weight.sum(axis=2)
    above = np.cumsum(weight[:, :, :0:-1], axis=2)[:, :, ::-1] / whole[:, :, None]
    return Steps((np.log(whole) + top).T, above)


def step_covariance(weight: FloatArray, above: FloatArray) -> FloatArray:
    """Return the covariance of the steps that ratings pass, summed with ``weight`` (point, criterion).

    Whoever passes a step has passed all before it, so the mean of a product is that of the later one. Criteria do not
    hang together; the matrix goes through the steps criterion by criterion.
    """
    criteria, steps = above.shape[1:]
    later = np.maximum(np.arange(steps)[:, None], np.arange(steps))
    passed = np.einsum("rc,rcm->cm", weight, above)
    whole = np.zeros((criteria, steps, criteria, steps))
    whole[np.arange(criteria), :, np.arange(criteria), :] = passed[:, later] - np.einsum(
        "rc,rcm,rcn->cmn", weight, above, above
    )
    return whole.reshape(criteria * steps, criteria * steps)


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """log integral of exp(s*eta - log Z(eta)) over the review effect, for each row, as a cubic spline.

    ``cells`` holds four coefficients of the local polynomial for each row and lattice point.
    """

    lattice: Lattice
    cells: tuple[FloatArray, FloatArray, FloatArray, FloatArray]
    likelihood: FloatArray
    smoothed: FloatArray
    kernel: FloatArray | None
    widening: FloatArray | None
    steps: Steps

    def offset(self, row: IntArray) -> IntArray:
        """Return where the cells of a row begin."""
        return row * self.lattice.size


def score_table(coded: Coded, thresholds: FloatArray, s_eps: float, lattice: Lattice) -> ScoreTable:
    """Tabulate the rows of ``coded`` for given steps and standard deviation of the review effect.

    Notes
    -----
    Given eta, a review depends on its ratings only through their total, which is sufficient in every Rasch model
    [1]_. The review effect is integrated by the trapezoid rule, whose error for a normal weight with spacing up to
    its standard deviation is below 1e-8 [2]_; on equally spaced points that is one matrix product. The logarithm is
    interpolated by a cubic spline, so value and derivatives belong to one function and agree to the last digit.

    References
    ----------
    .. [1] Andersen, E. B. (1977). Sufficient statistics and latent trait models. Psychometrika 42, 69-81.
    .. [2] Trefethen, L. N., and Weideman, J. A. C. (2014). The exponentially convergent trapezoidal rule. SIAM
       Review 56, 385-458.
    """
    fine, pad = _refinement(s_eps)
    size = (lattice.size + 2 * pad - 1) * fine + 1
    points = (lattice.low - pad) * STEP + np.arange(size, dtype=np.float64) * (STEP / fine)
    steps = steps_at(points, thresholds)
    log_z = coded.patterns.astype(np.float64) @ steps.log_normaliser
    exponent = coded.row_total[:, None] * points - log_z[coded.row_pattern]
    top = exponent.max(axis=1, keepdims=True)
    likelihood = np.exp(exponent - top)
    if s_eps > 0:
        kernel, widening = _kernels(s_eps, fine, pad, lattice.size)
        smoothed = likelihood @ kernel
    else:
        kernel, widening, smoothed = None, None, likelihood
    smoothed = np.maximum(smoothed, _SMALLEST)
    return ScoreTable(lattice, _cells(np.log(smoothed) + top), likelihood, smoothed, kernel, widening, steps)


def pull_back(
    coded: Coded, table: ScoreTable, mass: tuple[FloatArray, ...]
) -> tuple[FloatArray, FloatArray, float]:
    """Turn the posterior mass on the cells into what it says of the steps and of the review effect.

    Parameters
    ----------
    mass
        For each power of the position within a cell, the mass on every cell.

    Returns
    -------
    tuple
        Mass of eta on each point for each criterion (criterion, point), its expected number of ratings above each
        step (criterion, step), and the derivative of the log-likelihood by log s_eps.
    """
    shape = (len(coded.row_total), table.lattice.size)
    weight = _cells_transposed([one.reshape(shape) for one in mass]) / table.smoothed
    if table.kernel is None or table.widening is None:
        posterior, by_log_sd = weight * table.likelihood, 0.0
    else:
        posterior = (weight @ table.kernel.T) * table.likelihood
        by_log_sd = float(np.einsum("rg,rg->", weight, table.likelihood @ table.widening))
    by_pattern = np.zeros((len(coded.patterns), posterior.shape[1]))
    np.add.at(by_pattern, coded.row_pattern, posterior)
    by_criterion = coded.patterns.T.astype(np.float64) @ by_pattern
    return by_criterion, np.einsum("ce,ecm->cm", by_criterion, table.steps.above), by_log_sd


def _refinement(s_eps: float) -> tuple[int, int]:
    if s_eps <= 0:
        return 1, 0
    return max(1, int(np.ceil(STEP / s_eps))), int(np.ceil(_TAILS * s_eps / STEP))


def _kernels(s_eps: float, fine: int, pad: int, size: int) -> tuple[FloatArray, FloatArray]:
    points = (size + 2 * pad - 1) * fine + 1
    reach = (size - 1 + pad) * fine
    deviation = np.arange(-reach, points - pad * fine) * (STEP / fine / s_eps)
    density = np.exp(-0.5 * deviation**2) * (STEP / fine / s_eps / np.sqrt(2 * np.pi))
    return _toeplitz(density, fine, points, size), _toeplitz(density * (deviation**2 - 1), fine, points, size)


def _toeplitz(line: FloatArray, fine: int, points: int, size: int) -> FloatArray:
    unit = line.strides[0]
    last = (size - 1) * fine
    return np.ascontiguousarray(as_strided(line[last:], shape=(points, size), strides=(unit, -fine * unit)))


def _cells(values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    knots = spline_filter1d(values, order=3, axis=1, mode="mirror")
    c = np.pad(knots, ((0, 0), (1, 2)), mode="edge")
    c0, c1, c2, c3 = c[:, :-3], c[:, 1:-2], c[:, 2:-1], c[:, 3:]
    return (
        ((c0 + 4 * c1 + c2) / 6).ravel(),
        ((c2 - c0) / 2).ravel(),
        ((c0 - 2 * c1 + c2) / 2).ravel(),
        ((c3 - c0 + 3 * (c1 - c2)) / 6).ravel(),
    )


def _cells_transposed(mass: list[FloatArray]) -> FloatArray:
    m0, m1, m2, m3 = mass
    knots = (4 * m0 - 6 * m2 + 3 * m3) / 6
    knots[:, :-1] += ((m0 - m3) / 6 - m1 / 2 + m2 / 2)[:, 1:]
    knots[:, 1:] += ((m0 + 3 * m1 + 3 * m2 - 3 * m3) / 6)[:, :-1]
    knots[:, 2:] += (m3 / 6)[:, :-2]
    # The filter is its own transpose away from the ends, where no mass lies.
    filtered: FloatArray = spline_filter1d(knots, order=3, axis=1, mode="mirror")
    return filtered
