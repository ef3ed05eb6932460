"""Pages speak the city's language until somebody chooses another."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_language_of_the_browser_is_not_a_choice(client: Client) -> None:
    page = client.get(reverse("portal:catalogue"), headers={"accept-language": "en-US,en;q=0.9"})

    assert '<html lang="id"' in page.content.decode()
    assert page["Content-Language"] == "id"


@pytest.mark.django_db
def test_switch_is_remembered(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    assert '<html lang="en"' in client.get(reverse("portal:catalogue")).content.decode()


@pytest.mark.django_db
def test_unknown_language_is_the_city_s_own(client: Client) -> None:
    client.cookies["tifa_language"] = "xx"

    assert '<html lang="id"' in client.get(reverse("portal:catalogue")).content.decode()
