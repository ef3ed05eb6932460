"""The many-facet model gives the numbers of other programs, holds what it promises, and stays finite."""

import numpy as np
import pytest
from mirt.estimation import fit_mfrm as fit_by_mirt
from mirt.models import Facet, PolytomousMFRM

from tests.stats.oracles import frame_of, raschpy_measures
from tests.stats.published import published, ref1
from tests.stats.simulated import HALO, PURE, STRONG, World, calibration_error, make, top_share
from tifa.stats.categories import coded
from tifa.stats.errors import JudgingError
from tifa.stats.fair import fair_scores
from tifa.stats.judging import raw_scores
from tifa.stats.linear import fit_linear
from tifa.stats.mfrm import MfrmOptions, StepKind, fit_mfrm
from tifa.stats.mfrm_start import start_of
from tifa.stats.posterior import Layout, Prior, integrate
from tifa.stats.ratings import FloatArray, Panel, panel_from_arrays
from tifa.stats.score_tables import Lattice, score_table
from tifa.stats.uncertain import places_of

TEXTBOOK = MfrmOptions(halo=False, random=False)
PANELS = 40


def log_likelihood(
    panel: Panel, severity: FloatArray, thresholds: FloatArray, s_theta: float, s_eps: float
) -> float:
    codes = coded(panel)
    table = score_table(codes, thresholds, s_eps, Lattice.over(-12, 12))
    zero = np.zeros(len(panel.entries))
    found = integrate(Layout.of(panel, codes.row_of), table, severity, Prior(zero, s_theta), zero)
    return float(found.log_likelihood.sum() - (codes.reached * thresholds).sum())


def by_brute_force(
    panel: Panel, severity: FloatArray, thresholds: FloatArray, s_theta: float, s_eps: float
) -> float:
    """Add up rectangles over measure and review effect, rating by rating."""
    step = 0.05
    theta = np.arange(-8, 8 + step / 2, step)
    eps = np.arange(-6 * s_eps, 6 * s_eps + 1e-9, s_eps / 12)
    weight = np.exp(-0.5 * (eps / s_eps) ** 2)
    psi = np.concatenate([np.zeros((len(thresholds), 1)), np.cumsum(thresholds, axis=1)], axis=1)
    whole = 0.0
    for entry in range(len(panel.entries)):
        of_entry = np.exp(-0.5 * (theta / s_theta) ** 2) * step / (s_theta * np.sqrt(2 * np.pi))
        for review in np.flatnonzero(panel.entry_of == entry):
            eta = theta[:, None] - severity[panel.judge_of[review]] + eps
            chance = np.ones_like(eta)
            for criterion, score in enumerate(panel.scores[review]):
                if not np.isnan(score):
                    logits = eta[:, :, None] * np.arange(psi.shape[1]) - psi[criterion]
                    chance *= np.exp(logits[:, :, int(score)]) / np.exp(logits).sum(axis=2)
            of_entry *= (chance * weight).sum(axis=1) / weight.sum()
        whole += float(np.log(of_entry.sum()))
    return whole


def test_textbook_model_equals_tam() -> None:
    expected = published()["ref1"]["tam_mml"]

    fit = fit_mfrm(ref1(), TEXTBOOK)

    steps = fit.thresholds[0] - fit.difficulty[0]
    names = expected["xsi_and_se"]
    assert fit.converged
    assert fit.deviance == pytest.approx(expected["deviance"], abs=1e-3)
    assert fit.s_theta**2 == pytest.approx(expected["variance"], abs=1e-3)
    assert np.allclose(fit.measure, expected["eap"], atol=1e-3)
    assert np.allclose(np.sqrt(fit.variance), expected["sd_eap"], atol=1e-3)
    assert np.allclose(fit.severity, [names[f"rater{i}"][0] for i in range(1, 7)], atol=1e-3)
    assert np.allclose(fit.difficulty, [names[f"c{i}"][0] for i in range(1, 6)], atol=1e-3)
    assert np.allclose(steps, [names[f"step{i}"][0] for i in range(1, 5)], atol=1e-3)


@pytest.mark.parametrize(
    ("kind", "theirs"), [("rating-scale", "rating_scale"), ("partial-credit", "partial_credit")]
)
def test_textbook_model_equals_mirt(kind: StepKind, theirs: str) -> None:
    panel = make(World(entries=60, judges=8, criteria=4, steps=3), 5).panel
    model = PolytomousMFRM(4, 4, [Facet("judge", 8)], category_structure=theirs)
    other = fit_by_mirt(
        model,
        panel.scores.reshape(60, 12).astype(int),
        {"judge": np.repeat(panel.judge_of.reshape(60, 3), 4, axis=1)},
        item_indices=np.tile(np.arange(4), 3),
        tol=1e-8,
    )

    fit = fit_mfrm(panel, MfrmOptions(steps=kind, halo=False, random=False))

    assert fit.deviance == pytest.approx(-2 * other.log_likelihood, abs=1e-3)
    assert np.allclose(fit.severity, other.facet_parameters["judge"], atol=1e-3)
    assert np.allclose(fit.measure, other.theta, atol=2e-3)
    assert fit.s_theta == pytest.approx(other.sigma, abs=1e-3)
    # Theirs come from the whole observed information, ours from its blocks.
    assert np.allclose(fit.severity_se, other.facet_se["judge"], rtol=0.05)
    assert np.allclose(fit.difficulty_se, other.item_se, rtol=0.05)
    assert np.allclose(np.sqrt(fit.variance), other.theta_se, rtol=1e-3)


@pytest.mark.parametrize(
    ("s_theta", "s_eps", "key"),
    [
        (1.0, 0.5, "s_theta=1.0, s_eps=0.5"),
        (1.0, 0.2, "s_theta=1.0, s_eps=0.2"),
        (0.9, 1.0, "s_theta=0.9, s_eps=1.0"),
    ],
)
def test_halo_likelihood_equals_published_quadrature(s_theta: float, s_eps: float, key: str) -> None:
    expected = published()["ref1"]["halo_model_marginal_loglik"]
    thresholds = np.array(expected["item"])[:, None] + np.array(expected["tau"])

    found = log_likelihood(ref1(), np.array(expected["severity"]), thresholds, s_theta, s_eps)

    assert found == pytest.approx(expected["loglik"][key], abs=1e-3)


@pytest.mark.parametrize("s_eps", [0.05, 0.3, 1.2])
def test_halo_likelihood_equals_brute_force_with_holes(s_eps: float) -> None:
    panel = make(World(entries=6, judges=4, criteria=3, steps=3, halo=0.5), 2).panel
    panel.scores[np.random.default_rng(0).random(panel.scores.shape) < 0.2] = np.nan
    severity = np.array([0.4, -0.3, 1.1, -1.2])
    thresholds = np.array([[-1.0, 0.2, 1.3], [-0.4, 0.1, 0.9], [-2.0, 0.6, 0.7]])

    found = log_likelihood(panel, severity, thresholds, 1.2, s_eps)

    assert found == pytest.approx(by_brute_force(panel, severity, thresholds, 1.2, s_eps), abs=1e-4)


def test_gradient_is_that_of_the_likelihood() -> None:
    panel = make(World(entries=40, judges=6, criteria=4, steps=4, halo=0.6), 4).panel
    fit = fit_mfrm(panel, MfrmOptions(random=False))

    at_best = log_likelihood(panel, fit.severity, fit.thresholds, fit.s_theta, fit.s_eps)
    moved = [
        log_likelihood(panel, fit.severity, fit.thresholds + shift, fit.s_theta * spread, fit.s_eps * halo)
        for shift, spread, halo in [
            (0.02, 1, 1),
            (-0.02, 1, 1),
            (0, 1.02, 1),
            (0, 0.98, 1),
            (0, 1, 1.03),
            (0, 1, 0.97),
        ]
    ]

    assert at_best > max(moved)
    assert fit.deviance == pytest.approx(-2 * at_best, abs=1e-4)


@pytest.mark.parametrize(
    ("world", "first"), [(PURE, 100), (HALO, 200), (STRONG, 300)], ids=["pure", "halo", "strong"]
)
def test_intervals_and_chances_are_honest(world: World, first: int) -> None:
    equal = np.full(world.criteria, 1 / world.criteria)
    covered, chance, happened, ours, plain = [], [], [], [], []
    for seed in range(first, first + PANELS):
        made = make(world, seed)
        fit = fit_mfrm(made.panel)
        fair = fair_scores(fit, equal)
        places = places_of(fair.ranked, top=30, seed=1, draws=500)
        covered.append((fair.low <= made.fair) & (made.fair <= fair.high))
        best = np.zeros(world.entries)
        best[np.argsort(-made.fair)[:30]] = 1
        chance.append(places.p_top)
        happened.append(best)
        ours.append(top_share(fair.score, made.fair, 30))
        plain.append(top_share(raw_scores(made.panel, equal), made.fair, 30))

    chances, outcomes = np.concatenate(chance), np.concatenate(happened)
    sure = chances > 0.9
    assert 0.93 <= np.mean(covered) <= 0.97
    assert calibration_error(chances, outcomes) <= 0.01
    # With strong halo so few are sure that one standard error of chance is allowed.
    assert 1 - np.mean(outcomes[sure]) <= 0.10 + np.sqrt(0.09 / sure.sum())
    assert np.mean(ours) >= np.mean(plain) + 0.02


def test_top_is_found_at_least_as_well_as_by_raschpy() -> None:
    gains = []
    for seed in range(5):
        made = make(HALO, 400 + seed)
        ours = top_share(fit_mfrm(made.panel).measure, made.fair, 30)
        gains.append(ours - top_share(raschpy_measures(frame_of(made.panel)), made.fair, 30))

    assert np.mean(gains) >= -0.02


def test_halo_makes_intervals_wider_and_its_neglect_dishonest() -> None:
    made = [make(HALO, seed) for seed in range(10)]
    equal = np.full(HALO.criteria, 1 / HALO.criteria)

    shares = {
        halo: np.mean(
            [
                np.mean((fair.low <= one.fair) & (one.fair <= fair.high))
                for one in made
                for fair in [fair_scores(fit_mfrm(one.panel, MfrmOptions(halo=halo)), equal)]
            ]
        )
        for halo in (True, False)
    }

    assert shares[True] > 0.92
    assert shares[False] < 0.80


def test_spreads_are_recovered() -> None:
    made = make(World(entries=3000, judges=200, halo=0.7), 11)

    fit = fit_mfrm(made.panel)

    assert fit.s_theta == pytest.approx(np.std(made.measure), rel=0.05)
    assert fit.s_alpha == pytest.approx(np.std(made.severity), rel=0.05)
    assert fit.s_eps == pytest.approx(0.7, rel=0.05)


def test_topic_means_beat_plain_means_when_judges_go_with_topics() -> None:
    world = World(entries=1500, judges=100, halo=0.5, topics=3, topic=0.7, clusters=True, bridge=0.06)
    shares, squares = [], []
    for seed in range(3):
        made = make(world, seed)
        fit = fit_mfrm(made.panel, MfrmOptions(topics=True))
        plain = raw_scores(made.panel, np.full(8, 1 / 8))
        shares.append(top_share(fit.measure, made.measure, 150) - top_share(plain, made.measure, 150))
        error = fit.measure - made.measure
        squares.append(np.mean((error - error.mean()) ** 2 / fit.se**2))

    assert np.mean(shares) >= 0.03
    assert np.mean(squares) <= 1.15


def test_groups_without_a_common_judge_stay_calibrated() -> None:
    covered = []
    for seed in range(8):
        left, right = (
            make(World(entries=150, judges=20, halo=0.7), seed),
            make(World(entries=150, judges=20, halo=0.7), 100 + seed),
        )
        both = panel_from_arrays(
            np.concatenate([left.panel.entry_of, 150 + right.panel.entry_of]),
            np.concatenate([left.panel.judge_of, 20 + right.panel.judge_of]),
            np.concatenate([left.panel.scores, right.panel.scores]),
        )
        fit = fit_mfrm(both)
        truth = np.concatenate([left.measure, right.measure])
        covered.append(np.abs(fit.measure - truth) <= 1.96 * fit.se)

    assert 0.93 <= np.mean(covered) <= 0.97


def test_extreme_scores_stay_finite() -> None:
    made = make(World(entries=40, judges=8, criteria=4), 3)
    made.panel.scores[made.panel.entry_of == 0] = 5
    made.panel.scores[made.panel.entry_of == 1] = 0
    made.panel.scores[made.panel.judge_of == 2] = 0

    fit = fit_mfrm(made.panel)

    assert fit.converged
    assert 2 < fit.measure[0] < 6
    assert 2 < fit.severity[2] < 8
    assert np.isfinite(fit.se).all()
    assert fit.se[0] > np.median(fit.se)


def test_single_enthusiastic_review_does_not_beat_three_good_ones() -> None:
    made = make(World(entries=40, judges=8, criteria=4, halo=0.7), 3)
    lone = np.flatnonzero(made.panel.entry_of == 0)
    kept = np.setdiff1d(np.arange(len(made.panel.entry_of)), lone[1:])
    scores = made.panel.scores.copy()
    scores[lone[0]] = 5
    scores[made.panel.entry_of == 1] = 5

    fit = fit_mfrm(panel_from_arrays(made.panel.entry_of[kept], made.panel.judge_of[kept], scores[kept]))

    assert fit.measure[1] > fit.measure[0]
    assert fit.se[0] > fit.se[1]


def test_more_reviews_narrow_the_interval_on_average() -> None:
    widths = [
        np.mean(
            [
                fit_mfrm(make(World(entries=100, judges=20, reviews=reviews, halo=0.7), seed).panel).se
                for seed in range(4)
            ]
        )
        for reviews in (2, 3, 5, 8)
    ]

    assert widths == sorted(widths, reverse=True)


def test_partial_credit_with_an_unused_score_converges() -> None:
    made = make(World(entries=60, judges=8, criteria=3, halo=0.5), 8)
    first = made.panel.scores[:, 0]
    first[first == 3] = 4

    fit = fit_mfrm(made.panel, MfrmOptions(steps="partial-credit"))

    assert fit.converged
    assert np.isfinite(fit.thresholds).all()


def test_two_categories_and_one_criterion_are_enough() -> None:
    panel = make(World(entries=80, judges=10, criteria=1, reviews=5, steps=1), 6).panel

    fit = fit_mfrm(panel)

    assert fit.thresholds.shape == (1, 1)
    assert np.isfinite(fit.se).all()


def test_one_judge_alone_has_no_severity() -> None:
    panel = panel_from_arrays(range(5), [0] * 5, np.array([[1.0, 2], [3, 3], [0, 1], [2, 2], [4, 3]]))

    fit = fit_mfrm(panel)

    assert fit.severity.tolist() == [0.0]
    assert np.isfinite(fit.se).all()


def test_fine_scale_is_refused_with_advice() -> None:
    panel = panel_from_arrays([0, 0, 1, 1], [0, 1, 0, 1], np.array([[71.0], [64], [80], [55]]))

    with pytest.raises(JudgingError, match=r"26 categories.*--model linear"):
        fit_mfrm(panel)


def test_start_is_near_the_end() -> None:
    panel = make(World(halo=0.7), 1).panel
    fit = fit_mfrm(panel)

    start = start_of(panel, fit.coded, fit.design)

    assert start.s_theta == pytest.approx(fit.s_theta, rel=0.3)
    assert np.corrcoef(start.severity, fit.severity)[0, 1] > 0.95


def test_linear_twin_agrees_on_who_is_strict() -> None:
    panel = make(World(), 1).panel

    fit, twin = fit_mfrm(panel), fit_linear(panel, np.full(8, 1 / 8))

    assert np.corrcoef(fit.severity, twin.severity)[0, 1] > 0.98
    assert np.corrcoef(fit.estimates.value, twin.estimates.value)[0, 1] > 0.99
