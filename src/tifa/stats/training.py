"""A short training: how strict and how even each judge is on a few examples that all of them score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtrit

from tifa.stats.ratings import FloatArray, Panel, Rating, criterion_weights, panel_of, review_scores, totals

FEWEST_JUDGES: Final = 3
FEWEST_EXAMPLES: Final = 2
_LEVEL: Final = 0.975


@dataclass(frozen=True)
class Standing:
    """One judge in a training.

    ``severity`` is how many points they score below the panel, with its 95 % interval ``low`` to ``high``;
    ``unevenness`` how many points a single mark of theirs strays from that, and ``usual`` the same for the whole panel.
    """

    judge: str
    severity: float
    low: float
    high: float
    unevenness: float
    usual: float


def standings(ratings: Sequence[Rating], weights: Mapping[str, float]) -> tuple[Standing, ...]:
    """Compare the judges of a training.

    Parameters
    ----------
    ratings
        Marks of judges for the criteria of examples.
    weights
        Weight of each criterion.

    Returns
    -------
    tuple of Standing
        By name of the judge, in points of the scale; empty when fewer than three judges scored two examples or more, or
        when no example ties them together: then nothing can be said.

    Raises
    ------
    JudgingError
        When a judge rates a criterion of an example twice, or a criterion has no weight.

    Notes
    -----
    The additive two-way layout (example + judge, one observation a cell) of [1]_, by least squares where sheets are
    missing: the severity is minus the judge's effect, its standard error comes from the residual, and Student's t has the
    residual's degrees of freedom. With few examples the interval is wide, and says so.

    The unevenness is the root mean square of what is left of a judge's single marks when the panel's mean mark and the
    judge's own mean difference from it are taken out.

    References
    ----------
    .. [1] Scheffé, H. (1959). The Analysis of Variance. Wiley, New York, chapter 4.
    """
    panel = _busy(ratings)
    if panel is None:
        return ()
    scores = review_scores(panel, criterion_weights(panel, {name: weights[name] for name in panel.criteria}))
    examples, judges = len(panel.entries), len(panel.judges)
    design = np.zeros((len(scores), examples + judges))
    design[np.arange(len(scores)), panel.entry_of] = 1
    design[np.arange(len(scores)), examples + panel.judge_of] = -1
    freedom = len(scores) - (examples + judges - 1)
    if freedom < 1 or np.linalg.matrix_rank(design) < examples + judges - 1:
        return ()
    inverse = np.linalg.pinv(design.T @ design)
    effects = inverse @ design.T @ scores
    centre = np.eye(judges) - 1 / judges
    severity = centre @ effects[examples:]
    variance = float(((scores - design @ effects) ** 2).sum()) / freedom
    spread = np.sqrt(variance * np.maximum(np.diag(centre @ inverse[examples:, examples:] @ centre), 0))
    error = float(stdtrit(freedom, _LEVEL)) * spread
    own, usual = _unevenness(panel)
    return tuple(
        Standing(
            name,
            float(severity[j]),
            float(severity[j] - error[j]),
            float(severity[j] + error[j]),
            float(own[j]),
            usual,
        )
        for j, name in enumerate(panel.judges)
    )


def _busy(ratings: Sequence[Rating]) -> Panel | None:
    """Return the marks of the judges who scored enough examples; None when there are too few of them."""
    scored = [one for one in ratings if one.score is not None]
    of: dict[str, set[str]] = {}
    for one in scored:
        of.setdefault(one.judge, set()).add(one.entry)
    busy = {judge for judge, examples in of.items() if len(examples) >= FEWEST_EXAMPLES}
    if len(busy) < FEWEST_JUDGES:
        return None
    return panel_of(one for one in scored if one.judge in busy)


def _unevenness(panel: Panel) -> tuple[FloatArray, float]:
    """Return the root mean square of the residuals of single marks, of each judge and of all."""
    rated, judges = panel.rated, len(panel.judges)
    marks = np.where(rated, panel.scores, 0.0)
    examples = len(panel.entries)
    sums = np.zeros((examples, len(panel.criteria)))
    counts = np.zeros_like(sums)
    np.add.at(sums, panel.entry_of, marks)
    np.add.at(counts, panel.entry_of, rated)
    apart = np.where(rated, marks - (sums / np.maximum(counts, 1))[panel.entry_of], 0.0)
    each = totals(panel.judge_of, rated.sum(axis=1).astype(np.float64), judges)
    mean = totals(panel.judge_of, apart.sum(axis=1), judges) / each
    left = np.where(rated, apart - mean[panel.judge_of][:, None], 0.0) ** 2
    squares = totals(panel.judge_of, left.sum(axis=1), judges)
    return np.sqrt(squares / each), float(np.sqrt(squares.sum() / each.sum()))
