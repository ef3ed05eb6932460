"""Innovations that are nearly the same are found in the whole city, and nothing of hidden ones is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from tests.conftest import TODAY, ClientOf
from tests.factories import Town, make_innovation, make_person
from tifa.core.likeness import likeness, nearest
from tifa.dossiers.choices import Block
from tifa.dossiers.models import Story
from tifa.dossiers.selectors.neighbours import neighbours_of
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree

TEXT = (
    "Kader mendaftarkan pasien lewat radio, dan perahu berangkat setiap pagi menurut daftar itu, sehingga warga lima"
    " kampung di pulau tidak menunggu lagi selama dua jam."
)
COPIED = TEXT.replace("lima kampung", "empat kampung").replace("setiap pagi", "tiap hari")
OTHER = (
    "Petugas loket menjemput berkas warga yang sakit di rumah dan mengantar kartu keluarga yang sudah jadi pada hari"
    " yang sama tanpa biaya."
)


def test_copied_summary_and_nearly_equal_title_are_found(town: Town, ortal: Person) -> None:
    own = make_innovation(town.puskesmas, title="Perahu Sehat", summary=TEXT)
    copied = make_innovation(town.distrik, title="Jemput Pasien", summary=COPIED)
    titled = make_innovation(town.kampung, title="PERAHU-SEHAT", summary=OTHER)
    make_innovation(town.kampung, title="Antar Kartu", summary=OTHER)

    found = neighbours_of(own, ortal, unit_tree())

    assert [(one.innovation, one.by_title, one.in_room) for one in found] == [
        (titled, True, True),
        (copied, False, True),
    ]
    assert found[0].likeness == 100
    assert 85 <= found[1].likeness < 100


def test_story_is_compared_too(town: Town, ortal: Person, operator: Person) -> None:
    own = make_innovation(town.puskesmas, title="Perahu Sehat", summary="")
    other = make_innovation(town.distrik, title="Jemput Pasien", summary="Lain sama sekali.")
    for innovation, text in ((own, TEXT), (other, COPIED)):
        Story.objects.create(
            innovation=innovation,
            block=Block.SUMMARY,
            text=text,
            changed_by=operator,
            changed_at=timezone.now(),
        )

    assert [one.innovation for one in neighbours_of(own, ortal, unit_tree())] == [other]


def test_nothing_of_a_hidden_one_is_told_but_that_it_exists(
    town: Town, client_of: ClientOf, operator: Person
) -> None:
    own = make_innovation(town.puskesmas, title="Perahu Sehat", summary=TEXT)
    make_innovation(town.kampung, title="Rahasia Kampung", summary=COPIED)
    client = client_of(operator)
    client.cookies["tifa_language"] = "en"

    page = client.get(reverse("dossiers:innovation", args=[own.code])).content.decode()

    assert "It belongs to another unit" in page
    assert "Rahasia" not in page
    assert "empat kampung" not in page


def test_public_one_of_another_unit_is_named_with_its_public_page(
    town: Town, client_of: ClientOf, operator: Person
) -> None:
    own = make_innovation(town.puskesmas, title="Perahu Sehat", summary=TEXT)
    other = make_innovation(
        town.kampung, title="Jemput Pasien", summary=COPIED, published_on=TODAY - timedelta(days=1)
    )

    page = client_of(operator).get(reverse("dossiers:innovation", args=[own.code])).content.decode()

    assert f'href="{reverse("portal:innovation", args=[other.code])}"' in page


def test_short_and_empty_summaries_are_no_copies(town: Town) -> None:
    own = make_innovation(town.puskesmas, title="Perahu Sehat", summary="Belum ada.")
    make_innovation(town.distrik, title="Jemput Pasien", summary="Belum ada.")
    stranger = make_person("lain@example.org", Role.HEAD, town.kampung)

    assert neighbours_of(own, stranger, unit_tree()) == []


words = st.lists(st.sampled_from(TEXT.split()), min_size=5, max_size=20).map(" ".join)


@given(words, st.lists(words, max_size=8), st.sampled_from([60, 85, 95]))
def test_nearest_finds_exactly_what_comparing_each_finds(text: str, others: list[str], least: int) -> None:
    found = dict(nearest(text, others, least=least, most=20))

    compared = {
        place: fuzz.token_sort_ratio(text, other, processor=default_process)
        for place, other in enumerate(others)
    }
    assert found == {place: value for place, value in compared.items() if value >= least}


@pytest.mark.parametrize(
    ("one", "other"), [("Perahu Sehat", "perahu-sehat"), ("Sehat Perahu", "PERAHU SEHAT!")]
)
def test_case_signs_and_order_do_not_matter(one: str, other: str) -> None:
    assert likeness(one, other) == 100
