"""Nobody can find out from what is shown what a few people answered."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tifa.stats.withholding import shown_live, withheld_groups

LEAST = st.integers(2, 12)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (9, 0), (19, 0), (20, 10), (29, 10), (30, 20)])
def test_last_full_batch_is_held_back(count: int, shown: int) -> None:
    assert shown_live(count, 10) == shown


@given(st.integers(0, 300), st.integers(0, 300), LEAST)
def test_two_looks_differ_by_nobody_or_by_enough(first: int, more: int, least: int) -> None:
    early, late = shown_live(first, least), shown_live(first + more, least)

    assert late - early == 0 or late - early >= least
    # The final number counts everybody.
    final = first + more
    assert early == 0 or final - early >= least


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30)), LEAST)
def test_no_sum_of_what_is_shown_leaves_a_few(counts: dict[str, int], least: int) -> None:
    hidden = withheld_groups(counts, least)
    shown = [name for name in counts if name not in hidden]
    total = sum(counts.values())

    assert all(counts[name] == 0 or counts[name] >= least for name in shown)
    if total >= least:
        for size in range(len(shown) + 1):
            for some in combinations(shown, size):
                rest = total - sum(counts[name] for name in some)
                assert rest == 0 or rest >= least


def test_nothing_is_withheld_without_need() -> None:
    assert withheld_groups({"a": 10, "b": 12, "c": 0}, 10) == frozenset()
    assert withheld_groups({"a": 3, "b": 12, "c": 30}, 10) == {"a", "b"}
    assert withheld_groups({"a": 6, "b": 5, "c": 30}, 10) == {"a", "b"}
