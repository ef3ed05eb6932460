"""The number of the next letter follows from the last one."""

from datetime import date, timedelta

import pytest

from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation
from tifa.chain.choices import Step
from tifa.chain.selectors.numbers import following, last_letter_number


@pytest.mark.parametrize(
    ("number", "next_one"),
    [
        ("000.8.3.4/017/ORG/2026", "000.8.3.4/018/ORG/2026"),
        ("12/INOV/XI/2026", "13/INOV/XI/2026"),
        ("2026/INOV/9", "2026/INOV/10"),
        ("ORG-099-2026", "ORG-100-2026"),
        ("tanpa nomor", ""),
        ("", ""),
        ("000.8.3/ORG", ""),
    ],
)
def test_running_part_is_raised_and_everything_else_stays(number: str, next_one: str) -> None:
    assert following(number, 2026) == next_one


def test_last_number_is_that_of_this_year(town: Town) -> None:
    innovation = make_innovation(town.puskesmas)
    make_handoff(innovation, Step.FORWARDED, on=date(TODAY.year - 1, 6, 1), letter_number="1/LAMA")
    assert last_letter_number(TODAY) == ""

    start = date(TODAY.year, 1, 1)
    make_handoff(innovation, Step.FORWARDED, on=start, letter_number="2/BARU")
    make_handoff(innovation, Step.RECEIVED, on=start + timedelta(days=1))

    assert last_letter_number(TODAY) == "2/BARU"
