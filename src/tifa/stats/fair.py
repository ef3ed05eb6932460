"""Fair scores: what each entry would have got from the whole panel, on the scale of the rubric."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from tifa.stats.linear import LinearFit, fit_crossed
from tifa.stats.mfrm import MfrmFit
from tifa.stats.ratings import FloatArray, IntArray
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


def fair_scores(fit: MfrmFit, weights: FloatArray) -> FairScores:
    """Turn measures into scores of the rubric.

    Parameters
    ----------
    fit
        A fitted many-facet model.
    weights
        Weight of each criterion, summing to 1.

    Notes
    -----
    With equal weights the fair score is the expected weighted score of the entry from every judge of the panel, the
    review effect averaged out. It rises with the measure, so its interval is that of the measure (against the mean
    severity, which cancels) carried over.

    A Rasch measure weighs all criteria alike. With unequal weights the measure only says how severe each judge is
    to this entry: every rating is moved to the panel's mean severity, a missing one is filled with its expectation, the
    ratings are weighted, and entries are drawn together by the variance components of those reviews.
    """
    if np.ptp(weights) < _ALIKE:
        return _by_measure(fit, weights)
    return _by_weights(fit, weights)


def linear_fair_scores(fit: LinearFit) -> FairScores:
    """Return the predictions of the linear model with their intervals."""
    value, se = fit.estimates.value, fit.estimates.se
    return FairScores(value, value - _Z * se, value + _Z * se, fit.estimates)


def _by_measure(fit: MfrmFit, weights: FloatArray) -> FairScores:
    estimates = fit.estimates
    judges = len(fit.severity)
    error = _Z * estimates.against_mean(np.full(judges, 1 / judges))
    points, curve = _panel_curve(fit, weights[:, None])
    score, low, high = (
        fit.scale.score(np.interp(at, points, curve[:, 0]))
        for at in (fit.measure, fit.measure - error, fit.measure + error)
    )
    return FairScores(score, low, high, estimates)


def _by_weights(fit: MfrmFit, weights: FloatArray) -> FairScores:
    panel = fit.panel
    every = np.eye(len(weights))
    points, curve = _panel_curve(fit, every)
    own_points, own = _own_curve(fit, every)
    at = fit.measure[panel.entry_of] - fit.severity[panel.judge_of]
    slope = np.gradient(own @ weights, own_points)
    share = csr_array(
        (
            np.interp(at, own_points, slope) * fit.scale.step / panel.reviews_each[panel.entry_of],
            panel.judge_of,
            panel.starts,
        ),
        shape=(len(panel.entries), len(panel.judges)),
    )
    moved = np.zeros(len(at))
    for criterion, weight in enumerate(weights):
        rated = fit.coded.category[:, criterion] >= 0
        expected = np.interp(at, own_points, own[:, criterion])
        rest = np.where(rated, fit.coded.category[:, criterion] - expected, 0.0)
        panel_score = np.interp(fit.measure, points, curve[:, criterion])[panel.entry_of]
        moved += weight * (panel_score + rest)
    return _drawn_together(fit, fit.scale.score(moved), panel.entry_of, share)


def _drawn_together(fit: MfrmFit, moved: FloatArray, entry_of: IntArray, share: csr_array) -> FairScores:
    plain = fit_crossed(moved, entry_of, None)
    pull = plain.s_entry**2 / (plain.s_entry**2 + plain.s_rest**2 / fit.panel.reviews_each)
    loading = csr_array(share.multiply(pull[:, None]))
    loading.sort_indices()
    ranked = Estimates(plain.estimates.value, plain.estimates.variance, loading, fit.severity, fit.covariance)
    judges = len(fit.severity)
    error = _Z * ranked.against_mean(np.full(judges, float(loading.sum(axis=1).mean()) / judges))
    least, most = fit.scale.lowest, float(fit.scale.score(np.array(fit.scale.steps)))
    low, high = np.clip(ranked.value - error, least, most), np.clip(ranked.value + error, least, most)
    return FairScores(np.clip(ranked.value, least, most), low, high, ranked)


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


def _panel_curve(fit: MfrmFit, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the expected category by measure, averaged over the judges of the panel."""
    own_points, own = _own_curve(fit, weights)
    low, high = fit.measure.min() - _SPAN, fit.measure.max() + _SPAN
    points = np.arange(low, high + _GRID, _GRID)
    at = points[:, None] - fit.severity
    curves = [np.interp(at, own_points, one).mean(axis=1) for one in own.T]
    return points, np.stack(curves, axis=1)
