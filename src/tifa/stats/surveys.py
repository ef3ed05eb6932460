"""How sure an index of element means is."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

MISSING = -1


def index_margin(
    answers: NDArray[np.int8],
    weights: Sequence[float],
    *,
    population: int | None = None,
    level: float = 0.95,
) -> float | None:
    """Return half the width of the interval of an index that is a weighted sum of the means of its elements.

    Parameters
    ----------
    answers
        Whole numbers of shape (respondents, elements), -1 where nothing was answered.
    weights
        What a point of the mean of each element adds to the index.
    population
        How many people could have been asked; None when nobody knows. Of a few, asking many leaves little unknown.
    level
        The share of intervals that hold the true index.

    Returns
    -------
    float or None
        None with fewer than two respondents, or when an element has no answer.

    Notes
    -----
    The index is linearised: respondent i moves it by the sum over elements of w_j (x_ij - m_j) / (n_j / n), where m_j is the
    mean and n_j the number of answers of element j. The variance of their mean is that of simple random sampling, with the
    finite population correction 1 - n/N (Cochran 1977, chapters 2 and 6; Woodruff 1971).

    References
    ----------
    .. [1] W. G. Cochran (1977). Sampling Techniques, 3rd edition. Wiley.
    .. [2] R. S. Woodruff (1971). A simple method for approximating the variance of a complicated estimate. Journal of the
       American Statistical Association 66, 411-414.
    """
    count = len(answers)
    there = answers != MISSING
    answered = there.sum(axis=0)
    if count < 2 or not answered.all():
        return None
    values = np.where(there, answers, 0).astype(float)
    means = values.sum(axis=0) / answered
    moved = (np.where(there, values - means, 0.0) * (count / answered)) @ np.asarray(weights, dtype=float)
    variance = float((moved**2).sum()) / (count - 1) / count
    if population is not None and population >= count:
        variance *= 1 - count / population
    return NormalDist().inv_cdf((1 + level) / 2) * sqrt(variance)
