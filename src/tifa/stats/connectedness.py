"""How well judges can be compared through the entries that they share."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tifa.stats.ratings import FloatArray, IntArray, totals

_RIDGE = 0.01
_MOST_RESISTANCE = 20.0
_ZERO = 1e-9


@dataclass(frozen=True)
class Connectedness:
    """Groups of judges that share no entry, and how near the design is to the best conceivable one.

    ``efficiency`` is 1 when every pair of judges meets equally often and 0 when there are several groups.
    """

    components: int
    efficiency: float


def connectedness(entry_of: IntArray, judge_of: IntArray, judges: int) -> Connectedness:
    """Measure a design given by its reviews, over the judges who have any.

    Notes
    -----
    Severities are compared through the Laplacian ``diag(load) - Z' diag(1/m) Z``; the mean variance of their
    contrasts goes with the trace of its pseudo-inverse [1]_.

    References
    ----------
    .. [1] Bailey, R. A., and Cameron, P. J. (2009). Combinatorics of optimal designs. In Surveys in Combinatorics
       2009, 19-73. Cambridge University Press.
    """
    busy = np.bincount(judge_of, minlength=judges) > 0
    count = int(busy.sum())
    if count < 2:
        return Connectedness(count, 1.0)
    laplacian = laplacian_of(entry_of, judge_of, judges)[np.ix_(busy, busy)]
    entries = int(entry_of.max()) + 1
    ties = coo_array(
        (np.ones(len(entry_of)), (entry_of, entries + judge_of)), shape=(entries + judges, entries + judges)
    )
    _, part = connected_components(ties, directed=False)
    components = len(np.unique(part[entries:][busy]))
    spread = np.sort(np.linalg.eigvalsh(laplacian))[1:]
    ideal = float(np.trace(laplacian)) / (count - 1)
    if components > 1 or spread[0] < _ZERO * max(ideal, 1.0):
        return Connectedness(components, 0.0)
    return Connectedness(1, (count - 1) / (ideal * float((1 / spread).sum())))


def laplacian_of(entry_of: IntArray, judge_of: IntArray, judges: int) -> FloatArray:
    """Return the information that the reviews give on severities when entries are unknown."""
    entries = int(entry_of.max(initial=-1)) + 1
    each = totals(entry_of, np.ones(len(entry_of)), entries)
    met = coo_array((1 / np.sqrt(each[entry_of]), (entry_of, judge_of)), shape=(entries, judges)).tocsr()
    found: FloatArray = np.diag(totals(judge_of, np.ones(len(judge_of)), judges)) - (met.T @ met).toarray()
    return found


def resistance(entry_of: IntArray, judge_of: IntArray, entries: int, judges: int) -> FloatArray:
    """Return how far each judge is from the judges that each entry has, in effective resistance with mean 1.

    Notes
    -----
    Adding the judge who is farthest away raises the determinant of the information most [1]_. A little is added to
    the diagonal, so that unconnected judges are far and not infinitely far; values above 20 are cut.

    References
    ----------
    .. [1] Fedorov, V. V. (1972). Theory of Optimal Experiments. Academic Press, New York.
    """
    laplacian = laplacian_of(entry_of, judge_of, judges)
    breadth = _RIDGE * max(float(np.trace(laplacian)), 1.0) / judges
    inverse = np.linalg.inv(laplacian + breadth * np.eye(judges))
    each = totals(entry_of, np.ones(len(entry_of)), entries)
    share = coo_array((1 / each[entry_of], (entry_of, judge_of)), shape=(entries, judges)).tocsr()
    along = share @ inverse
    own = np.asarray(share.multiply(along).sum(axis=1), dtype=np.float64).reshape(-1, 1)
    found: FloatArray = np.diag(inverse) - 2 * along + own
    found = np.maximum(found, 0.0)
    return np.minimum(found / max(float(found.mean()), _ZERO), _MOST_RESISTANCE)
