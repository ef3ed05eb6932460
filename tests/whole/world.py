"""A town in which every kind of thing exists once, and the address of every page in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile
from django.utils import timezone

from tests.chain.campaigns import content, make_campaign
from tests.evaluation.dividing import divide
from tests.factories import (
    Town,
    build_town,
    make_candidate,
    make_handoff,
    make_innovation,
    make_person,
    walk_chain,
)
from tests.standards.making import determined, make_service
from tests.surveys.making import make_counter
from tifa.chain.choices import Answer, Step, TermKind
from tifa.chain.models import (
    Campaign,
    Candidate,
    DecisionBatch,
    Feed,
    Host,
    LocalTerm,
    Message,
    ReportDraft,
)
from tifa.chain.selectors.ledgers import Scope
from tifa.chain.services.campaigns import create_campaign
from tifa.chain.services.delivery import UNSUBSCRIBE_SALT
from tifa.chain.services.preferences import calendar_token
from tifa.chain.services.publishing import publish_ledgers
from tifa.chain.services.questions import decline_finding
from tifa.chain.services.sources import add_feed, name_host
from tifa.chain.services.terms import add_term
from tifa.core.models import StoredFile, Upload
from tifa.core.uploads import begin_upload
from tifa.dossiers.choices import Block
from tifa.dossiers.models import Dossier, SentDossier
from tifa.dossiers.sending import freeze
from tifa.dossiers.services.writing import comment, mark_ready, save_answer, save_story, start_dossier
from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Conflict, Entry, Round, TrainingExample
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.moderation import start_moderation
from tifa.evaluation.services.panel import declare_conflict, name_judges, set_entries
from tifa.evaluation.services.ranking import publish_ranking
from tifa.evaluation.services.rounds import close_round, create_round, open_round
from tifa.evaluation.services.scoring import SectionScore, record_scores
from tifa.evaluation.services.training import add_example
from tifa.exchange.models import ImportRun, ImportState
from tifa.instruments import load_instrument
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.registry.models import Evidence, Innovation, InnovationAlias
from tifa.registry.services import add_aliases
from tifa.standards.models import Service
from tifa.standards.services import begin_standard
from tifa.surveys.models import Counter

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
    upload: Upload
    sent: SentDossier
    receipt: StoredFile
    draft_round: Round
    open_round: Round
    example: TrainingExample
    dossier: Dossier
    service: Service
    counter: Counter
    closed_round: Round
    moderated_round: Round
    done_round: Round
    divided_round: Round
    entry: Entry
    conflict: Conflict
    imported: ImportRun
    batch: DecisionBatch
    candidate: Candidate
    declined: Innovation
    feed: Feed
    host: Host
    term: LocalTerm
    alias: InnovationAlias
    draft_campaign: Campaign
    campaign: Campaign
    message: Message


PARAMETERS: dict[str, Callable[[World], dict[str, Any]]] = {
    "organisation:person_edit": lambda world: {"pk": world.people["operator"].pk},
    "organisation:role_grant": lambda world: {"pk": world.people["operator"].pk},
    "organisation:role_revoke": lambda world: {
        "pk": world.people["operator"].pk,
        "membership_pk": world.people["operator"].memberships.get().pk,
    },
    "organisation:password_link": lambda world: {"pk": world.people["operator"].pk},
    "organisation:unit_detail": lambda world: {"code": world.town.distrik.code},
    "chain:innovation_detail": lambda world: {"code": world.published.code},
    "chain:innovation_export": lambda world: {"fmt": "csv"},
    "chain:handoff_decide": lambda world: {"code": world.published.code},
    "chain:handoff_letter": lambda world: {"code": world.published.code},
    **{
        f"chain:evidence_{name}": lambda world: {"pk": world.evidence.pk}
        for name in ("detail", "file", "redacted", "preview", "replace", "redact")
    },
    "chain:upload_piece": lambda world: {"pk": world.upload.pk},
    "chain:evidence_add": lambda world: {"code": world.published.code},
    "chain:receipt_file": lambda world: {"pk": world.published.handoffs.get(step=Step.FORWARDED).pk},
    "chain:report_edit": lambda world: {"pk": world.draft.pk},
    "chain:report_autosave": lambda world: {"pk": world.draft.pk},
    "chain:report_discard": lambda world: {"pk": world.draft.pk},
    "chain:report_existing": lambda world: {"code": world.returned.code},
    "chain:gaps_export": lambda world: {"fmt": "xlsx"},
    "chain:batch_detail": lambda world: {"pk": world.batch.pk},
    "chain:batch_undo": lambda world: {"pk": world.batch.pk},
    "chain:holiday_export": lambda world: {"fmt": "xlsx"},
    "chain:coverage_export": lambda world: {"fmt": "csv"},
    "chain:finding_answer": lambda world: {"code": world.finding.code},
    "chain:candidate_detail": lambda world: {"pk": world.candidate.pk},
    "chain:candidate_ask": lambda world: {"pk": world.candidate.pk},
    "chain:candidate_merge": lambda world: {"pk": world.candidate.pk},
    "chain:candidate_dismiss": lambda world: {"pk": world.candidate.pk},
    "chain:candidate_reopen": lambda world: {"pk": world.candidate.pk},
    "chain:question_again": lambda world: {"code": world.declined.code},
    "chain:reading_detail": lambda world: {"pk": world.candidate.document.reading.pk},
    "chain:reading_progress": lambda world: {"pk": world.candidate.document.reading.pk},
    "chain:reading_resume": lambda world: {"pk": world.candidate.document.reading.pk},
    "chain:document_detail": lambda world: {"pk": world.candidate.document.pk},
    "chain:feed_fetch": lambda world: {"pk": world.feed.pk},
    "chain:feed_remove": lambda world: {"pk": world.feed.pk},
    "chain:host_remove": lambda world: {"pk": world.host.pk},
    "chain:term_remove": lambda world: {"pk": world.term.pk},
    "chain:alias_remove": lambda world: {"pk": world.alias.pk},
    **{
        f"chain:{name}": lambda world: {"pk": world.campaign.pk}
        for name in (
            "campaign_detail",
            "campaign_close",
            "campaign_extend",
            "campaign_remind",
            "campaign_letter",
        )
    },
    "chain:campaign_edit": lambda world: {"pk": world.draft_campaign.pk},
    "chain:campaign_open": lambda world: {"pk": world.draft_campaign.pk},
    "chain:campaign_export": lambda world: {"pk": world.campaign.pk, "fmt": "csv"},
    "chain:campaign_unit": lambda world: {"pk": world.campaign.pk, "code": world.town.puskesmas.code},
    "chain:campaign_delegate": lambda world: {"pk": world.campaign.pk, "code": world.town.puskesmas.code},
    "chain:message_detail": lambda world: {"pk": world.message.pk},
    "chain:outbox_message": lambda world: {"pk": world.message.pk},
    "chain:outbox_export": lambda world: {"fmt": "zip"},
    "chain:unsubscribe": lambda world: {
        "token": signing.dumps([world.message.person_id, "undangan"], salt=UNSUBSCRIBE_SALT)
    },
    "chain:calendar_feed": lambda world: {"token": calendar_token(person=world.people["operator"])},
    "evaluation:round_detail": lambda world: {"pk": world.open_round.pk},
    "evaluation:round_edit": lambda world: {"pk": world.draft_round.pk},
    **{f"dossiers:{name}": lambda world: {"pk": world.dossier.pk} for name in ("dossier", "change", "paste")},
    "dossiers:statement": lambda world: {"pk": world.dossier.pk, "kind": "kebenaran"},
    "chain:choice": lambda world: {"instrument_id": "kipp-2023"},
    "chain:choice_letter": lambda world: {"instrument_id": "kipp-2023"},
    "chain:choice_minutes": lambda world: {"instrument_id": "kipp-2023"},
    "dossiers:city": lambda world: {"instrument_id": "iga-2026"},
    "dossiers:deadline": lambda world: {"instrument_id": "kipp-2023"},
    "dossiers:edition_zip": lambda world: {"instrument_id": "kipp-2023"},
    "dossiers:sent": lambda world: {"pk": world.dossier.pk, "code": "tidak-ada"},
    "portal:sent": lambda world: {"code": world.sent.code},
    "dossiers:export": lambda world: {"pk": world.dossier.pk, "fmt": "pdf"},
    **{
        f"dossiers:{name}": lambda world: {"pk": world.dossier.pk, "item": "ringkasan"}
        for name in ("answer", "autosave", "comment", "history")
    },
    "dossiers:innovation": lambda world: {"code": world.published.code},
    "dossiers:story_edit": lambda world: {"code": world.published.code, "block": "summary"},
    "dossiers:start": lambda world: {"code": world.published.code, "instrument_id": "kipp-2023"},
    "standards:export": lambda world: {"fmt": "csv"},
    "standards:step_file": lambda world: {"pk": world.service.standards.get(number=1).steps.get().pk},
    **{
        f"standards:{name}": lambda world: {"pk": world.service.pk} for name in ("service", "change", "begin")
    },
    **{
        f"standards:{name}": lambda world: {"pk": world.service.pk, "number": 2}
        for name in ("standard", "autosave", "step")
    },
    **{f"surveys:{name}": lambda world: {"pk": world.counter.wave.pk} for name in ("wave", "close")},
    **{
        f"surveys:{name}": lambda world: {"pk": world.counter.wave.pk, "counter_pk": world.counter.pk}
        for name in ("counter", "poster", "paper")
    },
    **{f"surveys:{name}": lambda world: {"code": world.counter.code} for name in ("answer", "thanks")},
    "portal:service": lambda world: {"pk": world.service.pk},
    "portal:service_sheet": lambda world: {"pk": world.service.pk},
    "evaluation:entry_reopen": lambda world: {"pk": world.done_round.entries.all()[0].pk},
    "evaluation:training": lambda world: {"pk": world.open_round.pk},
    "evaluation:training_example": lambda world: {"pk": world.example.pk},
    "evaluation:training_mine": lambda world: {"pk": world.open_round.pk},
    "evaluation:training_sheet": lambda world: {"pk": world.example.pk},
    "evaluation:moderation_start": lambda world: {"pk": world.open_round.pk},
    "evaluation:moderation_board": lambda world: {"pk": world.moderated_round.pk},
    **{
        f"evaluation:moderation_{name}": lambda world: {"pk": world.moderated_round.entries.get().pk}
        for name in ("entry", "sheet")
    },
    "evaluation:round_amend": lambda world: {"pk": world.open_round.pk},
    "evaluation:round_entries": lambda world: {"pk": world.draft_round.pk},
    "evaluation:round_panel": lambda world: {"pk": world.draft_round.pk},
    "evaluation:conflict_list": lambda world: {"pk": world.open_round.pk},
    "evaluation:conflict_withdraw": lambda world: {
        "pk": world.open_round.pk,
        "conflict_pk": world.conflict.pk,
    },
    "evaluation:conflict_find": lambda world: {"pk": world.open_round.pk},
    "evaluation:judge_withdraw": lambda world: {
        "pk": world.open_round.pk,
        "member_pk": world.open_round.panel.get().pk,
    },
    "evaluation:assignment": lambda world: {"pk": world.divided_round.pk},
    "evaluation:assignment_judges": lambda world: {"pk": world.divided_round.pk},
    "evaluation:assignment_dissolve": lambda world: {"pk": world.divided_round.pk},
    "evaluation:plan_detail": lambda world: _plan(world),
    "evaluation:plan_progress": lambda world: _plan(world),
    "evaluation:plan_accept": lambda world: _plan(world),
    "evaluation:plan_resume": lambda world: _plan(world),
    "evaluation:entry_assign": lambda world: {"pk": world.divided_round.entries.order_by("pk")[0].pk},
    "evaluation:entry_withdraw": lambda world: {"pk": world.entry.pk},
    "evaluation:round_open": lambda world: {"pk": world.draft_round.pk},
    "evaluation:round_close": lambda world: {"pk": world.open_round.pk},
    "evaluation:round_publish": lambda world: {"pk": world.closed_round.pk},
    "evaluation:round_result": lambda world: {"pk": world.closed_round.pk},
    "evaluation:result_progress": lambda world: {"pk": world.closed_round.pk},
    "evaluation:result_bundle": lambda world: {"pk": world.done_round.pk},
    "evaluation:notes_release": lambda world: {
        "pk": world.done_round.entries.get(innovation=world.published).pk
    },
    "evaluation:feedback": lambda world: {"pk": world.done_round.entries.get(innovation=world.published).pk},
    "evaluation:round_export": lambda world: {"pk": world.done_round.pk, "fmt": "csv"},
    "evaluation:round_report": lambda world: {"pk": world.done_round.pk},
    "evaluation:ranking_export": lambda world: {"pk": world.done_round.pk, "fmt": "json"},
    "evaluation:entry_detail": lambda world: {"pk": world.entry.pk},
    "evaluation:conflict_declare": lambda world: {"pk": world.entry.pk},
    "evaluation:judging_round": lambda world: {"pk": world.open_round.pk},
    "evaluation:judging_next": lambda world: {"pk": world.open_round.pk},
    "evaluation:sheet_edit": lambda world: {"pk": world.entry.pk},
    "evaluation:sheet_autosave": lambda world: {"pk": world.entry.pk},
    "evaluation:sheet_conflict": lambda world: {"pk": world.entry.pk},
    "evaluation:sheet_evidence": lambda world: {"pk": world.entry.pk, "evidence_pk": world.evidence.pk},
    "exchange:import_detail": lambda world: {"pk": world.imported.pk},
    "exchange:import_progress": lambda world: {"pk": world.imported.pk},
    "exchange:import_apply": lambda world: {"pk": world.imported.pk},
    "exchange:import_resume": lambda world: {"pk": world.imported.pk},
    "exchange:import_errors": lambda world: {"pk": world.imported.pk},
    "portal:catalogue_export": lambda world: {"fmt": "csv"},
    "portal:innovation": lambda world: {"code": world.published.code},
    "portal:standard": lambda world: {"instrument_id": "kipp-2023"},
    "portal:standard_download": lambda world: {"instrument_id": "kipp-2023", "fmt": "json"},
    "portal:self_check": lambda world: {"instrument_id": "kipp-2023"},
    "portal:result": lambda world: {"code": world.done_round.code},
    "portal:result_download": lambda world: {"code": world.done_round.code, "fmt": "json"},
    "portal:result_past": lambda world: {
        "code": world.done_round.code,
        "key": world.done_round.publications.get().pk,
    },
    "portal:result_past_download": lambda world: {
        "code": world.done_round.code,
        "key": world.done_round.publications.get().pk,
        "fmt": "zip",
    },
    "portal:funnel_unit": lambda world: {"code": world.town.city.code},
}


def _plan(world: World) -> dict[str, Any]:
    return {"pk": world.divided_round.pk, "plan_pk": world.divided_round.plans.get().pk}


def build_world() -> World:
    town = build_town()
    people = _people(town)
    service = _service(people["operator"], town)
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
    open_round_ = _open("BUKA", people, [published, second])
    conflicted = open_round_.entries.select_related("round").get(innovation=second)
    campaign = make_campaign(people["ortal"], town)
    return World(
        town=town,
        people=people,
        published=published,
        returned=returned,
        finding=make_innovation(town.puskesmas, title="Temuan", source="temuan"),
        draft=ReportDraft.objects.create(
            person=people["operator"], content={"title": "Draf"}, saved_at=timezone.now()
        ),
        sent=_sent(returned, people),
        upload=begin_upload(person=people["operator"], name="laporan.pdf", size=99, now=timezone.now()),
        evidence=Evidence.objects.create(
            innovation=published,
            kind="laporan",
            title="Laporan",
            file=receipt,
            added_by=people["operator"],
            added_at=timezone.now(),
        ),
        receipt=receipt,
        draft_round=_draft("SIAP", people, [published, second]),
        open_round=open_round_,
        service=service,
        counter=make_counter(people["ortal"], town.city, service),
        dossier=_dossier(people["operator"], published),
        example=add_example(
            actor=people["ortal"], round_=open_round_, title="Contoh", text="Antrean daring di puskesmas"
        ),
        closed_round=_closed("TUTUP", people, [published, second]),
        moderated_round=start_moderation(actor=people["ortal"], round_=_judged("BAHAS", people, [published])),
        done_round=_published(people, [published, second]),
        divided_round=divide(people["ortal"], _draft("BAGI", people, [published, second])),
        entry=open_round_.entries.get(innovation=published),
        conflict=declare_conflict(
            actor=people["ortal"],
            entry=conflicted,
            member=open_round_.panel.get(),
            reason="Atasan langsung",
            now=timezone.now(),
        ),
        imported=ImportRun.objects.create(
            file=_file(people["ortal"], "buku.xlsx"),
            person=people["ortal"],
            state=ImportState.CHECKING,
            started_at=timezone.now(),
        ),
        batch=DecisionBatch.objects.create(
            step=Step.VERIFIED, decided_by=people["ortal"], decided_at=timezone.now()
        ),
        **_discovered(town, people, published),
        draft_campaign=create_campaign(actor=people["ortal"], content=content(town, name="Berikutnya")),
        campaign=campaign,
        message=Message.objects.get(campaign=campaign, person=people["operator"]),
    )


def _discovered(town: Town, people: dict[str, Person], published: Innovation) -> dict[str, Any]:
    """Return one of each thing that discovery keeps."""
    ortal, now = people["ortal"], timezone.now()
    host = name_host(actor=people["administrator"], name="berita.example.org", inside=False, now=now)
    make_candidate(ortal, "Antar Obat", unit=town.puskesmas)
    declined = make_innovation(town.puskesmas, title="Bukan Inovasi", source="temuan")
    decline_finding(
        actor=people["operator"],
        innovation=declined,
        answer=Answer.NOT_OURS,
        reason="Milik dinas lain.",
        on=DAY,
    )
    return {
        "candidate": make_candidate(ortal, "Perahu Pintar", near=published),
        "declined": declined,
        "host": host,
        "feed": add_feed(
            actor=ortal, title="Berita", url="https://berita.example.org/rss", pages=True, now=now
        ),
        "term": add_term(actor=ortal, kind=TermKind.IGNORE, text="Kata Biasa", now=now),
        "alias": add_aliases(actor=ortal, innovation=published, texts=["Kapal Sehat"])[0],
    }


def _service(person: Person, town: Town) -> Service:
    service = make_service(person, town.puskesmas, "Imunisasi")
    determined(person, service)
    begin_standard(actor=person, service=service, copy=None, now=timezone.now())
    return service


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


def _draft(code: str, people: dict[str, Person], entries: list[Innovation]) -> Round:
    ortal = people["ortal"]
    round_ = create_round(actor=ortal, code=code, name=f"Putaran {code}", instrument_id="kipp-2023")
    set_entries(actor=ortal, round_=round_, add=[one.pk for one in entries], remove=[], on=DAY)
    name_judges(actor=ortal, round_=round_, people=[people["judge"]])
    return round_


def _open(code: str, people: dict[str, Person], entries: list[Innovation]) -> Round:
    return open_round(actor=people["ortal"], round_=_draft(code, people, entries), on=DAY)


def _judged(code: str, people: dict[str, Person], entries: list[Innovation]) -> Round:
    round_ = _open(code, people, entries)
    scores = [
        SectionScore(section.id, ScoreState.SCORED, Decimal(80), "Baik.")
        for section in rubric_of(round_).sections
    ]
    for entry in round_.entries.select_related("round"):
        record_scores(
            judge=people["judge"], entry=entry, version=0, scores=scores, submit=True, now=timezone.now()
        )
    return round_


def _closed(code: str, people: dict[str, Person], entries: list[Innovation]) -> Round:
    return close_round(actor=people["ortal"], round_=_judged(code, people, entries), on=DAY)


def _published(people: dict[str, Person], entries: list[Innovation]) -> Round:
    round_ = _closed("TERBIT", people, entries)
    publish_ranking(actor=people["ortal"], round_=round_, on=DAY, now=timezone.now())
    return Round.objects.get(pk=round_.pk)


def _dossier(person: Person, innovation: Innovation) -> Dossier:
    now = timezone.now()
    save_story(
        actor=person,
        innovation=innovation,
        block=Block.SUMMARY,
        text="Warga mendaftar lewat pesan singkat.",
        version=0,
        now=now,
    )
    dossier = start_dossier(
        actor=person, innovation=innovation, instrument=load_instrument("kipp-2023"), group="umum", now=now
    )
    texts = {"ringkasan": "Warga mendaftar lewat pesan singkat dan datang tepat waktu."}
    save_answer(actor=person, dossier=dossier, item="ringkasan", texts=texts, version=1, now=now)
    comment(author=person, dossier=dossier, item="ringkasan", text="Angkanya mana?", now=now)
    return dossier


def _sent(innovation: Innovation, people: dict[str, Person]) -> SentDossier:
    now = timezone.now()
    dossier = start_dossier(
        actor=people["operator"],
        innovation=innovation,
        instrument=load_instrument("kipp-2023"),
        group="",
        now=now,
    )
    mark_ready(actor=people["ortal"], dossier=dossier, now=now)
    return freeze(actor=people["ortal"], dossier=dossier, now=now)
