"""What the tests of the portal share: browsers that read English, so that they can compare sentences."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import ClientOf
from tests.factories import Town, make_innovation
from tifa.organisation.models import Person, Unit
from tifa.registry.models import Innovation

PUBLISHED = date(2025, 6, 1)
FUTURE = date(2999, 1, 1)


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def steady(page: str) -> str:
    """Leave out the token against forged forms, which differs in every answer."""
    return re.sub(r"[A-Za-z0-9]{64}", "", page)


def publish(unit: Unit, **fields: object) -> Innovation:
    return make_innovation(unit, **{"verified_on": PUBLISHED, "published_on": PUBLISHED, **fields})


@pytest.fixture
def visitor(town: Town) -> Client:
    return in_english(Client())


@pytest.fixture
def room_of(client_of: ClientOf) -> "RoomOf":
    return RoomOf(client_of)


class RoomOf:
    """Makes a browser in English that is signed in as a person."""

    def __init__(self, client_of: ClientOf) -> None:
        self._client_of = client_of

    def __call__(self, person: Person) -> Client:
        return in_english(self._client_of(person))
