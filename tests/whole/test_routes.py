"""Every route names its permission, and opens for those who have it and for nobody else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.whole.html import faults_of
from tests.whole.world import PARAMETERS, World, build_world
from tifa.core.permissions import PUBLIC
from tifa.organisation.models import Person

OURS = ("core", "organisation", "registry", "dossiers", "chain", "evaluation", "exchange", "portal")
ROLES = ("operator", "head", "ortal", "judge", "leader", "auditor", "administrator", "stranger")
OPENED = {200, 302}
# Whoever may not see one object gets "not found", so that its existence does not leak; a form that only
# takes POST answers 405.
WITHHELD = {404, 405}


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Yield the name and pattern of each of our routes."""
    for namespace in get_resolver().url_patterns:
        if isinstance(namespace, URLResolver) and namespace.namespace in OURS:
            yield from _below(namespace)


def _below(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _below(pattern)
        else:
            yield f"{resolver.namespace}:{pattern.name}", pattern


ROUTES = dict(routes())


def permission_of(pattern: URLPattern) -> str | None:
    return getattr(pattern.callback, "permission_name", None)


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def address(name: str, world: World) -> str:
    return reverse(name, kwargs=PARAMETERS[name](world) if name in PARAMETERS else {})


def client_of(person: Person | None) -> Client:
    client = Client(raise_request_exception=True)
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_route_names_its_permission() -> None:
    unnamed = [name for name, pattern in ROUTES.items() if permission_of(pattern) is None]

    assert unnamed == []
    assert len(ROUTES) > 40


def test_every_route_with_parameters_is_known_to_this_walk() -> None:
    unknown = [
        name for name, pattern in ROUTES.items() if pattern.pattern.regex.groups and name not in PARAMETERS
    ]

    assert unknown == []


@pytest.mark.parametrize("role", ROLES)
def test_each_route_opens_only_with_its_permission(world: World, role: str) -> None:
    person = world.people[role]
    client = client_of(person)
    wrong = []
    for name, pattern in ROUTES.items():
        status = client.get(address(name, world)).status_code
        allowed = permission_of(pattern) == PUBLIC or person.has_perm(str(permission_of(pattern)))
        expected = OPENED | WITHHELD if allowed else {403}
        if status not in expected:
            wrong.append((name, status))

    assert wrong == []


def test_each_guarded_route_sends_a_visitor_to_the_sign_in(world: World) -> None:
    client = client_of(None)
    wrong = []
    for name, pattern in ROUTES.items():
        response = client.get(address(name, world))
        guarded = permission_of(pattern) != PUBLIC
        if guarded and not (response.status_code == 302 and reverse("account_login") in response["Location"]):
            wrong.append((name, response.status_code))
        if not guarded and response.status_code not in OPENED | WITHHELD:
            wrong.append((name, response.status_code))

    assert wrong == []
    assert not AnonymousUser().has_perm("organisation.use_room")


@pytest.mark.parametrize("role", [*ROLES, None])
def test_every_page_is_valid_html_with_one_heading(world: World, role: str | None) -> None:
    client = client_of(world.people[role] if role else None)
    faults: dict[str, Any] = {}
    for name in ROUTES:
        response = client.get(address(name, world))
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            found = faults_of(response.content.decode())
            if found:
                faults[name] = found

    assert faults == {}


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_opens_in_both_languages(world: World, language: str) -> None:
    client = client_of(world.people["ortal"])
    client.cookies["tifa_language"] = language

    for name in ROUTES:
        response = client.get(address(name, world))
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            assert f'<html lang="{language}"' in response.content.decode(), name
