"""The published standards: every value with how well it is known, and the data behind it."""

import json

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.whole.html import faults_of
from tifa.instruments import digest, instrument_from_json, load_instrument

KIPP = "kipp-2023"


def read(client: Client, name: str, *args: str) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return str(response.content.decode())


def test_list_names_every_standard(visitor: Client) -> None:
    page = read(visitor, "portal:standards")

    assert reverse("portal:standard", args=[KIPP]) in page
    assert load_instrument(KIPP).title.en in page
    assert faults_of(page) == []


def test_standard_shows_sections_with_weights_and_limits(visitor: Client) -> None:
    instrument = load_instrument(KIPP)

    page = read(visitor, "portal:standard", KIPP)

    assert faults_of(page) == []
    for section in instrument.sections:
        assert section.label.en in page
    assert digest(instrument) in page
    assert '<span class="badge neutral">not found</span>' in page
    assert '<span class="unknown">unknown</span>' in page


def test_deadline_stands_in_both_time_zones(visitor: Client) -> None:
    page = read(visitor, "portal:standard", KIPP)

    assert "6 May 2023 23.59 WIB" in page
    assert "that is 7 May 2023 01.59 WIT in Kota Jayapura" in page


def test_standard_is_read_in_indonesian_too(visitor: Client) -> None:
    visitor.cookies["tifa_language"] = "id"

    page = read(visitor, "portal:standard", KIPP)

    assert load_instrument(KIPP).title.id in page
    assert faults_of(page) == []


def test_downloads_hold_the_digest_of_the_page(visitor: Client) -> None:
    expected = digest(load_instrument(KIPP))

    from_json = json.loads(read(visitor, "portal:standard_download", KIPP, "json"))
    from_yaml = yaml.safe_load(read(visitor, "portal:standard_download", KIPP, "yaml"))

    assert digest(instrument_from_json(from_json)) == expected
    assert from_yaml == from_json


@pytest.mark.parametrize("path", ["/standar/kipp-1999/", "/standar/kipp-1999.json", "/standar/kipp-2023.exe"])
def test_unknown_standard_is_not_found(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_standards_read_no_table(visitor: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        read(visitor, "portal:standards")
        read(visitor, "portal:standard", KIPP)
