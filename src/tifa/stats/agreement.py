"""How far judges agree: Krippendorff's alpha and intraclass correlations."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.special import fdtri

from tifa.stats.errors import JudgingError
from tifa.stats.ratings import FloatArray

Level = Literal["nominal", "ordinal", "interval"]

_TWO: Final = 2


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class IntraclassCorrelations:
    """The six coefficients of a complete table: of one judge, and of the mean of all."""

    one_way: Interval
    agreement: Interval
    consistency: Interval
    one_way_mean: Interval
    agreement_mean: Interval
    consistency_mean: Interval


def krippendorff_alpha(table: FloatArray, level: Level) -> float:
    """Return Krippendorff's alpha of a table with one row a unit and one column a judge, NaN for missing.

    It is NaN when no unit has two values, and 1 when all values are equal.

    Notes
    -----
    From the coincidence matrix of [1]_. The distances of interval data are squared differences, those of ordinal data
    the squared number of values from one to the other, half of both ends.

    References
    ----------
    .. [1] Krippendorff, K. (2019). Content Analysis, 4th edition, chapter 12. Sage.

    Examples
    --------
    >>> krippendorff_alpha(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 4.0]]), "nominal")
    0.6666666666666667
    """
    counts, values = _counts(table)
    size = counts.sum(axis=1)
    counts = counts[size >= _TWO]
    size = size[size >= _TWO]
    if not len(size):
        return float("nan")
    coincidences = (counts / (size - 1)[:, None]).T @ counts
    coincidences[np.diag_indices(len(values))] -= (counts / (size - 1)[:, None]).sum(axis=0)
    totals = coincidences.sum(axis=1)
    distance = _distances(level, values, totals)
    expected = float(totals @ distance @ totals)
    if expected == 0:
        return 1.0
    return 1 - (float(totals.sum()) - 1) * float((coincidences * distance).sum()) / expected


def intraclass(table: FloatArray, level: float = 0.95) -> IntraclassCorrelations:
    """Return the intraclass correlations of a complete table, one row a target and one column a judge.

    Raises
    ------
    JudgingError
        When a score is missing or the table has fewer than two rows or columns.

    Notes
    -----
    ICC(1), ICC(2) and ICC(3) of [1]_, named one-way, agreement and consistency as in [2]_, with their F intervals.

    References
    ----------
    .. [1] Shrout, P. E., and Fleiss, J. L. (1979). Intraclass correlations: uses in assessing rater reliability.
       Psychological Bulletin 86, 420-428.
    .. [2] McGraw, K. O., and Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients.
       Psychological Methods 1, 30-46.
    """
    rows, judges = table.shape
    if np.isnan(table).any() or min(rows, judges) < _TWO:
        raise JudgingError(
            f"Found a table of {rows} entries and {judges} judges, or one with holes; expected two of each and no hole. "
            "Use the variance components of the linear model for an incomplete table."
        )
    squares = _Squares.of(table)
    tail = (1 + level) / 2
    one, one_mean = _one_way(squares, tail)
    consistent, consistent_mean = _consistency(squares, tail)
    agreeing, agreeing_mean = _agreement(squares, tail)
    return IntraclassCorrelations(one, agreeing, consistent, one_mean, agreeing_mean, consistent_mean)


def components_icc(s_entry: float, s_judge: float, s_rest: float, judges: float = 1.0) -> float:
    """Return the absolute intraclass correlation of the mean of ``judges`` judges from variance components."""
    entry = s_entry**2
    return entry / (entry + (s_judge**2 + s_rest**2) / judges)


def _counts(table: FloatArray) -> tuple[FloatArray, FloatArray]:
    values = np.unique(table[~np.isnan(table)])
    place = np.searchsorted(values, np.where(np.isnan(table), values[0] if len(values) else 0, table))
    counts = np.zeros((len(table), len(values)))
    row, column = np.nonzero(~np.isnan(table))
    np.add.at(counts, (row, place[row, column]), 1.0)
    return counts, values


def _distances(level: Level, values: FloatArray, totals: FloatArray) -> FloatArray:
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "interval":
        return (values[:, None] - values) ** 2
    middle = np.cumsum(totals) - totals / 2
    return (middle[:, None] - middle) ** 2


@dataclass(frozen=True)
class _Squares:
    """Mean squares between targets, within targets, between judges, and of the remainder."""

    between: float
    within: float
    judges: float
    rest: float
    rows: int
    columns: int

    @classmethod
    def of(cls, table: FloatArray) -> "_Squares":
        """Compute them from a complete table."""
        rows, columns = table.shape
        mean = table.mean()
        between = columns * float(((table.mean(axis=1) - mean) ** 2).sum())
        judges = rows * float(((table.mean(axis=0) - mean) ** 2).sum())
        whole = float(((table - mean) ** 2).sum())
        return cls(
            between / (rows - 1),
            (whole - between) / (rows * (columns - 1)),
            judges / (columns - 1),
            (whole - between - judges) / ((rows - 1) * (columns - 1)),
            rows,
            columns,
        )


def _from_ratio(low: float, value: float, high: float, columns: int) -> tuple[Interval, Interval]:
    single = Interval(*((f - 1) / (f + columns - 1) for f in (value, low, high)))
    return single, Interval(*(1 - 1 / f for f in (value, low, high)))


def _one_way(squares: _Squares, tail: float) -> tuple[Interval, Interval]:
    above, below = squares.rows - 1, squares.rows * (squares.columns - 1)
    ratio = squares.between / squares.within
    low = ratio / float(fdtri(above, below, tail))
    return _from_ratio(low, ratio, ratio * float(fdtri(below, above, tail)), squares.columns)


def _consistency(squares: _Squares, tail: float) -> tuple[Interval, Interval]:
    above, below = squares.rows - 1, (squares.rows - 1) * (squares.columns - 1)
    ratio = squares.between / squares.rest
    low = ratio / float(fdtri(above, below, tail))
    return _from_ratio(low, ratio, ratio * float(fdtri(below, above, tail)), squares.columns)


def _agreement(squares: _Squares, tail: float) -> tuple[Interval, Interval]:
    n, k = squares.rows, squares.columns
    between, judges, rest = squares.between, squares.judges, squares.rest
    single = (between - rest) / (between + (k - 1) * rest + k * (judges - rest) / n)
    mean = (between - rest) / (between + (judges - rest) / n)
    ratio = judges / rest
    weight = n * (1 + (k - 1) * single) - k * single
    freedom = (k - 1) * (n - 1) * (k * single * ratio + weight) ** 2
    freedom /= (n - 1) * k**2 * single**2 * ratio**2 + weight**2
    upper = float(fdtri(n - 1, freedom, tail))
    lower = float(fdtri(freedom, n - 1, tail))
    noise = k * judges + (k * n - k - n) * rest
    low = n * (between - upper * rest) / (upper * noise + n * between)
    high = n * (lower * between - rest) / (noise + n * lower * between)
    return Interval(single, low, high), Interval(
        mean, *(k * one / (1 + one * (k - 1)) for one in (low, high))
    )
