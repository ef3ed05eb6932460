"""Reminders by stage: who gets them when, and that none is given twice, wherever a run is broken off."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.chain.campaigns import DUE, make_campaign
from tests.conftest import TODAY
from tests.factories import Town, make_person
from tifa.chain.choices import MessageKind
from tifa.chain.models import Campaign, Message, NilReport, Reminder
from tifa.chain.selectors.reminders import planned_reminders
from tifa.chain.services.campaigns import delegate_answer, extend_campaign
from tifa.chain.services.reminders import give_reminders
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree

NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def give(day: date) -> list[Message]:
    return give_reminders(as_of=day, now=NOW)


def given() -> set[tuple[str, str, str]]:
    return {
        (one.unit.code, one.stage, one.person.email)
        for one in Reminder.objects.select_related("unit", "person")
    }


@pytest.fixture
def people(town: Town, operator: Person, head: Person, leader: Person, stranger: Person) -> None:
    NilReport.objects.bulk_create(
        NilReport(unit=unit, year=2026, on=date(2026, 1, 5), signed_by="Kepala")
        for unit in (town.city, town.ortal, town.department, town.distrik)
    )


@pytest.fixture
def campaign(town: Town, ortal: Person, people: None) -> Campaign:
    return make_campaign(ortal, town)


def test_stages_go_from_the_operator_to_the_head_to_the_leader(campaign: Campaign, town: Town) -> None:
    pkm, kampung = town.puskesmas.code, town.kampung.code

    assert give(DUE - timedelta(days=8)) == []
    give(DUE - timedelta(days=7))
    assert given() == {
        (pkm, "sebelum", "operator@example.org"),
        (kampung, "sebelum", "kampung@example.org"),
    }
    before = given()
    give(DUE)
    assert given() - before == {
        (pkm, "tenggat", "operator@example.org"),
        (pkm, "tenggat", "head@example.org"),
        (kampung, "tenggat", "kampung@example.org"),
    }
    before = given()
    give(DUE + timedelta(days=7))
    assert given() - before == {
        (pkm, "lewat", "operator@example.org"),
        (pkm, "lewat", "head@example.org"),
        (kampung, "lewat", "kampung@example.org"),
        (pkm, "daftar", "leader@example.org"),
        (kampung, "daftar", "leader@example.org"),
    }
    listed = Message.objects.get(kind=MessageKind.LIST)
    assert (town.puskesmas.name in listed.body, town.kampung.name in listed.body) == (True, True)


def test_second_run_of_a_day_gives_nothing(campaign: Campaign) -> None:
    assert len(give(DUE)) == 3
    assert give(DUE) == []
    assert planned_reminders(DUE, unit_tree()) == []


def test_unit_that_answered_and_a_closed_campaign_are_left_alone(
    campaign: Campaign, town: Town, ortal: Person
) -> None:
    NilReport.objects.create(unit=town.puskesmas, year=2026, on=TODAY, signed_by="Kepala")

    give(DUE)

    assert {unit for unit, _stage, _person in given()} == {town.kampung.code}


def test_extension_begins_the_stages_anew(campaign: Campaign, town: Town, ortal: Person) -> None:
    give(DUE)
    later = DUE + timedelta(days=20)
    extend_campaign(
        actor=ortal,
        campaign=campaign,
        unit=town.kampung,
        due=later,
        reason="jalan putus",
        on=DUE,
        tree=unit_tree(),
    )

    assert give(DUE + timedelta(days=1)) != []
    assert "kampung@example.org" in {message.person.email for message in give(later)}
    assert give(later) == []


def test_delegate_is_reminded_in_the_place_of_the_unit(campaign: Campaign, town: Town, ortal: Person) -> None:
    delegate_answer(
        actor=ortal,
        campaign=campaign,
        unit=town.kampung,
        to_unit=town.puskesmas,
        reason="",
        on=TODAY,
        tree=unit_tree(),
    )

    give(DUE - timedelta(days=3))

    assert given() == {
        (town.puskesmas.code, "sebelum", "operator@example.org"),
        (town.kampung.code, "sebelum", "operator@example.org"),
    }
    assert Message.objects.filter(kind=MessageKind.REMINDER).count() == 1


def test_two_units_of_one_name_stand_both_in_the_message(
    campaign: Campaign, town: Town, stranger: Person
) -> None:
    town.kampung.name = town.puskesmas.name
    town.kampung.save()
    make_person("dua@example.org", Role.LEADER, town.city)

    give(DUE + timedelta(days=9))

    body = Message.objects.filter(kind=MessageKind.LIST).first()
    assert body is not None
    assert body.body.count(town.puskesmas.name) == 2


class Killed(BaseException):
    """The process ended here."""


def killing(at: int, seen: list[int]) -> Callable[..., Any]:
    """Return a wrapper that ends the process before the writing statement number ``at``."""

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            seen[0] += 1
            if seen[0] == at:
                raise Killed
        return execute(sql, params, many, context)

    return wrapper


def test_run_broken_off_at_any_statement_is_finished_by_the_next_and_gives_nothing_twice(
    campaign: Campaign, town: Town
) -> None:
    day = DUE + timedelta(days=7)
    expected = {one.key for one in planned_reminders(day, unit_tree())}
    at, ended = 0, False

    while not ended:
        Message.objects.filter(kind__in=[MessageKind.REMINDER, MessageKind.LIST]).delete()
        at += 1
        try:
            with connection.execute_wrapper(killing(at, [0])):
                give(day)
            ended = True
        except Killed:
            give(day)
        rows = list(Reminder.objects.values_list("campaign", "unit", "stage", "person", "due"))
        keys = [(c, u, s, p, d) for c, u, s, p, d in rows]
        assert len(keys) == len(set(keys)) == len(expected)
        assert set(keys) == expected
        told = Message.objects.filter(kind__in=[MessageKind.REMINDER, MessageKind.LIST])
        assert told.count() == 4  # operator, head, kampung; and one list for the leader

    assert at > 10


def test_message_names_only_units_of_its_reader(campaign: Campaign, town: Town) -> None:
    give(DUE + timedelta(days=7))

    for message in Message.objects.exclude(kind=MessageKind.LIST).select_related("person"):
        other = town.puskesmas if message.person.email.startswith("kampung") else town.kampung
        assert other.name not in message.body
        assert other.pk not in message.units
