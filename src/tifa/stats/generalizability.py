"""Where scores come from (G-study), and how many judges would be needed (D-study)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tifa.stats.errors import JudgingError
from tifa.stats.linear import LinearFit
from tifa.stats.ratings import FloatArray

MOST_JUDGES: Final = 100
_TWO: Final = 2


@dataclass(frozen=True)
class Source:
    """One source of variance: mean square, degrees of freedom, variance component (negative ones are cut to 0)."""

    mean_square: float
    freedom: int
    variance: float


@dataclass(frozen=True)
class GStudy:
    """The sources of a complete table of entries by judges by criteria; the last one holds the error too."""

    entry: Source
    judge: Source
    criterion: Source
    entry_judge: Source
    entry_criterion: Source
    judge_criterion: Source
    rest: Source


@dataclass(frozen=True)
class Dependability:
    """What ``judges`` judges give: ``relative`` for ranking (E rho^2), ``absolute`` for scores as such (Phi)."""

    judges: int
    relative: float
    absolute: float


def g_study(scores: FloatArray) -> GStudy:
    """Split the variance of a complete table (entry, judge, criterion) into its sources.

    Raises
    ------
    JudgingError
        When a score is missing or a side has fewer than two members.

    Notes
    -----
    Expected mean squares of the three-way random model without replication [1]_. Judging rounds are rarely
    complete; for those use :func:`d_study` on the variance components of the linear model, with the criteria of the
    rubric as they are.

    References
    ----------
    .. [1] Brennan, R. L. (2001). Generalizability Theory, chapter 3. Springer, New York.
    """
    if scores.ndim != 3 or min(scores.shape) < _TWO or np.isnan(scores).any():  # entries, judges, criteria
        raise JudgingError(
            "A G-study by analysis of variance needs every judge's score of every entry on every criterion, and two of "
            "each; use the variance components of the linear model instead."
        )
    p, r, i = scores.shape
    squares = _mean_squares(scores)
    rest = squares["pri"][0]
    pr, pi, ri = squares["pr"][0], squares["pi"][0], squares["ri"][0]
    components = {
        "p": (squares["p"][0] - pr - pi + rest) / (r * i),
        "r": (squares["r"][0] - pr - ri + rest) / (p * i),
        "i": (squares["i"][0] - pi - ri + rest) / (p * r),
        "pr": (pr - rest) / i,
        "pi": (pi - rest) / r,
        "ri": (ri - rest) / p,
        "pri": rest,
    }
    return GStudy(*(Source(*squares[name], max(value, 0.0)) for name, value in components.items()))


def d_study(fit: LinearFit, judges: Sequence[int] = range(2, 9)) -> tuple[Dependability, ...]:
    """Return the dependability of the mean of different numbers of judges, each entry having its own.

    ``relative`` takes the severities as corrected, ``absolute`` does not.

    References
    ----------
    .. [1] Brennan, R. L. (2001). Generalizability Theory, chapter 4. Springer, New York.
    """
    entry = fit.s_entry**2 + fit.s_topic**2
    return tuple(
        Dependability(
            count,
            entry / (entry + fit.s_rest**2 / count),
            entry / (entry + (fit.s_judge**2 + fit.s_rest**2) / count),
        )
        for count in judges
    )


def judges_needed(fit: LinearFit, target: float = 0.8) -> int | None:
    """Return the least number of judges whose corrected mean reaches ``target``; None when 100 do not.

    Raises
    ------
    JudgingError
        When ``target`` is not between 0 and 1.
    """
    if not 0 < target < 1:
        raise JudgingError(f"A dependability of {target} was asked for; expected a number between 0 and 1.")
    found = d_study(fit, range(1, MOST_JUDGES + 1))
    return next((one.judges for one in found if one.relative >= target), None)


def _mean_squares(scores: FloatArray) -> dict[str, tuple[float, int]]:
    """Return mean square and degrees of freedom of each effect, by inclusion and exclusion of means."""
    axes = {"p": 0, "r": 1, "i": 2}
    found = {}
    for name in ("p", "r", "i", "pr", "pi", "ri", "pri"):
        effect = np.zeros_like(scores)
        for subset in range(2 ** len(name)):
            kept = [letter for bit, letter in enumerate(name) if subset >> bit & 1]
            over = tuple(axis for letter, axis in axes.items() if letter not in kept)
            sign = -1 if (len(name) - len(kept)) % 2 else 1
            effect = effect + sign * (scores.mean(axis=over, keepdims=True) if over else scores)
        freedom = int(np.prod([scores.shape[axes[letter]] - 1 for letter in name]))
        found[name] = (float((effect**2).sum()) / freedom, freedom)
    return found
