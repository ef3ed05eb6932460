"""The ministry moves a closing day: Ortal records it, and everything that follows from the day follows at once."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import ClientOf
from tests.factories import Town, make_innovation
from tifa.core.clock import months_after
from tifa.dossiers.eligibility import closing_day
from tifa.dossiers.models import Dossier, MovedDeadline
from tifa.dossiers.selectors.deadlines import deadlines_of
from tifa.dossiers.services.writing import start_dossier
from tifa.instruments import load_instrument
from tifa.organisation.models import Person

NOW = timezone.now()
EDITION = "kipp-2021"
PAGE = reverse("dossiers:deadline", args=[EDITION])


@pytest.fixture
def room(client_of: ClientOf, ortal: Person) -> Client:
    found = client_of(ortal)
    found.cookies["tifa_language"] = "en"
    return found


@pytest.fixture
def dossier(town: Town, operator: Person) -> Dossier:
    """One that is a month too young on the published closing day."""
    published = closing_day(load_instrument(EDITION))
    assert published is not None
    started = months_after(published, -23)
    edition = load_instrument(EDITION)
    return start_dossier(
        actor=operator,
        innovation=make_innovation(town.puskesmas, trial_started=None, use_started=started),
        instrument=edition,
        group=edition.groups[0].id,
        now=NOW,
    )


def moved(room: Client, day: str, source: str = "Surat B/12/2022") -> int:
    return room.post(PAGE, {"day": day, "source": source}).status_code


def test_who_may_enter_is_computed_with_the_new_day_on_every_page(
    room: Client, dossier: Dossier, client_of: ClientOf, operator: Person
) -> None:
    page = reverse("dossiers:dossier", args=[dossier.pk])
    before = room.get(page).context["check"]
    assert "umur_minimum" in {one.id for one in before.verdicts if one.state == "failed"}

    assert moved(room, "2030-06-30") == 302

    after = room.get(page).context["check"]
    assert "umur_minimum" not in {one.id for one in after.verdicts if one.state == "failed"}
    assert after.closing == date(2030, 6, 30)
    story = client_of(operator).get(reverse("dossiers:innovation", args=[dossier.innovation.code]))
    assert date(2030, 6, 30) in {side.closes for side in story.context["sides"]}
    choice = room.get(reverse("chain:choice", args=[EDITION]))
    assert all(
        "24" not in rule.sentence for one in choice.context["candidates"] for rule in one.weighed.broken
    )
    board = room.get(reverse("dossiers:list"))
    assert "moved: Surat B/12/2022" in board.content.decode()


def test_newest_record_holds_and_all_are_kept(room: Client) -> None:
    moved(room, "2030-06-30")
    moved(room, "2030-07-15", "Surat B/13/2022")

    deadline = deadlines_of([load_instrument(EDITION)])[EDITION]
    assert (deadline.day, deadline.moment) == (date(2030, 7, 15), None)
    page = room.get(PAGE).content.decode()
    assert "Surat B/12/2022" in page
    assert "Surat B/13/2022" in page


@pytest.mark.parametrize(("day", "source"), [("", "Surat"), ("31-02-2026", "Surat"), ("2026-06-01", "")])
def test_what_is_missing_is_said(room: Client, day: str, source: str) -> None:
    assert moved(room, day, source) == 422
    assert not MovedDeadline.objects.exists()


@pytest.mark.parametrize("who", ["operator", "head", "leader", "auditor"])
def test_only_ortal_records_it(who: str, client_of: ClientOf, request: pytest.FixtureRequest) -> None:
    assert client_of(request.getfixturevalue(who)).get(PAGE).status_code == 403
