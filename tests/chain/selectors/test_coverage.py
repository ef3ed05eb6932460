"""The coverage table."""

from datetime import date
from typing import Any

from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation
from tifa.chain.choices import Step
from tifa.chain.models import NilReport
from tifa.chain.selectors.coverage import coverage
from tifa.chain.selectors.ledgers import Scope
from tifa.organisation.selectors import unit_tree


def test_rows_are_in_tree_order_with_subtrees_summed(town: Town) -> None:
    make_handoff(make_innovation(town.puskesmas), Step.REPORTED, date(2026, 2, 1))
    make_innovation(town.department)
    NilReport.objects.create(unit=town.kampung, year=2025, on=date(2025, 6, 1), signed_by="Kepala")

    rows = {row.unit.code: row for row in coverage(Scope(TODAY), unit_tree())}

    assert list(rows) == [
        town.city.code,
        town.distrik.code,
        town.kampung.code,
        town.department.code,
        town.puskesmas.code,
        town.ortal.code,
    ]
    city, department, puskesmas = (rows[unit.code] for unit in (town.city, town.department, town.puskesmas))
    assert (city.innovations, city.in_subtree, city.depth) == (0, 2, 0)
    assert (department.innovations, department.in_subtree, department.silent) == (1, 2, True)
    assert (puskesmas.last_report, puskesmas.silent, puskesmas.depth) == (date(2026, 2, 1), False, 2)
    assert rows[town.kampung.code].nil_years == (2025,)
    assert rows[town.kampung.code].silent


def test_statements_do_not_grow_with_the_rows(town: Town, django_assert_num_queries: Any) -> None:
    tree = unit_tree()
    for rows in (1, 3):
        for _ in range(rows):
            make_handoff(make_innovation(town.puskesmas), Step.REPORTED, date(2026, 2, 1))
        with django_assert_num_queries(5):
            coverage(Scope(TODAY), tree)
