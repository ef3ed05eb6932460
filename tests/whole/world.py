"""A town in which every kind of thing exists once, and the address of every page in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from tests.factories import Town, build_town, make_handoff, make_innovation, make_person, walk_chain
from tifa.chain.choices import Step
from tifa.chain.models import ReportDraft
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.services.publishing import publish_ledgers
from tifa.core.models import StoredFile
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.panel import name_judges, set_entries
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import close_round, create_round, open_round
from tifa.evaluation.services.scoring import SectionScore, record_scores
from tifa.exchange.models import ImportRun, ImportState
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Evidence, Innovation

DAY = date(2026, 11, 2)


@dataclass(frozen=True)
class World:
    """The town with its people by role, and one of each thing."""

    town: Town
    people: dict[str, Person]
    published: Innovation
    returned: Innovation
    finding: Innovation
    draft: ReportDraft
    evidence: Evidence
    receipt: StoredFile
    open_round: Round
    done_round: Round
    imported: ImportRun


PARAMETERS: dict[str, Callable[[World], dict[str, Any]]] = {}


def build_world() -> World:
    town = build_town()
    people = _people(town)
    published = walk_chain(
        make_innovation(town.puskesmas, title="Perahu Sehat"),
        (Step.REPORTED, date(2026, 2, 1)),
        (Step.VERIFIED, date(2026, 2, 10)),
        (Step.SELECTED, date(2026, 3, 1)),
    )
    second = walk_chain(
        make_innovation(town.distrik, title="Antre dari Rumah"),
        (Step.REPORTED, date(2026, 2, 2)),
        (Step.VERIFIED, date(2026, 2, 11)),
    )
    receipt = _file(people["ortal"])
    make_handoff(published, Step.FORWARDED, date(2026, 4, 1), letter_number="005/1", receipt=receipt)
    returned = walk_chain(
        make_innovation(town.puskesmas, title="Kembali"),
        (Step.REPORTED, date(2026, 5, 1)),
        (Step.RETURNED, date(2026, 5, 5)),
    )
    publish_ledgers(actor=people["ortal"], scope=Scope(DAY))
    return World(
        town=town,
        people=people,
        published=published,
        returned=returned,
        finding=make_innovation(town.puskesmas, title="Temuan", source="temuan"),
        draft=ReportDraft.objects.create(
            person=people["operator"], content={"title": "Draf"}, saved_at=timezone.now()
        ),
        evidence=Evidence.objects.create(
            innovation=published,
            kind="laporan",
            title="Laporan",
            file=receipt,
            added_by=people["operator"],
            added_at=timezone.now(),
        ),
        receipt=receipt,
        open_round=_round("BUKA", people, [published, second]),
        done_round=_published_round(people, [published, second]),
        imported=ImportRun.objects.create(
            file=_file(people["ortal"], "buku.xlsx"),
            person=people["ortal"],
            state=ImportState.CHECKING,
            started_at=timezone.now(),
        ),
    )


def _people(town: Town) -> dict[str, Person]:
    places = {
        "operator": (Role.OPERATOR, town.puskesmas),
        "head": (Role.HEAD, town.puskesmas),
        "ortal": (Role.ORTAL, town.city),
        "judge": (Role.JUDGE, town.city),
        "leader": (Role.LEADER, town.city),
        "auditor": (Role.AUDITOR, town.city),
        "administrator": (Role.ADMINISTRATOR, town.city),
    }
    people = {name: make_person(f"{name}@example.org", role, unit) for name, (role, unit) in places.items()}
    return people | {"stranger": make_person("stranger@example.org")}


def _file(person: Person, name: str = "bukti.pdf") -> StoredFile:
    stored = StoredFile(
        name=name,
        content_type="application/pdf",
        size=9,
        sha256="0" * 64,
        uploaded_by=person,
        uploaded_at=timezone.now(),
    )
    stored.file.save(name, ContentFile(b"%PDF-1.7\n"))
    return stored


def _round(code: str, people: dict[str, Person], entries: list[Innovation]) -> Round:
    ortal = people["ortal"]
    round_ = create_round(actor=ortal, code=code, name=f"Putaran {code}", instrument_id="kipp-2023")
    set_entries(actor=ortal, round_=round_, add=[one.pk for one in entries], remove=[], on=DAY)
    name_judges(actor=ortal, round_=round_, people=[people["judge"]])
    return open_round(actor=ortal, round_=round_, on=DAY)


def _published_round(people: dict[str, Person], entries: list[Innovation]) -> Round:
    round_ = _round("TERBIT", people, entries)
    scores = [
        SectionScore(section.id, ScoreState.SCORED, Decimal(80), "Baik.") for section in rubric_of(round_).sections
    ]
    for entry in round_.entries.select_related("round"):
        record_scores(
            judge=people["judge"], entry=entry, version=0, scores=scores, submit=True, now=timezone.now()
        )
    closed = close_round(actor=people["ortal"], round_=round_, on=DAY)
    publish_ranking(actor=people["ortal"], round_=closed, on=DAY, now=timezone.now())
    return Round.objects.get(pk=closed.pk)


def _draft_round(people: dict[str, Person], entries: list[Innovation]) -> Round:
    ortal = people["ortal"]
    round_ = create_round(actor=ortal, code="SIAP", name="Putaran SIAP", instrument_id="kipp-2023")
    set_entries(actor=ortal, round_=round_, add=[one.pk for one in entries], remove=[], on=DAY)
    name_judges(actor=ortal, round_=round_, people=[people["judge"]])
    return round_
