"""What a bundle states of an outcome."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest

from tifa.evaluation.bundle.results import section_levels
from tifa.stats.ranking import EntryScores, SectionScore, SectionWeight, rank


@pytest.mark.parametrize(("rounding", "mean"), [(ROUND_HALF_UP, "70.13"), (ROUND_HALF_EVEN, "70.12")])
def test_the_mean_of_a_section_is_rounded_as_its_format_says(rounding: str, mean: str) -> None:
    entries = [
        EntryScores(name, (SectionScore("judge", "kebaruan", Decimal(score), "scored"),))
        for name, score in (("a", "70.00"), ("b", "70.25"))
    ]
    ranking = rank(entries, (SectionWeight("kebaruan", Decimal(1)),), places=2)

    (level,) = section_levels(ranking, rounding)

    assert level["mean"] == mean
