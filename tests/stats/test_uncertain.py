"""Places are drawn jointly, and do not depend on names."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from tests.stats.published import published
from tifa.stats.errors import JudgingError
from tifa.stats.ratings import FloatArray
from tifa.stats.uncertain import LEADERS, Estimates, places_of, ranks_of


def independent(value: FloatArray, variance: FloatArray) -> Estimates:
    return Estimates(value, variance, csr_array((len(value), 1)), np.zeros(1), np.zeros((1, 1)))


def test_chance_of_two_equals_the_normal_integral() -> None:
    # Variances 0.09 and 0.16 with covariance 0.02, made of a common part of 0.02.
    value, common = np.array([0.3, 0.0]), csr_array(np.array([[1.0], [1.0]]))
    estimates = Estimates(value, np.array([0.07, 0.14]), common, np.zeros(1), np.array([[0.02]]))

    places = places_of(estimates, top=1, seed=3, draws=100_000)

    assert "0.743655" in published()["top_k_identity"]["formula"]
    assert places.p_top[0] == pytest.approx(0.743655, abs=0.005)
    assert np.allclose(estimates.se**2, [0.09, 0.16])


def test_standard_error_against_a_share_of_the_coefficients() -> None:
    common = csr_array(np.array([[1.0, 0.0], [0.5, 0.5]]))
    covariance = np.array([[0.04, 0.01], [0.01, 0.09]])
    estimates = Estimates(np.zeros(2), np.array([0.1, 0.2]), common, np.zeros(2), covariance)
    share = np.array([0.5, 0.5])

    found = estimates.against_mean(share)

    rest = common.toarray() - share
    assert np.allclose(found**2, estimates.variance + np.diag(rest @ covariance @ rest.T))


def test_equal_values_share_a_rank() -> None:
    assert ranks_of(np.array([2.0, 3.0, 3.0 + 1e-12, 1.0])).tolist() == [3, 1, 1, 4]


def test_same_seed_gives_the_same_places_and_another_nearly_so() -> None:
    random = np.random.default_rng(0)
    estimates = independent(random.normal(size=30), np.full(30, 0.2))

    one, again, other = (places_of(estimates, top=5, seed=seed) for seed in (1, 1, 2))

    assert one.p_top.tobytes() == again.p_top.tobytes()
    assert np.allclose(one.p_top, other.p_top, atol=0.06)
    assert one.p_top.sum() == pytest.approx(5)


def test_order_of_entries_does_not_matter() -> None:
    random = np.random.default_rng(0)
    value, variance = random.normal(size=30), random.uniform(0.1, 0.3, 30)
    order = random.permutation(30)

    one = places_of(independent(value, variance), top=5, seed=1)
    other = places_of(independent(value[order], variance[order]), top=5, seed=1)

    assert np.array_equal(one.p_top[order], other.p_top)
    assert np.array_equal(one.low[order], other.low)


def test_certain_values_have_certain_places() -> None:
    places = places_of(independent(np.array([3.0, 1.0, 2.0]), np.full(3, 1e-12)), top=2, seed=0)

    assert places.rank.tolist() == places.low.tolist() == places.high.tolist() == [1, 3, 2]
    assert places.p_top.tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize("top", [0, 4])
def test_top_outside_the_entries_is_refused(top: int) -> None:
    with pytest.raises(JudgingError, match=f"top {top} was asked for; expected a number from 1 to 3"):
        places_of(independent(np.zeros(3), np.ones(3)), top=top, seed=0)


def test_chances_of_the_leaders_are_those_of_their_places() -> None:
    rng = np.random.default_rng(5)
    estimates = independent(rng.normal(size=30), np.full(30, 0.3))

    places = places_of(estimates, top=10, seed=3)

    assert places.chances.shape == (LEADERS, LEADERS)
    assert list(places.rank[places.leaders]) == list(range(1, LEADERS + 1))
    assert np.allclose(places.chances[:, :10].sum(axis=1), places.p_top[places.leaders])
    assert (places.chances.sum(axis=0) <= 1 + 1e-9).all()
    few = places_of(independent(np.array([1.0, 0.0]), np.full(2, 0.1)), top=1, seed=3)
    assert few.chances.sum() == pytest.approx(2)
