"""The public page of one innovation: facts, and nothing of the city's inner work."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories import Town, make_handoff, make_innovation
from tests.portal.conftest import FUTURE, publish, steady
from tests.whole.html import faults_of
from tifa.chain.choices import Step
from tifa.organisation.models import Person
from tifa.registry.models import Evidence, Innovation

DAY = date(2025, 6, 1)


def read(client: Client, code: str) -> str:
    response = client.get(reverse("portal:innovation", args=[code]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_page_shows_public_facts(visitor: Client, town: Town) -> None:
    innovation = publish(
        town.puskesmas,
        title="Perahu Sehat",
        summary="Baris satu.\n\nBaris <b>dua</b>.",
        service="Pelayanan ibu dan anak",
        trial_started=None,
        source_url="https://example.org/berita",
        marking="nyata",
    )

    page = read(visitor, innovation.code)

    assert faults_of(page) == []
    for fact in (
        "Perahu Sehat",
        "Puskesmas Abepura",
        "Pelayanan ibu dan anak",
        "1 March 2025",
        "Baris &lt;b&gt;dua&lt;/b&gt;.",
        'href="https://example.org/berita"',
        "(facts from public sources)",
    ):
        assert fact in page
    assert '<dt>Start of the trial</dt><dd><span class="unknown">unknown</span></dd>' in page


def test_page_keeps_back_what_is_the_citys_own(visitor: Client, town: Town, operator: Person) -> None:
    innovation = publish(
        town.puskesmas, initiator="Nama Penggagas", source_note="Catatan dalam", summary="Ringkasan."
    )
    make_handoff(innovation, Step.REPORTED, date(2025, 1, 11))
    make_handoff(innovation, Step.RETURNED, date(2025, 1, 12), reason="Alasan dikembalikan")
    make_handoff(innovation, Step.VERIFIED, DAY)
    make_handoff(innovation, Step.HELD, date(2025, 7, 13), reason="Alasan ditahan", due=date(2025, 9, 14))
    make_handoff(innovation, Step.REJECTED, date(2025, 7, 15), reason="Alasan ditolak")
    Evidence.objects.create(
        innovation=innovation,
        kind="laporan",
        title="Judul bukti",
        url="https://example.org/bukti",
        added_by=operator,
        added_at=innovation.recorded_at,
    )

    page = read(visitor, innovation.code)

    for secret in (
        "Nama Penggagas",
        "Catatan dalam",
        "Alasan",
        "Returned",
        "Held back",
        "Rejected",
        "11 January",
        "12 January",
        "13 July",
        "14 September",
        "Judul bukti",
        "example.org/bukti",
    ):
        assert secret not in page


def test_page_says_how_far_it_came(visitor: Client, town: Town) -> None:
    innovation = publish(town.puskesmas)
    make_handoff(innovation, Step.VERIFIED, DAY)
    make_handoff(innovation, Step.SELECTED, DAY)
    make_handoff(innovation, Step.FORWARDED, FUTURE)

    page = read(visitor, innovation.code)

    assert "The organisation section has verified it." in page
    assert "It was selected for the national competition." in page
    assert "It has not been forwarded to the ministry." in page
    assert "No award is recorded." in page


@pytest.mark.parametrize(("verified_on", "told"), [(None, True), (FUTURE, True), (DAY, False)])
def test_page_says_that_nobody_verified_it(
    visitor: Client, town: Town, verified_on: date | None, told: bool
) -> None:
    page = read(visitor, publish(town.puskesmas, marking="nyata", verified_on=verified_on).code)

    assert ("comes from public sources. The organisation section has not verified it yet." in page) is told


def test_example_is_marked(visitor: Client, town: Town) -> None:
    page = read(visitor, publish(town.puskesmas, marking="contoh").code)

    assert "This entry was composed to try the system." in page


@pytest.mark.parametrize("published_on", [None, FUTURE])
def test_hidden_page_is_answered_as_an_unknown_one(
    visitor: Client, town: Town, published_on: date | None
) -> None:
    hidden = make_innovation(town.puskesmas, title="Belum terbit", published_on=published_on)

    withheld = visitor.get(reverse("portal:innovation", args=[hidden.code]))
    unknown = visitor.get(reverse("portal:innovation", args=["INV-TIDAK-ADA"]))

    assert (withheld.status_code, unknown.status_code) == (404, 404)
    assert steady(withheld.content.decode()).replace(hidden.code, "") == steady(
        unknown.content.decode()
    ).replace("INV-TIDAK-ADA", "")


@pytest.mark.parametrize("path", ["/inovasi/a%00b/", "/inovasi/%F0%9F%A5%81/", "/inovasi//"])
def test_damaged_address_is_unknown(visitor: Client, town: Town, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_code_may_hold_dots_and_slashes(visitor: Client, town: Town) -> None:
    publish(town.puskesmas, code="91.71/2025/7", title="Bergaris")

    assert "Bergaris" in read(visitor, "91.71/2025/7")


def test_page_costs_the_same_with_one_and_three_steps(
    visitor: Client, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    innovation: Innovation = publish(town.puskesmas)
    make_handoff(innovation, Step.VERIFIED, DAY)
    with django_assert_num_queries(3):
        read(visitor, innovation.code)

    make_handoff(innovation, Step.SELECTED, DAY)
    make_handoff(innovation, Step.FORWARDED, DAY)
    with django_assert_num_queries(3):
        read(visitor, innovation.code)
