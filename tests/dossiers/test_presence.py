"""Who has an item open knows who else has."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import ClientOf
from tests.factories import Town, make_innovation, make_person
from tifa.dossiers.models import Dossier, Presence
from tifa.dossiers.services.presence import THERE, note_presence
from tifa.dossiers.services.writing import mark_ready, start_dossier
from tifa.instruments import load_instrument
from tifa.organisation.choices import Role
from tifa.organisation.models import Person

NOW = timezone.now()
ITEM = "ringkasan"


@pytest.fixture
def dossier(town: Town, operator: Person) -> Dossier:
    return start_dossier(
        actor=operator,
        innovation=make_innovation(town.puskesmas),
        instrument=load_instrument("kipp-2023"),
        group="umum",
        now=NOW,
    )


@pytest.fixture
def other(town: Town) -> Person:
    return make_person("rekan@example.org", Role.OPERATOR, town.puskesmas)


def opened(client: Client, dossier: Dossier) -> str:
    client.cookies["tifa_language"] = "en"
    return client.get(reverse("dossiers:answer", args=[dossier.pk, ITEM])).content.decode()


def test_second_one_reads_who_is_there_and_the_first_learns_it_when_it_saves(
    client_of: ClientOf, dossier: Dossier, operator: Person, other: Person
) -> None:
    assert "Also has this item open" not in opened(client_of(operator), dossier)

    assert f"Also has this item open: {operator}" in opened(client_of(other), dossier)
    first = client_of(operator)
    first.cookies["tifa_language"] = "en"
    told = first.post(
        reverse("dossiers:autosave", args=[dossier.pk, ITEM]), {"version": "0", f"text-{ITEM}": "Warga."}
    ).json()

    assert str(other) in told["here"]


def test_whoever_left_is_not_there_any_more(dossier: Dossier, operator: Person, other: Person) -> None:
    note_presence(person=operator, dossier=dossier, item=ITEM, now=NOW - THERE - timedelta(seconds=1))

    assert note_presence(person=other, dossier=dossier, item=ITEM, now=NOW) == []
    assert note_presence(person=operator, dossier=dossier, item="kebaruan", now=NOW) == []
    assert note_presence(person=operator, dossier=dossier, item=ITEM, now=NOW) == [other]


def test_presence_is_written_once_a_minute(dossier: Dossier, operator: Person) -> None:
    note_presence(person=operator, dossier=dossier, item=ITEM, now=NOW)
    note_presence(person=operator, dossier=dossier, item=ITEM, now=NOW + timedelta(seconds=59))
    assert Presence.objects.get().seen_at == NOW

    note_presence(person=operator, dossier=dossier, item=ITEM, now=NOW + timedelta(seconds=61))
    assert Presence.objects.get().seen_at == NOW + timedelta(seconds=61)


def test_whoever_only_reads_is_not_noted(
    client_of: ClientOf, dossier: Dossier, ortal: Person, operator: Person, head: Person
) -> None:
    opened(client_of(ortal), dossier)
    mark_ready(actor=head, dossier=dossier, now=NOW)
    opened(client_of(operator), dossier)

    assert not Presence.objects.exists()
