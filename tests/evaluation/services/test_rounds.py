"""Tests of making, opening and closing rounds."""

import pytest
from django.core.exceptions import ValidationError

from tests.evaluation.makers import (
    CLOSED,
    INSTRUMENT,
    NOW,
    OPENED,
    entries_of,
    judge_entry,
    make_open_round,
    make_round,
)
from tests.factories import Town
from tifa.core.models import Event
from tifa.dossiers.models import Dossier
from tifa.dossiers.services.writing import mark_ready, save_answer, send_back, start_dossier
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Entry, EntryProposal, PanelMember, Round
from tifa.evaluation.services.locking import RoundRefused
from tifa.evaluation.services.rounds import RoundTerms, close_round, create_round, edit_round, open_round
from tifa.instruments import digest, instrument_from_json, load_instrument
from tifa.organisation.models import Person


def write(actor: Person, dossier: Dossier, text: str, version: int = 0) -> None:
    save_answer(
        actor=actor,
        dossier=dossier,
        item="ringkasan",
        texts={"ringkasan": text, "kosong": ""},
        version=version,
        now=NOW,
    )


def test_create_round_is_a_recorded_draft(ortal: Person) -> None:
    round_ = create_round(actor=ortal, code="KIPP-2026", name="KIPP 2026", instrument_id=INSTRUMENT)

    assert (round_.state, round_.opened_on, round_.instrument_copy) == (RoundState.DRAFT, None, None)
    assert list(Event.objects.values_list("action", "object_key")) == [("round.created", "KIPP-2026")]


def test_create_round_refuses_a_code_that_is_taken(ortal: Person) -> None:
    create_round(actor=ortal, code="KIPP-2026", name="KIPP 2026", instrument_id=INSTRUMENT)

    with pytest.raises(ValidationError):
        create_round(actor=ortal, code="KIPP-2026", name="Again", instrument_id=INSTRUMENT)
    assert Event.objects.count() == 1


def test_open_round_freezes_the_instrument(town: Town, ortal: Person, judge: Person) -> None:
    round_ = open_round(actor=ortal, round_=make_round(town, [judge]), on=OPENED)

    instrument = load_instrument(INSTRUMENT)
    assert (round_.state, round_.opened_on) == (RoundState.OPEN, OPENED)
    assert round_.instrument_digest == digest(instrument)
    assert round_.instrument_copy is not None
    assert instrument_from_json(round_.instrument_copy) == instrument


def test_open_round_freezes_the_proposals_that_are_ready(town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_round(town, [judge], entries=3)
    ready, writing, _without = entries_of(round_)
    dossiers = {
        entry: start_dossier(
            actor=ortal,
            innovation=entry.innovation,
            instrument=load_instrument(INSTRUMENT),
            group="umum",
            now=NOW,
        )
        for entry in (ready, writing)
    }
    for dossier in dossiers.values():
        write(ortal, dossier, "Seperti waktu dibuka")
    mark_ready(actor=ortal, dossier=dossiers[ready], now=NOW)

    open_round(actor=ortal, round_=round_, on=OPENED)
    send_back(actor=ortal, dossier=dossiers[ready], note="Perbaiki", now=NOW)
    write(ortal, dossiers[ready], "Sesudahnya", version=1)

    stored = EntryProposal.objects.get()
    assert stored.entry == ready
    assert stored.texts == {"ringkasan": {"ringkasan": "Seperti waktu dibuka"}}
    assert Event.objects.get(action="round.opened").detail["proposals"] == 1


def test_open_round_needs_an_entry_and_a_judge(town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_round(town, [judge])
    Entry.objects.all().delete()
    with pytest.raises(RoundRefused, match="no entry"):
        open_round(actor=ortal, round_=round_, on=OPENED)

    other = make_round(town, [judge], code="OTHER")
    PanelMember.objects.filter(round=other).delete()
    with pytest.raises(RoundRefused, match="no judge"):
        open_round(actor=ortal, round_=other, on=OPENED)


def test_edit_round_only_before_it_opens(town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_round(town, [judge])
    edit_round(
        actor=ortal, round_=round_, code="KIPP-2026-B", name="B", instrument_id=INSTRUMENT, terms=RoundTerms()
    )
    open_round(actor=ortal, round_=round_, on=OPENED)

    with pytest.raises(RoundRefused, match="open"):
        edit_round(
            actor=ortal, round_=round_, code="C", name="C", instrument_id=INSTRUMENT, terms=RoundTerms()
        )
    assert Round.objects.get().code == "KIPP-2026-B"


def test_close_round_needs_a_submitted_sheet(town: Town, ortal: Person, judge: Person) -> None:
    round_ = make_open_round(town, [judge])
    (entry,) = entries_of(round_)
    judge_entry(judge, entry, 80, submit=False)
    with pytest.raises(RoundRefused, match="nothing to rank"):
        close_round(actor=ortal, round_=round_, on=CLOSED)

    entry.sheets.update(submitted_at="2026-10-06T00:00Z")
    closed = close_round(actor=ortal, round_=round_, on=CLOSED)

    assert (closed.state, closed.closed_on) == (RoundState.CLOSED, CLOSED)
    with pytest.raises(RoundRefused, match="closed"):
        close_round(actor=ortal, round_=round_, on=CLOSED)
