"""Surveys with answers for tests."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.conftest import TODAY
from tifa.instruments import load_instrument
from tifa.organisation.models import Person, Unit
from tifa.standards.models import Service
from tifa.surveys.choices import Channel
from tifa.surveys.models import Counter, Wave
from tifa.surveys.services import accept_response, add_counters, create_wave
from tifa.surveys.sheets import items_of

NOW = timezone.now()
EDITION = "skm-2017"
ITEMS = [item.id for item in items_of(load_instrument(EDITION))]


def make_wave(person: Person, unit: Unit, **changes: Any) -> Wave:
    facts = {
        "name": "Survei semester",
        "instrument_id": EDITION,
        "starts_on": TODAY - timedelta(days=10),
        "ends_on": TODAY + timedelta(days=10),
        "least": 5,
    }
    return create_wave(actor=person, unit=unit, now=NOW, **{**facts, **changes})


def make_counter(person: Person, unit: Unit, service: Service, **changes: Any) -> Counter:
    (counter,) = add_counters(actor=person, wave=make_wave(person, unit, **changes), services=[service])
    return counter


def answered(counter: Counter, *values: int | None, times: int = 1, **changes: Any) -> list[bool]:
    """Let some people give one value to every question, or the values one by one."""
    given = dict(zip(ITEMS, values * len(ITEMS) if len(values) == 1 else values, strict=False))
    facts = {
        "answers": given,
        "remark": "",
        "channel": Channel.PHONE,
        "device": "",
        "given_on": TODAY,
        "today": TODAY,
        "now": NOW,
    }
    return [
        accept_response(counter=counter, client_id=uuid4(), **{**facts, **changes}) for _time in range(times)
    ]
