"""What all tests share: the database to run on, and a made-up city in a few rows."""

import os
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import settings

from tests.browser import LAUNCH
from tests.factories import Town, build_town, make_person
from tifa.organisation.choices import Role
from tifa.organisation.models import Person

# A machine that does other things at the same time is no fault of the code under test.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
TODAY = date(2026, 11, 24)


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def operator(town: Town) -> Person:
    return make_person("operator@example.org", Role.OPERATOR, town.puskesmas)


@pytest.fixture
def head(town: Town) -> Person:
    return make_person("head@example.org", Role.HEAD, town.puskesmas)


@pytest.fixture
def ortal(town: Town) -> Person:
    return make_person("ortal@example.org", Role.ORTAL, town.city)


@pytest.fixture
def judge(town: Town) -> Person:
    return make_person("judge@example.org", Role.JUDGE, town.city)


@pytest.fixture
def leader(town: Town) -> Person:
    return make_person("leader@example.org", Role.LEADER, town.city)


@pytest.fixture
def auditor(town: Town) -> Person:
    return make_person("auditor@example.org", Role.AUDITOR, town.city)


@pytest.fixture
def administrator(town: Town) -> Person:
    return make_person("administrator@example.org", Role.ADMINISTRATOR, town.city)


@pytest.fixture
def client_of(client: Client) -> "ClientOf":
    return ClientOf()


class ClientOf:
    """Makes a browser that is signed in as a person."""

    def __call__(self, person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return dict(LAUNCH)


@pytest.fixture(scope="session", autouse=True)
def _synchronous_database_under_playwright() -> None:
    # Playwright keeps an event loop in the thread of the tests; Django would refuse every statement there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
