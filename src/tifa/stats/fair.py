"""Fair scores: what each entry would have got from the whole panel, on the scale of the rubric."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array

from tifa.stats.linear import LinearFit, fit_crossed
from tifa.stats.mfrm import MfrmFit
from tifa.stats.ratings import BoolArray, FloatArray, IntArray, totals
from tifa.stats.score_tables import steps_at
from tifa.stats.uncertain import Estimates

_Z: Final = 1.959963984540054
_REACH: Final = 25.0
_GRID: Final = 0.05
_SPAN: Final = 5.0
_ALIKE: Final = 1e-9


@dataclass(frozen=True, eq=False)
class FairScores:
    """Fair score of each entry with its 95 % interval, and the estimates by which entries are ranked."""

    score: FloatArray
    low: FloatArray
    high: FloatArray
    ranked: Estimates


@dataclass(frozen=True, eq=False)
class Measured:
    """Entries with their measures and the reviews these come from, in the order of the entries.

    ``judge_of`` is -1 for a judge of whose severity nothing is known; ``estimates`` are the measures.
    """

    entry_of: IntArray
    judge_of: IntArray
    category: IntArray
    estimates: Estimates

    @classmethod
    def of(cls, fit: MfrmFit) -> "Measured":
        """Return the entries of a fit."""
        return cls(fit.panel.entry_of, fit.panel.judge_of, fit.coded.category, fit.estimates)

    @property
    def known(self) -> BoolArray:
        """Return of which reviews the judge's severity is known."""
        return self.judge_of >= 0


def fair_scores(fit: MfrmFit, weights: FloatArray, some: Measured | None = None) -> FairScores:
    """Turn measures into scores of the rubric.

    Parameters
    ----------
    fit
        A fitted many-facet model.
    weights
        Weight of each criterion, summing to 1.
    some
        Entries that were measured under this fit from other reviews; by default its own.

    Notes
    -----
    With equal weights the fair score is the expected weighted score of the entry from every judge of the panel, the
    review effect averaged out. It rises with the measure, so its interval is that of the measure (against the mean
    severity, which cancels) carried over.

    A Rasch measure weighs all criteria alike. With unequal weights the measure only says how severe each judge is
    to this entry: every rating is moved to the panel's mean severity, a missing one is filled with its expectation, the
    ratings are weighted, and entries are drawn together by the variance components of those reviews.
    """
    own = Measured.of(fit)
    if np.ptp(weights) < _ALIKE:
        return _by_measure(fit, weights, some or own)
    return _by_weights(fit, weights, own, some or own)


def linear_fair_scores(estimates: Estimates) -> FairScores:
    """Return the predictions of the linear model with their intervals."""
    value, se = estimates.value, estimates.se
    return FairScores(value, value - _Z * se, value + _Z * se, estimates)


def _by_measure(fit: MfrmFit, weights: FloatArray, some: Measured) -> FairScores:
    measure = some.estimates.value
    judges = len(fit.severity)
    error = _Z * some.estimates.against_mean(np.full(judges, 1 / judges))
    points, curve = _panel_curve(fit, weights[:, None], measure)
    score, low, high = (
        fit.scale.score(np.interp(at, points, curve[:, 0]))
        for at in (measure, measure - error, measure + error)
    )
    return FairScores(score, low, high, some.estimates)


@dataclass(frozen=True, eq=False)
class _Moved:
    """The weighted score of each review at the panel's mean severity, and how it follows the judge's severity."""

    score: FloatArray
    slope: FloatArray


def _by_weights(fit: MfrmFit, weights: FloatArray, own: Measured, some: Measured) -> FairScores:
    moved = _moved(fit, weights, own)
    plain = fit_crossed(moved.score, own.entry_of, None)
    return _drawn_together(fit, plain, some, moved if some is own else _moved(fit, weights, some))


def _moved(fit: MfrmFit, weights: FloatArray, some: Measured) -> _Moved:
    every = np.eye(len(weights))
    measure = some.estimates.value
    points, curve = _panel_curve(fit, every, measure)
    own_points, own = _own_curve(fit, every)
    at = measure[some.entry_of] - np.where(some.known, fit.severity[some.judge_of], 0.0)
    moved = np.zeros(len(at))
    for criterion, weight in enumerate(weights):
        category = some.category[:, criterion]
        expected = np.interp(at, own_points, own[:, criterion])
        rest = np.where(category >= 0, category - expected, 0.0)
        moved += weight * (np.interp(measure, points, curve[:, criterion])[some.entry_of] + rest)
    slope = np.interp(at, own_points, np.gradient(own @ weights, own_points)) * fit.scale.step
    return _Moved(fit.scale.score(moved), slope)


def _drawn_together(fit: MfrmFit, plain: LinearFit, some: Measured, moved: _Moved) -> FairScores:
    """Draw entries together by the variances of ``plain``; what is unknown of a judge makes their review less sure."""
    entries = len(some.estimates.value)
    doubt = plain.s_rest**2 + np.where(some.known, 0.0, (moved.slope * fit.s_alpha) ** 2)
    evidence = totals(some.entry_of, 1 / doubt, entries) + 1 / plain.s_entry**2
    value = plain.mean + totals(some.entry_of, (moved.score - plain.mean) / doubt, entries) / evidence
    pull = moved.slope / doubt / evidence[some.entry_of]
    loading = loading_of(pull, some.entry_of, some.judge_of, (entries, len(fit.severity)))
    ranked = Estimates(value, 1 / evidence, loading, fit.severity, fit.covariance)
    judges = len(fit.severity)
    error = _Z * ranked.against_mean(np.full(judges, float(loading.sum(axis=1).mean()) / judges))
    least, most = fit.scale.lowest, float(fit.scale.score(np.array(fit.scale.steps)))
    low, high = np.clip(ranked.value - error, least, most), np.clip(ranked.value + error, least, most)
    return FairScores(np.clip(ranked.value, least, most), low, high, ranked)


def loading_of(
    share: FloatArray, entry_of: IntArray, judge_of: IntArray, shape: tuple[int, int], first: int = 0
) -> csr_array:
    """Return what each entry takes of the errors of the judges, whose columns begin at ``first``; -1 is no judge."""
    known = judge_of >= 0
    found = coo_array((share[known], (entry_of[known], judge_of[known] + first)), shape=shape).tocsr()
    found.sort_indices()
    return csr_array(found)


def _own_curve(fit: MfrmFit, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the expected category by measure minus severity, the review effect averaged out."""
    points = np.arange(-_REACH, _REACH + _GRID / 2, _GRID)
    expected = steps_at(points, fit.thresholds).expected
    if fit.s_eps > 0:
        half = int(np.ceil(_SPAN * fit.s_eps / _GRID))
        kernel = np.exp(-0.5 * (np.arange(-half, half + 1) * _GRID / fit.s_eps) ** 2)
        padded = np.pad(expected, ((half, half), (0, 0)), mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, axis=0)
        expected = windows @ (kernel / kernel.sum())
    return points, expected @ weights


def _panel_curve(fit: MfrmFit, weights: FloatArray, measure: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the expected category by measure, averaged over the judges of the panel."""
    own_points, own = _own_curve(fit, weights)
    low, high = measure.min() - _SPAN, measure.max() + _SPAN
    points = np.arange(low, high + _GRID, _GRID)
    at = points[:, None] - fit.severity
    curves = [np.interp(at, own_points, one).mean(axis=1) for one in own.T]
    return points, np.stack(curves, axis=1)
