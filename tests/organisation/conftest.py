"""What the tests of the organisation share: browsers that read English, so that they can compare sentences."""

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import ClientOf
from tifa.organisation.models import Person


class RoomOf:
    """Makes a browser in English that is signed in as a person."""

    def __init__(self, client_of: ClientOf) -> None:
        self._client_of = client_of

    def __call__(self, person: Person) -> Client:
        client = self._client_of(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client


@pytest.fixture
def room_of(client_of: ClientOf) -> RoomOf:
    return RoomOf(client_of)
