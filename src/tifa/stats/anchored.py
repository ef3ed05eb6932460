"""Scores under what was published: an appeal or a late sheet moves the entry concerned, and nobody else.

Severities, steps and variances stay those of the published fit. A judge who has none there, or whose name stands for one
review only, is taken as any judge: their severity is integrated out.
"""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from tifa.stats.categories import Coded, Scale, coded
from tifa.stats.errors import JudgingError
from tifa.stats.fair import FairScores, Measured, loading_of
from tifa.stats.linear import LinearFit
from tifa.stats.mfrm import MfrmFit
from tifa.stats.posterior import Layout, Posterior, Prior, integrate
from tifa.stats.ratings import FloatArray, IntArray, Panel, review_scores, totals
from tifa.stats.score_tables import Lattice, ScoreTable, score_table
from tifa.stats.uncertain import Estimates

_ROOM = 6.0
_NODES = 21


def anchored_posterior(fit: MfrmFit, panel: Panel, codes: Coded, judge_of: IntArray) -> Posterior:
    """Return what reviews say under the severities, steps and variances of ``fit``; judge -1 is a stranger."""
    reach = float(np.abs(fit.measure).max()) + float(np.abs(fit.severity).max()) + _ROOM
    lattice = Lattice.over(-reach, reach)
    known = score_table(codes, fit.thresholds, fit.s_eps, lattice)
    # A stranger's severity and review effect are one normal number together.
    unknown = score_table(codes, fit.thresholds, float(np.hypot(fit.s_eps, fit.s_alpha)), lattice)
    stranger = judge_of < 0
    row_of = codes.row_of + np.where(stranger, len(codes.row_total), 0)
    seat_of = np.where(stranger, len(fit.severity), judge_of)
    layout = Layout(panel.entry_of, seat_of, row_of, panel.starts)
    prior = Prior(np.zeros(len(panel.entries)), fit.prior_sd)
    severity = np.append(fit.severity, 0.0)
    start = np.zeros(len(panel.entries))
    return integrate(layout, _stacked(known, unknown), severity, prior, start, nodes=_NODES, full=True)


def anchored_measures(fit: MfrmFit, panel: Panel, known: frozenset[str]) -> Measured:
    """Measure entries, after an appeal or a late score, with everything else as it was published.

    Parameters
    ----------
    fit
        The fit that was published.
    panel
        All reviews that count now of one entry or more, on the criteria of the fit. A score beyond those that occurred
        in the fit counts as the outermost that did: nothing is known of steps that nobody took.
    known
        The judges whose severity stays as it was published.

    Raises
    ------
    JudgingError
        When the criteria are not those of the fit.
    """
    if panel.criteria != fit.panel.criteria:
        raise JudgingError(
            f"The criteria are {', '.join(panel.criteria)}; expected those of the published fit, "
            f"{', '.join(fit.panel.criteria)}."
        )
    judge_of = _seats(fit.panel.judges, known, panel)
    codes = coded(replace(panel, scores=_on_scale(panel.scores, fit.scale)), fit.scale)
    posterior = anchored_posterior(fit, panel, codes, judge_of)
    loading = loading_of(
        -posterior.with_measure, panel.entry_of, judge_of, (len(panel.entries), len(fit.severity))
    )
    estimates = Estimates(posterior.mean, posterior.variance, loading, fit.severity, fit.covariance)
    return Measured(panel.entry_of, judge_of, codes.category, estimates)


def anchored_linear_scores(
    fit: LinearFit, judges: tuple[str, ...], panel: Panel, weights: FloatArray, known: frozenset[str]
) -> Estimates:
    """Predict entries under the mean, severities and variances of a linear fit.

    Parameters
    ----------
    fit, judges
        The fit that was published, and its judges in their order.
    panel, weights, known
        As in :func:`anchored_measures`.

    Notes
    -----
    The predictor of [1]_ for given effects; with the reviews of the fit it gives the estimates of the fit.

    References
    ----------
    .. [1] Henderson, C. R. (1975). Best linear unbiased estimation and prediction under a selection model.
       Biometrics 31, 423-447.
    """
    scores = review_scores(panel, weights)
    rated = ~np.isnan(scores)
    entry_of, judge_of = panel.entry_of[rated], _seats(judges, known, panel)[rated]
    entries = len(panel.entries)
    stranger = judge_of < 0
    evidence = 1 / (fit.s_rest**2 + np.where(stranger, fit.s_judge**2, 0.0))
    whole = totals(entry_of, evidence, entries) + 1 / np.hypot(fit.s_entry, fit.s_topic) ** 2
    above = scores[rated] - fit.mean + np.where(stranger, 0.0, fit.severity[judge_of])
    value = fit.mean + totals(entry_of, evidence * above, entries) / whole
    of_judges = loading_of(
        evidence / whole[entry_of], entry_of, judge_of, (entries, 1 + len(fit.severity)), 1
    )
    of_mean = csr_array(
        (1 - totals(entry_of, evidence, entries) / whole, (np.arange(entries), np.zeros(entries, dtype=int))),
        shape=of_judges.shape,
    )
    loading = csr_array(of_mean + of_judges)
    loading.sort_indices()
    base = fit.estimates
    return Estimates(value, 1 / whole, loading, base.coefficients, base.covariance)


def joined(base: FairScores, again: FairScores, at: IntArray) -> FairScores:
    """Return the rows ``at`` of the fair scores of ``base`` and, counted on from there, of ``again``."""
    score, low, high = (
        np.concatenate([getattr(base, name), getattr(again, name)])[at] for name in ("score", "low", "high")
    )
    return FairScores(score, low, high, _joined(base.ranked, again.ranked, at))


def _joined(base: Estimates, again: Estimates, at: IntArray) -> Estimates:
    loading = csr_array(vstack([base.loading, again.loading], format="csr")[at])
    loading.sort_indices()
    return replace(
        base,
        value=np.concatenate([base.value, again.value])[at],
        variance=np.concatenate([base.variance, again.variance])[at],
        loading=loading,
    )


def _seats(judges: tuple[str, ...], known: frozenset[str], panel: Panel) -> IntArray:
    """Return the judge of each review as the published fit numbers them, -1 for a stranger."""
    seat = {name: position for position, name in enumerate(judges) if name in known}
    of = np.array([seat.get(name, -1) for name in panel.judges], dtype=np.intp)
    return of[panel.judge_of]


def _on_scale(scores: FloatArray, scale: Scale) -> FloatArray:
    steps = np.clip(np.rint((scores - scale.lowest) / scale.step), 0, scale.steps)
    return np.asarray(scale.score(steps), dtype=np.float64)


def _stacked(upper: ScoreTable, lower: ScoreTable) -> ScoreTable:
    """Return a table for looking up with the rows of both; the rest of it belongs to the upper one."""
    cells = tuple(np.concatenate([a, b]) for a, b in zip(upper.cells, lower.cells, strict=True))
    return replace(upper, cells=(cells[0], cells[1], cells[2], cells[3]))
