"""The search for severities, steps and variances of the many-facet model."""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from scipy.linalg import solve_triangular

from tifa.stats.categories import Coded
from tifa.stats.descent import Memory, Minimum, minimise
from tifa.stats.errors import JudgingError
from tifa.stats.mfrm_information import (
    LARGEST_SD,
    LEAST_SD,
    RIDGE,
    Scaling,
    StepKind,
    best_sd,
    cholesky_of,
    inverse_of,
    next_sd,
    step_design,
    step_information,
)
from tifa.stats.mfrm_start import Start, start_of
from tifa.stats.posterior import FEWEST_NODES, BeyondTable, Layout, Posterior, Prior, integrate, pairs_within
from tifa.stats.ratings import FloatArray, Panel, totals
from tifa.stats.score_tables import Lattice, ScoreTable, pull_back, score_table

_FEW_JUDGES: Final = 100
_PATIENCE: Final = 3
_WIDEST: Final = 60.0
ROUGH: Final = 0.1
_CLOSE: Final = 5e-4
_STALLED: Final = 0.02
_MOST_PASSES: Final = 300
_NODES: Final = ((75, FEWEST_NODES), (40, 11))
_MOST_NODES: Final = 21
_MOST_ROUNDS: Final = 25
_SETTLED: Final = 2e-3


@dataclass(frozen=True)
class MfrmOptions:
    """What kind of model: steps common to all criteria or not, review effect, topic means, random severities.

    Severities that are not ``random`` are estimated without a prior, as the textbooks do.
    """

    steps: StepKind = "rating-scale"
    halo: bool = True
    topics: bool = False
    random: bool = True


@dataclass(frozen=True, eq=False)
class State:
    """All unknowns: severities, topic means, step parameters, standard deviations."""

    severity: FloatArray
    topic_means: FloatArray
    steps: FloatArray
    s_theta: float
    s_eps: float
    s_alpha: float
    s_topic: float


@dataclass(frozen=True, eq=False)
class Found:
    """Where the search ended, and what the entries look like from there."""

    state: State
    covariance: FloatArray
    threshold_covariance: FloatArray
    posterior: Posterior
    deviance: float
    converged: bool


@dataclass(eq=False)
class Problem:
    """The data of one fit, and where its last pass ended."""

    panel: Panel
    coded: Coded
    options: MfrmOptions
    layout: Layout = field(init=False)
    design: FloatArray = field(init=False)
    start: Start = field(init=False)
    lattice: Lattice = field(init=False)
    mode: FloatArray = field(init=False)
    nodes: int = field(init=False)
    warm: bool = field(init=False, default=False)
    passes: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.layout = Layout.of(self.panel, self.coded.row_of)
        self.design = step_design(len(self.panel.criteria), self.coded.scale.steps, self.options.steps)
        self.start = start_of(self.panel, self.coded, self.design)
        zeta = self.start.measure[self.panel.entry_of] - self.start.severity[self.panel.judge_of]
        self.lattice = Lattice.over(float(zeta.min()) - 4.0, float(zeta.max()) + 4.0)
        self.mode = self.start.measure
        self.nodes = _nodes_for(self.coded, len(self.panel.entries))

    @property
    def has_topics(self) -> bool:
        """Return whether topic means are part of the model."""
        return self.options.topics and len(self.panel.topics) > 1

    def first_state(self) -> State:
        """Return the first guess."""
        start = self.start
        count = len(self.panel.topics) if self.has_topics else 0
        return State(
            severity=start.severity,
            topic_means=np.zeros(count),
            steps=np.linalg.lstsq(self.design, start.thresholds.ravel(), rcond=None)[0].astype(np.float64),
            s_theta=start.s_theta,
            s_eps=max(start.s_eps, 2 * LEAST_SD) if self.options.halo else 0.0,
            s_alpha=start.s_alpha if self.options.random else np.inf,
            s_topic=0.5 * start.s_theta if count else 0.0,
        )

    def fitted(self, state: State) -> Found:
        """Search closely, with the variances of severities and topics between the rounds."""
        scaling = last = self.scaling(state)
        _, base = self.reweighted(state, scaling)
        memory, distance, settled = Memory(), np.zeros(scaling.size), False
        for turn in range(_MOST_ROUNDS):
            found = self.search(base, scaling, distance, _CLOSE, memory)
            distance, state = found.point, self.moved(base, scaling, found.point)
            few = len(state.severity) <= _FEW_JUDGES
            settled, state = (True, state) if few else self.reweighted(state, last, turn)
            if settled:
                # With many judges the covariance of an earlier state saves a pass; at last this one's has to agree.
                last = self.scaling(state)
                settled, state = self.reweighted(state, last, turn)
            if settled:
                break
            base = replace(base, s_alpha=state.s_alpha, s_topic=state.s_topic)
        else:
            last = self.scaling(state)
        return self.found(state, last, converged=found.converged and settled)

    def found(self, state: State, scaling: Scaling, *, converged: bool) -> Found:
        """Measure the entries, under one prior for all."""
        posterior = scaling.posterior
        deviance = -2 * float(
            posterior.log_likelihood.sum() - (self.coded.reached * self.thresholds(state)).sum()
        )
        if self.has_topics:
            common = Prior(np.zeros(len(self.mode)), float(np.hypot(state.s_theta, state.s_topic)))
            _, posterior = self.integrated(state, common, full=True)
        judges = len(state.severity)
        return Found(
            state,
            scaling.covariance[:judges, :judges],
            inverse_of(scaling.steps),
            posterior,
            deviance,
            converged,
        )

    def searched(self, state: State, tolerance: float) -> State:
        """Return a better state for the same variances of severities and topics."""
        scaling = self.scaling(state)
        found = self.search(state, scaling, np.zeros(scaling.size), tolerance, Memory())
        return self.moved(state, scaling, found.point)

    def search(
        self, base: State, scaling: Scaling, distance: FloatArray, tolerance: float, memory: Memory
    ) -> Minimum:
        """Search from a scaled distance to ``base``, the variances of severities and topics being those of ``base``."""

        def objective(scaled: FloatArray) -> tuple[float, FloatArray]:
            try:
                value, gradient = self.evaluated(self.moved(base, scaling, scaled))
            except JudgingError:
                # A step that throws the measures off the table is too long.
                return np.inf, np.zeros(len(scaled))
            return value, self.scaled_gradient(scaling, gradient)

        found = minimise(objective, distance, tolerance=tolerance, most=_MOST_PASSES, memory=memory)
        return replace(found, converged=found.converged or found.steepness <= _STALLED)

    def moved(self, state: State, scaling: Scaling, scaled: FloatArray) -> State:
        """Return the state at scaled distance ``scaled``."""
        judges, first = len(state.severity), len(scaling.judges)
        second = first + len(scaling.steps)
        left = solve_triangular(scaling.judges, scaled[:first], lower=True, trans="T")
        deviations = scaled[second:] / scaling.deviations
        s_eps = state.s_eps
        if self.options.halo:
            s_eps = float(np.clip(state.s_eps * np.exp(np.clip(deviations[1], -3, 3)), LEAST_SD, LARGEST_SD))
        return replace(
            state,
            severity=state.severity + _centred(left[:judges]),
            topic_means=state.topic_means + _centred(left[judges:]),
            steps=state.steps + solve_triangular(scaling.steps, scaled[first:second], lower=True, trans="T"),
            s_theta=float(
                np.clip(state.s_theta * np.exp(np.clip(deviations[0], -3, 3)), LEAST_SD, LARGEST_SD)
            ),
            s_eps=s_eps,
        )

    def scaled_gradient(self, scaling: Scaling, gradient: tuple[FloatArray, ...]) -> FloatArray:
        """Return the gradient by the scaled distances."""
        by_severity, by_topic, by_steps, by_deviations = gradient
        by_judges = np.concatenate([_centred(by_severity), _centred(by_topic)])
        return np.concatenate(
            [
                solve_triangular(scaling.judges, by_judges, lower=True),
                solve_triangular(scaling.steps, by_steps, lower=True),
                by_deviations / scaling.deviations,
            ]
        )

    def evaluated(self, state: State) -> tuple[float, tuple[FloatArray, ...]]:
        """Return the negative penalised log-likelihood and its gradient."""
        table, posterior = self.integrated(state)
        _, above, by_log_eps = pull_back(self.coded, table, posterior.mass)
        thresholds = self.thresholds(state)
        gap = thresholds - self.start.thresholds
        value = (
            posterior.log_likelihood.sum()
            - (self.coded.reached * thresholds).sum()
            - RIDGE * (gap**2).sum()
            - 0.5 * (state.severity**2).sum() / state.s_alpha**2
        )
        by_severity = -totals(self.layout.judge, posterior.slope, len(state.severity))
        by_severity -= state.severity / state.s_alpha**2
        by_thresholds = above - self.coded.reached - 2 * RIDGE * gap
        prior = self.prior(state)
        deviation = posterior.mean - prior.mean
        by_log_theta = ((deviation**2 + posterior.variance).sum() / state.s_theta**2) - len(deviation)
        by_topic = np.zeros(0)
        if self.has_topics:
            value -= 0.5 * (state.topic_means**2).sum() / state.s_topic**2
            by_topic = totals(self.panel.topic_of, deviation, len(state.topic_means))
            by_topic = by_topic / state.s_theta**2 - state.topic_means / state.s_topic**2
        deviations = [0.0 if state.s_theta <= LEAST_SD and by_log_theta < 0 else by_log_theta]
        if self.options.halo:
            deviations.append(0.0 if state.s_eps <= LEAST_SD and by_log_eps < 0 else by_log_eps)
        gradient = (
            -by_severity,
            -by_topic,
            -(self.design.T @ by_thresholds.ravel()),
            -np.array(deviations),
        )
        return -float(value), gradient

    def thresholds(self, state: State) -> FloatArray:
        """Return the thresholds, (criterion, step)."""
        return (self.design @ state.steps).reshape(len(self.panel.criteria), -1)

    def prior(self, state: State) -> Prior:
        """Return the prior of the measures: with topics, around the mean of each entry's topic."""
        mean = state.topic_means[self.panel.topic_of] if self.has_topics else np.zeros(len(self.mode))
        return Prior(mean, state.s_theta)

    def integrated(
        self, state: State, prior: Prior | None = None, *, full: bool = False
    ) -> tuple[ScoreTable, Posterior]:
        """Tabulate and integrate, on a wider table when this one is too narrow."""
        while True:
            table = score_table(self.coded, self.thresholds(state), state.s_eps, self.lattice)
            try:
                posterior = integrate(
                    self.layout,
                    table,
                    state.severity,
                    self.prior(state) if prior is None else prior,
                    self.mode,
                    nodes=self.nodes,
                    warm=self.warm and not full,
                    full=full,
                )
            except BeyondTable as needed:
                self.lattice = _widened(self.lattice, needed)
                continue
            self.mode, self.warm = posterior.mode, True
            self.passes += 1
            return table, posterior

    def scaling(self, state: State) -> Scaling:
        """Return factors of the information at a state, near enough to make one pass a Newton step."""
        table, posterior = self.integrated(state, full=True)
        by_judge = self.information(state, posterior)
        judges = len(state.severity)
        shift = float(by_judge[:judges, :judges].sum())
        by_judge[np.diag_indices(judges)] += 1 / state.s_alpha**2
        mass, _, _ = pull_back(self.coded, table, posterior.mass)
        by_steps, whole = step_information(table, mass, self.design, shift)
        reviews, entries = len(self.layout.entry), len(posterior.mean)
        share = 1 - posterior.variance.mean() / state.s_theta**2
        deviations = [np.sqrt(2 * entries) * max(share, 0.05)]
        if self.options.halo:
            own = state.s_eps**2 * whole / reviews
            left = max(1 - entries / reviews, 0.1)
            deviations.append(np.sqrt(2 * reviews * left) * max(own / (1 + own), 0.02))
        return Scaling(
            judges=cholesky_of(by_judge),
            steps=cholesky_of(by_steps),
            deviations=np.array(deviations),
            posterior=posterior,
            prior=np.concatenate(
                [np.full(judges, state.s_alpha), np.full(len(state.topic_means), state.s_topic)]
            ),
        )

    def information(self, state: State, posterior: Posterior) -> FloatArray:
        """Return the observed information of severities and topic means, without the severities' prior."""
        judges, topics = len(state.severity), len(state.topic_means)
        whole = np.zeros((judges + topics, judges + topics))
        block = whole[:judges, :judges]
        for left, right in pairs_within(self.layout.starts):
            shared = np.einsum("qp,qp->p", posterior.spread[:, left], posterior.spread[:, right])
            key = self.layout.judge[left] * judges + self.layout.judge[right]
            block -= totals(key, shared, judges**2).reshape(judges, judges)
        block[np.diag_indices(judges)] -= totals(self.layout.judge, posterior.second, judges)
        if topics:
            topic_of, precision = self.panel.topic_of, 1 / state.s_theta**2
            entries = np.bincount(topic_of, minlength=topics)
            known = totals(topic_of, posterior.variance, topics) * precision
            at = np.arange(judges, judges + topics)
            whole[at, at] = (entries - known) * precision + 1 / state.s_topic**2
            key = self.layout.judge * topics + topic_of[self.layout.entry]
            cross = totals(key, posterior.with_measure, judges * topics) * precision
            whole[:judges, judges:] = cross.reshape(judges, topics)
            whole[judges:, :judges] = whole[:judges, judges:].T
        return whole

    def reweighted(self, state: State, scaling: Scaling, turn: int = 0) -> tuple[bool, State]:
        """Return whether the standard deviations of severities and topics have settled, and the next ones.

        A step of the fixed point is cheap, but slow where judges hardly differ; then, and with few judges, the
        approximate likelihood of the standard deviation is maximised at once.
        """
        judges = len(state.severity)
        first, second = np.arange(judges), np.arange(judges, len(scaling.judges))
        exact = judges <= _FEW_JUDGES or turn >= _PATIENCE
        settled, s_alpha, s_topic = True, state.s_alpha, state.s_topic
        if self.options.random and judges > 1:
            step = best_sd if exact else next_sd
            s_alpha = step(state.severity, scaling, first, second, state.s_alpha)
            settled = abs(np.log(s_alpha / state.s_alpha)) < _SETTLED
        if self.has_topics:
            s_topic = best_sd(state.topic_means, scaling, second, first, state.s_topic)
            settled = settled and abs(np.log(s_topic / state.s_topic)) < _SETTLED
        return settled, state if settled else replace(state, s_alpha=s_alpha, s_topic=s_topic)


def _nodes_for(codes: Coded, entries: int) -> int:
    """Return how many nodes an entry needs: the fewer steps were counted, the less normal is its posterior."""
    counted = float((codes.category >= 0).sum()) * codes.scale.steps / entries
    return next((nodes for least, nodes in _NODES if counted >= least), _MOST_NODES)


def _centred(values: FloatArray) -> FloatArray:
    return values - values.mean() if len(values) else values


def _widened(lattice: Lattice, needed: BeyondTable) -> Lattice:
    low, high = lattice.inner
    if needed.low < -_WIDEST or needed.high > _WIDEST:
        raise JudgingError(
            f"The measures ran away (beyond {_WIDEST:g} logits): the scores are too consistent for a Rasch model. "
            "Use the linear model (--model linear)."
        )
    return Lattice.over(min(low, needed.low - 2.0), max(high, needed.high + 2.0))
