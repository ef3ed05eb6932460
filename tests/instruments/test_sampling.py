"""Sample sizes are those of the published tables."""

from pathlib import Path

import pytest

from tifa.instruments import NoSample, load_instrument, sample_sizes
from tifa.instruments.loading import parse_instrument

# Krejcie and Morgan (1970), table 1, where it agrees with the formula.
TABLE = {
    10: 10,
    15: 14,
    20: 19,
    30: 28,
    50: 44,
    100: 80,
    200: 132,
    300: 169,
    500: 217,
    1000: 278,
    2000: 322,
    5000: 357,
    10000: 370,
}


@pytest.mark.parametrize(("population", "size"), TABLE.items())
def test_krejcie_and_morgan(population: int, size: int) -> None:
    [krejcie, _slovin] = sample_sizes(load_instrument("skm-2017"), population)

    assert krejcie.size == size


@pytest.mark.parametrize(("population", "size"), [(1, 1), (100, 80), (1000, 286), (10000, 385)])
def test_slovin_is_rounded_up(population: int, size: int) -> None:
    [_krejcie, slovin] = sample_sizes(load_instrument("skm-2017"), population)

    assert slovin.size == size


def test_nobody_is_asked_twice() -> None:
    assert all(one.size <= 3 for one in sample_sizes(load_instrument("skm-2004"), 3))


def test_old_rule_asks_for_150() -> None:
    assert 150 in [one.computed for one in sample_sizes(load_instrument("skm-2004"), 1000)]


@pytest.mark.parametrize("population", [0, -1])
def test_population_has_to_be_there(population: int) -> None:
    with pytest.raises(NoSample, match="expected 1 or more"):
        sample_sizes(load_instrument("skm-2017"), population)


def test_standard_without_a_rule_says_so() -> None:
    smallest = (Path(__file__).parent / "smallest.yaml").read_text(encoding="utf-8")

    with pytest.raises(NoSample, match="kipp-2099 has no rule"):
        sample_sizes(parse_instrument(smallest, name="smallest.yaml"), 10)
