"""The pages of the units: the tree, other names, validity, and people only for administrators."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories import Town, make_unit
from tests.organisation.conftest import RoomOf
from tests.whole.html import faults_of
from tifa.organisation.choices import UnitKind
from tifa.organisation.models import Person, Unit, UnitAlias

LIST = reverse("organisation:unit_list")


def read(client: Client, url: str = LIST) -> str:
    response = client.get(url)
    assert response.status_code == 200
    page = str(response.content.decode())
    assert faults_of(page) == []
    return page


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def test_list_follows_the_tree(room_of: RoomOf, town: Town, operator: Person) -> None:
    page = read(room_of(operator))

    assert names(page) == [
        "Kota Jayapura",
        "Abepura",
        "Nafri",
        "Dinas Kesehatan",
        "Puskesmas Abepura",
        "Bagian Organisasi",
    ]
    assert "<small>Kota Jayapura › Dinas Kesehatan</small>" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=abepura", ["Abepura", "Puskesmas Abepura"]),
        ("?q=dkk", ["Dinas Kesehatan"]),
        ("?q=%00dkk", ["Dinas Kesehatan"]),
        ("?q=xyz", []),
    ],
)
def test_list_is_searched(
    room_of: RoomOf, town: Town, operator: Person, query: str, expected: list[str]
) -> None:
    UnitAlias.objects.create(unit=town.department, text="DKK")

    page = read(room_of(operator), LIST + query)

    assert names(page) == expected
    assert ("No unit fits the search." in page) is (not expected)


def test_unit_shows_facts_and_neighbours(room_of: RoomOf, town: Town, operator: Person) -> None:
    UnitAlias.objects.create(unit=town.department, text="DKK")
    Unit.objects.filter(pk=town.department.pk).update(valid_to=date(2020, 1, 1))

    page = read(room_of(operator), reverse("organisation:unit_detail", args=["OPD.DINKES"]))

    assert "DKK" in page
    assert "1 January 2020" in page
    assert "does not exist today" in page
    assert reverse("organisation:unit_detail", args=["PKM.ABEPURA"]) in page
    assert reverse("organisation:unit_detail", args=["91.71"]) in page


def test_people_of_a_unit_are_for_administrators_only(
    room_of: RoomOf, town: Town, operator: Person, ortal: Person, administrator: Person
) -> None:
    url = reverse("organisation:unit_detail", args=["PKM.ABEPURA"])

    assert "People with a role here" not in read(room_of(ortal), url)
    assert reverse("organisation:person_edit", args=[operator.pk]) in read(room_of(administrator), url)


@pytest.mark.parametrize("path", ["/ruang/unit/TIDAK.ADA/", "/ruang/unit/a%00b/"])
def test_unknown_unit_is_not_found(room_of: RoomOf, town: Town, operator: Person, path: str) -> None:
    assert room_of(operator).get(path).status_code == 404


def test_units_are_for_those_who_sign_in(client: Client, town: Town) -> None:
    assert client.get(LIST).status_code == 302


def test_list_costs_the_same_with_one_and_three_units(
    room_of: RoomOf, town: Town, operator: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = room_of(operator)
    with django_assert_num_queries(6):
        read(client)

    for code in ("A", "B"):
        UnitAlias.objects.create(unit=make_unit(code, code, UnitKind.SCHOOL, town.city), text=code)
    with django_assert_num_queries(6):
        read(client)
