"""Rounds exact fractions for showing."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

Rounding = Literal["half_up", "half_even", "down"]


def rounded(value: Fraction, places: int, rule: Rounding = "half_up") -> Decimal:
    """Return ``value`` with ``places`` decimal places.

    Parameters
    ----------
    value
        The exact value.
    places
        Decimal places of the result, 0 or more.
    rule
        ``half_up`` takes a half away from zero, ``half_even`` to the even digit, ``down`` cuts.

    Examples
    --------
    >>> rounded(Fraction(5, 8), 2)
    Decimal('0.63')
    >>> rounded(Fraction(5, 8), 2, "half_even")
    Decimal('0.62')
    """
    return rounded_ratio(value.numerator, value.denominator, places, rule)


def rounded_ratio(numerator: int, denominator: int, places: int, rule: Rounding = "half_up") -> Decimal:
    """Return a ratio of whole numbers with ``places`` decimal places; the denominator is above 0."""
    # From text, because arithmetic on a Decimal would round to the digits of its context.
    whole, rest = divmod(abs(numerator) * 10**places, denominator)
    if rule == "half_up":
        whole += 2 * rest >= denominator
    elif rule == "half_even":
        whole += 2 * rest > denominator or (2 * rest == denominator and whole % 2)
    return Decimal(f"{whole if numerator >= 0 else -whole}E-{places}")
