"""An appeal moves the entry concerned and nobody else."""

from dataclasses import replace

import numpy as np
import pytest

from tests.stats.simulated import World, make
from tifa.stats.anchored import anchored_linear_scores, anchored_measures, joined
from tifa.stats.errors import JudgingError
from tifa.stats.fair import fair_scores, linear_fair_scores
from tifa.stats.linear import fit_linear
from tifa.stats.mfrm import MfrmFit, fit_mfrm
from tifa.stats.ratings import Panel

EQUAL = np.full(4, 0.25)
UNEQUAL = np.array([0.4, 0.3, 0.2, 0.1])
NOBODY: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def fit() -> MfrmFit:
    return fit_mfrm(make(World(entries=60, judges=10, criteria=4, halo=0.5), 3).panel)


def everybody(fit: MfrmFit) -> frozenset[str]:
    return frozenset(fit.panel.judges)


def only(panel: Panel, entry: int) -> Panel:
    of = panel.entry_of == entry
    judges, number = np.unique(panel.judge_of[of], return_inverse=True)
    return replace(
        panel,
        entries=(panel.entries[entry],),
        judges=tuple(panel.judges[j] for j in judges),
        entry_of=np.zeros(int(of.sum()), dtype=np.intp),
        judge_of=number.reshape(-1).astype(np.intp),
        topic_of=np.zeros(1, dtype=np.intp),
        scores=panel.scores[of],
    )


def test_same_reviews_give_the_published_measures(fit: MfrmFit) -> None:
    again = anchored_measures(fit, fit.panel, everybody(fit))

    assert np.allclose(again.estimates.value, fit.measure, atol=1e-4)
    assert np.allclose(again.estimates.se, fit.se, atol=1e-4)
    for weights in (EQUAL, UNEQUAL):
        left, right = fair_scores(fit, weights, again), fair_scores(fit, weights)
        assert np.allclose(left.score, right.score, atol=1e-3)
        assert np.allclose(left.low, right.low, atol=1e-3)


@pytest.mark.parametrize("weights", [EQUAL, UNEQUAL])
def test_one_entry_alone_gives_the_same(fit: MfrmFit, weights: np.ndarray) -> None:
    alone = anchored_measures(fit, only(fit.panel, 7), everybody(fit))

    assert alone.estimates.value[0] == pytest.approx(fit.measure[7], abs=1e-4)
    assert alone.estimates.se[0] == pytest.approx(fit.se[7], abs=1e-4)
    assert fair_scores(fit, weights, alone).score[0] == pytest.approx(
        fair_scores(fit, weights).score[7], abs=1e-3
    )


@pytest.mark.parametrize("weights", [EQUAL, UNEQUAL])
def test_raised_score_raises_only_this_entry(fit: MfrmFit, weights: np.ndarray) -> None:
    appeal = only(fit.panel, 7)
    raised = replace(appeal, scores=np.minimum(appeal.scores + 1, 5))
    base = fair_scores(fit, weights)

    after = fair_scores(fit, weights, anchored_measures(fit, raised, everybody(fit)))
    whole = joined(base, after, np.array([*range(7), 60, *range(8, 60)]))

    assert after.score[0] > base.score[7]
    assert np.array_equal(np.delete(whole.score, 7), np.delete(base.score, 7))
    assert np.array_equal(np.delete(whole.ranked.se, 7), np.delete(base.ranked.se, 7))
    assert whole.score[7] == after.score[0]


@pytest.mark.parametrize("weights", [EQUAL, UNEQUAL])
def test_a_review_of_a_stranger_says_less(fit: MfrmFit, weights: np.ndarray) -> None:
    appeal = only(fit.panel, 7)

    known = fair_scores(fit, weights, anchored_measures(fit, appeal, everybody(fit)))
    strange = fair_scores(fit, weights, anchored_measures(fit, appeal, NOBODY))

    assert strange.ranked.se[0] > known.ranked.se[0]
    assert strange.high[0] - strange.low[0] > known.high[0] - known.low[0]


def test_strangers_alone_are_measured_as_a_judge_drawn_from_all(fit: MfrmFit) -> None:
    """Brute force: severity and review effect of each stranger drawn together from their normal distribution."""
    appeal = only(fit.panel, 7)
    found = anchored_measures(fit, appeal, NOBODY).estimates
    grid = np.arange(-6, 6.001, 0.02)
    spread = float(np.hypot(fit.s_eps, fit.s_alpha))
    effects = np.arange(-6, 6.001, 0.05) * spread
    weight = np.exp(-0.5 * (effects / spread) ** 2)
    density = np.exp(-0.5 * (grid / fit.prior_sd) ** 2)
    for row in appeal.scores:
        eta = grid[:, None] + effects
        likelihood = np.ones_like(eta)
        for criterion, score in enumerate(row):
            steps = np.concatenate([[0.0], np.cumsum(fit.thresholds[criterion])])
            logits = eta[..., None] * np.arange(len(steps)) - steps
            top = logits.max(axis=-1, keepdims=True)
            share = np.exp(logits - top)
            likelihood *= share[..., int(score - fit.scale.lowest)] / share.sum(axis=-1)
        density *= likelihood @ weight
    density /= density.sum()

    assert found.value[0] == pytest.approx(float(density @ grid), abs=2e-3)
    assert found.variance[0] == pytest.approx(float(density @ (grid - density @ grid) ** 2), rel=5e-3)


def test_score_that_never_occurred_counts_as_the_outermost(fit: MfrmFit) -> None:
    appeal = only(fit.panel, 7)
    best = np.full_like(appeal.scores, fit.scale.score(np.array(float(fit.scale.steps))))

    beyond = anchored_measures(fit, replace(appeal, scores=best + 3), everybody(fit))

    assert (
        beyond.estimates.value[0]
        == anchored_measures(fit, replace(appeal, scores=best), everybody(fit)).estimates.value[0]
    )


def test_other_criteria_are_refused(fit: MfrmFit) -> None:
    with pytest.raises(JudgingError, match="The criteria are x"):
        anchored_measures(fit, replace(only(fit.panel, 7), criteria=("x",)), everybody(fit))


def test_linear_predictions_are_those_of_the_fit(fit: MfrmFit) -> None:
    panel = fit.panel
    published = fit_linear(panel, UNEQUAL)

    again = anchored_linear_scores(published, panel.judges, panel, UNEQUAL, frozenset(panel.judges))

    assert np.allclose(again.value, published.estimates.value, atol=1e-9)
    assert np.allclose(again.se, published.estimates.se, atol=1e-9)
    assert np.allclose(linear_fair_scores(again).low, linear_fair_scores(published.estimates).low, atol=1e-9)


def test_linear_review_of_a_stranger_is_predicted_with_their_severity_unknown(fit: MfrmFit) -> None:
    panel = only(fit.panel, 7)
    published = fit_linear(fit.panel, EQUAL)
    known = frozenset(panel.judges[1:])
    found = anchored_linear_scores(published, fit.panel.judges, panel, EQUAL, known)

    # The joint normal distribution of the entry and its reviews, written out.
    seats = [fit.panel.judges.index(name) for name in panel.judges]
    severity = np.array([0.0, *published.severity[seats[1:]]])
    covariance = published.s_entry**2 + np.diag(
        published.s_rest**2 + np.array([published.s_judge**2, *[0.0] * (len(seats) - 1)])
    )
    scores = panel.scores @ EQUAL
    gain = np.linalg.solve(covariance, np.full(len(seats), published.s_entry**2))
    assert found.value[0] == pytest.approx(published.mean + gain @ (scores - published.mean + severity))
    assert found.variance[0] == pytest.approx(published.s_entry**2 * (1 - gain.sum()))
