"""Judges who change are found, and steady ones are left in peace."""

from dataclasses import replace

import numpy as np
import pytest

from tests.stats.simulated import World, make
from tifa.stats.drift import linear_residuals, review_residuals, shifts
from tifa.stats.errors import JudgingError
from tifa.stats.linear import fit_linear
from tifa.stats.mfrm import fit_mfrm

SLICES = ("early", "late")


def test_steady_judges_are_left_in_peace() -> None:
    p = []
    for seed in range(6):
        fit = fit_mfrm(make(World(halo=0.7), seed).panel)
        late = np.random.default_rng(seed).integers(0, 2, len(fit.panel.entry_of))
        p += [one.p for one in shifts(review_residuals(fit), fit.panel, late, SLICES) if one.group == "late"]

    assert 0.02 <= np.mean(np.array(p) < 0.05) <= 0.09


def test_judge_who_grows_strict_is_found() -> None:
    panel = make(World(entries=400, judges=20, halo=0.4), 3).panel
    late = (panel.entry_of >= 200).astype(int)
    harsher = np.where(
        ((panel.judge_of == 5) & (late == 1))[:, None], np.maximum(panel.scores - 1, 0), panel.scores
    )

    fit = fit_mfrm(replace(panel, scores=harsher))

    found = shifts(review_residuals(fit), fit.panel, late, SLICES)

    assert {one.judge for one in found if one.flagged} == {"j05"}
    strict = next(one for one in found if one.judge == "j05" and one.group == "late")
    assert strict.size == pytest.approx(-1.3, abs=0.5)


def test_residuals_are_as_large_as_their_precision_says() -> None:
    fit = fit_mfrm(make(World(halo=0.7), 2).panel)

    found = review_residuals(fit)

    assert np.mean(found.residual**2 * found.precision) == pytest.approx(1, abs=0.12)


def test_groups_that_do_not_fit_are_refused() -> None:
    fit = fit_mfrm(make(World(entries=30, judges=6), 1).panel)

    with pytest.raises(JudgingError, match="Found 2 groups for 90 reviews"):
        shifts(review_residuals(fit), fit.panel, np.array([0, 1]), SLICES)


def test_steady_judges_are_left_in_peace_on_a_fine_scale() -> None:
    p, equal = [], np.full(8, 1 / 8)
    for seed in range(6):
        panel = make(World(halo=0.7), seed).panel
        late = np.random.default_rng(seed).integers(0, 2, len(panel.entry_of))
        found = linear_residuals(fit_linear(panel, equal), panel, equal)
        p += [one.p for one in shifts(found, panel, late, SLICES) if one.group == "late"]
        assert np.mean(found.residual**2 * found.precision) == pytest.approx(1, abs=0.15)

    assert 0.02 <= np.mean(np.array(p) < 0.05) <= 0.09


def test_judge_who_grows_strict_is_found_on_a_fine_scale() -> None:
    panel = make(World(entries=400, judges=20, halo=0.4), 3).panel
    late, equal = (panel.entry_of >= 200).astype(int), np.full(8, 1 / 8)
    harsher = panel.scores * 17 - np.where((panel.judge_of == 5) & (late == 1), 15, 0)[:, None]
    shifted = replace(panel, scores=harsher)

    found = shifts(linear_residuals(fit_linear(shifted, equal), shifted, equal), shifted, late, SLICES)

    assert {one.judge for one in found if one.flagged} == {"j05"}
    strict = next(one for one in found if one.judge == "j05" and one.group == "late")
    assert strict.size == pytest.approx(-15, abs=4)
