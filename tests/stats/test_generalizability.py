"""G- and D-studies equal published mean squares and coefficients."""

import numpy as np
import pytest

from tests.stats.published import guilford, published, table
from tifa.stats.errors import JudgingError
from tifa.stats.generalizability import d_study, g_study, judges_needed
from tifa.stats.linear import LinearFit, fit_crossed


def test_mean_squares_equal_those_of_r() -> None:
    expected = published()["guilford_creativity"]["g_study_computed"]

    found = g_study(guilford().scores.reshape(7, 3, 5))

    sources = {
        "p": found.entry,
        "r": found.judge,
        "i": found.criterion,
        "pr": found.entry_judge,
        "pi": found.entry_criterion,
        "ri": found.judge_criterion,
        "pri_e": found.rest,
    }
    for name, source in sources.items():
        assert source.mean_square == pytest.approx(expected["mean_squares"][name], abs=1e-5)
        assert source.freedom == expected["df"][name]
    assert found.entry.variance == pytest.approx((15.81905 - 8.22381 - 2.14444 + 1.18016) / 15, abs=1e-5)


@pytest.fixture(scope="module")
def shrout_fleiss() -> LinearFit:
    scores = table(published()["shrout_fleiss_1979"]["data"])
    entry, judge = np.divmod(np.arange(scores.size), 4)
    return fit_crossed(scores.ravel(), entry, judge)


def test_four_judges_give_the_published_coefficients(shrout_fleiss: LinearFit) -> None:
    expected = published()["shrout_fleiss_1979"]["computed"]

    [four] = d_study(shrout_fleiss, [4])

    assert four.relative == pytest.approx(expected["ICC3k"], abs=1e-3)
    assert four.absolute == pytest.approx(expected["ICC2k"], abs=1e-3)


def test_more_judges_are_more_dependable(shrout_fleiss: LinearFit) -> None:
    relative = [one.relative for one in d_study(shrout_fleiss)]

    assert relative == sorted(relative)
    # var_p = 2.5556 and var_pr = 1.0194: 0.8 needs 4 x 1.0194 / 2.5556 = 1.6 judges.
    assert judges_needed(shrout_fleiss, 0.8) == 2
    assert judges_needed(shrout_fleiss, 0.9999) is None


def test_what_cannot_be_studied_is_refused(shrout_fleiss: LinearFit) -> None:
    with pytest.raises(JudgingError, match="every judge's score"):
        g_study(np.full((2, 2, 2), np.nan))
    with pytest.raises(JudgingError, match=r"dependability of 1\.0"):
        judges_needed(shrout_fleiss, 1.0)
