"""Measures under severities and steps that were published: an appeal moves nobody else."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from tifa.stats.categories import coded
from tifa.stats.errors import JudgingError
from tifa.stats.fair import FairScores, fair_scores
from tifa.stats.mfrm import MfrmFit
from tifa.stats.posterior import Layout, Posterior, Prior, integrate
from tifa.stats.ratings import FloatArray, Panel
from tifa.stats.score_tables import Lattice, score_table
from tifa.stats.uncertain import Estimates

_ROOM = 6.0


def anchored_posterior(fit: MfrmFit, panel: Panel) -> Posterior:
    """Return what the reviews of ``panel`` say under the severities, steps and variances of ``fit``.

    ``panel`` has the judges and criteria of the fit in the same order.
    """
    codes = coded(panel, fit.scale)
    reach = float(np.abs(fit.measure).max()) + float(np.abs(fit.severity).max()) + _ROOM
    table = score_table(codes, fit.thresholds, fit.s_eps, Lattice.over(-reach, reach))
    prior = Prior(np.zeros(len(panel.entries)), fit.prior_sd)
    start = np.zeros(len(panel.entries))
    return integrate(Layout.of(panel, codes.row_of), table, fit.severity, prior, start, nodes=21, full=True)


def anchored_measures(fit: MfrmFit, panel: Panel) -> Estimates:
    """Measure entries, after an appeal or a late score, with everything else as it was published.

    Parameters
    ----------
    fit
        The fit that was published.
    panel
        Reviews of one entry or more by judges of that fit, on its criteria.

    Raises
    ------
    JudgingError
        When a judge or the criteria are not those of the fit, or a score lies off its scale.
    """
    posterior = anchored_posterior(fit, _aligned(fit, panel))
    seat = {name: position for position, name in enumerate(fit.panel.judges)}
    column = np.array([seat[panel.judges[j]] for j in panel.judge_of], dtype=np.intp)
    loading = csr_array(
        (-posterior.with_measure, column, panel.starts), shape=(len(panel.entries), len(fit.panel.judges))
    )
    return Estimates(posterior.mean, posterior.variance, loading, fit.severity, fit.covariance)


def anchored_fair_scores(fit: MfrmFit, panel: Panel, weights: FloatArray) -> FairScores:
    """Return fair scores of entries with everything else as it was published.

    With unequal weights give the whole panel, because those entries are drawn together by its variances.

    Raises
    ------
    JudgingError
        As :func:`anchored_measures`.
    """
    aligned = _aligned(fit, panel)
    posterior = anchored_posterior(fit, aligned)
    own = replace(
        fit,
        panel=aligned,
        coded=coded(aligned, fit.scale),
        measure=posterior.mean,
        variance=posterior.variance,
        sensitivity=-posterior.with_measure,
    )
    return fair_scores(own, weights)


def _aligned(fit: MfrmFit, panel: Panel) -> Panel:
    """Number the judges as the fit does."""
    if panel.criteria != fit.panel.criteria:
        raise JudgingError(
            f"The criteria are {', '.join(panel.criteria)}; expected those of the published fit, "
            f"{', '.join(fit.panel.criteria)}."
        )
    seat = {name: position for position, name in enumerate(fit.panel.judges)}
    for name in panel.judges:
        if name not in seat:
            raise JudgingError(
                f"Judge {name!r} has no published severity; expected a judge of the published fit."
            )
    number = np.array([seat[name] for name in panel.judges], dtype=np.intp)
    return replace(panel, judges=fit.panel.judges, judge_of=number[panel.judge_of])
