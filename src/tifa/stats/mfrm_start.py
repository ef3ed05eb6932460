"""Where the search for severities, steps and variances begins."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tifa.stats.categories import Coded
from tifa.stats.ratings import FloatArray, Panel, totals
from tifa.stats.score_tables import step_covariance, steps_at

_EDGE: Final = 0.5
_ROUNDS: Final = 5
_STIFFNESS: Final = 1.0
_GRID = np.arange(-12.0, 12.01, 0.05)


@dataclass(frozen=True, eq=False)
class Start:
    """First guesses: measures of entries and reviews, severities, thresholds (criterion, step), deviations."""

    measure: FloatArray
    review: FloatArray
    severity: FloatArray
    thresholds: FloatArray
    s_theta: float
    s_alpha: float
    s_eps: float


def start_of(panel: Panel, coded: Coded, design: FloatArray) -> Start:
    """Guess from counts and moments.

    Parameters
    ----------
    panel, coded
        The ratings.
    design
        Makes thresholds (criterion by criterion) of free parameters.

    Notes
    -----
    A few rounds of joint maximum likelihood on the rows of the score table give steps and a measure of each review
    [1]_; the steps are narrowed by (L-1)/L, the inflation of that method [2]_. The measures are then split into
    entry, judge and remainder by moments.

    References
    ----------
    .. [1] Wright, B. D., and Masters, G. N. (1982). Rating Scale Analysis. MESA Press, Chicago.
    .. [2] Andersen, E. B. (1973). Conditional Inference and Models for Measuring. Mentalhygiejnisk Forlag.
    """
    thresholds = _first_steps(coded)
    counts = np.bincount(coded.row_of, minlength=len(coded.row_total)).astype(np.float64)
    for _ in range(_ROUNDS):
        measure, _ = _row_measures(coded, thresholds)
        thresholds = _better_steps(coded, thresholds, measure, counts, design)
    criteria = max(len(panel.criteria), 2)
    centre = thresholds.mean()
    thresholds = centre + (thresholds - centre) * (criteria - 1) / criteria
    measure, error = _row_measures(coded, thresholds)
    return _split(panel, measure[coded.row_of], error[coded.row_of], thresholds)


def _first_steps(coded: Coded) -> FloatArray:
    rated = (coded.category >= 0).sum(axis=0).astype(np.float64)
    at_least = np.concatenate([rated[:, None], coded.reached, np.zeros((len(rated), 1))], axis=1)
    counts = at_least[:, :-1] - at_least[:, 1:] + _EDGE
    logits = np.log(counts[:, :-1] / counts[:, 1:])
    common = np.log(counts.sum(axis=0)[:-1] / counts.sum(axis=0)[1:])
    steps: FloatArray = logits.mean(axis=1, keepdims=True) + common - common.mean()
    return steps


def _row_measures(coded: Coded, thresholds: FloatArray) -> tuple[FloatArray, FloatArray]:
    steps = steps_at(_GRID, thresholds)
    expected = coded.patterns.astype(np.float64) @ steps.expected.T
    information = coded.patterns.astype(np.float64) @ steps.information.T
    measure, error = np.empty(len(coded.row_total)), np.empty(len(coded.row_total))
    most = coded.patterns.sum(axis=1) * coded.scale.steps
    for pattern in range(len(coded.patterns)):
        rows = coded.row_pattern == pattern
        total = np.clip(coded.row_total[rows], _EDGE, most[pattern] - _EDGE)
        measure[rows] = np.interp(total, expected[pattern], _GRID)
        error[rows] = 1 / np.interp(measure[rows], _GRID, information[pattern])
    return measure, error


def _better_steps(
    coded: Coded, thresholds: FloatArray, measure: FloatArray, counts: FloatArray, design: FloatArray
) -> FloatArray:
    above = steps_at(measure, thresholds).above
    share = counts[:, None] * coded.patterns[coded.row_pattern]
    expected = np.einsum("rc,rcm->cm", share, above)
    criteria, steps = expected.shape
    whole = design.T @ step_covariance(share, above) @ design
    whole[np.diag_indices(len(whole))] += _STIFFNESS
    move = design @ np.linalg.solve(whole, design.T @ (expected - coded.reached).ravel())
    return thresholds + np.clip(move.reshape(criteria, steps), -1.0, 1.0)


def _split(panel: Panel, review: FloatArray, error: FloatArray, thresholds: FloatArray) -> Start:
    entries, judges = len(panel.entries), len(panel.judges)
    each, load = panel.reviews_each, np.bincount(panel.judge_of, minlength=judges)
    centre = review.mean()
    review = review - centre
    severity, measure = np.zeros(judges), np.zeros(entries)
    for _ in range(_ROUNDS):
        adjusted = totals(panel.entry_of, review + severity[panel.judge_of], entries)
        measure = adjusted / (each + 0.5)
        left = totals(panel.judge_of, measure[panel.entry_of] - review, judges)
        severity = left / (load + 2.0)
        severity -= severity.mean()
    rest = review - measure[panel.entry_of] + severity[panel.judge_of]
    freedom = max(len(review) - entries - judges + 1, len(review) // 4, 1)
    within = float((rest**2).sum()) / freedom
    s_eps = float(np.sqrt(np.clip(within - error.mean(), 0.02, 4.0)))
    noise = within / each.mean()
    s_theta = float(np.sqrt(np.clip(np.var(measure) * (1 + 0.5 / each.mean()) ** 2 - noise, 0.05, 16.0)))
    s_alpha = float(np.sqrt(np.clip(np.var(severity), 0.01, 16.0)))
    return Start(measure, review, severity, thresholds - centre, s_theta, s_alpha, s_eps)
