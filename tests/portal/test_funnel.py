"""The public funnel: the frozen copy, by unit."""

import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories import Town, make_innovation, walk_chain
from tests.portal.conftest import steady
from tests.whole.html import faults_of
from tifa.chain.choices import Step
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.services.publishing import publish_ledgers

DAY = date(2025, 6, 1)


@pytest.fixture
def published(town: Town) -> Town:
    for _ in range(3):
        make_innovation(town.puskesmas, title="Judul yang tidak tampil")
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY), (Step.VERIFIED, DAY))
    walk_chain(make_innovation(town.kampung), (Step.REPORTED, DAY))
    publish_ledgers(actor=None, scope=Scope(DAY))
    return town


def read(client: Client, code: str = "") -> str:
    address = reverse("portal:funnel_unit", args=[code]) if code else reverse("portal:funnel")
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def test_without_a_publication_the_page_says_so(visitor: Client, town: Town) -> None:
    make_innovation(town.puskesmas)

    page = read(visitor)

    assert "The funnel is not published yet." in page
    assert faults_of(page) == []
    assert visitor.get(reverse("portal:funnel_unit", args=["91.71"])).status_code == 404


def test_funnel_of_the_city_counts_all_below(visitor: Client, published: Town) -> None:
    page = read(visitor)

    assert faults_of(page) == []
    assert "Innovation funnel of Kota Jayapura" in page
    assert "<b>5</b>" in page
    assert "3 innovations of the step before did not get this far." in page
    assert "Judul yang tidak tampil" not in page
    assert reverse("portal:funnel_unit", args=["OPD.DINKES"]) in page


def test_funnel_of_a_unit_leads_up_and_down(visitor: Client, published: Town) -> None:
    page = read(visitor, "OPD.DINKES")

    assert "Innovation funnel of Dinas Kesehatan" in page
    assert "<b>4</b>" in page
    assert f'<a href="{reverse("portal:funnel")}">Kota Jayapura</a>' in page
    assert reverse("portal:funnel_unit", args=["PKM.ABEPURA"]) in page
    assert reverse("portal:funnel_unit", args=["91.71.03"]) not in page


def test_funnel_shows_the_copy_and_not_what_came_later(visitor: Client, published: Town) -> None:
    before = steady(read(visitor))

    make_innovation(published.puskesmas)

    assert steady(read(visitor)) == before


def test_unit_that_is_not_in_the_copy_is_unknown(visitor: Client, published: Town) -> None:
    assert visitor.get(reverse("portal:funnel_unit", args=["TIDAK.ADA"])).status_code == 404


def test_unit_without_innovations_says_so(visitor: Client, published: Town) -> None:
    assert "No innovation of this unit is known." in read(visitor, "SETDA.ORTAL")


def test_download_is_the_frozen_copy(visitor: Client, published: Town) -> None:
    content = json.loads(visitor.get(reverse("portal:funnel_download")).content)

    assert content["as_of"] == "2025-06-01"
    assert content["units"][0]["ledgers"]["known"] == 5


def test_funnel_costs_the_same_with_one_and_three_units(
    visitor: Client, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_ledgers(actor=None, scope=Scope(DAY, frozenset({town.city.pk})))
    with django_assert_num_queries(1):
        read(visitor)

    publish_ledgers(actor=None, scope=Scope(DAY))
    with django_assert_num_queries(1):
        read(visitor)
