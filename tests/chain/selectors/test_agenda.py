"""What waits for whom on the start page."""

from datetime import date, timedelta

from django.utils import timezone

from tests.conftest import TODAY
from tests.factories import Town, make_handoff, make_innovation, make_person, walk_chain
from tifa.chain.choices import GapKind, Holder, Ledger, Step
from tifa.chain.models import ReportDraft
from tifa.chain.selectors.agenda import agenda
from tifa.chain.selectors.board import Narrowed, board
from tifa.chain.selectors.ledgers import Scope, reporting_gap
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree

DAY = date(2026, 3, 1)


def test_reporter_sees_own_drafts_returned_and_unreported(town: Town, operator: Person, head: Person) -> None:
    unreported = make_innovation(town.puskesmas)
    returned = make_innovation(town.puskesmas)
    make_handoff(returned, Step.RETURNED, date(2025, 5, 1), reason="bukti kurang")
    make_innovation(town.kampung)
    mine = ReportDraft.objects.create(person=operator, content={"title": "Draf"}, saved_at=timezone.now())
    ReportDraft.objects.create(person=head, content={}, saved_at=timezone.now())

    found = agenda(operator, TODAY)

    assert found.reporter is not None
    assert (found.ortal, found.leader) == (None, None)
    assert found.reporter.drafts == (mine,)
    assert [gap.innovation for gap in found.reporter.returned] == [returned.code]
    assert [gap.innovation for gap in found.reporter.unreported] == [unreported.code]
    assert found.reporter.units == (town.puskesmas,)
    assert found.reporter.is_silent


def test_reporter_who_reported_is_not_silent(town: Town, operator: Person) -> None:
    make_handoff(make_innovation(town.puskesmas), Step.REPORTED, DAY)

    found = agenda(operator, TODAY).reporter

    assert found is not None
    assert not found.is_silent


def test_ortal_sees_what_it_holds_and_what_it_must_ask_for(town: Town, ortal: Person) -> None:
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))
    walk_chain(make_innovation(town.kampung), (Step.VERIFIED, DAY))
    make_handoff(make_innovation(town.kampung), Step.FORWARDED, DAY, due=date(2026, 4, 1))
    make_innovation(town.kampung)

    found = agenda(ortal, TODAY).ortal

    assert found is not None
    assert found.counts == {
        GapKind.UNVERIFIED: 1,
        GapKind.UNDECIDED: 1,
        GapKind.HELD: 0,
        GapKind.UNFORWARDED: 0,
        GapKind.UNRECEIPTED: 1,
    }
    assert (found.total, found.unreceipted, found.overdue, found.unreported) == (2, 1, 1, 1)
    assert found.urgent[0].kind == GapKind.UNRECEIPTED
    assert found.silent_units == 5


def test_leader_sees_the_funnel_and_who_holds_most(town: Town, leader: Person) -> None:
    for unit in (town.kampung, town.kampung, town.puskesmas):
        make_innovation(unit)

    found = agenda(leader, TODAY).leader

    assert found is not None
    assert found.largest_loss is not None
    assert (found.largest_loss.ledger, found.largest_loss.lost) == (Ledger.REPORTED, 3)
    assert found.holders[Holder.UNIT] == 3
    assert found.holding_units == ((town.kampung, 2), (town.puskesmas, 1))
    assert (found.overdue, found.silent_units) == (0, 6)


def test_leader_counts_as_the_board_does(town: Town, leader: Person) -> None:
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY), (Step.VERIFIED, DAY))
    held = walk_chain(make_innovation(town.kampung), (Step.REPORTED, DAY), (Step.VERIFIED, DAY))
    make_handoff(held, Step.HELD, DAY, due=TODAY + timedelta(days=30), reason="Lomba tahun depan.")

    found = agenda(leader, TODAY).leader

    assert found is not None
    shown = board(reporting_gap(Scope(TODAY)), Narrowed(), unit_tree())
    assert shown.parked == 1
    assert found.holders == {holder: sum(hand.count for hand in shown.of(holder)) for holder in Holder}
    assert found.holders[Holder.ORTAL] == 1
    assert found.overdue == shown.overdue


def test_nobody_without_a_role_has_an_agenda(town: Town) -> None:
    make_innovation(town.puskesmas)

    found = agenda(make_person("tamu@example.org"), TODAY)

    assert (found.reporter, found.ortal, found.leader) == (None, None, None)


def test_a_person_may_have_two_roles(town: Town, ortal: Person) -> None:
    both = make_person("dua@example.org", Role.OPERATOR, town.kampung)
    both.memberships.create(unit=town.city, role=Role.LEADER)

    found = agenda(both, TODAY)

    assert found.reporter is not None
    assert found.leader is not None
    assert found.ortal is None
