"""The unit that a text means is found by name, alias, kind, short form and date; never by a guess."""

from datetime import date

import pytest

from tests.factories import Town, make_unit
from tifa.chain.selectors.owners import OwnerFinder
from tifa.organisation.choices import UnitKind
from tifa.organisation.models import UnitAlias
from tifa.organisation.selectors import unit_tree

DAY = date(2026, 3, 1)


def find(owner: str, taught: dict[str, int] | None = None, on: date = DAY) -> str | None:
    unit = OwnerFinder(unit_tree(), "Kota Jayapura", taught).find(owner, on)
    return unit.code if unit else None


@pytest.mark.parametrize(
    ("owner", "code"),
    [
        ("Puskesmas Abepura", "PKM.ABEPURA"),
        ("UPTD Puskesmas Abepura", "PKM.ABEPURA"),
        ("Dinas Kesehatan Kota Jayapura", "OPD.DINKES"),
        ("Dinkes", "OPD.DINKES"),
        ("Dinkes Kota Jayapura", "OPD.DINKES"),
        ("Dinas Kesahatan", "OPD.DINKES"),
        ("Distrik Abepura", "91.71.03"),
        ("Kampung Nafri", "91.71.03.2001"),
        ("Pemkot Jayapura", "91.71"),
        ("Pemerintah Kota Jayapura", "91.71"),
        ("Puskesmas Abepura Luncurkan PERAHU PINTAR", "PKM.ABEPURA"),
        ("Dinas Kebakaran", None),
        ("Dinas Kesehatan Provinsi Papua", None),
        ("", None),
        ("!!!", None),
        ("x" * 5000, None),
    ],
)
def test_owner_is_found(town: Town, owner: str, code: str | None) -> None:
    assert find(owner) == code


def test_name_of_two_units_means_neither(town: Town) -> None:
    make_unit("KEL.WAENA", "Waena", UnitKind.KELURAHAN, town.distrik)
    make_unit("KMP.WAENA", "Waena", UnitKind.KAMPUNG, town.distrik)

    assert [find(owner) for owner in ("Waena", "Kelurahan Waena", "Kampung Waena")] == [
        None,
        "KEL.WAENA",
        "KMP.WAENA",
    ]


def test_numbered_schools_are_not_taken_for_each_other(town: Town) -> None:
    make_unit("SD.1", "SD Negeri 1 Entrop", UnitKind.SCHOOL, town.city)

    assert find("SD Negeri 2 Entrop") is None


def test_unit_that_has_ended_is_not_meant(town: Town) -> None:
    make_unit("LAMA", "Dinas Pasar", UnitKind.DEPARTMENT, town.city, valid_to=date(2020, 12, 31))

    assert find("Dinas Pasar", on=date(2019, 5, 1)) == "LAMA"
    assert find("Dinas Pasar") is None


def test_aliases_and_taught_names_are_known(town: Town) -> None:
    UnitAlias.objects.create(unit=town.department, text="Dinas Sehat")

    assert find("Dinas Sehat") == "OPD.DINKES"
    assert find("Rumah Kasih", {"rumahkasih": town.puskesmas.pk}) == "PKM.ABEPURA"


def test_another_government_in_the_tree_is_not_ours(town: Town) -> None:
    other = make_unit("91.03", "Kabupaten Jayapura", UnitKind.REGENCY)
    make_unit("91.03.X", "Dinas Perahu", UnitKind.DEPARTMENT, other)

    assert find("Dinas Perahu") is None
