"""A small city with its people, and a window for each of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import Town, build_town
from tests.journeys.visitor import Device, Visit, Visitor
from tifa.organisation.models import Person

PATIENCE = 10_000  # milliseconds, for a machine that is busy with other things
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, town: Town) -> Iterator[Visit]:
    """Open a window on a device, at the start page of the person who signed in on it before, if one is named."""
    contexts: list[BrowserContext] = []

    def enter(device: Device, person: Person | None = None) -> Visitor:
        context = browser.new_context(viewport=device.size, java_script_enabled=device.scripts)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "tifa_language", "value": device.language, "url": live_server.url}])
        contexts.append(context)
        visitor = Visitor(context.new_page(), device, live_server.url)
        return visitor.stays_signed_in(person) if person else visitor

    yield enter
    for context in contexts:
        context.close()
