"""How many people a survey must ask, by the rules of its standard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tifa.instruments.schema import Instrument, KrejcieMorgan, PerItem, Sample, Slovin
from tifa.stats.rounding import rounded


class NoSample(ValueError):
    """A sample cannot be computed; the message says why."""


@dataclass(frozen=True)
class SampleSize:
    """What one rule asks for a population; ``size`` is never above the population, ``computed`` may be."""

    rule: Sample
    size: int
    computed: int


def sample_sizes(instrument: Instrument, population: int) -> tuple[SampleSize, ...]:
    """Return the sample size by each rule of the standard.

    Parameters
    ----------
    instrument
        The edition whose rules are used.
    population
        How many people used the service, at least 1.

    Raises
    ------
    NoSample
        When the standard has no rule of sample size, or the population is below 1.

    Notes
    -----
    Krejcie and Morgan: S = X²NP(1-P) / (d²(N-1) + X²P(1-P)), to the nearest whole number. Slovin: n = N / (1 + Ne²),
    rounded up. Both are computed exactly.

    References
    ----------
    .. [1] R. V. Krejcie and D. W. Morgan (1970). Determining sample size for research activities. Educational and
       Psychological Measurement 30, 607-610.
    """
    if not instrument.samples:
        raise NoSample(f"{instrument.id} has no rule of sample size.")
    if population < 1:
        raise NoSample(f"The population is {population}; expected 1 or more.")
    made = []
    for rule in instrument.samples:
        computed = _RULES[type(rule)](rule, population, len(instrument.items))
        made.append(SampleSize(rule, min(computed, population), computed))
    return tuple(made)


def _krejcie_morgan(rule: KrejcieMorgan, population: int, _items: int) -> int:
    chi, share, margin = (Fraction(one) for one in (rule.chi_square, rule.proportion, rule.margin))
    spread = chi * share * (1 - share)
    return int(rounded(spread * population / (margin**2 * (population - 1) + spread), 0))


def _slovin(rule: Slovin, population: int, _items: int) -> int:
    exact = Fraction(population) / (1 + population * Fraction(rule.margin) ** 2)
    return -(-exact.numerator // exact.denominator)


def _per_item(rule: PerItem, _population: int, items: int) -> int:
    return (items + rule.extra) * rule.each


_RULES: Mapping[type[Sample], Callable[[Any, int, int], int]] = {
    KrejcieMorgan: _krejcie_morgan,
    Slovin: _slovin,
    PerItem: _per_item,
}
