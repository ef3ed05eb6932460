"""The assignment is the best there is, breaks no rule, and says why when there is none."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from tests.stats.optimality import is_optimal
from tifa.stats.assignment import Assignment, AssignmentError, AssignmentProblem, assign
from tifa.stats.assignment_problem import allowed_pairs, loads_of
from tifa.stats.infeasibility import reasons


def made(
    proposals: int, judges: int, each: int = 3, seed: int = 0, conflicts: float = 0.03, bridge: float = 0.0
) -> AssignmentProblem:
    random = np.random.default_rng(seed)
    topics = random.dirichlet(np.full(8, 0.2), proposals + judges)
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    names = tuple(f"p{i}" for i in range(proposals)), tuple(f"j{i}" for i in range(judges))
    pairs = zip(*np.nonzero(random.random((proposals, judges)) < conflicts), strict=True)
    return AssignmentProblem(
        proposals=names[0],
        judges=names[1],
        affinity=topics[:proposals] @ topics[proposals:].T,
        reviews_each=each,
        conflicts=frozenset((names[0][i], names[1][j]) for i, j in pairs),
        bridge=bridge,
    )


def best_total(problem: AssignmentProblem) -> float:
    """Solve the linear programme with HiGHS; its corners are whole."""
    row, column = np.nonzero(allowed_pairs(problem))
    least, most = loads_of(problem)
    one, at = np.ones(len(row)), np.arange(len(row))
    of_proposal = coo_array((one, (row, at)), shape=(len(problem.proposals), len(row)))
    of_judge = coo_array((one, (column, at)), shape=(len(problem.judges), len(row)))
    judges = np.ones(len(problem.judges))
    found = linprog(
        -problem.affinity[row, column],
        A_ub=vstack([of_judge, -of_judge]),
        b_ub=np.concatenate([most * judges, -least * judges]),
        A_eq=of_proposal,
        b_eq=np.full(len(problem.proposals), problem.reviews_each),
        bounds=(0, 1),
        method="highs",
    )
    return -float(found.fun)


def keeps_the_rules(problem: AssignmentProblem, found: Assignment) -> bool:
    least, most = loads_of(problem)
    each = dict.fromkeys(problem.proposals, 0)
    for proposal, _ in found.pairs:
        each[proposal] += 1
    return (
        set(each.values()) == {problem.reviews_each}
        and len(set(found.pairs)) == len(found.pairs)
        and not set(found.pairs) & problem.conflicts
        and all(least <= load <= most for load in found.loads)
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_total_is_the_optimum_of_highs(seed: int) -> None:
    problem = made(300, 40, seed=seed)

    found = assign(problem)

    assert keeps_the_rules(problem, found)
    assert found.total == pytest.approx(best_total(problem), abs=1e-6)
    assert max(found.loads) - min(found.loads) <= 1
    assert found.infeasible_because == ()


def test_given_loads_are_kept() -> None:
    problem = replace(made(60, 12), load=(8, 30))

    found = assign(problem)

    assert keeps_the_rules(problem, found)
    assert found.total == pytest.approx(best_total(problem), abs=1e-6)


@given(seed=st.integers(0, 10**6), bridge=st.sampled_from([0.0, 0.2]))
@settings(max_examples=12, deadline=None)
def test_order_of_input_does_not_matter(seed: int, bridge: float) -> None:
    problem = made(24, 8, seed=3, bridge=bridge)
    level = replace(problem, affinity=np.round(problem.affinity, 1))
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(24), random.permutation(8)
    shuffled = replace(
        level,
        proposals=tuple(level.proposals[i] for i in rows),
        judges=tuple(level.judges[j] for j in columns),
        affinity=level.affinity[np.ix_(rows, columns)],
    )

    one, other = assign(level), assign(shuffled)

    assert set(one.pairs) == set(other.pairs)
    assert one.efficiency == other.efficiency


def test_seed_decides_between_equals() -> None:
    problem = replace(made(30, 8), affinity=np.zeros((30, 8)))

    one, again, other = (assign(replace(problem, seed=seed)) for seed in (1, 1, 2))

    assert one.pairs == again.pairs
    assert one.pairs != other.pairs


def test_bridge_buys_comparability_for_little_affinity() -> None:
    problem = made(300, 40, seed=4)

    plain, bridged = assign(problem), assign(replace(problem, bridge=0.2))

    assert keeps_the_rules(problem, bridged)
    assert bridged.components == 1
    assert bridged.efficiency > plain.efficiency + 0.03
    assert bridged.total > 0.97 * plain.total


def test_bridge_joins_topics_that_share_no_judge() -> None:
    problem = made(120, 20, conflicts=0.0)
    own = (np.arange(120) % 2)[:, None] == np.arange(20) % 2
    apart = replace(problem, affinity=np.where(own, 1.0, 0.0))

    plain, bridged = assign(apart), assign(replace(apart, bridge=1.0))

    assert (plain.components, plain.efficiency) == (2, 0.0)
    assert bridged.components == 1


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (
            replace(made(10, 2, conflicts=0), reviews_each=3),
            "Every proposal needs 3 judges and there are 2: add 1, or ask for 2 reviews each.",
        ),
        (
            replace(made(10, 5, conflicts=0), load=(0, 5)),
            "10 proposals need 30 reviews and 5 judges may take 25: raise the most reviews of a judge from 5 to 6, or add 1 judges.",
        ),
        (
            replace(made(10, 5, conflicts=0), load=(7, 9)),
            "5 judges have to take 35 reviews and 10 proposals need 30: lower the least reviews of a judge from 7 to 6.",
        ),
        (
            replace(made(4, 4, conflicts=0), load=(0, 4), conflicts=frozenset({("p1", "j0"), ("p1", "j2")})),
            "Proposal 'p1' needs 3 judges and only 2 have no conflict: find 1 more for it.",
        ),
        (
            replace(
                made(4, 4, 2, conflicts=0),
                load=(2, 4),
                conflicts=frozenset({("p0", "j3"), ("p1", "j3"), ("p2", "j3")}),
            ),
            "Judge 'j3' has to take 2 proposals and is free of conflict with 1: lower the least reviews of a judge to 1.",
        ),
        (
            replace(
                made(6, 4, 1, conflicts=0),
                load=(0, 2),
                conflicts=frozenset((f"p{i}", f"j{j}") for i in range(5) for j in (2, 3)),
            ),
            "The proposals 'p0', 'p1', 'p2', 'p3', 'p4' need 5 reviews, and conflicts leave them 2 judges with at most 2 each; "
            "1 reviews find nobody: raise the most reviews of a judge from 2 to 3, or bring in judges without a conflict with them.",
        ),
        (
            replace(
                made(6, 4, 1, conflicts=0),
                load=(1, 6),
                conflicts=frozenset((f"p{i}", f"j{j}") for i in range(1, 6) for j in (2, 3)),
            ),
            "The judges 'j2', 'j3' have to take 2 reviews, and conflicts leave them too few proposals; 1 reviews are missing: "
            "lower the least reviews of a judge from 1 to 0.",
        ),
    ],
)
def test_infeasible_problem_is_explained(problem: AssignmentProblem, message: str) -> None:
    found = assign(problem)

    assert found.pairs == ()
    assert message in found.infeasible_because


@given(seed=st.integers(0, 10**6), conflicts=st.floats(0.3, 0.8), most=st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_reasons_are_given_exactly_when_there_is_no_assignment(
    seed: int, conflicts: float, most: int
) -> None:
    problem = replace(made(8, 6, 2, seed=seed, conflicts=conflicts), load=(1, most))

    found = assign(problem)

    assert bool(found.pairs) != bool(reasons(problem))
    if found.pairs:
        assert keeps_the_rules(problem, found)


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (replace(made(2, 2), proposals=("a", "a")), "A proposal stands twice: 'a'"),
        (replace(made(2, 2), judges=()), "There is no judge"),
        (replace(made(2, 2), affinity=np.zeros((2, 3))), r"The affinities are \(2, 3\)"),
        (replace(made(2, 2), affinity=np.full((2, 2), np.nan)), "An affinity is no number"),
        (replace(made(2, 2), reviews_each=0), "Found 0 reviews for each proposal"),
        (replace(made(2, 2), load=(3, 2)), r"The load is \[3, 2\]"),
        (replace(made(2, 2), bridge=-1.0), "The bridge is -1.0"),
        (replace(made(2, 2), conflicts=frozenset({("p0", "x")})), "names 'x', which is no judge"),
    ],
)
def test_senseless_problem_is_refused(problem: AssignmentProblem, message: str) -> None:
    with pytest.raises(AssignmentError, match=message):
        assign(problem)


def test_proof_of_optimality_tells_best_from_second_best() -> None:
    problem = made(40, 8, seed=5)
    best = assign(problem)
    first, judge = best.pairs[0]
    second, other = next(
        (one, two)
        for one, two in best.pairs
        if one != first and two != judge and (first, two) not in best.pairs and (one, judge) not in best.pairs
    )
    swapped = [pair for pair in best.pairs if pair not in {(first, judge), (second, other)}]
    worse = replace(best, pairs=(*swapped, (first, other), (second, judge)))

    assert is_optimal(problem, best)
    assert not is_optimal(problem, worse)


def test_large_round_is_at_the_proven_optimum() -> None:
    problem = made(3000, 200, seed=6)

    found = assign(problem)

    assert keeps_the_rules(problem, found)
    assert is_optimal(problem, found)


def completed(problem: AssignmentProblem, taken: int) -> tuple[Assignment, Assignment]:
    """Return an assignment, and the one that fills it again after a judge's pairs were taken out."""
    whole = assign(problem)
    gone = problem.judges[taken]
    kept = frozenset(pair for pair in whole.pairs if pair[1] != gone)
    barred = problem.conflicts | {(proposal, gone) for proposal in problem.proposals}
    return whole, assign(replace(problem, fixed=kept, conflicts=frozenset(barred)))


def test_what_is_missing_is_added_and_the_rest_stays() -> None:
    problem = made(60, 12, bridge=0.2)

    whole, filled = completed(problem, 4)

    kept = {pair for pair in whole.pairs if pair[1] != "j4"}
    assert kept <= set(filled.pairs)
    assert len(filled.pairs) == len(set(filled.pairs)) == 180
    assert not set(filled.pairs) & problem.conflicts
    assert filled.loads[4] == 0
    # 15 reviews of the judge who left go to 11 others, two at most each.
    assert max(filled.loads) == 17


def test_a_late_judge_gets_what_is_missing_first() -> None:
    problem = made(20, 5, 2, conflicts=0)
    fixed = frozenset((f"p{i}", f"j{(i + k) % 4}") for i in range(20) for k in range(2) if i or k)

    found = assign(replace(problem, fixed=fixed))

    assert set(found.pairs) - fixed == {("p0", "j4")}


def test_completing_does_not_depend_on_the_order_and_keeps_to_the_load() -> None:
    problem = replace(made(12, 4, 2), fixed=frozenset({("p0", "j0"), ("p1", "j0")}), load=(0, 7))
    shuffled = replace(
        problem,
        proposals=problem.proposals[::-1],
        judges=problem.judges[::-1],
        affinity=problem.affinity[::-1, ::-1],
    )

    one, other = assign(problem), assign(shuffled)

    assert set(one.pairs) == set(other.pairs)
    assert max(one.loads) <= 7


def test_nothing_is_added_when_nothing_is_missing() -> None:
    problem = made(6, 3, 2, conflicts=0)
    whole = assign(problem)

    assert set(assign(replace(problem, fixed=frozenset(whole.pairs))).pairs) == set(whole.pairs)


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (
            replace(
                made(3, 3, 2, conflicts=0),
                fixed=frozenset({("p0", "j0")}),
                conflicts=frozenset({("p0", "j1"), ("p0", "j2")}),
            ),
            "Proposal 'p0' still needs 1 judges and only 0 have no conflict and room for it: find 1 more for it, or raise the "
            "most reviews of a judge.",
        ),
        (
            replace(made(4, 2, 1, conflicts=0), fixed=frozenset({("p0", "j0")}), load=(0, 1)),
            "The proposals 'p1', 'p2', 'p3' still need 3 reviews, and conflicts and full loads leave them too few judges; "
            "2 reviews find nobody: raise the most reviews of a judge above 1, or bring in judges without a conflict with them.",
        ),
    ],
)
def test_a_rest_that_finds_nobody_is_explained(problem: AssignmentProblem, message: str) -> None:
    found = assign(problem)

    assert found.pairs == ()
    assert found.infeasible_because == (message,)


def test_a_reason_carries_its_numbers() -> None:
    (reason,) = reasons(replace(made(10, 5, conflicts=0), load=(0, 5)))

    assert (reason.code, reason.values["enough"]) == ("little_room", 6)
