"""Labels of judges: drawn by lot, and no hole among them that names somebody."""

import random
from collections import Counter

import pytest

from tifa.evaluation.bundle.anonymity import LEAST_CROWD, LINKED, labels_for

ENTRIES = [f"e{number}" for number in range(10)]
JUDGES = [f"j{number}" for number in range(6)]


def crossed(missing: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(entry, judge) for entry in ENTRIES for judge in JUDGES} - missing


def crowd(labels: dict[tuple[str, str], str], forbidden: set[str]) -> int:
    """Return how many labels of the round are missing at all entries that somebody may not judge."""
    linked = {label for label in labels.values() if label.startswith(LINKED)}
    seen = {label for (entry, _), label in labels.items() if entry in forbidden}
    return len(linked - seen)


def test_a_hole_in_a_full_panel_does_not_name_the_judge() -> None:
    labels = labels_for(crossed({("e3", "j2")}), {"j2": {"e3"}}, random.Random(1))

    assert labels.untied == {"e3"}
    assert crowd(dict(labels.of), {"e3"}) == len(JUDGES)
    assert len({label for (entry, _), label in labels.of.items() if entry == "e3"}) == 5


def test_in_a_full_panel_a_hole_looks_the_same_whatever_it_comes_from() -> None:
    missing = {("e3", "j2"), ("e5", "j1")}

    for conflicts in ({"j2": {"e3"}}, {}, {"j1": {"e5"}, "j2": {"e3"}}):
        assert labels_for(crossed(missing), conflicts, random.Random(1)).untied == {"e3", "e5"}


def test_several_conflicts_of_one_judge_do_not_add_up() -> None:
    # Each hole alone leaves four judges; both together leave one.
    missing = {("e1", judge) for judge in ("j0", "j1", "j2", "j3")} | {
        ("e2", judge) for judge in ("j0", "j4", "j5")
    }
    conflicts = {"j0": {"e1", "e2"}}

    labels = labels_for(crossed(missing), conflicts, random.Random(1))

    assert crowd(dict(labels.of), {"e1", "e2"}) >= LEAST_CROWD
    assert {"e1", "e2"} <= labels.untied


def test_with_many_absent_judges_a_hole_tells_nothing_and_stays_tied() -> None:
    pairs = {
        (entry, JUDGES[(number + step) % 6]) for number, entry in enumerate(ENTRIES) for step in range(3)
    }

    labels = labels_for(pairs, {"j5": {"e0"}}, random.Random(1))

    assert labels.untied == frozenset()
    assert crowd(dict(labels.of), {"e0"}) == 3


def test_an_untied_entry_is_not_alone_among_those_like_it() -> None:
    # Every entry has four of five judges, so counts tell nothing; being untied must not tell either.
    judges = JUDGES[:5]
    pairs = {
        (entry, judges[(number + step) % 5]) for number, entry in enumerate(ENTRIES) for step in range(4)
    }
    conflicts = {judges[(number + 4) % 5]: {f"e{number}"} for number in (0, 1)}

    labels = labels_for(pairs, conflicts, random.Random(3))

    assert {"e0", "e1"} < labels.untied
    assert len(labels.untied) == 4


@pytest.mark.parametrize("seed", range(5))
def test_labels_follow_neither_names_nor_order(seed: int) -> None:
    labels = labels_for(crossed(set()), {}, random.Random(seed)).of
    of_judge = {judge: labels["e0", judge] for judge in JUDGES}

    assert len(set(of_judge.values())) == len(JUDGES)
    assert all(labels[entry, judge] == of_judge[judge] for entry, judge in labels)


def test_the_place_of_a_label_is_chance() -> None:
    first = Counter(
        min(JUDGES, key=lambda judge: labels["e0", judge])
        for labels in (labels_for(crossed(set()), {}, random.Random(seed)).of for seed in range(300))
    )

    assert set(first) == set(JUDGES)
    assert max(first.values()) < 90


def test_without_a_correction_nobody_is_linked() -> None:
    labels = labels_for(crossed(set()), {}, random.Random(1), linked=False)

    assert len(set(labels.of.values())) == len(labels.of)
    assert not any(label.startswith(LINKED) for label in labels.of.values())
