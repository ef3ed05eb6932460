"""The many-facet Rasch model by joint maximum likelihood, as the textbooks and FACETS do it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from tifa.stats.categories import Coded, coded
from tifa.stats.errors import JudgingError
from tifa.stats.mfrm_information import StepKind, step_design
from tifa.stats.mfrm_start import start_of
from tifa.stats.ratings import FloatArray, IntArray, Panel, subsets_of, totals
from tifa.stats.score_tables import Steps, step_covariance, steps_at

_PATCH: Final = 0.3
_SETTLED: Final = 1e-10
_MOST_STEPS: Final = 200
_LONGEST: Final = 1.0


@dataclass(frozen=True, eq=False)
class JmlFit:
    """Measures with mean 0, severities with mean 0, thresholds (criterion, step), and residuals of every rating.

    Standard errors take everything else as known. ``extreme`` lists entries with nothing but the lowest or
    the highest score.
    """

    panel: Panel
    measure: FloatArray
    measure_se: FloatArray
    severity: FloatArray
    severity_se: FloatArray
    thresholds: FloatArray
    difficulty_se: FloatArray
    residual: FloatArray
    variance: FloatArray
    log_likelihood: float
    extreme: tuple[str, ...]

    @property
    def difficulty(self) -> FloatArray:
        """Return the mean threshold of each criterion."""
        mean: FloatArray = self.thresholds.mean(axis=1)
        return mean


@dataclass(frozen=True, eq=False)
class _Point:
    """One set of unknowns."""

    measure: FloatArray
    severity: FloatArray
    steps: FloatArray


def fit_jml(panel: Panel, steps: StepKind = "rating-scale") -> JmlFit:
    """Fit by joint maximum likelihood.

    It is here to compare with other programs, not to rank by: measures are inflated by about L/(L-1), and standard
    errors know neither halo nor the error of the severities.

    Raises
    ------
    JudgingError
        When the panel is disconnected, or a judge or criterion has nothing but extreme scores.

    Notes
    -----
    Newton's method on all unknowns, the entries eliminated first [1]_. Entries with nothing but the lowest or highest
    score would have an infinite measure: they are left out of everything else, and measured as if their total were
    0.3 points inside, the usual convention.

    References
    ----------
    .. [1] Wright, B. D., and Panchapakesan, N. (1969). A procedure for sample-free item analysis. Educational and
       Psychological Measurement 29, 23-48.
    """
    search = _Search(panel, coded(panel), steps)
    search.refuse_extremes()
    point = search.first()
    for _ in range(_MOST_STEPS):
        parts = search.parts(point)
        move = search.move(parts)
        length = 1.0
        while (
            length > _SETTLED
            and search.parts(moved := search.moved(point, move, length)).value < parts.value - 1e-9
        ):
            length /= 2
        point = moved
        if max(np.abs(one).max(initial=0.0) for one in (move.measure, move.severity, move.steps)) < _SETTLED:
            return search.result(point)
    raise JudgingError("The joint maximum likelihood did not settle; use the marginal method.")


def mean_squares(
    residual: FloatArray, variance: FloatArray, group_of: IntArray, groups: int
) -> tuple[FloatArray, FloatArray]:
    """Return infit and outfit of each group of ratings; ``group_of`` has the shape of the residuals."""
    rated = ~np.isnan(residual)
    square, spread, group = residual[rated] ** 2, variance[rated], group_of[rated]
    count = totals(group, np.ones(len(group)), groups)
    infit = totals(group, square, groups) / totals(group, spread, groups)
    return infit, totals(group, square / spread, groups) / count


@dataclass(frozen=True, eq=False)
class _Parts:
    """Log-likelihood, gradients and information at a point."""

    value: float
    by_measure: FloatArray
    by_rest: FloatArray
    information: FloatArray
    cross: FloatArray
    rest: FloatArray


class _Search:
    """The data of one fit."""

    def __init__(self, panel: Panel, codes: Coded, kind: StepKind) -> None:
        self.panel, self.codes = panel, codes
        self.criteria, self.count = len(panel.criteria), codes.scale.steps
        self.design = step_design(self.criteria, self.count, kind)
        self.rated = codes.category >= 0
        self.category = np.where(self.rated, codes.category, 0).astype(np.float64)
        entries = len(panel.entries)
        total = totals(panel.entry_of, self.category.sum(axis=1), entries)
        most = self.count * totals(panel.entry_of, self.rated.sum(axis=1).astype(np.float64), entries)
        self.total = np.clip(total, _PATCH, most - _PATCH)
        self.extreme = np.flatnonzero(self.total != total)
        # Extreme entries get a measure, but tell nothing about judges and criteria.
        self.telling = self.rated & ~np.isin(panel.entry_of, self.extreme)[:, None]
        self.reached = np.stack(
            [(self.telling & (self.category > m)).sum(axis=0) for m in range(self.count)], axis=1
        ).astype(np.float64)

    def refuse_extremes(self) -> None:
        """Refuse what has no finite estimate."""
        subsets = subsets_of(self.panel)
        if len(subsets) > 1:
            raise JudgingError(
                f"The entries fall into {len(subsets)} groups that share no judge; joint maximum likelihood cannot compare "
                "them. Fit each group alone, or use the marginal method."
            )
        for names, of, what in (
            (self.panel.judges, np.broadcast_to(self.panel.judge_of[:, None], self.rated.shape), "Judge"),
            (self.panel.criteria, np.broadcast_to(np.arange(self.criteria), self.rated.shape), "Criterion"),
        ):
            values, group = self.category[self.telling], of[self.telling]
            points, most = (
                totals(group, values, len(names)),
                self.count * np.bincount(group, minlength=len(names)),
            )
            for name, found, limit in zip(names, points, most, strict=True):
                if found in {0.0, float(limit)}:
                    raise JudgingError(
                        f"{what} {name!r} has only extreme scores, so there is no finite estimate. Leave the ratings of "
                        "it out, or use the marginal method."
                    )

    def first(self) -> _Point:
        """Return the first guess."""
        start = start_of(self.panel, self.codes, self.design)
        steps = np.linalg.lstsq(self.design, start.thresholds.ravel(), rcond=None)[0].astype(np.float64)
        return _Point(start.measure, start.severity, steps)

    def parts(self, point: _Point) -> _Parts:
        """Return value, gradient and information."""
        eta = point.measure[self.panel.entry_of] - point.severity[self.panel.judge_of]
        thresholds = self.thresholds(point)
        found = steps_at(eta, thresholds)
        share, every = self.telling.astype(np.float64), self.rated.astype(np.float64)
        scored = (self.category * share).sum(axis=1)
        value = float(scored @ eta) - float((self.reached * thresholds).sum())
        value -= float((found.log_normaliser.T * share).sum())
        entries, judges = len(self.panel.entries), len(self.panel.judges)
        by_steps = np.einsum("rc,rcm->cm", share, found.above) - self.reached
        by_judge = totals(self.panel.judge_of, (found.expected * share).sum(axis=1) - scored, judges)
        expected = (found.expected * every).sum(axis=1)
        return _Parts(
            value,
            self.total - totals(self.panel.entry_of, expected, entries),
            np.concatenate([by_judge, self.design.T @ by_steps.ravel()]),
            totals(self.panel.entry_of, (found.information * every).sum(axis=1), entries),
            *self._blocks(found, share),
        )

    def _blocks(self, found: Steps, share: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the information between entries and the rest, and that of the rest."""
        entries, judges, free = len(self.panel.entries), len(self.panel.judges), self.design.shape[1]
        tail = np.cumsum(found.above[:, :, ::-1], axis=2)[:, :, ::-1] + np.arange(self.count) * found.above
        with_score = (tail - found.above * found.expected[:, :, None]) * share[:, :, None]
        along = with_score.reshape(len(share), -1) @ self.design
        information = (found.information * share).sum(axis=1)
        cross = np.zeros((entries, judges + free))
        np.add.at(cross, (self.panel.entry_of, self.panel.judge_of), -information)
        np.add.at(cross[:, judges:], self.panel.entry_of, -along)
        rest = np.zeros((judges + free, judges + free))
        at = np.arange(judges)
        rest[at, at] = totals(self.panel.judge_of, information, judges)
        np.add.at(rest[:judges, judges:], self.panel.judge_of, along)
        rest[judges:, :judges] = rest[:judges, judges:].T
        rest[judges:, judges:] = self.design.T @ step_covariance(share, found.above) @ self.design
        return cross, rest

    def move(self, parts: _Parts) -> _Point:
        """Return Newton's step."""
        judges = len(self.panel.judges)
        scaled = parts.cross / parts.information[:, None]
        rest = parts.rest - parts.cross.T @ scaled
        # Two shifts change nothing; fixing them anywhere keeps the matrix regular.
        scale = np.trace(rest) / len(rest)
        for shift in (np.arange(len(rest)) < judges, np.concatenate([np.zeros(judges), self._shift()])):
            rest = rest + scale * np.outer(shift, shift) / max(float(shift @ shift), 1.0)
        right = parts.by_rest - scaled.T @ parts.by_measure
        change = cho_solve(cho_factor(rest), right)
        return _Point(
            (parts.by_measure - parts.cross @ change) / parts.information, change[:judges], change[judges:]
        )

    def _shift(self) -> FloatArray:
        return np.linalg.lstsq(self.design, np.ones(len(self.design)), rcond=None)[0].astype(np.float64)

    def moved(self, point: _Point, move: _Point, length: float) -> _Point:
        """Return the point after a step, with measures and severities around 0."""
        longest = max(np.abs(one).max(initial=0.0) for one in (move.measure, move.severity, move.steps))
        length *= min(1.0, _LONGEST / longest) if longest > 0 else 1.0
        measure = point.measure + length * move.measure
        severity = point.severity + length * move.severity
        steps = point.steps + length * move.steps + (severity.mean() - measure.mean()) * self._shift()
        return _Point(measure - measure.mean(), severity - severity.mean(), steps)

    def thresholds(self, point: _Point) -> FloatArray:
        """Return the thresholds, (criterion, step)."""
        return (self.design @ point.steps).reshape(self.criteria, self.count)

    def result(self, point: _Point) -> JmlFit:
        """Return the fit with the errors that take everything else as known."""
        parts = self.parts(point)
        eta = point.measure[self.panel.entry_of] - point.severity[self.panel.judge_of]
        found = steps_at(eta, self.thresholds(point))
        judges = len(self.panel.judges)
        variance = np.where(self.rated, found.information, np.nan)
        return JmlFit(
            panel=self.panel,
            measure=point.measure,
            measure_se=1 / np.sqrt(parts.information),
            severity=point.severity,
            severity_se=1 / np.sqrt(np.diag(parts.rest)[:judges]),
            thresholds=self.thresholds(point),
            difficulty_se=1 / np.sqrt(np.nansum(variance, axis=0)),
            residual=np.where(self.rated, self.category - found.expected, np.nan),
            variance=variance,
            log_likelihood=parts.value,
            extreme=tuple(self.panel.entries[i] for i in self.extreme),
        )
