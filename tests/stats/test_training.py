"""A training on a few examples: published numbers of the two-way layout, and honest where there is too little."""

import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stats.published import published, table
from tifa.stats.ratings import Rating
from tifa.stats.training import standings


def ratings_of(marks: np.ndarray, sections: int = 1) -> list[Rating]:
    """Return the marks of a table (example, judge), each section alike."""
    return [
        Rating(f"e{e}", f"j{j}", f"c{c}", None if np.isnan(marks[e, j]) else float(marks[e, j]))
        for e, j, c in product(*map(range, marks.shape), range(sections))
    ]


def test_effects_of_a_published_table() -> None:
    """Shrout and Fleiss (1979), table 2: judge means 7.67, 2.50, 4.33, 6.67 and error mean square 1.02."""
    found = standings(ratings_of(table(published()["shrout_fleiss_1979"]["data"])), {"c0": 1.0})

    assert [one.severity for one in found] == pytest.approx([-2.375, 2.7917, 0.9583, -1.375], abs=1e-4)
    # t(15) at 97.5 % is 2.1314; the standard error of an effect is sqrt(1.0194 / 6 * 3 / 4).
    assert found[0].high - found[0].severity == pytest.approx(2.1314 * np.sqrt(1.0194 / 6 * 0.75), abs=1e-3)
    # All marks but the judges' means: (4 - 1) * (6 - 1) residuals of 1.0194 over 24 marks.
    assert found[0].usual == pytest.approx(np.sqrt(15 * 1.0194 / 24), abs=1e-3)


def test_the_table_of_the_page_is_recomputed() -> None:
    found = standings(ratings_of(table(published()["shrout_fleiss_1979"]["data"])), {"c0": 1.0})
    page = (Path(__file__).resolve().parents[2] / "docs" / "methods" / "agreement.md").read_text(
        encoding="utf-8"
    )

    rows = re.findall(r"^\| (\d) \| (-?[\d.]+) \| (-?[\d.]+) to (-?[\d.]+) \|", page, re.MULTILINE)
    stated = {int(number): [float(text) for text in texts] for number, *texts in rows}
    for one in found:
        # Two digits stand there; -2.375 lies between two of them, and another processor rounds it the other way.
        values = [one.severity, one.low, one.high]
        assert stated[int(one.judge[1:]) + 1] == pytest.approx(values, abs=0.0051)


def test_missing_sheets_are_missing() -> None:
    """Least squares: judge 2 saw the two hard examples alone, and is not taken for strict."""
    quality, strict = np.array([80.0, 60.0, 40.0]), np.array([0.0, 4.0, -4.0])
    marks = quality[:, None] - strict
    marks[0, 2] = np.nan

    found = standings(ratings_of(marks), {"c0": 1.0})

    assert [one.severity for one in found] == pytest.approx(strict, abs=1e-9)
    assert [one.high - one.low for one in found] == pytest.approx([0, 0, 0], abs=1e-6)


@pytest.mark.parametrize("shape", [(1, 5), (2, 2), (3, 2)])
def test_too_few_say_nothing(shape: tuple[int, int]) -> None:
    assert standings(ratings_of(np.arange(np.prod(shape), dtype=float).reshape(shape)), {"c0": 1.0}) == ()
    assert standings([], {}) == ()


def test_judges_without_a_common_example_are_not_compared() -> None:
    marks = np.full((4, 4), np.nan)
    marks[:2, :2], marks[2:, 2:] = 50, 60

    assert standings(ratings_of(marks), {"c0": 1.0}) == ()


def test_who_scored_one_example_is_left_out() -> None:
    marks = np.array([[70.0, 60, 80, 90], [50, 45, 55, np.nan]])

    assert [one.judge for one in standings(ratings_of(marks), {"c0": 1.0})] == ["j0", "j1", "j2"]


def test_a_judge_whose_marks_jump_is_uneven() -> None:
    steady = [[70, 50], [74, 54], [66, 46]]
    found = standings(
        [
            Rating(f"e{e}", f"j{j}", c, float(mark + jump))
            for j, marks in enumerate([*steady, [70, 50]])
            for e, mark in enumerate(marks)
            for c, jump in (("a", 12 if j == 3 and e else 0), ("b", -12 if j == 3 and e else 0))
        ],
        {"a": 1.0, "b": 1.0},
    )

    assert max(found, key=lambda one: one.unevenness).judge == "j3"
    assert found[3].unevenness > 2 * found[0].unevenness
    assert found[3].severity == pytest.approx(0, abs=1e-9)


@given(st.data())
def test_adding_a_constant_moves_one_severity_by_it(data: st.DataObject) -> None:
    row = st.lists(st.integers(0, 80), min_size=4, max_size=4)
    marks = np.array(data.draw(st.lists(row, min_size=2, max_size=3)), dtype=float)
    before = standings(ratings_of(marks), {"c0": 1.0})
    moved = marks.copy()
    moved[:, 0] -= 8

    after = standings(ratings_of(moved), {"c0": 1.0})

    assert [b.severity - a.severity for a, b in zip(before, after, strict=True)] == pytest.approx(
        [6, -2, -2, -2], abs=1e-6
    )
    assert [one.unevenness for one in after] == pytest.approx([one.unevenness for one in before], abs=1e-6)
