"""Decisions on finds: what enters a ledger, what is learned, and what two people at once get."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.conftest import TODAY
from tests.factories import Town, make_candidate, make_innovation, walk_chain
from tifa.chain.choices import Answer, CandidateState, Dismissal, GapKind, Ledger, Step, TermKind
from tifa.chain.models import Candidate, LocalTerm, Question
from tifa.chain.selectors.candidates import as_finding, twins_of
from tifa.chain.selectors.ledgers import Scope, gap_of, reporting_gap
from tifa.chain.selectors.questions import ANSWERED, OPEN, answered, asked_by_ortal, open_questions
from tifa.chain.selectors.terms import taught
from tifa.chain.services.candidates import (
    DecidedMeanwhile,
    ask_unit,
    dismiss_candidate,
    merge_candidate,
    reopen_candidate,
)
from tifa.chain.services.questions import NotDeclinable, ask_again, decline_finding
from tifa.chain.services.reporting import submit_report
from tifa.chain.services.terms import add_term, remove_term
from tifa.core.models import Event
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import unit_tree
from tifa.registry.choices import Source
from tifa.registry.models import Innovation
from tifa.registry.services import InnovationContent, content_of

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def ask(person: Person, candidate: Candidate, unit: Unit, twins: Any = ()) -> Question:
    said = as_finding(candidate) | {"unit": unit}
    return ask_unit(
        actor=person,
        candidate=candidate,
        content=InnovationContent(**said),
        evidence=None,
        note="Mohon dicek.",
        twins=twins,
        on=TODAY,
        now=NOW,
        tree=unit_tree(),
    )


def dismiss(person: Person, candidate: Candidate, reason: Dismissal, **values: Any) -> None:
    dismiss_candidate(
        actor=person,
        candidate=candidate,
        reason=reason,
        **{"note": "", "remember": True, "twins": (), "now": NOW, **values},
    )


def gaps() -> list[tuple[str, GapKind]]:
    return [(gap.title, gap.kind) for gap in reporting_gap(Scope(TODAY)).gaps]


def test_asking_makes_a_finding_that_its_unit_must_report(ortal: Person, town: Town) -> None:
    candidate = make_candidate(
        ortal, "PERAHU PINTAR", unit=town.puskesmas, expansion="Perahu Pelayanan Pintar"
    )
    twin = make_candidate(ortal, "PERAHU PINTAR")

    question = ask(ortal, candidate, town.puskesmas, [twin])

    innovation = question.innovation
    assert innovation.source == Source.FINDING
    assert "meluncurkan aplikasi PERAHU PINTAR" in innovation.source_note
    assert gaps() == [(innovation.title, GapKind.UNREPORTED)]
    assert {one.text for one in innovation.aliases.all()} == {"PERAHU PINTAR", "Perahu Pelayanan Pintar"}
    assert set(Candidate.objects.values_list("state", "innovation")) == {
        (CandidateState.ASKED, innovation.pk)
    }
    assert Event.objects.filter(action="candidate.asked", object_key="PERAHU PINTAR").exists()
    assert not LocalTerm.objects.exists()


def test_choosing_the_unit_teaches_its_name(ortal: Person, town: Town) -> None:
    candidate = make_candidate(ortal, "Antar Obat", owner="Rumah Kasih Abepura")

    ask(ortal, candidate, town.puskesmas)

    assert taught().units == {"rumahkasihabepura": town.puskesmas.pk}


def test_a_decision_is_made_once(ortal: Person, town: Town) -> None:
    candidate = make_candidate(ortal, "Antar Obat")
    ask(ortal, candidate, town.puskesmas)

    with pytest.raises(DecidedMeanwhile, match="decided on meanwhile"):
        ask(ortal, candidate, town.puskesmas)
    with pytest.raises(DecidedMeanwhile):
        dismiss(ortal, candidate, Dismissal.ORDINARY)
    with pytest.raises(DecidedMeanwhile):
        reopen_candidate(actor=ortal, candidate=candidate)

    assert Innovation.objects.count() == 1


def test_merging_keeps_the_names(ortal: Person, town: Town) -> None:
    innovation = make_innovation(town.puskesmas, title="Perahu Sehat")
    candidate = make_candidate(ortal, "Kapal Sehat", near=innovation, expansion="Kapal Pelayanan Sehat")

    merge_candidate(actor=ortal, candidate=candidate, innovation=innovation, twins=(), now=NOW)

    assert [one.text for one in innovation.aliases.all()] == ["Kapal Pelayanan Sehat", "Kapal Sehat"]
    candidate.refresh_from_db()
    assert (candidate.state, candidate.innovation) == (CandidateState.MERGED, innovation)
    assert Innovation.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (Dismissal.ORDINARY, TermKind.IGNORE),
        (Dismissal.NATIONAL, TermKind.NATIONAL),
        (Dismissal.PLAN, None),
    ],
)
def test_dismissing_teaches_unless_it_is_a_plan(
    ortal: Person, town: Town, reason: Dismissal, kind: TermKind | None
) -> None:
    dismiss(ortal, make_candidate(ortal, "Kata Biasa"), reason)

    assert list(LocalTerm.objects.values_list("kind", flat=True)) == ([kind] if kind else [])


def test_dismissal_can_be_taken_back_with_what_it_taught(ortal: Person, town: Town) -> None:
    candidate = make_candidate(ortal, "Kata Biasa")
    dismiss(ortal, candidate, Dismissal.ORDINARY, note="salah")

    reopen_candidate(actor=ortal, candidate=candidate)

    candidate.refresh_from_db()
    assert (candidate.state, candidate.reason, candidate.note) == (CandidateState.WAITING, "", "")
    assert not LocalTerm.objects.exists()
    assert not Innovation.objects.exists()


def test_taking_a_decision_back_takes_it_back_for_every_text(ortal: Person, town: Town) -> None:
    other = make_candidate(ortal, "Kata Biasa")
    dismiss(ortal, other, Dismissal.PLAN, now=NOW - timedelta(days=1))
    candidate, twin = make_candidate(ortal, "Kata Biasa"), make_candidate(ortal, "Kata Biasa")
    dismiss(ortal, candidate, Dismissal.ORDINARY, twins=[twin])

    reopen_candidate(actor=ortal, candidate=twin)

    assert list(Candidate.objects.order_by("pk").values_list("state", "reason")) == [
        (CandidateState.DISMISSED, Dismissal.PLAN),
        (CandidateState.WAITING, ""),
        (CandidateState.WAITING, ""),
    ]
    assert not LocalTerm.objects.exists()


def test_name_without_a_unit_has_no_twin_in_a_unit(ortal: Person, town: Town) -> None:
    nobodys, too = make_candidate(ortal, "Antar Obat"), make_candidate(ortal, "Antar Obat")
    theirs = make_candidate(ortal, "Antar Obat", unit=town.puskesmas)
    make_candidate(ortal, "Antar Obat", unit=town.kampung)
    tree = unit_tree()

    assert list(twins_of(nobodys, ortal, tree)) == [too]
    assert set(twins_of(theirs, ortal, tree)) == {nobodys, too}


def test_words_are_added_once_and_taken_away(ortal: Person, town: Town) -> None:
    term = add_term(actor=ortal, kind=TermKind.IGNORE, text="  Kata   Biasa ", now=NOW)

    with pytest.raises(ValidationError):
        add_term(actor=ortal, kind=TermKind.IGNORE, text="kata-biasa", now=NOW)
    with pytest.raises(ValidationError):
        add_term(actor=ortal, kind=TermKind.IGNORE, text="!!!", now=NOW)
    with pytest.raises(ValidationError):
        add_term(actor=ortal, kind=TermKind.UNIT, text="Rumah Kasih", now=NOW)

    assert term.text == "Kata Biasa"
    assert taught().ignored == {"katabiasa"}
    remove_term(actor=ortal, term=term)
    assert not taught().ignored


def declined(operator: Person, innovation: Innovation, answer: Answer = Answer.STOPPED) -> None:
    decline_finding(actor=operator, innovation=innovation, answer=answer, reason="Sejak 2024.", on=TODAY)


def test_declined_finding_is_no_gap_and_keeps_its_reason(ortal: Person, operator: Person, town: Town) -> None:
    question = ask(ortal, make_candidate(ortal, "Antar Obat"), town.puskesmas)

    declined(operator, question.innovation)

    question.refresh_from_db()
    handoff = question.innovation.handoffs.get()
    assert gaps() == []
    assert reporting_gap(Scope(TODAY)).ledgers[Ledger.KNOWN] == 1
    assert (handoff.step, handoff.reason.endswith(": Sejak 2024.")) == (Step.DECLINED, True)
    assert (question.answer, question.reason, question.answered_by_id) == (
        Answer.STOPPED,
        "Sejak 2024.",
        operator.pk,
    )
    before = gap_of(question.innovation, as_of=TODAY.replace(month=1), tree=unit_tree())
    assert before is not None
    assert before.kind == GapKind.UNREPORTED


def test_what_was_reported_or_declined_is_not_declined(operator: Person, town: Town) -> None:
    reported = walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, TODAY), (Step.RETURNED, TODAY))
    closed = make_innovation(town.puskesmas)
    declined(operator, closed)

    for innovation in (reported, closed):
        with pytest.raises(NotDeclinable):
            declined(operator, innovation)
    with pytest.raises(NotDeclinable):
        declined(operator, make_innovation(town.puskesmas), Answer.REPORTED)


def test_unit_that_changes_its_mind_reports(ortal: Person, operator: Person, town: Town) -> None:
    innovation = ask(ortal, make_candidate(ortal, "Antar Obat"), town.puskesmas).innovation
    declined(operator, innovation)

    submit_report(
        author=operator, content=content_of(innovation), evidence=None, on=TODAY, innovation=innovation
    )

    assert gaps() == [(innovation.title, GapKind.UNVERIFIED)]


def test_report_answers_the_question(ortal: Person, operator: Person, town: Town) -> None:
    question = ask(ortal, make_candidate(ortal, "Antar Obat"), town.puskesmas)

    submit_report(
        author=operator,
        content=content_of(question.innovation),
        evidence=None,
        on=TODAY,
        innovation=question.innovation,
    )

    question.refresh_from_db()
    assert (question.answer, question.answered_by_id) == (Answer.REPORTED, operator.pk)


def test_report_that_came_by_another_way_answers_the_question(ortal: Person, town: Town) -> None:
    question = ask(ortal, make_candidate(ortal, "Antar Obat"), town.puskesmas)
    walk_chain(question.innovation, (Step.REPORTED, TODAY))
    rows = asked_by_ortal(ortal, unit_tree())

    assert not open_questions([town.puskesmas.pk]).exists()
    assert not answered(rows, OPEN).exists()
    [row] = answered(rows, ANSWERED)
    assert row == question


def test_another_unit_is_asked_and_holds_it(ortal: Person, operator: Person, town: Town) -> None:
    innovation = ask(ortal, make_candidate(ortal, "Antar Obat"), town.puskesmas).innovation
    declined(operator, innovation, Answer.NOT_OURS)

    ask_again(
        actor=ortal,
        innovation=innovation,
        unit=town.department,
        note="Milik dinas?",
        on=TODAY,
        tree=unit_tree(),
    )

    [gap] = reporting_gap(Scope(TODAY)).gaps
    assert (gap.kind, gap.unit, gap.reason) == (GapKind.RETURNED, town.department, "Milik dinas?")
    assert list(Question.objects.order_by("pk").values_list("answer", "unit__code")) == [
        ("not_ours", "PKM.ABEPURA"),
        ("", "OPD.DINKES"),
    ]
    with pytest.raises(NotDeclinable):
        ask_again(
            actor=ortal, innovation=innovation, unit=town.distrik, note="Lagi", on=TODAY, tree=unit_tree()
        )
    innovation.refresh_from_db()
    declined(operator, innovation)
    assert gaps() == []


def test_title_that_changes_stays_as_a_name(ortal: Person, operator: Person, town: Town) -> None:
    innovation = ask(ortal, make_candidate(ortal, "Antar Obat"), town.puskesmas).innovation

    submit_report(
        author=operator,
        content=InnovationContent(**{**vars(content_of(innovation)), "title": "Obat Sampai Rumah"}),
        evidence=None,
        on=TODAY,
        innovation=innovation,
    )

    assert [one.text for one in innovation.aliases.all()] == ["Antar Obat"]
