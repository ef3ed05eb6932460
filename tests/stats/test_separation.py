"""Separation follows the identities of the published summaries."""

import numpy as np
import pytest

from tests.stats.published import published
from tifa.stats.separation import separation_of


@pytest.mark.parametrize("kind", ["population", "sample"])
def test_identities_of_the_published_summary(kind: str) -> None:
    expected = published()["facets_table7_summary"][kind]
    rng = np.random.default_rng(0)
    measure = rng.normal(size=4000)
    rmse, true = 1.0, expected["separation"]
    measure = (measure - measure.mean()) / measure.std(ddof=1) * np.hypot(rmse, true)

    found = separation_of(measure, np.full(4000, rmse))

    assert found.separation == pytest.approx(expected["separation"], abs=1e-9)
    assert found.reliability == pytest.approx(expected["reliability"], abs=0.006)
    assert found.strata == pytest.approx(expected["strata"], abs=0.015)


def test_shrunken_measures_have_their_own_reliability() -> None:
    expected = published()["ref1"]["tam_mml"]
    measure, se = np.array(expected["eap"]), np.array(expected["sd_eap"])

    found = separation_of(measure, se, shrunken=True)

    assert found.reliability == pytest.approx(expected["eap_reliability"], abs=2e-3)


def test_equal_measures_are_not_separated() -> None:
    found = separation_of(np.array([0.1, 0.0, -0.1]), np.full(3, 0.5))

    assert (found.separation, found.reliability) == (0.0, 0.0)
    assert found.chi2 == pytest.approx(0.08)
    assert found.p > 0.9
