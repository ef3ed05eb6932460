"""An appeal moves the entry concerned and nobody else."""

from dataclasses import replace

import numpy as np
import pytest

from tests.stats.simulated import World, make
from tifa.stats.anchored import anchored_fair_scores, anchored_measures
from tifa.stats.errors import JudgingError
from tifa.stats.fair import fair_scores
from tifa.stats.mfrm import MfrmFit, fit_mfrm
from tifa.stats.ratings import Panel

EQUAL = np.full(4, 0.25)


@pytest.fixture(scope="module")
def fit() -> MfrmFit:
    return fit_mfrm(make(World(entries=60, judges=10, criteria=4, halo=0.5), 3).panel)


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
    again = anchored_measures(fit, fit.panel)

    assert np.allclose(again.value, fit.measure, atol=1e-4)
    assert np.allclose(again.se, fit.se, atol=1e-4)
    assert np.allclose(
        anchored_fair_scores(fit, fit.panel, EQUAL).score, fair_scores(fit, EQUAL).score, atol=1e-3
    )


def test_one_entry_alone_gives_the_same(fit: MfrmFit) -> None:
    alone = anchored_measures(fit, only(fit.panel, 7))

    assert alone.value[0] == pytest.approx(fit.measure[7], abs=1e-4)
    assert alone.se[0] == pytest.approx(fit.se[7], abs=1e-4)


def test_raised_score_raises_only_this_entry(fit: MfrmFit) -> None:
    appeal = only(fit.panel, 7)
    raised = replace(appeal, scores=np.minimum(appeal.scores + 1, 5))

    after = anchored_fair_scores(fit, raised, EQUAL)

    assert after.score[0] > fair_scores(fit, EQUAL).score[7]


def test_strangers_are_refused(fit: MfrmFit) -> None:
    appeal = only(fit.panel, 7)

    with pytest.raises(JudgingError, match="'new' has no published severity"):
        anchored_measures(fit, replace(appeal, judges=("new", *appeal.judges[1:])))
    with pytest.raises(JudgingError, match="The criteria are x"):
        anchored_measures(fit, replace(appeal, criteria=("x",)))
    with pytest.raises(JudgingError, match="off the scale"):
        anchored_measures(fit, replace(appeal, scores=appeal.scores + 9))
