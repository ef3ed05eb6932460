"""Answers that come in: each once, none lost, flagged when one device sends too many, and without a trace afterwards."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from tests.conftest import TODAY
from tests.factories import Town, build_town, make_person
from tests.standards.making import make_service
from tests.surveys.making import EDITION, ITEMS, NOW, answered, make_counter, make_wave
from tifa.instruments import load_instrument
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree
from tifa.surveys.choices import Channel
from tifa.surveys.models import Counter, Remark, Response
from tifa.surveys.selectors import counters_for, result_of, target_of, visible_waves
from tifa.surveys.services import (
    MOST_FROM_A_DEVICE,
    NotOpen,
    accept_response,
    add_counters,
    close_wave,
    count_flagged,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(town: Town, ortal: Person) -> Counter:
    return make_counter(ortal, town.city, make_service(ortal, town.puskesmas, "Imunisasi"))


def test_what_arrives_twice_is_stored_once(counter: Counter) -> None:
    once = uuid4()
    for _time in range(2):
        facts = {"client_id": once, "answers": dict.fromkeys(ITEMS, 4), "remark": "Baik.", "device": ""}
        days = {"given_on": TODAY, "today": TODAY, "now": NOW}
        accept_response(counter=counter, channel=Channel.PHONE, **facts, **days)  # type: ignore[arg-type]

    assert Response.objects.get().answers == "4" * 9
    assert Remark.objects.get().text == "Baik."


@pytest.mark.parametrize("days", [-11, 1, 11])
def test_outside_of_the_wave_nothing_is_taken(counter: Counter, days: int) -> None:
    with pytest.raises(NotOpen):
        answered(counter, 4, given_on=TODAY + timedelta(days=days))


def test_too_many_from_one_device_are_flagged_kept_and_counted_when_somebody_says_so(
    counter: Counter, ortal: Person
) -> None:
    answered(counter, 4, times=MOST_FROM_A_DEVICE + 3, device="1.2.3.4|Firefox")
    answered(counter, 4, times=9)

    assert Response.objects.filter(flagged=True).count() == 3
    line = result_of(counter.wave, [counter], whole=True).lines[0]
    assert (line.index.given, line.flagged) == (MOST_FROM_A_DEVICE + 9, 3)
    assert count_flagged(actor=ortal, counter=counter) == 3
    assert not Response.objects.filter(flagged=True).exists()


def test_a_trace_is_no_address_differs_by_counter_and_is_wiped(
    counter: Counter, town: Town, ortal: Person
) -> None:
    (other,) = add_counters(
        actor=ortal, wave=counter.wave, services=[make_service(ortal, town.distrik, "Izin")]
    )
    for one in (counter, other):
        answered(one, 4, device="1.2.3.4|Firefox")
    traces = set(Response.objects.values_list("trace", flat=True))
    assert len(traces) == 2
    assert not any("1.2.3.4" in trace for trace in traces)

    close_wave(actor=ortal, wave=counter.wave, now=NOW)

    assert set(Response.objects.values_list("trace", flat=True)) == {""}
    # Also for whoever opened the page before it was closed.
    with pytest.raises(NotOpen):
        answered(counter, 4)
    assert Response.objects.count() == 2


def test_a_remark_does_not_lead_to_the_answers(counter: Counter) -> None:
    answered(counter, 1, remark="Antrean panjang.")

    names = {field.name for field in Remark._meta.get_fields()}
    assert names == {"id", "counter", "text", "given_on"}


@pytest.mark.parametrize(
    "changes", [{"least": 4}, {"starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)}]
)
def test_a_wave_that_tells_too_much_or_ends_too_early_is_refused(
    town: Town, ortal: Person, changes: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        make_wave(ortal, town.city, **changes)


@pytest.mark.parametrize(("population", "target"), [(None, None), (60, 52), (1000, 278)])
def test_target_is_that_of_the_edition(population: int | None, target: int | None) -> None:
    assert target_of(load_instrument(EDITION), population) == target


def test_a_unit_sees_its_own_counter_of_a_wave_of_the_city(
    counter: Counter, town: Town, ortal: Person, operator: Person
) -> None:
    add_counters(actor=ortal, wave=counter.wave, services=[make_service(ortal, town.distrik, "Surat")])
    tree = unit_tree()
    stranger = make_person("lain@example.org", Role.HEAD, town.kampung)

    assert list(visible_waves(operator, tree)) == [counter.wave]
    assert list(counters_for(operator, tree, counter.wave)) == [counter]
    assert counters_for(ortal, tree, counter.wave).count() == 2
    assert not visible_waves(stranger, tree).exists()


@pytest.mark.django_db(transaction=True)
def test_no_answer_is_lost_or_doubled_when_many_send_at_once() -> None:
    town = build_town()
    ortal = make_person("ortal@example.org", Role.ORTAL, town.city)
    counter = make_counter(ortal, town.city, make_service(ortal, town.puskesmas))
    ids = [uuid4() for _ in range(60)]
    accepted: list[bool] = []

    def send(mine: list[object]) -> None:
        try:
            for one in mine:
                days = {"given_on": TODAY, "today": TODAY, "now": NOW}
                accepted.append(
                    accept_response(
                        counter=counter,
                        client_id=one,  # type: ignore[arg-type]
                        answers=dict.fromkeys(ITEMS, 3),
                        remark="",
                        channel=Channel.PHONE,
                        device="",
                        **days,  # type: ignore[arg-type]
                    )
                )
        finally:
            connections.close_all()

    connections.close_all()
    # Every answer is sent by two of six, as a phone does that did not hear the first “stored”.
    shares = [ids[at * 20 : (at + 1) * 20] for at in range(3)] * 2
    threads = [threading.Thread(target=send, args=[list(share)]) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(accepted), sum(accepted), Response.objects.count()) == (120, 60, 60)
