"""Ratings as counted steps of a scale, and the total scores that carry all their information."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tifa.stats.errors import JudgingError
from tifa.stats.ratings import BoolArray, FloatArray, IntArray, Panel

MOST_CATEGORIES: Final = 10
_FINEST: Final = 1e-6


@dataclass(frozen=True)
class Scale:
    """Equal steps from ``lowest``: category k is the score ``lowest + k * step``."""

    lowest: float
    step: float
    steps: int
    unused: tuple[float, ...]

    def score(self, category: FloatArray) -> FloatArray:
        """Return the score of a category, whole or expected."""
        return self.lowest + self.step * category


@dataclass(frozen=True, eq=False)
class Coded:
    """A panel in categories: ``category`` is -1 where a score is missing.

    Reviews that rate the same criteria with the same total share a row of the score table (``row_of``); a row has
    its pattern of criteria and its total. ``reached[c, m]`` counts the ratings of criterion c above step m.
    """

    scale: Scale
    category: IntArray
    patterns: BoolArray
    row_of: IntArray
    row_pattern: IntArray
    row_total: IntArray
    reached: FloatArray


def coded(panel: Panel, scale: Scale | None = None) -> Coded:
    """Count the scores of a panel in steps of its scale, or of ``scale`` when it is given.

    Raises
    ------
    JudgingError
        When the scores need more than ten categories, all are equal, or one lies off the given scale.
    """
    used = scale_of(panel) if scale is None else scale
    rated = panel.rated
    exact = (np.where(rated, panel.scores, used.lowest) - used.lowest) / used.step
    category = np.rint(exact).astype(np.intp)
    if np.any(np.abs(exact - category) > _FINEST) or category.min() < 0 or category.max() > used.steps:
        raise JudgingError(
            f"A score lies off the scale of {used.steps + 1} categories from {used.lowest:g} by {used.step:g}."
        )
    category[~rated] = -1
    patterns, pattern_of = _patterns(rated)
    total = np.where(rated, category, 0).sum(axis=1)
    span = int(total.max()) + 1
    rows, row_of = np.unique(pattern_of * span + total, return_inverse=True)
    reached = np.stack([(category > m).sum(axis=0) for m in range(used.steps)], axis=1).astype(np.float64)
    return Coded(used, category, patterns, row_of.reshape(-1), rows // span, rows % span, reached)


def scale_of(panel: Panel) -> Scale:
    """Find the scale on which the scores of a panel lie: whole steps if ten categories hold them.

    Raises
    ------
    JudgingError
        When the scores need more than ten categories or all are equal.
    """
    values = np.unique(panel.scores[panel.rated])
    if len(values) < 2:  # one value has no steps
        raise JudgingError(f"Every score is {values[0]:g}, so the judges cannot be told apart.")
    lowest, span = float(values[0]), float(values[-1] - values[0])
    offsets = np.rint((values - lowest) / _FINEST).astype(np.int64)
    step = float(np.gcd.reduce(offsets)) * _FINEST
    if np.isclose(step % 1.0, 0.0) and span < MOST_CATEGORIES:
        step = 1.0
    steps = round(span / step)
    if steps >= MOST_CATEGORIES:
        raise JudgingError(
            f"The scores run from {values[0]:g} to {values[-1]:g} in steps of {step:g}, which is {steps + 1:,} "
            f"categories; the many-facet model takes at most {MOST_CATEGORIES}. Use the linear model "
            "(--model linear), which is made for fine scales."
        )
    taken = set(np.rint((values - lowest) / step).astype(int).tolist())
    unused = tuple(lowest + step * k for k in range(steps + 1) if k not in taken)
    return Scale(lowest, step, steps, unused)


def _patterns(rated: BoolArray) -> tuple[BoolArray, IntArray]:
    if rated.all():
        return rated[:1].copy(), np.zeros(len(rated), dtype=np.intp)
    patterns, of = np.unique(rated, axis=0, return_inverse=True)
    return patterns, of.reshape(-1)
