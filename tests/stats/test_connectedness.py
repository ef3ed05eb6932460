"""Comparability is 1 for the ideal design and 0 for groups apart."""

import numpy as np
import pytest

from tifa.stats.connectedness import connectedness, laplacian_of, resistance


def test_complete_design_is_ideal() -> None:
    entry, judge = np.divmod(np.arange(24), 4)

    found = connectedness(entry, judge, 4)

    assert found.components == 1
    assert found.efficiency == pytest.approx(1)


def test_groups_apart_have_no_efficiency() -> None:
    entry, judge = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 2, 3])

    found = connectedness(entry, judge, 4)

    assert (found.components, found.efficiency) == (2, 0.0)


def test_chain_of_judges_is_weaker_than_a_ring() -> None:
    chain = np.array([0, 1, 1, 2, 2, 3])
    ring = np.array([0, 1, 1, 2, 2, 3, 3, 0])

    weak, strong = (connectedness(np.arange(len(of)) // 2, of, 4) for of in (chain, ring))

    # Resistances of a chain of 4: mean 10/6 unit edges; of a ring: (4 x 3/4 + 2 x 1)/6.
    assert 0 < weak.efficiency < strong.efficiency < 1


def test_laplacian_is_that_of_the_eliminated_entries() -> None:
    entry, judge = np.array([0, 0, 1, 1, 1]), np.array([0, 1, 0, 1, 2])
    seen = np.zeros((2, 3))
    seen[entry, judge] = 1

    found = laplacian_of(entry, judge, 3)

    assert np.allclose(found, np.diag(seen.sum(axis=0)) - seen.T @ np.diag(1 / seen.sum(axis=1)) @ seen)
    assert np.allclose(found.sum(axis=0), 0)


def test_resistance_is_greatest_between_groups_apart() -> None:
    entry, judge = np.array([0, 0, 1, 1, 2, 2, 3, 3]), np.array([0, 1, 0, 1, 2, 3, 2, 3])

    found = resistance(entry, judge, 4, 4)

    assert found[0, 2] > found[0, 0]
    assert found.mean() == pytest.approx(1, abs=0.01)
