"""Ratings become the same panel in whatever order they come."""

import random

import numpy as np
import pytest

from tifa.stats.errors import JudgingError
from tifa.stats.ratings import (
    Rating,
    criterion_weights,
    panel_from_arrays,
    panel_of,
    review_scores,
    subsets_of,
)

RATINGS = [
    Rating("sagu", "y", "b", 2.0),
    Rating("sagu", "x", "a", 3.0),
    Rating("noken", "x", "a", 1.0),
    Rating("noken", "x", "b", None),
    Rating("perahu", "z", "a", 4.0),
    Rating("dermaga", "z", "a", None),
    Rating("dermaga", "w", "a", None),
]


def test_panel_is_sorted_and_missing_is_missing() -> None:
    panel = panel_of(RATINGS)

    assert panel.entries == ("noken", "perahu", "sagu")
    assert panel.judges == ("x", "y", "z")
    assert panel.criteria == ("a", "b")
    assert (panel.unscored, panel.silent) == (("dermaga",), ("w",))
    assert panel.entry_of.tolist() == [0, 1, 2, 2]
    assert panel.judge_of.tolist() == [0, 2, 0, 1]
    assert np.array_equal(panel.scores, [[1, np.nan], [4, np.nan], [3, np.nan], [np.nan, 2]], equal_nan=True)
    assert panel.reviews_each.tolist() == [1, 1, 2]


def test_order_of_ratings_does_not_matter() -> None:
    shuffled = RATINGS.copy()
    random.Random(3).shuffle(shuffled)

    one, other = panel_of(RATINGS), panel_of(shuffled)

    assert one.scores.tobytes() == other.scores.tobytes()
    assert (one.entries, one.judges, one.criteria) == (other.entries, other.judges, other.criteria)


def test_groups_without_a_common_judge_are_found() -> None:
    subsets = subsets_of(panel_of(RATINGS))

    assert [one.entries for one in subsets] == [("noken", "sagu"), ("perahu",)]
    assert [one.judges for one in subsets] == [("x", "y"), ("z",)]


@pytest.mark.parametrize(
    ("ratings", "message"),
    [
        (
            [Rating("e", "j", "c", 1.0), Rating("e", "j", "c", 2.0)],
            "'j' rated criterion 'c' of entry 'e' twice",
        ),
        ([Rating("e", "j", "c", float("inf"))], "gave inf to 'e', 'c'; expected a number"),
        ([Rating("e", "j", "c", None)], "There is no score"),
        ([], "There is no score"),
        ([Rating("e", "j", "c", 1.0, "s"), Rating("e", "k", "c", 1.0, "t")], "under the topics 's' and 't'"),
    ],
)
def test_what_cannot_be_judged_is_refused(ratings: list[Rating], message: str) -> None:
    with pytest.raises(JudgingError, match=message):
        panel_of(ratings)


def test_two_reviews_of_one_judge_are_refused() -> None:
    with pytest.raises(JudgingError, match="reviewed one entry twice"):
        panel_from_arrays([0, 0], [1, 1], np.ones((2, 1)))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"a": 1.0}, "'b' has no weight"),
        ({"a": 1.0, "b": 1.0, "c": 1.0}, "'c' belongs to no criterion"),
        ({"a": -1.0, "b": 1.0}, "'a' is -1.0"),
        ({"a": 0.0, "b": 0.0}, "No criterion has a weight above 0"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights: dict[str, float], message: str) -> None:
    with pytest.raises(JudgingError, match=message):
        criterion_weights(panel_of(RATINGS), weights)


def test_review_score_is_weighted_over_what_is_rated() -> None:
    scores = review_scores(panel_of(RATINGS), np.array([1.0, 0.0]))

    assert np.array_equal(scores, [1, 4, 3, np.nan], equal_nan=True)
