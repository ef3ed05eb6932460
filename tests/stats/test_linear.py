"""The linear twin gives the numbers of lme4 and honest intervals."""

import numpy as np
import pytest

from tests.stats.published import published, ref1
from tests.stats.simulated import HALO, World, make, top_share
from tifa.stats.errors import JudgingError
from tifa.stats.fair import linear_fair_scores
from tifa.stats.judging import raw_scores
from tifa.stats.linear import fit_crossed, fit_linear
from tifa.stats.ratings import panel_from_arrays


def test_variance_components_equal_lme4() -> None:
    expected = published()["ref1"]["lme4_reml_on_review_means"]

    fit = fit_linear(ref1(), np.full(5, 0.2))

    assert fit.converged
    assert fit.mean == pytest.approx(expected["fixed"], abs=1e-6)
    assert fit.s_entry**2 == pytest.approx(expected["var"]["pid"], abs=1e-4)
    assert fit.s_judge**2 == pytest.approx(expected["var"]["rater"], abs=1e-4)
    assert fit.s_rest**2 == pytest.approx(expected["var"]["residual"], abs=1e-4)
    assert fit.log_likelihood == pytest.approx(expected["loglik"], abs=1e-4)
    assert np.allclose(fit.severity, -np.array(expected["rater_blup"]), atol=1e-4)
    assert np.allclose(fit.estimates.value - fit.mean, expected["pid_blup"], atol=1e-4)


def test_errors_equal_the_inverse_of_the_whole_equations() -> None:
    made = make(World(entries=20, judges=6, criteria=4), 1).panel
    fit = fit_linear(made, np.full(4, 0.25))
    entries, judges = np.eye(20)[made.entry_of], -np.eye(6)[made.judge_of]
    design = np.hstack([np.ones((len(entries), 1)), judges, entries])
    ratios = np.concatenate([[0], np.full(6, 1 / fit.s_judge**2), np.full(20, 1 / fit.s_entry**2)])

    inverse = np.linalg.inv(design.T @ design / fit.s_rest**2 + np.diag(ratios))

    along = np.hstack([np.ones((20, 1)), np.zeros((20, 6)), np.eye(20)])
    assert np.allclose(fit.estimates.se**2, np.diag(along @ inverse @ along.T), rtol=1e-6)
    assert np.allclose(fit.severity_se**2, np.diag(inverse)[1:7], rtol=1e-6)


def test_intervals_cover_what_they_promise() -> None:
    equal, covered = np.full(8, 1 / 8), []
    for seed in range(20):
        made = make(HALO, seed)
        fair = linear_fair_scores(fit_linear(made.panel, equal).estimates)
        covered.append(np.mean((fair.low <= made.fair) & (made.fair <= fair.high)))

    assert 0.93 <= np.mean(covered) <= 0.975


def test_topics_keep_judges_of_good_topics_from_looking_lenient() -> None:
    world = World(entries=900, judges=60, halo=0.5, topics=3, topic=1.0, clusters=True, bridge=0.06)
    equal, gains = np.full(8, 1 / 8), []
    for seed in range(3):
        made = make(world, seed)
        without, with_topics = (fit_linear(made.panel, equal, topics=on) for on in (False, True))
        gains.append(
            top_share(with_topics.estimates.value, made.measure, 90)
            - top_share(without.estimates.value, made.measure, 90)
        )
        assert with_topics.s_topic > 0

    assert np.mean(gains) > 0


def test_hundred_point_scale_beats_plain_means() -> None:
    equal, gains = np.full(8, 1 / 8), []
    for seed in range(4):
        made = make(World(halo=0.5, severity=0.8), seed)
        panel = panel_from_arrays(made.panel.entry_of, made.panel.judge_of, made.panel.scores * 20 + 0.5)
        value = fit_linear(panel, equal).estimates.value
        gains.append(top_share(value, made.fair, 30) - top_share(raw_scores(panel, equal), made.fair, 30))

    assert np.mean(gains) > 0.02


def test_without_judges_it_is_the_one_way_model() -> None:
    scores, entry = np.array([1.0, 2, 4, 5, 3, 2]), np.array([0, 0, 1, 1, 2, 2])

    fit = fit_crossed(scores, entry, None)

    # Balanced, so the variances are those of the mean squares: 4.6667 between, 0.5 within.
    assert fit.s_rest**2 == pytest.approx(0.5, abs=1e-4)
    assert fit.s_entry**2 == pytest.approx((4.666667 - 0.5) / 2, abs=1e-3)


def test_equal_scores_are_refused() -> None:
    with pytest.raises(JudgingError, match="same score"):
        fit_crossed(np.ones(4), np.array([0, 0, 1, 1]), None)
