"""The page of the audit trail: for auditors, narrowed, and checked on demand."""

import re

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import ClientOf
from tests.whole.html import faults_of
from tifa.core import audit
from tifa.core.models import Event
from tifa.organisation.models import Person

URL = reverse("core:audit")
CHECK = reverse("core:audit_verify")


@pytest.fixture
def room(client_of: ClientOf, auditor: Person) -> Client:
    client = client_of(auditor)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def record(actor: Person | None, action: str, key: str, **detail: object) -> None:
    with transaction.atomic():
        audit.record(actor=actor, action=action, object_type="innovation", object_key=key, **detail)


def read(client: Client, query: str = "") -> str:
    response = client.get(URL + query)
    assert response.status_code == 200
    page = str(response.content.decode())
    assert faults_of(page) == []
    return page


def keys(page: str) -> list[str]:
    return re.findall(r"<small>innovation ([^<]+)</small>", page)


@pytest.fixture
def three(ortal: Person, operator: Person) -> None:
    record(operator, "innovation.recorded", "INV-1", title="Perahu <b>Sehat</b>")
    record(ortal, "handoff.diverifikasi", "INV-1")
    record(None, "innovation.recorded", "INV-2", before={"a": 1})


def test_newest_stands_first(room: Client, three: None) -> None:
    page = read(room)

    assert keys(page) == ["INV-2", "INV-1", "INV-1"]
    assert "Perahu &lt;b&gt;Sehat&lt;/b&gt;" in page
    assert "the system" in page


def test_events_are_told_in_words(room: Client, ortal: Person) -> None:
    record(
        ortal,
        "scores.saved",
        "INV-1",
        instrument_digest="ab",
        closed_on=None,
        is_active=False,
        added=["a", "b"],
        after={"title": "Perahu", "source": "workbook"},
        role="head",
        unheard_of=3,
    )

    page = read(room)

    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page))
    facts.pop("Digest")
    assert '<option value="scores.saved">Score sheet saved</option>' in page
    assert '<th scope="row">Score sheet saved<small>innovation INV-1</small>' in page
    assert facts == {
        "Digest of the instrument": "ab",
        "Closed on": '<span class="unknown">unknown</span>',
        "May sign in": "no",
        "Added": "a, b",
        "After: Title": "Perahu",
        "After: Source": "workbook",
        "Role": "Unit head",
        "unheard_of": "3",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?object=inv-1", ["INV-1", "INV-1"]),
        ("?actor=ortal", ["INV-1"]),
        ("?action=innovation.recorded", ["INV-2", "INV-1"]),
        ("?object=INV-1&actor=operator", ["INV-1"]),
        ("?object=%00INV-2", ["INV-2"]),
        ("?object=xyz", []),
        ("?page=abc", ["INV-2", "INV-1", "INV-1"]),
    ],
)
def test_trail_is_narrowed(room: Client, three: None, query: str, expected: list[str]) -> None:
    page = read(room, query)

    assert keys(page) == expected
    assert ("No row fits this choice." in page) is (not expected)


def test_unknown_action_is_left_out(room: Client, three: None) -> None:
    page = read(room, "?action=hapus")

    assert "No row has the action “hapus”" in page
    assert len(keys(page)) == 3


def test_empty_trail_says_so(room: Client) -> None:
    assert "Nothing was recorded yet." in read(room)


def test_check_says_that_the_chain_is_whole(room: Client, three: None) -> None:
    page = room.post(CHECK, follow=True).content.decode()

    assert "The chain is whole: 3 rows were checked." in page


def test_check_names_the_first_broken_row(room: Client, three: None) -> None:
    Event.objects.filter(sequence=2).update(object_key="INV-9")

    page = room.post(CHECK, follow=True).content.decode()

    assert "The chain is broken at row 2" in page


@pytest.mark.parametrize("role", ["operator", "head", "ortal", "judge", "leader", "administrator"])
def test_trail_is_for_auditors_only(
    client_of: ClientOf, three: None, role: str, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(role))

    assert (client.get(URL).status_code, client.post(CHECK).status_code) == (403, 403)


def test_visitor_signs_in_first(client: Client, three: None) -> None:
    assert client.get(URL).status_code == 302


def test_trail_costs_the_same_with_one_and_three_rows(
    room: Client, ortal: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    record(ortal, "innovation.recorded", "INV-1")
    with django_assert_num_queries(6):
        read(room)

    record(ortal, "innovation.revised", "INV-1")
    record(None, "innovation.recorded", "INV-2")
    with django_assert_num_queries(6):
        read(room)
