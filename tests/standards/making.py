"""Services with standards for tests."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.conftest import TODAY
from tifa.organisation.choices import Function
from tifa.organisation.models import Person, Unit
from tifa.standards.choices import Circle, Progress
from tifa.standards.facts import ServiceFacts, Taken
from tifa.standards.models import Service, Standard
from tifa.standards.selectors import components_of, edition
from tifa.standards.services import (
    add_service,
    begin_standard,
    save_components,
    take_step,
)

NOW = timezone.now()
DAY = TODAY - timedelta(days=100)
NAMES = [one.id for one in components_of(edition(), {})]
WHOLE = {name: f"Isi {name} layanan ini." for name in NAMES}


def make_service(person: Person, unit: Unit, name: str = "Surat pengantar", **facts: Any) -> Service:
    return add_service(actor=person, unit=unit, facts=ServiceFacts(name, Function.SERVICE, **facts), now=NOW)


def draft(person: Person, service: Service, components: dict[str, str] | None = None) -> Standard:
    standard = begin_standard(actor=person, service=service, copy=None, now=NOW)
    said = WHOLE if components is None else components
    return save_components(actor=person, standard=standard, components=said, version=1, now=NOW)


def step(person: Person, standard: Standard, taken: Progress, on: date = DAY, **more: Any) -> Standard:
    if taken == Progress.DISCUSSED:
        more.setdefault("circles", [Circle.USERS])
    if taken in {Progress.DETERMINED, Progress.DECLARED}:
        more.setdefault("number", "800/1")
    take_step(actor=person, standard=standard, taken=Taken(taken, on, **more), today=TODAY, now=NOW)
    return Standard.objects.get(pk=standard.pk)


def determined(person: Person, service: Service, on: date = DAY) -> Standard:
    return step(person, draft(person, service), Progress.DETERMINED, on)
