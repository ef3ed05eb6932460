"""Fair scores lie on the rubric's scale, honour its weights, and cost nothing when judges are equal."""

import numpy as np
import pytest

from tests.stats.simulated import World, make, top_share
from tifa.stats.fair import fair_scores
from tifa.stats.judging import raw_scores
from tifa.stats.mfrm import MfrmOptions, fit_mfrm
from tifa.stats.misfit import biases
from tifa.stats.ratings import panel_from_arrays

EQUAL = np.full(8, 1 / 8)
WEIGHTS = np.array([0.4, 0.2, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05])


def test_fair_score_rises_with_the_measure_and_stays_on_the_scale() -> None:
    fit = fit_mfrm(make(World(halo=0.7), 1).panel)

    fair = fair_scores(fit, EQUAL)

    order = np.argsort(fit.measure)
    assert np.all(np.diff(fair.score[order]) >= 0)
    assert np.all((fair.low < fair.score) & (fair.score < fair.high))
    assert fair.low.min() >= 0
    assert fair.high.max() <= 5


def test_scale_from_one_by_two_keeps_its_units() -> None:
    panel = make(World(halo=0.7), 1).panel
    other = panel_from_arrays(panel.entry_of, panel.judge_of, 1 + 2 * panel.scores)

    one, two = (fair_scores(fit_mfrm(each), EQUAL).score for each in (panel, other))

    assert np.allclose(two, 1 + 2 * one, atol=1e-9)


def test_mean_of_the_fair_scores_is_that_of_the_ratings() -> None:
    made = make(World(halo=0.7), 2)

    fair = fair_scores(fit_mfrm(made.panel), EQUAL)

    assert fair.score.mean() == pytest.approx(made.panel.scores.mean(), abs=0.03)
    assert np.sqrt(np.mean((fair.score - made.fair) ** 2)) < 0.4


def test_equal_judges_cost_nothing() -> None:
    gains = []
    for seed in range(8):
        made = make(World(halo=0.3, severity=0.0), seed)
        fair = fair_scores(fit_mfrm(made.panel), EQUAL).score
        gains.append(top_share(fair, made.fair, 30) - top_share(raw_scores(made.panel, EQUAL), made.fair, 30))

    assert np.mean(gains) > -0.01


def test_unequal_weights_are_honoured_with_honest_intervals() -> None:
    covered, ours, plain = [], [], []
    for seed in range(12):
        made = make(World(halo=0.5, profile=0.6, weights=tuple(WEIGHTS)), seed)
        fair = fair_scores(fit_mfrm(made.panel), WEIGHTS)
        covered.append(np.mean((fair.low <= made.fair) & (made.fair <= fair.high)))
        ours.append(top_share(fair.score, made.fair, 30))
        plain.append(top_share(raw_scores(made.panel, WEIGHTS), made.fair, 30))

    assert 0.93 <= np.mean(covered) <= 0.97
    assert np.mean(ours) >= np.mean(plain) + 0.04


def test_weight_on_one_criterion_ranks_by_that_criterion() -> None:
    made = make(World(halo=0.3, profile=1.0, severity=0.0), 3)
    only = np.eye(8)[2]

    fair = fair_scores(fit_mfrm(made.panel), only)

    mean = np.bincount(made.panel.entry_of, made.panel.scores[:, 2]) / 3
    assert np.corrcoef(fair.score, mean)[0, 1] > 0.99


def test_missing_scores_do_not_reward_leaving_out_hard_criteria() -> None:
    made = make(World(halo=0.3, severity=0.3), 4)
    made.panel.scores[made.panel.entry_of < 150, 7] = np.nan

    fair = fair_scores(fit_mfrm(made.panel), WEIGHTS)

    gap = fair.score[:150].mean() - fair.score[150:].mean()
    truth = made.fair[:150].mean() - made.fair[150:].mean()
    assert gap == pytest.approx(truth, abs=0.12)


def test_profiles_do_not_raise_false_alarms_of_bias() -> None:
    flagged = [
        sum(one.flagged for one in biases(fit_mfrm(make(World(halo=0.7, profile=0.4), seed).panel)))
        for seed in range(5)
    ]

    assert sum(flagged) <= 5


def test_halo_widens_the_interval() -> None:
    panel = make(World(halo=0.8), 5).panel

    wide, narrow = (fair_scores(fit_mfrm(panel, MfrmOptions(halo=on)), EQUAL) for on in (True, False))

    assert np.mean(wide.high - wide.low) > 1.3 * np.mean(narrow.high - narrow.low)
