"""Vectors give the same figures as the exact engine."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.instruments.scoring.conftest import REGION
from tifa.instruments import Instrument, load_instrument, score
from tifa.instruments.loading import parse_instrument
from tifa.instruments.scoring.bulk import MISSING, MemberTable, NotInBulk, score_scopes, score_survey
from tifa.instruments.scoring.facts import Given

DAY = date(2099, 1, 1)
ELEMENTS = [item.id for item in load_instrument("skm-2017").items]
AFFAIRS = ["kesehatan", "Pendidikan", "pariwisata", "lain"]


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_survey_is_the_same_in_bulk(seed: int, respondents: int) -> None:
    instrument = load_instrument("skm-2017")
    drawn = np.random.default_rng(seed).integers(0, 5, (respondents, len(ELEMENTS))).astype(np.int8)
    drawn[drawn == 0] = MISSING
    rows = [
        {name: int(value) for name, value in zip(ELEMENTS, row, strict=True) if value != MISSING}
        for row in drawn
    ]

    bulk = score_survey(instrument, ELEMENTS, drawn, on=DAY)
    exact = score(instrument, {"responses": rows}, on=DAY)

    assert bulk.results == exact.results


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(0, 12))
def test_regions_are_the_same_in_bulk(seed: int, count: int) -> None:
    region = parse_instrument(REGION, name="region.yaml")
    random = np.random.default_rng(seed)
    levels = np.stack([random.integers(-1, 3, count) + 1, random.integers(-1, 2, count) + 1], axis=1)
    levels[levels == 0] = MISSING
    owner, affairs = random.integers(0, 2, count), [AFFAIRS[at] for at in random.integers(0, 4, count)]
    table = MemberTable(("regulasi", "manfaat"), levels, owner, {"urusan": affairs})

    bulk = score_scopes(region, "innovations", table, [{"daerah": Given(2, 1)}] * 2, on=DAY)  # type: ignore[arg-type]

    for place, outcome in enumerate(bulk):
        mine = [at for at in range(count) if owner[at] == place]
        values = {
            "items": {"daerah": 2},
            "innovations": [
                {
                    "urusan": affairs[at],
                    "items": {
                        name: int(level)
                        for name, level in zip(table.items, levels[at], strict=True)
                        if level != MISSING
                    },
                }
                for at in mine
            ],
        }
        exact = score(region, values, on=DAY)
        assert {name: node.value for name, node in outcome.results.items()} == {
            name: node.value for name, node in exact.results.items()
        }


def test_answer_off_the_scale_is_refused() -> None:
    with pytest.raises(NotInBulk, match="expected 1 to 4"):
        score_survey(load_instrument("skm-2017"), ["waktu"], np.array([[5]], dtype=np.int8), on=DAY)


def test_column_that_is_no_item_is_refused() -> None:
    with pytest.raises(NotInBulk, match="'tarif'"):
        score_survey(load_instrument("skm-2017"), ["tarif"], np.array([[4]], dtype=np.int8), on=DAY)


def test_unknown_item_of_a_member_is_refused(region: Instrument) -> None:
    table = MemberTable(("tarif",), np.array([[1]]), np.array([0]), {})

    with pytest.raises(NotInBulk, match="'tarif'"):
        score_scopes(region, "innovations", table, [{}], on=DAY)
