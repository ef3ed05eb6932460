"""Innovations that soon are old enough: counted by what the last edition that tells it asks, a year ahead and no further."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import make_innovation
from tifa.core.clock import months_after
from tifa.dossiers.selectors.closing import soon_old_enough
from tifa.instruments import load_instrument
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree

TODAY = date(2026, 11, 24)


def asked() -> int:
    """KIPP 2022 asks for two years, and no source tells the number of the editions after it."""
    limits = [one.limit for one in load_instrument("kipp-2022").conditions if one.id == "umur_minimum"]
    assert limits[0] is not None
    assert limits[0].value == 24
    return 24


@pytest.mark.parametrize(
    ("left", "listed"), [(timedelta(days=0), False), (timedelta(days=1), True), (timedelta(days=360), True)]
)
def test_within_a_year(town: Any, operator: Person, left: timedelta, listed: bool) -> None:
    started = months_after(TODAY + left, -asked())
    innovation = make_innovation(town.puskesmas, use_started=started)

    found = [one for one in soon_old_enough(operator, unit_tree(), TODAY) if one.months == asked()]

    assert [one.innovation for one in found] == [innovation] * bool(listed) * len(
        {one.edition for one in found}
    )
    assert all(one.day == months_after(started, asked()) for one in found)


def test_what_is_young_unknown_or_not_theirs_is_left_out(town: Any, operator: Person, leader: Person) -> None:
    make_innovation(town.puskesmas, use_started=months_after(TODAY, 13 - asked()))
    make_innovation(town.puskesmas, stage="inisiatif", use_started=None)
    make_innovation(town.distrik, use_started=months_after(TODAY + timedelta(days=5), -asked()))

    assert soon_old_enough(operator, unit_tree(), TODAY) == []
    assert len({one.innovation for one in soon_old_enough(leader, unit_tree(), TODAY)}) == 1
