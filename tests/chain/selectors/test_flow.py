"""Flow figures: days, deadlines, losses, and the national figures beside them."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import TODAY
from tests.factories import Town, make_innovation, walk_chain
from tifa.chain.choices import GapKind, Step
from tifa.chain.models import ServiceLevel
from tifa.chain.selectors.flow import Flow, StepTime, flow, frozen_flow, high_value
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.selectors.national import national_figures
from tifa.organisation.selectors import unit_tree

DAY = date(2026, 3, 1)


def figures() -> Flow:
    return flow(Scope(TODAY), unit_tree())


def step(found: Flow, kind: GapKind) -> StepTime:
    return next(one for one in found.steps if one.kind == kind)


def verified_after(town: Town, *days: int) -> None:
    for count in days:
        walk_chain(
            make_innovation(town.puskesmas),
            (Step.REPORTED, DAY),
            (Step.VERIFIED, DAY + timedelta(days=count)),
        )


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], None), ([4], 4), ([1, 2], 2), (list(range(1, 11)), 9), (list(range(1, 21)), 18)],
)
def test_nine_of_ten_is_the_nearest_rank(days: list[int], expected: int | None) -> None:
    assert high_value(days) == expected


def test_days_of_what_ended_and_number_of_what_waits(town: Town) -> None:
    verified_after(town, 2, 4, 9)
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))

    found = step(figures(), GapKind.UNVERIFIED)

    assert (found.ended, found.median, found.high, found.waiting) == (3, 4, 9, 1)
    assert (found.judged, found.share) == (0, None)


def test_in_time_is_what_ended_up_to_its_day(town: Town) -> None:
    ServiceLevel.objects.create(unit=town.city, kind=GapKind.UNVERIFIED, days=4)
    verified_after(town, 3, 4, 5)

    found = step(figures(), GapKind.UNVERIFIED)

    assert (found.judged, found.in_time) == (3, 2)


def test_loss_by_branch_and_year(town: Town) -> None:
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, date(2025, 5, 1)), (Step.FORWARDED, DAY))
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))
    walk_chain(make_innovation(town.kampung), (Step.REPORTED, DAY))
    make_innovation(town.kampung)

    found = figures()

    assert (found.total.reported, found.total.lost) == (3, 2)
    assert [(loss.key, loss.reported, loss.lost) for loss in found.units] == [
        (town.distrik.code, 1, 1),
        (town.department.code, 2, 1),
    ]
    assert [(loss.name, loss.reported, loss.lost) for loss in found.years] == [("2025", 1, 0), ("2026", 2, 2)]
    assert found.stuck == ((GapKind.UNVERIFIED, 2),)


def test_national_figures_are_those_of_the_source() -> None:
    assert [(one.edition, f"{one.lost:.1%}") for one in national_figures()] == [
        ("KIPP 2018", "40.2%"),
        ("KIPP 2022", "29.4%"),
    ]
    assert all(source.startswith("https://") for one in national_figures() for source in one.sources)
    last = national_figures()[-1]
    assert (last.with_unit or 0) + (last.with_local_admin or 0) == last.registered - last.forwarded


def test_frozen_figures_hold_no_innovation_and_no_person(town: Town) -> None:
    walk_chain(
        make_innovation(town.puskesmas, title="Perahu Sehat", initiator="Ibu Ani"), (Step.REPORTED, DAY)
    )

    text = str(frozen_flow(figures()))

    assert "Perahu" not in text
    assert "Ani" not in text
    assert town.department.name in text


def test_statements_do_not_grow_with_the_rows(town: Town, django_assert_num_queries: Any) -> None:
    tree = unit_tree()
    for rows in (1, 3):
        verified_after(town, *range(rows))
        with django_assert_num_queries(2):
            flow(Scope(TODAY), tree)
