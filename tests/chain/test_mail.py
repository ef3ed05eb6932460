"""Every mail as a snapshot in both languages; `TIFA_WRITE_SNAPSHOTS=yes` writes them anew."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from tests.chain.campaigns import DUE, make_campaign
from tests.conftest import TODAY
from tests.factories import Town, make_innovation, walk_chain
from tifa.chain.choices import MessageKind, Step
from tifa.chain.models import Campaign, Message, MessageSettings, NilReport, Question
from tifa.chain.services import delivery
from tifa.chain.services.campaigns import delegate_answer, end_delegation, extend_campaign
from tifa.chain.services.delivery import mail_of
from tifa.chain.services.handoffs import Decision, decide_handoff
from tifa.chain.services.reminders import give_reminders
from tifa.chain.services.telling import tell_dossiers, tell_invitation, tell_question
from tifa.dossiers.services.deadlines import move_deadline
from tifa.dossiers.services.writing import mark_ready, send_back, start_dossier
from tifa.instruments import load_instrument
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree

SNAPSHOTS = Path(__file__).parent / "mail"
TEMPLATES = Path(delivery.__file__).parents[1] / "templates" / "chain" / "mail"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(params=["id", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def campaign(
    town: Town,
    ortal: Person,
    operator: Person,
    leader: Person,
    stranger: Person,
    language: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Campaign:
    settings.SITE_URL = "https://tifa.example.org"
    monkeypatch.setattr("tifa.chain.services.delivery.signing.dumps", lambda *_args, **_kwargs: "TANDA")
    for person in (operator, leader, stranger):
        MessageSettings.objects.create(person=person, language=language)
    for unit in (town.city, town.ortal, town.department, town.distrik):
        NilReport.objects.create(unit=unit, year=2026, on=TODAY, signed_by="Kepala")
    make_innovation(town.puskesmas, title="Perahu <Sehat> & kawan")
    campaign = make_campaign(ortal, town)
    number = campaign.pk

    def numbered(path: str) -> str:
        return f"https://tifa.example.org{path}".replace(f"/{number}/", "/1/")

    for module in ("tifa.chain.services.telling", "tifa.chain.services.delivery"):
        monkeypatch.setattr(f"{module}.address", numbered)
    Message.objects.all().delete()
    return campaign


def compare(mail: EmailMessage, name: str, language: str) -> None:
    path = SNAPSHOTS / f"{name}.{language}.txt"
    found = f"Subject: {mail.subject}\n\n{mail.body}"
    if os.environ.get("TIFA_WRITE_SNAPSHOTS"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_invitation(campaign: Campaign, town: Town, language: str) -> None:

    tell_invitation(campaign=campaign, units=[town.puskesmas.pk], tree=unit_tree())

    compare(mail_of([Message.objects.get()]), "undangan", language)


@pytest.mark.parametrize(("name", "days"), [("sebelum", -1), ("tenggat", 0), ("lewat", 1)])
def test_reminder(campaign: Campaign, operator: Person, language: str, name: str, days: int) -> None:
    give_reminders(as_of=DUE + timedelta(days=days), now=NOW)

    compare(mail_of([Message.objects.get(person=operator)]), f"pengingat-{name}", language)


def test_list_for_the_leader(campaign: Campaign, leader: Person, language: str) -> None:
    give_reminders(as_of=DUE + timedelta(days=8), now=NOW)

    compare(mail_of([Message.objects.get(person=leader)]), "daftar", language)


def test_extension(campaign: Campaign, town: Town, ortal: Person, operator: Person, language: str) -> None:
    extend_campaign(
        actor=ortal,
        campaign=campaign,
        unit=town.puskesmas,
        due=DUE + timedelta(days=5),
        reason="Jalan putus & sinyal hilang.",
        on=TODAY,
        tree=unit_tree(),
    )

    compare(mail_of([Message.objects.get(person=operator)]), "perpanjangan", language)


def test_delegation(campaign: Campaign, town: Town, ortal: Person, operator: Person, language: str) -> None:
    delegate_answer(
        actor=ortal,
        campaign=campaign,
        unit=town.kampung,
        to_unit=town.puskesmas,
        reason="Tidak ada sinyal.",
        on=TODAY,
        tree=unit_tree(),
    )

    compare(mail_of([Message.objects.get(person=operator)]), "pelimpahan", language)


def test_end_of_a_delegation(
    campaign: Campaign, town: Town, ortal: Person, operator: Person, language: str
) -> None:
    tree = unit_tree()
    delegation = delegate_answer(
        actor=ortal,
        campaign=campaign,
        unit=town.kampung,
        to_unit=town.puskesmas,
        reason="",
        on=TODAY,
        tree=tree,
    )
    Message.objects.all().delete()

    end_delegation(actor=ortal, delegation=delegation, on=TODAY, tree=tree)

    compare(mail_of([Message.objects.get(person=operator)]), "pelimpahan-selesai", language)


def test_question(campaign: Campaign, town: Town, ortal: Person, operator: Person, language: str) -> None:
    found = make_innovation(town.puskesmas, code="INV-9001", title="Pos gizi <keliling>")
    question = Question.objects.create(
        innovation=found, unit=town.puskesmas, note="Ada di koran & radio.", asked_by=ortal, asked_on=TODAY
    )

    tell_question(question=question, tree=unit_tree())

    compare(mail_of([Message.objects.get(person=operator)]), "pertanyaan", language)


def test_report_given_back(
    campaign: Campaign, town: Town, ortal: Person, operator: Person, language: str
) -> None:
    innovation = make_innovation(town.puskesmas, code="INV-9002", title="Pos gizi <keliling>")
    seen = walk_chain(innovation, (Step.REPORTED, TODAY)).handoffs.get()

    decide_handoff(
        actor=ortal,
        innovation=innovation,
        decision=Decision(Step.RETURNED, TODAY, reason="Bukti belum ada.", due=DUE),
        seen=seen.pk,
    )

    compare(mail_of([Message.objects.get(person=operator)]), "kembali", language)


def test_dossiers(
    campaign: Campaign,
    town: Town,
    ortal: Person,
    operator: Person,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    innovation = make_innovation(town.puskesmas, code="INV-9003", title="Pos gizi <keliling>")
    dossier = start_dossier(
        actor=operator, innovation=innovation, instrument=load_instrument("kipp-2023"), group="", now=NOW
    )
    monkeypatch.setattr(
        "tifa.chain.services.telling.address", lambda _path: "https://tifa.example.org/ruang/berkas/1/"
    )
    edition = load_instrument("kipp-2023")
    move_deadline(actor=ortal, instrument=edition, day=DUE, source="B/1/2026", now=NOW)
    tell_dossiers(today=DUE - timedelta(days=3), tree=unit_tree(), now=NOW)
    compare(mail_of([Message.objects.get(person=operator)]), "berkas-tutup", language)
    Message.objects.all().delete()

    mark_ready(actor=ortal, dossier=dossier, now=NOW)
    send_back(actor=ortal, dossier=dossier, note="Ringkasannya terlalu panjang.", now=NOW)
    tell_dossiers(today=DUE - timedelta(days=60), tree=unit_tree(), now=NOW)
    compare(mail_of([Message.objects.get(person=operator)]), "berkas", language)


def test_digest(campaign: Campaign, town: Town, ortal: Person, operator: Person, language: str) -> None:
    give_reminders(as_of=DUE - timedelta(days=1), now=NOW)
    extend_campaign(
        actor=ortal,
        campaign=campaign,
        unit=None,
        due=DUE + timedelta(days=5),
        reason="Libur.",
        on=TODAY,
        tree=unit_tree(),
    )

    compare(mail_of(list(Message.objects.filter(person=operator).order_by("pk"))), "ringkasan", language)


def test_every_template_has_both_languages() -> None:
    names = {path.name for path in TEMPLATES.iterdir()}
    kinds = {*MessageKind.values, "berkas-tutup", "pelimpahan-selesai", "ringkasan", "kaki"}

    assert names == {f"{kind}.{language}.txt" for kind in kinds for language in ("id", "en")}


def test_no_snapshot_is_left_over() -> None:
    kinds = {*MessageKind.values, "berkas-tutup", "pelimpahan-selesai", "ringkasan"} - {
        MessageKind.REMINDER.value
    }
    stages = {f"pengingat-{stage}" for stage in ("sebelum", "tenggat", "lewat")}
    found = {path.name.split(".")[0] for path in SNAPSHOTS.iterdir()}

    assert found == kinds | stages
