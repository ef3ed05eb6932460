"""The page of the index of the city: what counts, what is tried, and who may see it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import ClientOf
from tests.factories import Town, make_innovation
from tifa.dossiers.models import Dossier
from tifa.dossiers.services.writing import save_answer, start_dossier
from tifa.instruments import load_instrument
from tifa.organisation.models import Person

NOW = timezone.now()
PAGE = reverse("dossiers:city", args=["iga-2026"])


def begun(
    operator: Person, town: Town, title: str, *, affairs: str = "kesehatan", used: int = 2025
) -> Dossier:
    innovation = make_innovation(
        town.puskesmas, title=title, affairs=affairs, trial_started=None, use_started=date(used, 1, 15)
    )
    dossier = start_dossier(
        actor=operator, innovation=innovation, instrument=load_instrument("iga-2026"), group="", now=NOW
    )
    for item in ("regulasi", "video"):
        save_answer(actor=operator, dossier=dossier, item=item, texts={"level": "3"}, version=0, now=NOW)
    return dossier


@pytest.fixture
def room(client_of: ClientOf, ortal: Person) -> Client:
    found = client_of(ortal)
    found.cookies["tifa_language"] = "en"
    return found


def page(room: Client, **asked: Any) -> Any:
    return room.get(PAGE, asked)


def test_index_counts_the_claims_and_only_what_was_checked_beside_it(
    room: Client, town: Town, operator: Person
) -> None:
    begun(operator, town, "Antre Rumah")

    found = page(room, spd="40").context["city"]

    # (40 + 21 / 12) / 250 x 100: weights 3 and 4 at level 3, one of at least twelve; the count is 0 below five affairs.
    assert str(found.claimed.node.shown) == "16.70"
    assert str(found.checked.node.shown) == "16.00"
    assert [one.count for one in found.claimed.covered] == [0, 1, 0, 0, 0, 0]


def test_one_that_breaks_a_rule_stays_out_and_what_it_would_add_is_told(
    room: Client, town: Town, operator: Person
) -> None:
    begun(operator, town, "Antre Rumah")
    late = begun(operator, town, "Cara Terlalu Baru", used=2026)

    shown = page(room, spd="40")
    rows = {row.weighed.dossier.pk: row for row, *_effects in shown.context["rows"]}

    assert not rows[late.pk].inside
    assert rows[late.pk].claimed > 0
    assert "would add" in shown.content.decode()


def test_left_out_and_added_ones_are_tried_and_nothing_is_stored(
    room: Client, town: Town, operator: Person
) -> None:
    dossier = begun(operator, town, "Antre Rumah")

    without = page(room, spd="40", tanpa=[dossier.pk, "x"])
    more = page(room, spd="40", more="11", value="111").context["city"]

    assert str(without.context["city"].claimed.node.shown) == "16.00"
    assert f'name="tanpa" value="{dossier.pk}" checked' in without.content.decode()
    assert str(more.claimed.node.shown) == "57.40"
    assert str(page(room, spd="40").context["city"].claimed.node.shown) == "16.70"


def test_bad_input_is_named_and_the_page_stands(room: Client, town: Town, operator: Person) -> None:
    begun(operator, town, "Antre Rumah")

    shown = page(room, spd="64", more="x").content.decode()

    assert 'id="errors"' in shown
    assert 'value="64"' in shown


def test_what_the_city_did_not_give_is_said(room: Client, town: Town, operator: Person) -> None:
    begun(operator, town, "Antre Rumah")

    assert "is not given, so it counts as nothing answered" in page(room).content.decode()


def test_an_edition_that_measures_no_city_has_no_such_page(room: Client) -> None:
    assert room.get(reverse("dossiers:city", args=["kipp-2023"])).status_code == 404
    assert room.get(reverse("dossiers:city", args=["tidak-ada"])).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 200), ("auditor", 200), ("operator", 403), ("judge", 403)]
)
def test_who_sees_the_whole_city_sees_its_index(
    who: str, status: int, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    assert client_of(request.getfixturevalue(who)).get(PAGE).status_code == status
