"""In Chromium: a form that was sent too late, and a file that is too large; nothing that was typed is lost."""

from datetime import date

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import PASSWORD, PHONE, needs_chromium, sign_in
from tests.factories import build_town, make_innovation, make_person, walk_chain
from tifa.chain.choices import Step
from tifa.organisation.choices import Role
from tifa.registry.models import Innovation

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

TEXT = "Bukti kurang, lampirkan keputusan kepala dinas."


@pytest.fixture
def reported() -> Innovation:
    town = build_town()
    make_person("ortal@example.org", Role.ORTAL, town.city)
    return walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, date(2026, 3, 1)))


def opened(browser: Browser, server: LiveServer, innovation: Innovation, *, script: bool) -> Page:
    page = browser.new_context(viewport=PHONE, java_script_enabled=script).new_page()
    sign_in(page, server.url, "ortal@example.org")
    page.goto(server.url + innovation.get_absolute_url())
    return page


@pytest.mark.parametrize("script", [True, False])
def test_decision_that_was_sent_signed_out_is_sent_again(
    browser: Browser, live_server: LiveServer, reported: Innovation, *, script: bool
) -> None:
    page = opened(browser, live_server, reported, script=script)
    page.locator("input[name=step][value=dikembalikan]").check()
    page.locator("textarea[name=reason]").fill(TEXT)
    Session.objects.all().delete()
    decide = page.locator("form:has(textarea[name=reason]) button").last

    decide.click()
    page.locator("input[name=login]").fill("ortal@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) .actions button").click()
    page.wait_for_url(f"{live_server.url}/ruang/kirim-lagi/")
    assert page.get_by_text(TEXT).is_visible()
    page.locator("form[data-kept] button").click()
    page.wait_for_url(live_server.url + reported.get_absolute_url())

    assert reported.handoffs.latest("pk").reason == TEXT


def test_file_that_is_too_large_is_not_sent(
    browser: Browser, live_server: LiveServer, reported: Innovation
) -> None:
    page = opened(browser, live_server, reported, script=True)
    field = page.locator("input[name=evidence_upload]")
    field.evaluate("field => field.closest('details')?.setAttribute('open', '')")
    field.evaluate("field => { field.dataset.limit = 4; }")

    field.set_input_files({"name": "bukti.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"})
    refused = page.locator("[data-refused]").inner_text()
    kept = field.evaluate("field => field.files.length")
    field.set_input_files({"name": "kecil.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})

    assert "MB" in refused
    assert kept == 0
    assert page.locator("[data-refused]").count() == 0
    assert field.evaluate("field => field.files.length") == 1
