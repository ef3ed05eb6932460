"""Fills a database with innovations, their chain, and a round that is judged."""

import random
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from tifa.chain.choices import Step
from tifa.chain.models import HandOff
from tifa.evaluation.choices import RoundState, ScoreState
from tifa.evaluation.models import Entry, PanelMember, Round, Score, ScoreSheet
from tifa.instruments.loading import digest, instrument_to_json, load_instrument
from tifa.instruments.rubrics import rubric
from tifa.organisation.choices import Function, Role, UnitKind
from tifa.organisation.models import Membership, Person, Unit
from tifa.registry.choices import Source, Stage
from tifa.registry.models import Innovation

UNITS = 120
JUDGES = 40
REVIEWS = 3
MOST_ENTRIES = 3000
AFFAIRS = ("kesehatan", "pendidikan", "perizinan", "kependudukan", "lingkungan hidup", "sosial", "perikanan")
PATH = (Step.REPORTED, Step.VERIFIED, Step.SELECTED, Step.FORWARDED, Step.RECEIVED)
ROUND = "BENCH"


def build_world(innovations: int) -> None:
    """Make units, people, ``innovations`` with their steps, and a round with three reviews an entry."""
    draw = random.Random(20261124)
    city = Unit.objects.create(code="91.71", name="Kota", kind=UnitKind.CITY)
    Unit.objects.create(code="ORTAL", name="Bagian Organisasi", kind=UnitKind.ORTAL, parent=city)
    Unit.objects.bulk_create(
        Unit(code=f"OPD.{i}", name=f"Dinas {i}", kind=UnitKind.DEPARTMENT, parent=city) for i in range(UNITS)
    )
    units = list(Unit.objects.filter(kind=UnitKind.DEPARTMENT))
    _people(city)
    _innovations(innovations, units, draw)
    _chain(draw)
    _round(draw)


def _people(city: Unit) -> None:
    Person.objects.bulk_create(
        Person(email=f"judge{i}@example.org", name=f"Penilai {i}", password="!") for i in range(JUDGES)
    )
    ortal = Person.objects.create_user("ortal@example.org", None, name="Ortal")
    Membership.objects.create(person=ortal, unit=city, role=Role.ORTAL)
    Membership.objects.bulk_create(
        Membership(person=person, unit=city, role=Role.JUDGE)
        for person in Person.objects.filter(email__startswith="judge")
    )


def _innovations(count: int, units: list[Unit], draw: random.Random) -> None:
    now = timezone.now()
    Innovation.objects.bulk_create(
        (
            Innovation(
                code=f"INV-{i:06}",
                title=f"Layanan {draw.choice(AFFAIRS)} keliling nomor {i}",
                unit=draw.choice(units),
                function=draw.choice(Function.values),
                stage=draw.choice(Stage.values),
                use_started=date(2015, 1, 1) + timedelta(days=draw.randrange(4000)),
                summary="Petugas mendatangi warga di kampung dan kelurahan, mencatat, lalu melayani di tempat. "
                * 4,
                affairs=draw.choice(AFFAIRS),
                source=Source.REPORT,
                recorded_at=now - timedelta(minutes=i),
            )
            for i in range(count)
        ),
        batch_size=1000,
    )


def _chain(draw: random.Random) -> None:
    now = timezone.now()
    steps: list[HandOff] = []
    published = []
    for innovation in Innovation.objects.all():
        on = date(2026, 1, 1) + timedelta(days=draw.randrange(100))
        for step in PATH[: draw.randrange(len(PATH) + 1)]:
            steps.append(HandOff(innovation=innovation, step=step, on=on, recorded_at=now))
            if step == Step.VERIFIED:
                innovation.verified_on = innovation.published_on = on
                published.append(innovation)
            on += timedelta(days=draw.randrange(30))
    HandOff.objects.bulk_create(steps, batch_size=1000)
    Innovation.objects.bulk_update(published, ["verified_on", "published_on"], batch_size=1000)


def _round(draw: random.Random) -> None:
    instrument = load_instrument("kipp-2023")
    round_ = Round.objects.create(
        code=ROUND,
        name="Putaran ukur",
        instrument_id="kipp-2023",
        instrument_digest=digest(instrument),
        instrument_copy=instrument_to_json(instrument),
        state=RoundState.OPEN,
        opened_on=date(2026, 9, 1),
    )
    sections = [section.id for section in rubric(instrument).sections]
    published = Innovation.objects.exclude(published_on=None).order_by("code")[:MOST_ENTRIES]
    Entry.objects.bulk_create((Entry(round=round_, innovation=one) for one in published), batch_size=1000)
    PanelMember.objects.bulk_create(
        PanelMember(round=round_, name=person.name, person=person)
        for person in Person.objects.filter(email__startswith="judge")
    )
    panel = list(round_.panel.all())
    now = timezone.now()
    ScoreSheet.objects.bulk_create(
        (
            ScoreSheet(entry=entry, member=member, submitted_at=now)
            for entry in round_.entries.all()
            for member in draw.sample(panel, REVIEWS)
        ),
        batch_size=1000,
    )
    Score.objects.bulk_create(
        (
            Score(
                sheet=sheet,
                section=section,
                state=ScoreState.SCORED,
                value=Decimal(draw.randrange(40, 101)),
                note="Catatan.",
            )
            for sheet in ScoreSheet.objects.all()
            for section in sections
        ),
        batch_size=2000,
    )
