"""The many-facet Rasch model with a review effect, by marginal maximum likelihood."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from tifa.stats.categories import Coded, Scale, coded
from tifa.stats.mfrm_information import LEAST_SD, StepKind
from tifa.stats.mfrm_search import ROUGH, Found, MfrmOptions, Problem
from tifa.stats.ratings import FloatArray, Panel
from tifa.stats.uncertain import Estimates

__all__ = ["METHOD", "MfrmFit", "MfrmOptions", "StepKind", "fit_mfrm"]

METHOD: Final = "severity-mfrm/1"


@dataclass(frozen=True, eq=False)
class MfrmFit:
    """The fitted model.

    ``thresholds`` are (criterion, step) in logits; ``severity`` is positive for strict judges. ``covariance`` is of
    the severities, ``threshold_covariance`` of the free step parameters through ``design``. ``measure`` and
    ``variance`` are each entry's posterior given the severities under one common prior; ``sensitivity`` is the
    derivative of each entry's measure by the severity of the judge of each review; ``estimates`` joins both.
    """

    panel: Panel
    coded: Coded
    options: MfrmOptions
    severity: FloatArray
    covariance: FloatArray
    thresholds: FloatArray
    threshold_covariance: FloatArray
    design: FloatArray
    topic_means: FloatArray
    s_theta: float
    s_alpha: float
    s_eps: float
    s_topic: float
    measure: FloatArray
    variance: FloatArray
    sensitivity: FloatArray
    deviance: float
    converged: bool
    passes: int

    @property
    def scale(self) -> Scale:
        """Return the scale of the scores."""
        return self.coded.scale

    @cached_property
    def estimates(self) -> Estimates:
        """Return the measures of the entries with the errors that the severities bring in common."""
        panel = self.panel
        loading = csr_array(
            (self.sensitivity, panel.judge_of, panel.starts), shape=(len(panel.entries), len(panel.judges))
        )
        return Estimates(self.measure, self.variance, loading, self.severity, self.covariance)

    @property
    def se(self) -> FloatArray:
        """Return the standard error of each measure, with that of the severities."""
        return self.estimates.se

    @property
    def severity_se(self) -> FloatArray:
        """Return the standard error of each severity against the mean of the panel."""
        centred = self.covariance - self.covariance.mean(axis=0)
        return np.sqrt(np.maximum(np.diag(centred - centred.mean(axis=1, keepdims=True)), 0.0))

    @property
    def difficulty(self) -> FloatArray:
        """Return the mean threshold of each criterion."""
        mean: FloatArray = self.thresholds.mean(axis=1)
        return mean

    @property
    def difficulty_se(self) -> FloatArray:
        """Return the standard error of each difficulty."""
        criteria, steps = self.thresholds.shape
        mean = np.repeat(np.eye(criteria), steps, axis=1) / steps @ self.design
        variance: FloatArray = np.einsum("cb,bd,cd->c", mean, self.threshold_covariance, mean)
        return np.sqrt(variance)

    @property
    def prior_sd(self) -> float:
        """Return the standard deviation of the common prior under which entries are ranked."""
        return float(np.hypot(self.s_theta, self.s_topic))


def fit_mfrm(panel: Panel, options: MfrmOptions | None = None) -> MfrmFit:
    """Fit severities, steps and variances, and measure every entry.

    Parameters
    ----------
    panel
        The ratings, at most ten categories.
    options
        The kind of model.

    Returns
    -------
    MfrmFit
        Everything that fair scores, probabilities and flags are made from.

    Raises
    ------
    JudgingError
        When the scores do not fit into ten categories, all are equal, or the measures run away.

    Notes
    -----
    The log-odds of category k against k-1 are ``theta - alpha + eps - b[c, k]`` [1]_, [2]_, [3]_: theta the entry,
    alpha the judge's severity, eps what this judge thinks of this entry beyond severity (halo) [4]_, b the steps.
    theta, alpha and eps are normal. theta and eps are integrated out; the severities maximise the likelihood with
    their prior, whose variance follows the fixed point of [5]_. With ``topics`` the entries of a topic share a random mean while severities
    are estimated; the measures are then computed under one prior for all, so nobody is drawn towards their topic.

    The standard error of a measure is that of its posterior with the error of the severities added by the delta
    method [6]_.

    References
    ----------
    .. [1] Linacre, J. M. (1989). Many-Facet Rasch Measurement. MESA Press, Chicago.
    .. [2] Andrich, D. (1978). A rating formulation for ordered response categories. Psychometrika 43, 561-573.
    .. [3] Masters, G. N. (1982). A Rasch model for partial credit scoring. Psychometrika 47, 149-174.
    .. [4] Wang, W.-C., and Wilson, M. (2005). Exploring local item dependence using a random-effects facet model.
       Applied Psychological Measurement 29, 296-318.
    .. [5] MacKay, D. J. C. (1992). Bayesian interpolation. Neural Computation 4, 415-447.
    .. [6] Kass, R. E., and Steffey, D. (1989). Approximate Bayesian inference in conditionally independent
       hierarchical models. Journal of the American Statistical Association 84, 717-726.
    """
    chosen = MfrmOptions() if options is None else options
    codes = coded(panel)
    if codes.patterns.sum(axis=1).max() < 2:
        # A single score a review cannot hang together with another.
        chosen = replace(chosen, halo=False)
    problem = Problem(panel, codes, chosen)
    state = problem.searched(problem.first_state(), ROUGH)
    found = problem.fitted(state) if not chosen.halo or state.s_eps > 2 * LEAST_SD else None
    if found is None or (chosen.halo and found.state.s_eps <= LEAST_SD):
        # The likelihood is flat where the effect vanishes: stopping there would be arbitrary.
        problem.options = replace(chosen, halo=False)
        found = problem.fitted(replace(state if found is None else found.state, s_eps=0.0))
    return _assembled(problem, found)


def _assembled(problem: Problem, found: Found) -> MfrmFit:
    state, posterior = found.state, found.posterior
    return MfrmFit(
        panel=problem.panel,
        coded=problem.coded,
        options=problem.options,
        severity=state.severity,
        covariance=found.covariance,
        thresholds=problem.thresholds(state),
        threshold_covariance=found.threshold_covariance,
        design=problem.design,
        topic_means=state.topic_means,
        s_theta=state.s_theta,
        s_alpha=state.s_alpha,
        s_eps=state.s_eps,
        s_topic=state.s_topic,
        measure=posterior.mean,
        variance=posterior.variance,
        sensitivity=-posterior.with_measure,
        deviance=found.deviance,
        converged=found.converged,
        passes=problem.passes,
    )
