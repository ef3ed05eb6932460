"""Residuals given the total are right, and flags neither cry wolf nor sleep."""

from itertools import product

import numpy as np
import pytest

from tests.stats.simulated import HALO, World, make
from tifa.stats.mfrm import MfrmOptions, fit_mfrm
from tifa.stats.misfit import bias_cells, biases, conditional, false_discovery, judge_fit

PANELS = 10


def test_moments_equal_those_of_all_ways_to_reach_the_total() -> None:
    panel = make(World(entries=20, judges=5, criteria=3, steps=2), 1).panel
    panel.scores[0, 1] = np.nan
    fit = fit_mfrm(panel, MfrmOptions(steps="partial-credit"))
    psi = np.concatenate([np.zeros((3, 1)), np.cumsum(fit.thresholds, axis=1)], axis=1)

    found = conditional(fit)

    for review in (0, 1, 7):
        rated = [c for c in range(3) if fit.coded.category[review, c] >= 0]
        total = sum(int(fit.coded.category[review, c]) for c in rated)
        ways = [way for way in product(range(3), repeat=len(rated)) if sum(way) == total]
        chance = np.array([np.exp(-sum(psi[c, k] for c, k in zip(rated, way, strict=True))) for way in ways])
        chance /= chance.sum()
        for place, criterion in enumerate(rated):
            values = np.array([way[place] for way in ways])
            mean = float(chance @ values)
            assert found.residual[review, criterion] == pytest.approx(
                fit.coded.category[review, criterion] - mean
            )
            assert found.variance[review, criterion] == pytest.approx(
                float(chance @ (values - mean) ** 2), abs=1e-12
            )
            assert found.fourth[review, criterion] == pytest.approx(
                float(chance @ (values - mean) ** 4), abs=1e-12
            )


@pytest.mark.parametrize("world", [World(), World(halo=0.7), HALO], ids=["none", "halo", "profiles"])
def test_false_alarms_keep_their_level(world: World) -> None:
    alarms, misfits = [], []
    for seed in range(PANELS):
        fit = fit_mfrm(make(world, seed).panel)
        parts = conditional(fit)
        _, _, p, _ = bias_cells(parts, fit.panel.judge_of, world.judges)
        alarms.append(np.nanmean(p < 0.05))
        quality = judge_fit(fit, parts)
        misfits.append(np.mean((quality.infit < 0.7) | (quality.infit > 1.3)))
        assert not any(one.flagged for one in biases(fit, parts)) or np.nanmin(p) < 1e-4

    assert 0.035 <= np.mean(alarms) <= 0.065
    assert np.mean(misfits) <= 0.02


def test_bias_is_found() -> None:
    found = []
    for seed in range(PANELS):
        made = make(World(halo=0.7, profile=0.3), seed)
        random = np.random.default_rng(seed)
        cells = [
            (judge, criterion)
            for judge, criterion in zip(random.permutation(40)[:16], np.arange(16) % 8, strict=True)
        ]
        scores = made.panel.scores
        for judge, criterion in cells:
            of = made.panel.judge_of == judge
            up = random.random(of.sum()) < 0.6
            scores[of, criterion] = np.clip(scores[of, criterion] + up, 0, 5)
        fit = fit_mfrm(made.panel)
        _, _, p, _ = bias_cells(conditional(fit), fit.panel.judge_of, 40)
        found.append(np.mean([p[cell] < 0.05 for cell in cells]))

    assert np.mean(found) > 0.6


def test_false_discovery_equals_the_textbook_example() -> None:
    p = np.array(
        [
            0.0001,
            0.0004,
            0.0019,
            0.0095,
            0.0201,
            0.0278,
            0.0298,
            0.0344,
            0.0459,
            0.3240,
            0.4262,
            0.5719,
            0.6528,
            0.7590,
            1.0,
        ]
    )

    q = false_discovery(p)

    # Benjamini and Hochberg 1995, section 3: four hypotheses are rejected at 0.05.
    assert int((q <= 0.05).sum()) == 4
    assert np.isnan(false_discovery(np.array([np.nan, 0.01]))[0])
