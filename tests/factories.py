"""Plain makers of rows for tests."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from tifa.chain.choices import DocumentKind, Step, TextStatus
from tifa.chain.models import Candidate, Document, HandOff, Reading
from tifa.organisation.choices import Function, Role, UnitKind
from tifa.organisation.models import Membership, Person, Unit
from tifa.registry.choices import Source, Stage
from tifa.registry.models import Innovation

_numbers = count(1)


@dataclass(frozen=True)
class Town:
    """A city of six units: the city, Ortal, a department with a health centre, a distrik with a kampung."""

    city: Unit
    ortal: Unit
    department: Unit
    puskesmas: Unit
    distrik: Unit
    kampung: Unit


def make_unit(code: str, name: str, kind: str, parent: Unit | None = None, **fields: Any) -> Unit:
    return Unit.objects.create(code=code, name=name, kind=kind, parent=parent, **fields)


def build_town() -> Town:
    city = make_unit("91.71", "Kota Jayapura", UnitKind.CITY)
    department = make_unit("OPD.DINKES", "Dinas Kesehatan", UnitKind.DEPARTMENT, city)
    distrik = make_unit("91.71.03", "Abepura", UnitKind.DISTRIK, city)
    return Town(
        city=city,
        ortal=make_unit("SETDA.ORTAL", "Bagian Organisasi", UnitKind.ORTAL, city),
        department=department,
        puskesmas=make_unit("PKM.ABEPURA", "Puskesmas Abepura", UnitKind.HEALTH_CENTRE, department),
        distrik=distrik,
        kampung=make_unit("91.71.03.2001", "Nafri", UnitKind.KAMPUNG, distrik),
    )


def make_person(email: str, role: Role | None = None, unit: Unit | None = None, **fields: Any) -> Person:
    person = Person.objects.create_user(
        email, "rahasia-sekali", name=fields.pop("name", email.split("@")[0]), **fields
    )
    if role and unit:
        Membership.objects.create(person=person, unit=unit, role=role)
    return person


def make_innovation(unit: Unit, **fields: Any) -> Innovation:
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"INV-{number:04}",
        "title": f"Inovasi {number}",
        "function": Function.SERVICE,
        "stage": Stage.USE,
        "summary": "Ringkasan singkat.",
        "affairs": "kesehatan",
        "source": Source.REPORT,
        "use_started": date(2025, 3, 1),
        "recorded_at": timezone.now(),
    }
    return Innovation.objects.create(unit=unit, **{**values, **fields})


def make_handoff(innovation: Innovation, step: Step, on: date, **fields: Any) -> HandOff:
    return HandOff.objects.create(
        innovation=innovation, step=step, on=on, recorded_at=timezone.now(), **fields
    )


def walk_chain(innovation: Innovation, *steps: tuple[Step, date]) -> Innovation:
    for step, on in steps:
        make_handoff(innovation, step, on)
        if step == Step.VERIFIED:
            innovation.verified_on = innovation.published_on = on
            innovation.save(update_fields=["verified_on", "published_on"])
    return innovation


def make_candidate(
    person: Person, name: str, *, near: Innovation | None = None, text: str = "", **fields: Any
) -> Candidate:
    """Make a candidate of a text of its own, as a reading would."""
    now = timezone.now()
    number = next(_numbers)
    reading = Reading.objects.create(
        kind=DocumentKind.NEWS, title=f"Berita {number}", person=person, state="done", started_at=now
    )
    sentence = f"Puskesmas meluncurkan aplikasi {name}."
    document = Document.objects.create(
        reading=reading,
        kind=DocumentKind.NEWS,
        title=f"Berita {number}",
        url="https://berita.example.org/1",
        text=text or f"Pembuka. {sentence} Penutup.",
        sha256=f"{number:064}",
        method="discovery/1",
        taken_at=now,
    )
    values: dict[str, Any] = {
        "key": name.casefold().replace(" ", ""),
        "name": name,
        "owner": "Puskesmas Abepura",
        "year": 2026,
        "status": TextStatus.LAUNCHED,
        "before": "Pembuka.",
        "sentence": sentence,
        "after": "Penutup.",
        "confidence": 0.9,
        "near": [{"code": near.code, "name": near.title, "confidence": 0.7}] if near else [],
    }
    return Candidate.objects.create(document=document, **{**values, **fields})
