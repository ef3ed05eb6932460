"""Estimates whose errors hang together, and the places that they may take."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tifa.stats.posterior import pairs_within
from tifa.stats.ratings import FloatArray, IntArray, totals
from tifa.stats.reviews import DRAWS, top_of

LEADERS: Final = 20
_CHUNK: Final = 1_000_000
_DIGITS: Final = 9
_LEVELS: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, eq=False)
class Estimates:
    """One estimate an entry: own error variance, and a share of the errors of common coefficients.

    The error of entry n is normal with variance ``variance[n]``, plus ``loading[n]`` times the error of the
    coefficients, which has ``covariance``.
    """

    value: FloatArray
    variance: FloatArray
    loading: csr_array
    coefficients: FloatArray
    covariance: FloatArray

    @property
    def se(self) -> FloatArray:
        """Return the standard error of each estimate."""
        return np.sqrt(np.maximum(self.variance + self._common(), 0.0))

    def against_mean(self, share: FloatArray) -> FloatArray:
        """Return the standard error of each estimate minus ``share`` of the coefficients."""
        along = self.covariance @ share
        crossed = self.loading @ along
        whole: FloatArray = self.variance + self._common() - 2 * crossed + float(share @ along)
        return np.sqrt(np.maximum(whole, 0.0))

    def _common(self) -> FloatArray:
        starts, column = self.loading.indptr.astype(np.intp), self.loading.indices
        found, weight = np.zeros(len(self.value)), self.loading.data
        row = np.repeat(np.arange(len(self.value)), np.diff(starts))
        for left, right in pairs_within(starts):
            part = weight[left] * weight[right] * self.covariance[column[left], column[right]]
            found += totals(row[left], part, len(found))
        return found


@dataclass(frozen=True, eq=False)
class Places:
    """For each entry: its rank, the median and the 90 % interval of its rank, and the chance to be in the top.

    ``leaders`` are the positions of the best `LEADERS` entries, best first; row i of ``chances`` has the chance of the
    i-th of them to take each of as many first places.
    """

    rank: IntArray
    median: FloatArray
    low: IntArray
    high: IntArray
    p_top: FloatArray
    leaders: IntArray
    chances: FloatArray


def places_of(estimates: Estimates, *, top: int, seed: int, draws: int = DRAWS) -> Places:
    """Rank the estimates, and say how sure each place is.

    Parameters
    ----------
    estimates
        What is ranked; larger is better.
    top
        How many places count as the top.
    seed
        Start of the random numbers; the same seed gives the same result.
    draws
        How many times all estimates are drawn together.

    Raises
    ------
    JudgingError
        When ``top`` is not between 1 and the number of entries.

    Notes
    -----
    The estimates are drawn jointly because a judge's severity moves everybody whom they judged [1]_. The standard
    error of a probability is at most ``0.5 / sqrt(draws)``. Random numbers go to entries and coefficients in the
    order of their estimates, so names do not matter.

    References
    ----------
    .. [1] Goldstein, H., and Spiegelhalter, D. J. (1996). League tables and their limitations. Journal of the Royal
       Statistical Society A 159, 385-443.
    """
    counted = top_of(len(estimates.value), top)
    ranks = _drawn_ranks(estimates, np.random.default_rng(seed), draws)
    low, median, high = np.quantile(ranks, _LEVELS, axis=0, method="inverted_cdf")
    leaders = np.argsort(-np.round(estimates.value, _DIGITS), kind="stable")[:LEADERS]
    taken = ranks[:, leaders, None] == np.arange(1, len(leaders) + 1)
    return Places(
        leaders=leaders,
        chances=taken.mean(axis=0),
        rank=ranks_of(estimates.value),
        median=median.astype(np.float64),
        low=low.astype(np.intp),
        high=high.astype(np.intp),
        p_top=(ranks <= counted).mean(axis=0),
    )


def ranks_of(values: FloatArray) -> IntArray:
    """Return the rank of each value, the largest first; equal ones share a rank (1, 2, 2, 4)."""
    told_apart = np.round(values, _DIGITS)
    return 1 + np.searchsorted(np.sort(-told_apart), -told_apart)


def _drawn_ranks(estimates: Estimates, random: np.random.Generator, draws: int) -> NDArray[np.int32]:
    count, common = len(estimates.value), len(estimates.coefficients)
    order = np.argsort(-np.round(estimates.value, _DIGITS), kind="stable")
    columns = np.argsort(np.round(estimates.coefficients, _DIGITS), kind="stable")
    value, sd = estimates.value[order], np.sqrt(estimates.variance[order])
    loading = estimates.loading[order][:, columns]
    root = _root(estimates.covariance[np.ix_(columns, columns)])
    ranks = np.empty((draws, count), dtype=np.int32)
    chunk = max(1, _CHUNK // (count + common))
    for first in range(0, draws, chunk):
        size = min(chunk, draws - first)
        shared = loading @ (root @ random.standard_normal((size, common)).T)
        drawn = value + sd * random.standard_normal((size, count)) + shared.T
        place = np.argsort(-drawn, axis=1)
        np.put_along_axis(
            ranks[first : first + size], place, np.arange(1, count + 1, dtype=np.int32)[None], axis=1
        )
    back = np.empty_like(order)
    back[order] = np.arange(count)
    return ranks[:, back]


def _root(covariance: FloatArray) -> FloatArray:
    """Return the Cholesky factor; a covariance without a direction gets a hair's breadth of it."""
    breadth = 1e-12 * max(float(np.trace(covariance)), 1e-300)
    return np.linalg.cholesky(covariance + breadth * np.eye(len(covariance))).astype(np.float64)
