"""Joint maximum likelihood equals other programs, and refuses what has no answer."""

from dataclasses import replace

import numpy as np
import pytest

from tests.stats.published import guilford, published, ref1
from tests.stats.simulated import World, make
from tifa.stats.errors import JudgingError
from tifa.stats.jml import JmlFit, fit_jml, mean_squares
from tifa.stats.ratings import FloatArray, IntArray, panel_from_arrays


def test_estimates_equal_immer() -> None:
    expected = published()["ref1"]["immer_jml"]
    easiness = expected["xsi"]

    fit = fit_jml(ref1())

    steps = fit.thresholds[0] - fit.difficulty[0]
    assert -2 * fit.log_likelihood == pytest.approx(expected["deviance"], abs=1e-4)
    assert np.allclose(fit.measure, expected["theta"], atol=1e-4)
    assert np.allclose(fit.measure_se, expected["theta_se"], atol=1e-4)
    assert np.allclose(fit.severity[:5], [-easiness[f"rater{i}"] for i in range(1, 6)], atol=1e-4)
    assert np.allclose(fit.difficulty, [-easiness[f"c{i}"] for i in range(1, 6)], atol=1e-4)
    assert np.allclose(steps[:3], [-easiness[f"step{i}"] for i in range(1, 4)], atol=1e-4)


@pytest.fixture(scope="module")
def creativity() -> JmlFit:
    return fit_jml(guilford())


def test_guilford_thresholds_and_likelihood(creativity: JmlFit) -> None:
    example = published()["guilford_creativity"]

    steps = creativity.thresholds[0] - creativity.difficulty[0]

    assert creativity.log_likelihood == pytest.approx(example["jml_computed"]["loglik"], abs=1e-4)
    assert np.allclose(steps, example["jml_computed"]["thresholds_2_to_9"], atol=1e-3)
    assert np.allclose(steps, example["facets_recalled"]["andrich_thresholds_2_to_9"], atol=0.07)


def test_guilford_measures_errors_and_fit(creativity: JmlFit) -> None:
    expected = published()["guilford_creativity"]["jml_computed"]
    panel, mean = creativity.panel, creativity.difficulty.mean()
    shape = creativity.residual.shape

    def check(names: str, measure: FloatArray, se: FloatArray, group_of: IntArray) -> None:
        infit, outfit = mean_squares(
            creativity.residual, creativity.variance, np.broadcast_to(group_of, shape), len(measure)
        )
        for i, row in enumerate(expected[names].values()):
            assert measure[i] == pytest.approx(row["measure"], abs=1e-3)
            assert se[i] == pytest.approx(row["se"], abs=1e-3)
            assert (infit[i], outfit[i]) == pytest.approx((row["infit"], row["outfit"]), abs=6e-3)

    check("juniors", creativity.measure, creativity.measure_se, panel.entry_of[:, None])
    check("seniors", creativity.severity + mean, creativity.severity_se, panel.judge_of[:, None])
    check("traits", creativity.difficulty - mean, creativity.difficulty_se, np.arange(5))


def test_partial_credit_and_holes_settle() -> None:
    panel = make(World(entries=60, judges=8, criteria=4, steps=3), 2).panel
    panel.scores[np.random.default_rng(0).random(panel.scores.shape) < 0.1] = np.nan

    fit = fit_jml(panel, "partial-credit")

    rated = ~np.isnan(fit.residual)
    by_judge = np.bincount(np.broadcast_to(panel.judge_of[:, None], rated.shape)[rated], fit.residual[rated])
    assert np.allclose(by_judge, 0, atol=1e-6)


def test_extreme_entry_is_finite_and_named() -> None:
    panel = make(World(entries=30, judges=6, criteria=3), 2).panel
    scores = np.where((panel.entry_of == 4)[:, None], 5.0, panel.scores)

    fit = fit_jml(replace(panel, scores=scores))

    assert fit.extreme == ("e04",)
    assert fit.measure.argmax() == 4
    assert np.isfinite(fit.measure).all()


def test_groups_and_extreme_judges_are_refused() -> None:
    apart = panel_from_arrays([0, 0, 1, 1], [0, 1, 2, 3], np.array([[1.0], [2], [2], [1]]))
    panel = make(World(entries=30, judges=6, criteria=3), 2).panel
    zeros = replace(panel, scores=np.where((panel.judge_of == 2)[:, None], 0.0, panel.scores))

    with pytest.raises(JudgingError, match="2 groups that share no judge"):
        fit_jml(apart)
    with pytest.raises(
        JudgingError, match=r"Judge 'j2' has only extreme scores.* or use the marginal method"
    ):
        fit_jml(zeros)
