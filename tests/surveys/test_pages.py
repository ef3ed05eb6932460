"""Surveys on their pages: prepared in the room, answered on any phone, read when enough have answered."""

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import TODAY, ClientOf
from tests.factories import Town
from tests.standards.making import make_service
from tests.surveys.making import EDITION, ITEMS, NOW, answered, make_counter
from tests.whole.html import faults_of
from tifa.organisation.models import Person
from tifa.surveys.choices import Channel
from tifa.surveys.models import Counter, Remark, Response, Wave
from tifa.surveys.services import add_counters, close_wave

pytestmark = pytest.mark.django_db
REMARK = "Kursi di ruang tunggu kurang."


@pytest.fixture
def counter(town: Town, ortal: Person) -> Counter:
    return make_counter(ortal, town.city, make_service(ortal, town.puskesmas, "Imunisasi"))


@pytest.fixture
def desk(client_of: ClientOf, ortal: Person) -> Client:
    found = client_of(ortal)
    found.cookies["tifa_language"] = "en"
    return found


def page(client: Client, address: str, status: int = 200) -> str:
    client.cookies["tifa_language"] = "en"
    response = client.get(address)
    assert response.status_code == status
    return str(response.content.decode())


def sheet(value: int = 4, **more: Any) -> dict[str, Any]:
    return {"client_id": str(uuid4()), **dict.fromkeys(ITEMS, value), **more}


def test_from_preparing_to_the_closed_index(client_of: ClientOf, ortal: Person, town: Town) -> None:
    service, desk = make_service(ortal, town.puskesmas, "Imunisasi"), client_of(ortal)
    desk.cookies["tifa_language"] = "en"
    said = {
        "name": "Survei semester",
        "instrument_id": EDITION,
        "unit": town.city.code,
        "starts_on": TODAY.isoformat(),
        "ends_on": (TODAY + timedelta(days=20)).isoformat(),
        "least": 5,
    }
    assert desk.post(reverse("surveys:add"), {**said, "ends_on": "2020-01-01"}).status_code == 422
    assert desk.post(reverse("surveys:add"), said).status_code == 302
    wave = Wave.objects.get()
    assert desk.post(wave.get_absolute_url(), {"services": [service.pk]}).status_code == 302
    counter = Counter.objects.get()

    citizen = Client()
    address = reverse("surveys:answer", args=[counter.code])
    for number in range(5):
        phone = Client(headers={"user-agent": f"Ponsel {number}"})
        assert phone.post(address, sheet(3), follow=True).status_code == 200
    citizen.post(address, sheet(4, remark=REMARK))
    shown = page(desk, wave.get_absolute_url())
    assert "too few to show" in shown
    assert REMARK in shown
    assert faults_of(shown) == []

    for _time in range(2):
        assert desk.post(reverse("surveys:close", args=[wave.pk])).status_code == 302
    shown = page(desk, wave.get_absolute_url())
    assert "79.17" in shown
    assert "The same answers computed otherwise" in shown
    assert page(citizen, address, 410)
    assert Response.objects.count() == 6


def test_the_page_of_questions_is_small_and_asks_for_no_identity(counter: Counter, client: Client) -> None:
    response = client.get(reverse("surveys:answer", args=[counter.code]))

    css = finders.find("tifa/survey.css")
    assert css is not None
    sent = gzip.compress(response.content) + gzip.compress(Path(str(css)).read_bytes())
    assert len(sent) < 12 * 1024
    text = response.content.decode()
    assert faults_of(text) == []
    assert text.count('type="radio"') == 36
    assert "<script" not in text
    assert "no-store" in response.headers["Cache-Control"]
    assert not {"name", "email", "phone", "nik"} & set(response.context["form"].fields)


def test_sending_twice_stores_once_and_nothing_answered_is_said(counter: Counter, client: Client) -> None:
    address, said = reverse("surveys:answer", args=[counter.code]), sheet()
    for _time in range(2):
        assert client.post(address, said).status_code == 302
    assert Response.objects.count() == 1

    client.cookies["tifa_language"] = "en"
    empty = client.post(address, {"client_id": str(uuid4()), "remark": "Halo"})
    assert empty.status_code == 422
    assert "Nothing is answered yet" in empty.content.decode()
    assert "Halo" in empty.content.decode()
    wrong = client.post(address, sheet(9))
    assert wrong.status_code == 422
    assert Response.objects.count() == 1


def test_on_the_tablet_many_answer_and_it_goes_back_by_itself(counter: Counter, client: Client) -> None:
    address = reverse("surveys:answer", args=[counter.tablet_code])
    for _time in range(12):
        thanks = client.post(address, sheet(), follow=True)

    assert 'http-equiv="refresh"' in thanks.content.decode()
    assert Response.objects.filter(flagged=False, channel=Channel.TABLET, trace="").count() == 12
    phone = client.get(reverse("surveys:thanks", args=[counter.code])).content.decode()
    assert 'http-equiv="refresh"' not in phone


def test_one_phone_that_sends_a_crowd_is_flagged_and_ortal_can_count_it(
    counter: Counter, client: Client, desk: Client
) -> None:
    for _time in range(8):
        client.post(reverse("surveys:answer", args=[counter.code]), sheet())
    wave = counter.wave
    assert "3 flagged" in page(desk, wave.get_absolute_url())

    desk.post(reverse("surveys:counter", args=[wave.pk, counter.pk]), {"action": "count"})

    assert "flagged" not in page(desk, wave.get_absolute_url())


def test_paper_is_typed_in_after_the_last_day_and_not_for_days_outside(
    counter: Counter, desk: Client
) -> None:
    Wave.objects.update(starts_on=TODAY - timedelta(days=30), ends_on=TODAY - timedelta(days=3))
    address = reverse("surveys:paper", args=[counter.wave.pk, counter.pk])
    assert faults_of(page(desk, address)) == []

    inside = (TODAY - timedelta(days=5)).isoformat()
    assert desk.post(address, sheet(3, given_on=inside)).status_code == 302
    assert desk.post(address, sheet(3, given_on=TODAY.isoformat())).status_code == 422
    assert Response.objects.get().channel == Channel.PAPER


def test_users_of_the_period_give_the_target(counter: Counter, desk: Client) -> None:
    address = reverse("surveys:counter", args=[counter.wave.pk, counter.pk])
    desk.post(address, {"population": "60"})

    assert "/ 52" in page(desk, counter.wave.get_absolute_url())
    desk.post(address, {"population": "banyak"})
    counter.refresh_from_db()
    assert counter.population == 60


def test_poster_is_a_pdf(counter: Counter, desk: Client) -> None:
    found = desk.get(reverse("surveys:poster", args=[counter.wave.pk, counter.pk]))

    assert found.content.startswith(b"%PDF")


def test_a_unit_sees_no_whole_and_no_other_counter(
    counter: Counter, client_of: ClientOf, operator: Person, ortal: Person, town: Town
) -> None:
    other = make_service(ortal, town.kampung, "Surat kampung")
    (elsewhere,) = add_counters(actor=ortal, wave=counter.wave, services=[other])
    answered(elsewhere, 1, times=30, remark="Rahasia")
    unit = client_of(operator)

    shown = page(unit, counter.wave.get_absolute_url())

    assert "Imunisasi" in shown
    assert "Surat kampung" not in shown
    assert "Rahasia" not in shown
    assert 'id="index"' not in shown
    assert unit.get(reverse("surveys:poster", args=[counter.wave.pk, elsewhere.pk])).status_code == 404
    assert unit.get(reverse("surveys:paper", args=[counter.wave.pk, counter.pk])).status_code == 200
    assert unit.post(reverse("surveys:close", args=[counter.wave.pk])).status_code == 403
    assert unit.post(counter.wave.get_absolute_url(), {"services": []}).status_code == 403


def test_a_closed_survey_changes_no_more(counter: Counter, desk: Client, ortal: Person) -> None:
    close_wave(actor=ortal, wave=counter.wave, now=NOW)

    desk.post(reverse("surveys:counter", args=[counter.wave.pk, counter.pk]), {"population": "60"})
    counter.refresh_from_db()
    assert counter.population is None
    assert desk.get(reverse("surveys:paper", args=[counter.wave.pk, counter.pk])).status_code == 404
    assert not Remark.objects.exists()


def test_unknown_code_is_not_found(client: Client, counter: Counter) -> None:
    assert client.get(reverse("surveys:answer", args=["tidak-ada"])).status_code == 404


def test_wave_takes_as_many_statements_for_many_counters_as_for_few(
    counter: Counter,
    desk: Client,
    ortal: Person,
    town: Town,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    answered(counter, 4, times=3)
    page(desk, counter.wave.get_absolute_url())
    with django_assert_max_num_queries(25) as few:
        page(desk, counter.wave.get_absolute_url())
    more = [make_service(ortal, town.kampung, f"Layanan {number}") for number in range(5)]
    for one in add_counters(actor=ortal, wave=counter.wave, services=more):
        answered(one, 3, times=3)

    with django_assert_max_num_queries(25) as many:
        page(desk, counter.wave.get_absolute_url())

    assert len(many.captured_queries) <= len(few.captured_queries)
