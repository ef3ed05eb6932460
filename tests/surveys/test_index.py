"""The index of a wave: published numbers, what is withheld, and what two looks tell."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.surveys.making import EDITION, ITEMS
from tifa.instruments import load_instrument
from tifa.surveys.index import Group, Index, indices, matrix_of
from tifa.surveys.sheets import packed

ON = date(2026, 11, 1)
SKM = load_instrument(EDITION)


def of(*groups: Group, final: bool = True, least: int = 5) -> tuple[Index, dict[str, Index]]:
    return indices(SKM, groups, least=least, final=final, on=ON)


def shown(index: Index) -> Decimal | None:
    return index.node.shown if index.node else None


def test_answers_are_stored_in_the_order_of_the_edition() -> None:
    said: dict[str, int | None] = dict(zip(ITEMS, (1, 2, 3, 4, None, 1, 2, 3, 4), strict=True))

    assert packed(SKM, dict(reversed(said.items()))) == "1234-1234"
    assert matrix_of(["1234-1234", "444444444"], 9).tolist() == [[1, 2, 3, 4, -1, 1, 2, 3, 4], [4] * 9]
    assert matrix_of([], 9).shape == (0, 9)


def test_published_sums_of_a_quarter_give_the_published_index() -> None:
    # worked-examples: a government service office, 2025 Q3, n = 29, IKM 91.48; here made of threes and fours.
    fours = round(29 * 9 * (91.48 / 25 - 3))
    flat = np.full(29 * 9, 3)
    flat[:fours] = 4
    rows = ["".join(str(value) for value in row) for row in flat.reshape(9, 29).T]

    whole, _parts = of(Group("loket", rows, None))

    assert shown(whole) == Decimal("91.48")
    assert whole.node is not None
    assert whole.node.band is not None
    assert whole.node.band.code == "A"
    assert {one.alternative.id for one in whole.outcome.compared} >= {"bobot_0_11"}  # type: ignore[union-attr]


def test_each_element_stands_for_those_who_answered_it() -> None:
    whole, _parts = of(Group("a", ["4" * 9] * 5 + ["-" + "2" * 8] * 5, None))

    means = {node.id: node.value for node in whole.elements}
    assert [float(means[name] or 0) for name in ITEMS[:2]] == [4.0, 3.0]
    assert whole.unanswered == 5
    assert whole.margin is not None


def test_live_numbers_come_in_steps_and_the_whole_is_their_sum() -> None:
    first, second = Group("a", ["4" * 9] * 12, None), Group("b", ["1" * 9] * 9, None)

    whole, parts = of(first, second, final=False)

    assert (parts["a"].count, parts["a"].given) == (5, 12)
    assert (parts["b"].count, parts["b"].withheld) == (0, True)
    assert shown(whole) == shown(parts["a"]) == Decimal(100)


def test_when_it_is_closed_all_count_and_small_ones_are_withheld() -> None:
    whole, parts = of(
        Group("a", ["4" * 9] * 12, None), Group("b", ["1" * 9] * 4, None), Group("c", ["3" * 9] * 6, None)
    )

    assert whole.count == 22
    assert parts["b"].withheld
    assert parts["c"].withheld, "else the four of b could be computed from the whole"
    assert shown(parts["a"]) == Decimal(100)


def test_nothing_is_said_of_a_few_or_of_nobody() -> None:
    few, parts = of(Group("a", ["4" * 9] * 4, None))
    nobody, _parts = of(Group("a", [], None))

    assert (few.node, few.withheld, parts["a"].node) == (None, True, None)
    assert (nobody.node, nobody.withheld) == (None, False)


def test_an_element_that_nobody_answered_leaves_no_index_and_says_why() -> None:
    whole, _parts = of(Group("a", ["-" + "4" * 8] * 6, None))

    assert whole.node is not None
    assert whole.node.value is None
    assert whole.node.reasons
    assert whole.margin is None


def test_asking_everybody_leaves_nothing_unknown() -> None:
    rows = ["4" * 9, "3" * 9] * 5
    some, _parts = of(Group("a", rows, None))
    everybody, _parts = of(Group("a", rows, 10))

    assert some.margin is not None
    assert some.margin > 1
    assert everybody.margin == pytest.approx(0)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text("1234-", min_size=9, max_size=9)), max_size=60))
def test_no_number_stands_for_a_few(rows: list[tuple[str, str]]) -> None:
    groups = [Group(key, [text for one, text in rows if one == key], None) for key in "abc"]

    for final in (False, True):
        whole, parts = of(*groups, final=final)
        for index in (whole, *parts.values()):
            assert index.count == 0 or index.count >= 5
            assert index.count <= index.given


def test_margin_weights_follow_the_edition() -> None:
    rows: list[Any] = ["4" * 9] * 20 + ["3" * 9] * 20
    whole, _parts = of(Group("a", rows, None))

    # Every respondent moves the index by 12.5 points either way: 1.96 x 12.66 / sqrt(40).
    assert whole.margin == pytest.approx(3.92, abs=0.02)
