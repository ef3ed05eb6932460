"""What the reviews say of each entry: its measure integrated out, entry by entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from tifa.stats.ratings import FloatArray, IntArray, Panel, totals
from tifa.stats.score_tables import STEP, ScoreTable

FEWEST_NODES: Final = 7
_BLOCK: Final = 40_000
_FIRST_STEPS: Final = 12
_LATER_STEPS: Final = 1
_LONGEST_STEP: Final = 2.0
_PAIRS: Final = 1_000_000


class BeyondTable(Exception):
    """A look-up fell outside the table, which has to reach from ``low`` to ``high``."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__(f"the table has to reach from {low:.2f} to {high:.2f}")
        self.low, self.high = low, high


@dataclass(frozen=True, eq=False)
class Layout:
    """Which review belongs to which entry, judge and row of the score table."""

    entry: IntArray
    judge: IntArray
    row: IntArray
    starts: IntArray

    @classmethod
    def of(cls, panel: Panel, row_of: IntArray) -> "Layout":
        """Lay out the reviews of a panel."""
        return cls(panel.entry_of, panel.judge_of, row_of, panel.starts)


@dataclass(frozen=True, eq=False)
class Prior:
    """Normal prior of each entry's measure: one mean an entry, one standard deviation."""

    mean: FloatArray
    sd: float


@dataclass(frozen=True, eq=False)
class Posterior:
    """The entries given severities, steps and variances.

    ``slope`` is the expected derivative of each review's log-likelihood, ``mass`` the posterior mass on the cells
    of the score table. ``second`` is the expected second derivative, ``with_measure`` the covariance of the
    derivative with the measure, ``spread`` the derivative's weighted deviations at the nodes (node, review), whose
    products are covariances within an entry.
    """

    log_likelihood: FloatArray
    mean: FloatArray
    variance: FloatArray
    mode: FloatArray
    slope: FloatArray
    mass: tuple[FloatArray, ...]
    second: FloatArray
    with_measure: FloatArray
    spread: FloatArray


def integrate(
    layout: Layout,
    table: ScoreTable,
    severity: FloatArray,
    prior: Prior,
    start: FloatArray,
    *,
    nodes: int = FEWEST_NODES,
    warm: bool = False,
    full: bool = False,
) -> Posterior:
    """Integrate each entry's measure out by adaptive Gauss-Hermite quadrature around its mode.

    Parameters
    ----------
    start
        Where the search for each mode begins; with ``warm`` it is near and one Newton step is enough.
    nodes
        Number of points; seven are enough when an entry has many ratings, few ratings need more.
    full
        Whether second moments (``second``, ``with_measure``, ``spread``) are wanted.

    Raises
    ------
    BeyondTable
        When a look-up falls outside the table.

    Notes
    -----
    The log-likelihood of a review is concave in the measure, so Newton's method finds the one mode. Nodes are placed
    by mode and curvature as in [1]_.

    References
    ----------
    .. [1] Pinheiro, J. C., and Bates, D. M. (1995). Approximations to the log-likelihood function in the nonlinear
       mixed-effects model. Journal of Computational and Graphical Statistics 4, 12-35.
    """
    found = _Collected(layout, table, nodes, full=full)
    for first, last in _blocks(layout.starts, _BLOCK // nodes):
        _integrate_block(found, severity, prior, start, first, last, _LATER_STEPS if warm else _FIRST_STEPS)
    return found.posterior()


def pairs_within(starts: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield all ordered pairs of reviews of one entry, each with itself too, in blocks."""
    counts = np.diff(starts)
    ends = np.cumsum(counts**2)
    first = 0
    while first < len(counts):
        before = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _PAIRS, side="right")))
        size = counts[first:last]
        left = np.repeat(np.arange(starts[first], starts[last]), np.repeat(size, size))
        within = np.arange(len(left)) - np.repeat(
            np.cumsum(np.repeat(size, size)) - np.repeat(size, size), np.repeat(size, size)
        )
        right = np.repeat(np.repeat(starts[first:last], size), np.repeat(size, size)) + within
        yield left, right
        first = last


class _Collected:
    """The arrays of a posterior while the blocks fill them."""

    def __init__(self, layout: Layout, table: ScoreTable, nodes: int, *, full: bool) -> None:
        entries, reviews = len(layout.starts) - 1, len(layout.entry)
        self.layout, self.table, self.full = layout, table, full
        self.offset = table.offset(layout.row)
        self.points, self.log_weights = _hermite(nodes)
        self.log_likelihood, self.mean = np.empty(entries), np.empty(entries)
        self.variance, self.mode = np.empty(entries), np.empty(entries)
        self.slope = np.empty(reviews)
        self.mass = tuple(np.zeros(len(table.cells[0])) for _ in range(4))
        kept = reviews if full else 0
        self.second, self.with_measure = np.empty(kept), np.empty(kept)
        self.spread = np.empty((nodes, kept))

    def posterior(self) -> Posterior:
        return Posterior(
            self.log_likelihood,
            self.mean,
            self.variance,
            self.mode,
            self.slope,
            self.mass,
            self.second,
            self.with_measure,
            self.spread,
        )


@dataclass(frozen=True, eq=False)
class _Places:
    """The cells in which look-ups fall, and how far inside each."""

    cell: IntArray
    inside: FloatArray


def _blocks(starts: IntArray, reviews: int) -> Iterator[tuple[int, int]]:
    entries = len(starts) - 1
    first = 0
    while first < entries:
        last = int(np.searchsorted(starts, starts[first] + reviews, side="right")) - 1
        last = min(entries, max(first + 1, last))
        yield first, last
        first = last


def _places(table: ScoreTable, offset: IntArray, zeta: FloatArray) -> _Places:
    low, high = table.lattice.inner
    least, most = float(zeta.min()), float(zeta.max())
    if least < low or most > high:
        raise BeyondTable(least, most)
    position = zeta * (1 / STEP) - table.lattice.low
    cell = position.astype(np.intp)
    position -= cell
    cell += offset
    return _Places(cell, position)


def _first_two(table: ScoreTable, places: _Places) -> tuple[FloatArray, FloatArray]:
    """Return first and second derivative of the log-likelihood by the measure."""
    _, a1, a2, a3 = (one.take(places.cell, mode="clip") for one in table.cells)
    t = places.inside
    return (a1 + t * (2 * a2 + (3 * t) * a3)) / STEP, (2 * a2 + (6 * t) * a3) / STEP**2


def _modes(
    found: _Collected, severity: FloatArray, prior: Prior, start: FloatArray, first: int, last: int, most: int
) -> tuple[FloatArray, FloatArray]:
    layout, precision = found.layout, 1 / prior.sd**2
    reviews = slice(layout.starts[first], layout.starts[last])
    entry, starts = layout.entry[reviews] - first, layout.starts[first:last] - layout.starts[first]
    shift, offset = severity[layout.judge[reviews]], found.offset[reviews]
    mode, mean = start[first:last].copy(), prior.mean[first:last]
    for _ in range(most):
        slope, second = _first_two(found.table, _places(found.table, offset, mode[entry] - shift))
        curvature = precision - _by_entry(second, starts)
        step = (_by_entry(slope, starts) - (mode - mean) * precision) / curvature
        mode += np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        if np.abs(step).max() < 1e-9:  # nothing moves any more
            break
    return mode, 1 / np.sqrt(curvature)


def _integrate_block(
    found: _Collected, severity: FloatArray, prior: Prior, start: FloatArray, first: int, last: int, most: int
) -> None:
    layout, table = found.layout, found.table
    mode, sd = _modes(found, severity, prior, start, first, last, most)
    reviews = slice(layout.starts[first], layout.starts[last])
    entry, starts = layout.entry[reviews] - first, layout.starts[first:last] - layout.starts[first]
    offset = mode + sd * found.points[:, None]
    zeta = offset.take(entry, axis=1, mode="clip")
    zeta -= severity.take(layout.judge[reviews])
    places = _places(table, found.offset[reviews], zeta)
    a0, a1, a2, a3 = (one.take(places.cell, mode="clip") for one in table.cells)
    t = places.inside
    value = a3 * t
    value += a2
    value *= t
    value += a1
    value *= t
    value += a0
    log_joint = _by_entry(value, starts)
    log_joint -= 0.5 * ((offset - prior.mean[first:last]) / prior.sd) ** 2
    log_joint += found.log_weights[:, None]
    top = log_joint.max(axis=0)
    weight = np.exp(log_joint - top)
    whole = weight.sum(axis=0)
    weight /= whole
    entries = slice(first, last)
    found.mode[entries] = mode
    found.log_likelihood[entries] = top + np.log(whole * sd / prior.sd)
    mean = (weight * offset).sum(axis=0)
    deviation = offset - mean
    found.mean[entries] = mean
    found.variance[entries] = (weight * deviation**2).sum(axis=0)
    weight_of = weight.take(entry, axis=1, mode="clip")
    slope = a3 * t
    slope *= 3
    slope += 2 * a2
    slope *= t
    slope += a1
    slope *= 1 / STEP
    expected = np.einsum("qr,qr->r", weight_of, slope)
    found.slope[reviews] = expected
    if found.full:
        second = (2 * a2 + 6 * t * a3) / STEP**2
        found.second[reviews] = np.einsum("qr,qr->r", weight_of, second)
        slope -= expected
        found.with_measure[reviews] = np.einsum("qr,qr,qr->r", weight_of, slope, deviation[:, entry])
        found.spread[:, reviews] = np.sqrt(weight_of) * slope
    _splat(found.mass, places, weight_of)


def _by_entry(values: FloatArray, starts: IntArray) -> FloatArray:
    """Add the last axis up within each entry; strided slices when all have as many reviews, which is twice as fast."""
    each, left = divmod(values.shape[-1], len(starts))
    if left or starts[-1] != each * (len(starts) - 1) or np.any(np.diff(starts) != each):
        return np.add.reduceat(values, starts, axis=-1)
    found: FloatArray = values[..., ::each].copy()
    for position in range(1, each):
        found += values[..., position::each]
    return found


def _splat(mass: tuple[FloatArray, ...], places: _Places, weight: FloatArray) -> None:
    cell, t = places.cell.ravel(), places.inside.ravel()
    share = weight.ravel()
    for power, one in enumerate(mass):
        if power:
            share = share * t
        one += totals(cell, share, len(one))


@cache
def _hermite(count: int) -> tuple[FloatArray, FloatArray]:
    """Return nodes for a normal density around its mode, and log weights that carry the inverse of that density."""
    node, weight = np.polynomial.hermite.hermgauss(count)
    return np.sqrt(2.0) * node, np.log(weight) + node**2 - 0.5 * np.log(np.pi)
