"""Agreement equals the published examples."""

import numpy as np
import pytest

from tests.stats.published import published, table
from tifa.stats.agreement import Level, components_icc, intraclass, krippendorff_alpha
from tifa.stats.errors import JudgingError
from tifa.stats.linear import fit_crossed

LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")


@pytest.mark.parametrize("name", ["four_by_twelve", "three_by_fifteen"])
@pytest.mark.parametrize("level", LEVELS)
def test_alpha_equals_the_published_examples(name: str, level: Level) -> None:
    example = published()["krippendorff_alpha"][name]

    found = krippendorff_alpha(table(example["data"]).T, level)

    assert found == pytest.approx(example["computed"][level], abs=1e-4)
    if level in example["published"]:
        assert found == pytest.approx(example["published"][level], abs=6e-4)


def test_alpha_of_equal_values_and_of_nothing_to_compare() -> None:
    assert krippendorff_alpha(np.ones((3, 2)), "interval") == 1.0
    assert np.isnan(krippendorff_alpha(np.array([[1.0, np.nan], [np.nan, 2.0]]), "nominal"))


def test_intraclass_correlations_equal_shrout_and_fleiss() -> None:
    example = published()["shrout_fleiss_1979"]

    found = intraclass(table(example["data"]))

    for name, one in {
        "ICC11": found.one_way,
        "ICC21": found.agreement,
        "ICC31": found.consistency,
        "ICC1k": found.one_way_mean,
        "ICC2k": found.agreement_mean,
        "ICC3k": found.consistency_mean,
    }.items():
        assert one.value == pytest.approx(example["computed"][name], abs=1e-5)
        assert one.value == pytest.approx(example["published"][name], abs=6e-3)
        assert (one.low, one.high) == pytest.approx(example["computed"]["ci95"][name], abs=1e-5)


def test_components_give_the_absolute_agreement_of_a_complete_table() -> None:
    example = published()["shrout_fleiss_1979"]
    scores = table(example["data"])
    entry, judge = np.divmod(np.arange(scores.size), 4)

    fit = fit_crossed(scores.ravel(), entry, judge)

    parts = fit.s_entry, fit.s_judge, fit.s_rest
    assert components_icc(*parts) == pytest.approx(example["computed"]["ICC21"], abs=1e-4)
    assert components_icc(*parts, judges=4) == pytest.approx(example["computed"]["ICC2k"], abs=1e-4)


def test_table_with_holes_is_refused() -> None:
    with pytest.raises(JudgingError, match="2 entries and 2 judges, or one with holes"):
        intraclass(np.array([[1.0, np.nan], [2.0, 3.0]]))
