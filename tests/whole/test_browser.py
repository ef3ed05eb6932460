"""Every page in a real browser: no axe finding, no sideways scroll, no error of script or policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.browser import DESKTOP, PHONE, needs_chromium, sideways
from tests.whole.test_routes import ROUTES, address, permission_of
from tests.whole.world import World, build_world
from tifa.core.permissions import PUBLIC
from tifa.organisation.models import Person

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

# Whoever sees most comes first; each page is looked at as the first of these who may open it.
FEWEST_PAGES = 40
VIEWERS = ("ortal", "operator", "judge", "administrator", "auditor", "leader")


def pages(world: World) -> dict[str | None, list[str]]:
    """Return the addresses that give a page, by who looks at them."""
    found: dict[str | None, list[str]] = {viewer: [] for viewer in (*VIEWERS, None)}
    clients = {viewer: Client() for viewer in (*VIEWERS, None)}
    for viewer, client in clients.items():
        if viewer:
            client.force_login(world.people[viewer], backend="django.contrib.auth.backends.ModelBackend")
    for name, pattern in ROUTES.items():
        target = address(name, world)
        for viewer in (None,) if permission_of(pattern) == PUBLIC else VIEWERS:
            response = clients[viewer].get(target)
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                if "<html" in response.content.decode():
                    found[viewer].append(target)
                break
    found[None].append("/akun/masuk/")
    for viewer in VIEWERS[1:]:
        found[viewer].append("/ruang/")
    assert sum(len(targets) for targets in found.values()) > FEWEST_PAGES
    return found


def open_as(
    browser: Browser,
    server: LiveServer,
    person: Person | None,
    size: ViewportSize,
    *,
    bypass_csp: bool = False,
) -> Page:
    """Open a window that is signed in as a person; axe brings a script of its own, which the policy forbids."""
    context = browser.new_context(viewport=size, bypass_csp=bypass_csp)
    if person is not None:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    return context.new_page()


def test_pages_are_accessible_and_fit_a_phone(browser: Browser, live_server: LiveServer) -> None:
    world = build_world()
    axe = Axe()
    faults = []
    for viewer, targets in pages(world).items():
        page = open_as(browser, live_server, world.people[viewer] if viewer else None, PHONE, bypass_csp=True)
        for target in targets:
            page.goto(live_server.url + target)
            faults += [
                f"{target}: {one['id']} {one['nodes'][0]['target']}"
                for one in axe.run(page).response["violations"]
            ]
            if (over := sideways(page)) > 0:
                faults.append(f"{target}: {over} px wider than the phone")
        page.context.close()

    assert faults == []


def test_pages_fit_a_desktop_and_keep_the_content_policy(browser: Browser, live_server: LiveServer) -> None:
    world = build_world()
    faults: list[str] = []

    for viewer, targets in pages(world).items():
        page = open_as(browser, live_server, world.people[viewer] if viewer else None, DESKTOP)
        page.on("console", lambda message: _note(faults, message))
        page.on("pageerror", lambda error: faults.append(str(error)))
        for target in targets:
            page.goto(live_server.url + target)
            if (over := sideways(page)) > 0:
                faults.append(f"{target}: {over} px wider than the window")
        page.context.close()

    assert faults == []


def _note(faults: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        faults.append(message.text)
