"""The margin of an index: against a formula worked by hand, and by simulation."""

from math import sqrt

import numpy as np
import pytest

from tifa.stats.surveys import index_margin

NINE = [25 / 9] * 9


def test_one_element_is_the_margin_of_a_mean() -> None:
    answers = np.array([[1], [2], [3], [4]], dtype=np.int8)

    # Variance of 1..4 is 5/3; 1.959964 x sqrt(5/3 / 4) x 25.
    assert index_margin(answers, [25.0]) == pytest.approx(1.959964 * sqrt(5 / 12) * 25, rel=1e-6)


def test_asking_everybody_leaves_nothing_unknown() -> None:
    answers = np.array([[1], [2], [3], [4]], dtype=np.int8)

    assert index_margin(answers, [25.0], population=4) == pytest.approx(0)
    half = index_margin(answers, [25.0], population=8)
    assert half == pytest.approx((index_margin(answers, [25.0]) or 0) * sqrt(0.5))


@pytest.mark.parametrize("answers", [np.zeros((0, 2)), np.array([[3, 4]]), np.array([[3, -1], [2, -1]])])
def test_too_little_has_no_margin(answers: np.ndarray) -> None:
    assert index_margin(answers.astype(np.int8), [1.0, 1.0]) is None


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_intervals_hold_the_true_index_as_often_as_they_say(missing: float) -> None:
    random, held, turns = np.random.default_rng(7), 0, 2000
    shares = np.array([0.05, 0.15, 0.5, 0.3])
    truth = 25 * float((np.arange(1, 5) * shares).sum())
    for _turn in range(turns):
        mood = random.normal(0, 0.4, (60, 1))
        base = random.choice([1, 2, 3, 4], (60, 9), p=shares)
        answers = np.where(random.random((60, 9)) < np.abs(mood).clip(0, 0.5), base[:, :1], base)
        answers = np.where(random.random((60, 9)) < missing, -1, answers).astype(np.int8)
        index = 25 * float(np.mean([column[column != -1].mean() for column in answers.T]))
        margin = index_margin(answers, NINE)
        held += margin is not None and abs(index - truth) <= margin
    # Binomial noise of 2,000 turns is 0.5 points; a normal interval of 60 people is a little short.
    assert held / turns == pytest.approx(0.95, abs=0.02)
