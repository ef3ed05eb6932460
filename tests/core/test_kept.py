"""What was sent while signed out comes back after the sign-in, and only to whom it belongs."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.browser import PASSWORD
from tests.factories import Town, make_innovation, walk_chain
from tests.whole.html import faults_of
from tifa.chain.choices import Step
from tifa.core import kept
from tifa.organisation.models import Person
from tifa.registry.models import Innovation

DAY = date(2026, 3, 1)
REASON = "Bukti <b>kurang</b>.\r\nLampirkan keputusan."
SIGN_IN = reverse("account_login")
RESUME = reverse("core:resume")


@pytest.fixture
def reported(town: Town) -> Innovation:
    return walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))


def browser(*, strict: bool = False) -> Client:
    client = Client(enforce_csrf_checks=strict)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def signed_in(person: Person, *, strict: bool = False) -> Client:
    client = browser(strict=strict)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def decision(innovation: Innovation, **data: Any) -> tuple[str, dict[str, Any]]:
    values = {
        "step": "dikembalikan",
        "on": "2026-11-24",
        "reason": REASON,
        "seen": innovation.handoffs.get().pk,
    }
    return reverse("chain:handoff_decide", args=[innovation.code]), {**values, **data}


def text_of(response: Any) -> str:
    page = response.content.decode()
    assert faults_of(page) == []
    return str(page)


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the content of a page, without the tokens."""
    content = page[page.index("<main") :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', content)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def sign_in(client: Client, page: str, person: Person, password: str = PASSWORD) -> HttpResponse:
    fields = {name: value for name, value in hidden(page).items() if name in {"kept", "next"}}
    return client.post(SIGN_IN, {**fields, "login": person.email, "password": password})  # type: ignore[return-value]


def test_decision_of_a_signed_out_person_is_recorded_after_the_sign_in(
    ortal: Person, reported: Innovation
) -> None:
    client = browser()
    address, values = decision(reported)

    asked = client.post(address, values, headers={"Referer": "http://testserver/ruang/inovasi/X/?a=1"})
    mistyped = sign_in(client, text_of(asked), ortal, "salah")
    welcome = sign_in(client, text_of(mistyped), ortal)
    shown = text_of(client.get(RESUME))
    sent = client.post(address, hidden(shown))

    assert (asked.status_code, welcome.status_code, welcome["Location"]) == (401, 302, RESUME)
    assert "What you wrote is kept" in text_of(asked)
    assert (f'action="{address}"' in shown, 'href="/ruang/inovasi/X/?a=1"' in shown) == (True, True)
    assert "Bukti &lt;b&gt;kurang&lt;/b&gt;.<br>Lampirkan" in shown
    assert sent["Location"] == reported.get_absolute_url()
    assert reported.handoffs.latest("pk").reason == "Bukti <b>kurang</b>.\nLampirkan keputusan."
    assert client.get(RESUME)["Location"] == reverse("portal:start")


def test_nothing_is_stored_before_the_sign_in(reported: Innovation) -> None:
    client = browser()
    address, values = decision(reported)

    client.post(address, values)

    assert "sessionid" not in client.cookies
    assert reported.handoffs.count() == 1


def test_form_of_many_values_comes_back_whole(operator: Person) -> None:
    client = browser()
    address = reverse("chain:nil_report") + "?unit=X"

    sign_in(client, text_of(client.post(address, {"note": ["a", "", "b"], "year": "2026"})), operator)
    shown = text_of(client.get(RESUME))

    assert re.findall(r'name="(note|year)" value="([^"]*)"', shown) == [
        ("note", "a"),
        ("note", ""),
        ("note", "b"),
        ("year", "2026"),
    ]
    assert 'action="/ruang/lapor/nihil/?unit=X"' in shown


def test_files_are_named_and_chosen_again(ortal: Person, reported: Innovation) -> None:
    client = browser()
    address, values = decision(
        reported, receipt_upload=SimpleUploadedFile("tanda <terima>.pdf", b"%PDF-1.7\n")
    )

    asked = text_of(client.post(address, values))
    sign_in(client, asked, ortal)
    shown = text_of(client.get(RESUME))

    assert "Files have to be chosen again." in asked
    assert "Choose the file “tanda &lt;terima&gt;.pdf” again" in shown
    assert 'enctype="multipart/form-data"' in shown
    assert 'name="receipt_upload" required' in shown


def test_script_that_saves_drafts_is_told(operator: Person) -> None:
    address = reverse("chain:report_autosave", args=[1])

    response = browser().post(address, {"title": "Perahu"}, headers={"Accept": "application/json"})

    assert (response.status_code, response.json()) == (
        401,
        {"message": "You are signed out. Your text is kept on this device."},
    )


def test_page_is_asked_for_again_as_before(town: Town) -> None:
    response = browser().get(reverse("chain:gaps") + "?kind=held")

    assert response["Location"] == f"{SIGN_IN}?next=/ruang/celah/%3Fkind%3Dheld"


def test_page_elsewhere_is_not_gone_back_to(ortal: Person, reported: Innovation) -> None:
    client = browser()
    address, values = decision(reported)

    asked = text_of(client.post(address, values, headers={"Referer": "https://example.org/ruang/"}))
    sign_in(client, asked, ortal)

    assert f'href="{reverse("portal:start")}">Back to the page' in text_of(client.get(RESUME))


@pytest.mark.parametrize("seal", ["", "x", "eyJwYXRoIjoiLyJ9:1abc:def"])
def test_forged_text_is_left_out(ortal: Person, seal: str) -> None:
    client = browser()

    client.post(SIGN_IN, {"kept": seal, "next": RESUME, "login": ortal.email, "password": PASSWORD})

    assert client.get(RESUME)["Location"] == reverse("portal:start")


def test_text_of_another_form_waits_on(ortal: Person, reported: Innovation) -> None:
    client = browser()
    address, values = decision(reported)
    sign_in(client, text_of(client.post(address, values)), ortal)

    client.post(reverse("chain:ledgers_publish"))

    assert REASON.split()[0] in text_of(client.get(RESUME))


def test_form_from_before_a_new_sign_in_is_kept(ortal: Person, reported: Innovation) -> None:
    client = signed_in(ortal, strict=True)
    address, values = decision(reported, csrfmiddlewaretoken="x" * 64)

    response = client.post(address, values, headers={"Origin": "http://testserver"})

    assert (response.status_code, response["Location"]) == (302, RESUME)
    assert hidden(text_of(client.get(RESUME)))["reason"] == REASON
    assert reported.handoffs.count() == 1


def test_sign_in_page_from_before_a_new_sign_in_hands_over_what_it_carries(
    ortal: Person, reported: Innovation
) -> None:
    client = signed_in(ortal, strict=True)
    seal = kept.sealed(
        kept.Kept("/ruang/celah/terbitkan/", "/ruang/", [("note", "Catatan yang panjang")], [])
    )

    response = client.post(
        SIGN_IN,
        {"kept": seal, "login": ortal.email, "password": PASSWORD},
        headers={"Referer": "http://testserver/ruang/"},
    )
    shown = text_of(client.get(RESUME))

    assert response["Location"] == RESUME
    assert hidden(shown) == {"note": "Catatan yang panjang"}
    assert PASSWORD not in shown


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "https://testserver"},
        {"Referer": "http://testserver.example.org/"},
        {},
    ],
)
def test_form_of_another_site_is_refused_and_not_kept(
    ortal: Person, reported: Innovation, headers: dict[str, str]
) -> None:
    client = signed_in(ortal, strict=True)
    address, values = decision(reported)

    response = client.post(address, values, headers=headers)

    assert response.status_code == 403
    assert REASON.split()[0] not in response.content.decode()
    assert client.get(RESUME)["Location"] == reverse("portal:start")


def test_password_is_never_carried(ortal: Person) -> None:
    client = browser(strict=True)

    response = client.post(
        SIGN_IN, {"login": ortal.email, "password": PASSWORD}, headers={"Origin": "http://testserver"}
    )

    assert response.status_code == 403
    assert PASSWORD not in response.content.decode()


def test_script_of_an_old_page_is_told(operator: Person) -> None:
    client = signed_in(operator, strict=True)

    response = client.post(
        reverse("chain:report_autosave", args=[1]),
        {"title": "Perahu"},
        headers={"Origin": "http://testserver", "Accept": "application/json"},
    )

    assert response.status_code == 403
    assert "reload the page" in response.json()["message"]
