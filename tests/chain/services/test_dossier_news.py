"""Units hear of dossiers that were sent back and of editions that close, each once; a moved day is told anew."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import ClientOf
from tests.factories import make_innovation
from tifa.chain.choices import MessageKind
from tifa.chain.models import Message
from tifa.chain.services.preferences import calendar_token
from tifa.chain.services.telling import tell_dossiers
from tifa.core.clock import today
from tifa.dossiers.models import Dossier
from tifa.dossiers.services.deadlines import move_deadline
from tifa.dossiers.services.writing import mark_ready, send_back, start_dossier
from tifa.instruments import load_instrument
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree

NOW = timezone.now()


@pytest.fixture
def dossier(town: Any, operator: Person) -> Dossier:
    return start_dossier(
        actor=operator,
        innovation=make_innovation(town.puskesmas, title="Antre dari Rumah"),
        instrument=load_instrument("kipp-2023"),
        group="",
        now=NOW,
    )


def closes(person: Person, day: date) -> None:
    move_deadline(actor=person, instrument=load_instrument("kipp-2023"), day=day, source="B/1/2026", now=NOW)


def subjects(person: Person) -> list[str]:
    rows = Message.objects.filter(person=person, kind=MessageKind.DOSSIER).order_by("pk")
    return list(rows.values_list("subject", flat=True))


def tell(day: date) -> list[Message]:
    return tell_dossiers(today=day, tree=unit_tree(), now=NOW)


def test_sent_back_is_told_once_each_time(operator: Person, head: Person, dossier: Dossier) -> None:
    for note in ("Kurangi kata.", "Masih terlalu panjang."):
        mark_ready(actor=head, dossier=dossier, now=timezone.now())
        send_back(actor=head, dossier=dossier, note=note, now=timezone.now())
        tell(date(2026, 11, 24))
        tell(date(2026, 11, 24))

    messages = Message.objects.filter(person=operator, kind=MessageKind.DOSSIER).order_by("pk")
    assert [one.subject for one in messages] == ["Berkas dikembalikan: Antre dari Rumah"] * 2
    assert "Masih terlalu panjang." in messages[1].body
    assert reverse("dossiers:dossier", args=[dossier.pk]) in messages[1].body


def test_a_closing_day_is_told_by_stages_and_anew_when_it_moves(
    operator: Person, head: Person, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2026, 12, 20)
    closes(operator, day)
    for left in (60, 30, 29, 7, 6, 1, 0, -1):
        tell(day - timedelta(days=left))
    assert len(subjects(operator)) == 3  # 30, 7, 1

    closes(operator, day + timedelta(days=20))
    tell(day)
    assert len(subjects(operator)) == 4

    assert subjects(head) == subjects(operator)


def test_a_ready_dossier_is_told_to_ortal(
    operator: Person, head: Person, ortal: Person, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2026, 12, 20)
    closes(operator, day)
    mark_ready(actor=head, dossier=dossier, now=timezone.now())

    tell(day - timedelta(days=3))

    assert subjects(operator) == []
    assert subjects(ortal) == ["Segera ditutup: Antre dari Rumah"]


def test_the_calendar_has_the_closing_day(
    client_of: ClientOf, operator: Person, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    closes(operator, today() + timedelta(days=40))

    text = client_of(operator).get(reverse("chain:calendar_feed", args=[calendar_token(person=operator)]))

    content = text.content.decode().replace("\r\n ", "")
    assert "Kompetisi Inovasi Pelayanan Publik 2023" in content
    assert (today() + timedelta(days=40)).strftime("%Y%m%d") in content
