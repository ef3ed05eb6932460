"""Whether an assignment can be improved: a proof that asks no solver."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import NegativeCycleError, bellman_ford

from tifa.stats.assignment import Assignment, AssignmentProblem
from tifa.stats.assignment_problem import allowed_pairs, loads_of

_HAIR = 1e-7


def is_optimal(problem: AssignmentProblem, found: Assignment) -> bool:
    """Return whether no chain of swaps gains anything: a flow is best when its residual has no negative cycle.

    ``loss[j, k]`` is the least affinity lost by handing one proposal from judge j to judge k; the last row and column
    let a judge give one up or take one more within the loads.
    """
    proposals = {name: i for i, name in enumerate(problem.proposals)}
    judges = {name: j for j, name in enumerate(problem.judges)}
    row = np.array([proposals[proposal] for proposal, _ in found.pairs])
    column = np.array([judges[judge] for _, judge in found.pairs])
    open_to = allowed_pairs(problem)
    open_to[row, column] = False
    change = problem.affinity[row, column][:, None] - np.where(open_to, problem.affinity, -np.inf)[row]
    count = len(judges)
    loss = np.full((count + 1, count + 1), np.inf)
    for judge in range(count):
        loss[judge, :count] = change[column == judge].min(axis=0, initial=np.inf)
    least, most = loads_of(problem)
    load = np.array(found.loads)
    loss[:count, count] = np.where(load > least, 0.0, np.inf)
    loss[count, :count] = np.where(load < most, 0.0, np.inf)
    i, j = np.nonzero(np.isfinite(loss))
    arcs = csr_array((loss[i, j] + _HAIR, (i, j)), shape=loss.shape)
    try:
        bellman_ford(arcs, indices=0)
        bellman_ford(arcs, indices=count)
    except NegativeCycleError:
        return False
    return True
