"""What tests of the chain share."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from tests.conftest import TODAY
from tests.factories import Town, make_person
from tifa.organisation.choices import Role
from tifa.organisation.models import Person

Enter = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in the language of the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def enter() -> Enter:
    """Open a browser in which a person is signed in and reads English."""

    def opened(person: Person) -> Client:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return opened


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> date:
    """Let every page be opened on one day."""
    for module in ("tifa.organisation.desk", "tifa.chain.views.calendar", "tifa.config.commands.gaps"):
        monkeypatch.setattr(f"{module}.today", lambda: TODAY)
    return TODAY


@pytest.fixture
def stranger(town: Town) -> Person:
    """An operator of another unit."""
    return make_person("kampung@example.org", Role.OPERATOR, town.kampung)
