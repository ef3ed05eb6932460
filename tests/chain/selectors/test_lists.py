"""Search and filters of the list of innovations."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation, walk_chain
from tifa.chain.choices import GapKind, Holder, Step
from tifa.chain.selectors.lists import (
    NOT_REPORTED,
    Narrowing,
    age_in_months,
    exported_rows,
    innovation_rows,
    innovations_by,
)
from tifa.organisation.models import Person, UnitAlias
from tifa.organisation.selectors import unit_tree

DAY = date(2026, 3, 1)


def codes(person: Person, **narrowing: Any) -> list[str]:
    rows = innovations_by(person, Narrowing(**narrowing), as_of=TODAY, tree=unit_tree())
    return [innovation.code for innovation in rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("perahu", True),
        ("INV-X", True),
        ("teluk", True),
        ("puskesmas", True),
        ("hedam", True),
        ("perahu abepura", True),
        ("perahu sentani", False),
    ],
)
def test_search_looks_at_title_code_summary_unit_and_alias(
    town: Town, ortal: Person, query: str, *, found: bool
) -> None:
    UnitAlias.objects.create(unit=town.puskesmas, text="Puskesmas Hedam")
    make_innovation(town.puskesmas, code="INV-X", title="Perahu Sehat", summary="Di tepi teluk.")
    make_innovation(town.kampung, code="INV-Y", title="Lain", summary="Lain.")

    assert codes(ortal, query=query) == (["INV-X"] if found else [])


def test_filters_narrow(town: Town, ortal: Person) -> None:
    first = walk_chain(make_innovation(town.puskesmas, code="a"), (Step.REPORTED, DAY))
    make_handoff(first, Step.RETURNED, DAY)
    walk_chain(make_innovation(town.kampung, code="b", stage="inisiatif"), (Step.REPORTED, DAY))
    make_innovation(town.department, code="c", function="pengaturan", source="temuan")
    walk_chain(make_innovation(town.ortal, code="d"), (Step.FORWARDED, DAY), (Step.RECEIVED, DAY))

    assert codes(ortal) == ["d", "c", "b", "a"]
    assert codes(ortal, unit=town.department) == ["c", "a"]
    assert codes(ortal, stage="inisiatif") == ["b"]
    assert codes(ortal, function="pengaturan") == ["c"]
    assert codes(ortal, source="temuan") == ["c"]
    assert codes(ortal, step=Step.RETURNED) == ["a"]
    assert codes(ortal, step=NOT_REPORTED) == ["c"]
    assert codes(ortal, holder=Holder.UNIT) == ["c", "a"]
    assert codes(ortal, holder=Holder.ORTAL) == ["b"]
    assert codes(ortal, holder=Holder.MINISTRY) == []


def test_sorts_end_in_a_unique_field(town: Town, ortal: Person) -> None:
    now = timezone.now()
    for code, title in (("a", "Zet"), ("b", "Alfa"), ("c", "Zet")):
        make_innovation(town.puskesmas, code=code, title=title, recorded_at=now)

    assert codes(ortal, sort="title") == ["b", "a", "c"]
    assert codes(ortal, sort="newest") == ["c", "b", "a"]
    assert codes(ortal, sort="oldest") == ["a", "b", "c"]
    assert codes(ortal, sort="nonsense") == ["c", "b", "a"]


def test_nobody_finds_what_lies_outside_their_units(town: Town, operator: Person) -> None:
    make_innovation(town.kampung, code="b", title="Rahasia")
    make_innovation(town.puskesmas, code="a", title="Terbuka")

    assert codes(operator) == ["a"]
    assert codes(operator, query="Rahasia") == []
    assert codes(operator, unit=town.kampung) == []


def test_export_and_page_tell_the_same(town: Town, ortal: Person) -> None:
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY), (Step.VERIFIED, DAY))
    make_innovation(town.puskesmas)
    rows = innovations_by(ortal, Narrowing(), as_of=TODAY, tree=unit_tree())

    page, export = innovation_rows(rows, TODAY), list(exported_rows(rows, TODAY))

    assert page == export
    assert [row.kind for row in page] == [GapKind.UNREPORTED, GapKind.UNDECIDED]
    assert [row.holder for row in page] == [Holder.UNIT, Holder.ORTAL]


@pytest.mark.parametrize(
    ("use", "trial", "months"),
    [
        (date(2026, 11, 24), None, 0),
        (date(2026, 10, 25), None, 0),
        (date(2026, 10, 24), None, 1),
        (date(2024, 11, 24), date(2020, 1, 1), 24),
        (None, date(2026, 1, 24), 10),
        (date(2027, 1, 1), None, None),
        (None, None, None),
    ],
)
def test_age_is_counted_in_whole_months(
    town: Town, use: date | None, trial: date | None, months: int | None
) -> None:
    innovation = make_innovation(town.puskesmas, use_started=use, trial_started=trial)

    assert age_in_months(innovation, TODAY) == months
