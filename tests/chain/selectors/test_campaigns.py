"""How far the units of a campaign have come, and who is silent while one runs."""

from datetime import date
from typing import Any

import pytest

from tests.chain.campaigns import DUE, OPENED, make_campaign, row_of
from tests.conftest import TODAY
from tests.factories import Town, make_innovation, make_unit, walk_chain
from tifa.chain.choices import AnswerState, CampaignKind, Step, Vital
from tifa.chain.models import Campaign, NilReport
from tifa.chain.selectors.campaigns import (
    Progress,
    branches_of,
    delegated_units,
    progress_of,
    seen_units,
    units_to_answer_for,
    visible_campaigns,
)
from tifa.chain.selectors.ledgers import Scope, silent_units
from tifa.chain.services.answering import NilSaid, VitalSaid, answer_campaign
from tifa.chain.services.campaigns import close_campaign, delegate_answer, extend_campaign
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import unit_tree


def of(campaign: Campaign, unit: Unit, day: date = TODAY) -> Progress:
    return next(one for one in progress_of(campaign, day) if one.row.unit_id == unit.pk)


def silent(day: date = TODAY) -> set[str]:
    return {unit.code for unit in silent_units(Scope(day), unit_tree())}


def check(person: Person, campaign: Campaign, unit: Unit, *said: VitalSaid, nil: bool = False) -> None:
    answer_campaign(
        author=person,
        row=row_of(campaign, unit),
        said=said,
        nil=NilSaid("Kepala") if nil else None,
        on=TODAY,
        tree=unit_tree(),
    )


def test_list_is_frozen_on_the_day_of_the_opening(town: Town, ortal: Person) -> None:
    make_unit("LAMA", "Dinas Lama", "opd", town.city, valid_to=date(2025, 12, 31))
    campaign = make_campaign(ortal, town)

    town.kampung.parent = town.department
    town.kampung.name = "Nama baru"
    town.kampung.save()
    make_unit("BARU", "Dinas Baru", "opd", town.city)

    rows = {row.code: (row.name, row.parent_id) for row in campaign.units.all()}
    assert set(rows) == {"91.71", "91.71.03", "91.71.03.2001", "OPD.DINKES", "PKM.ABEPURA", "SETDA.ORTAL"}
    assert rows["91.71.03.2001"] == ("Nafri", town.distrik.pk)


def test_answer_is_complete_when_everything_known_and_new_was_told(
    town: Town, ortal: Person, operator: Person
) -> None:
    old, other = make_innovation(town.puskesmas), make_innovation(town.puskesmas)
    campaign = make_campaign(ortal, town)

    assert of(campaign, town.puskesmas).state == AnswerState.SILENT
    check(operator, campaign, town.puskesmas, VitalSaid(old, Vital.RUNNING, TODAY))
    assert of(campaign, town.puskesmas).state == AnswerState.PARTIAL
    check(
        operator,
        campaign,
        town.puskesmas,
        VitalSaid(other, Vital.STOPPED, date(2026, 5, 1), "anggaran habis"),
        nil=True,
    )

    done = of(campaign, town.puskesmas)
    assert (done.state, done.known, done.checked, done.stopped) == (AnswerState.DONE, 2, 2, 1)


def test_report_of_the_period_is_news_and_not_asked_about(town: Town, ortal: Person) -> None:
    walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, date(2026, 2, 1)))
    walk_chain(make_innovation(town.kampung), (Step.REPORTED, date(2025, 2, 1)))
    campaign = make_campaign(ortal, town)

    assert of(campaign, town.puskesmas).state == AnswerState.DONE
    assert (of(campaign, town.kampung).state, of(campaign, town.kampung).known) == (AnswerState.SILENT, 1)


def test_late_report_after_the_period_still_answers(town: Town, ortal: Person) -> None:
    campaign = make_campaign(ortal, town, due=date(2026, 12, 20))
    walk_chain(make_innovation(town.puskesmas, use_started=None), (Step.REPORTED, date(2027, 1, 9)))

    assert of(campaign, town.puskesmas, date(2027, 1, 10)).reported == 1


def test_stopped_innovation_is_not_asked_about_again(town: Town, ortal: Person, operator: Person) -> None:
    innovation = make_innovation(town.puskesmas)
    first = make_campaign(ortal, town)
    check(operator, first, town.puskesmas, VitalSaid(innovation, Vital.STOPPED, TODAY, "selesai"), nil=True)
    close_campaign(actor=ortal, campaign=first, on=TODAY)

    second = make_campaign(ortal, town, name="Pelaporan 2027", on=TODAY)

    assert of(second, town.puskesmas).known == 0
    assert of(first, town.puskesmas).known == 1


def test_old_nil_report_of_the_year_answers_a_yearly_campaign(town: Town, ortal: Person) -> None:
    NilReport.objects.create(unit=town.kampung, year=2026, on=date(2026, 1, 9), signed_by="Kepala")
    NilReport.objects.create(unit=town.distrik, year=2025, on=date(2025, 1, 9), signed_by="Kepala")
    yearly = make_campaign(ortal, town)
    half = make_campaign(
        ortal, town, name="Semester II", kind=CampaignKind.SEMESTER, starts_on=date(2026, 7, 1)
    )

    assert of(yearly, town.kampung).state == AnswerState.DONE
    assert of(yearly, town.distrik).state == AnswerState.SILENT
    assert of(half, town.kampung).state == AnswerState.SILENT


def test_silence_follows_the_running_campaign_and_the_year_before_and_after(
    town: Town, ortal: Person, operator: Person
) -> None:
    walk_chain(make_innovation(town.kampung), (Step.REPORTED, date(2026, 2, 1)))
    old = make_innovation(town.puskesmas)
    by_year = silent()
    campaign = make_campaign(
        ortal,
        town,
        kind=CampaignKind.SEMESTER,
        starts_on=date(2026, 7, 1),
        roots=[town.puskesmas.pk, town.kampung.pk],
    )

    assert town.kampung.code not in by_year
    assert silent() == by_year | {town.kampung.code}
    assert silent(date(2026, 11, 1)) == by_year
    check(operator, campaign, town.puskesmas, VitalSaid(old, Vital.RUNNING, TODAY))
    assert silent() == by_year - {town.puskesmas.code} | {town.kampung.code}
    close_campaign(actor=ortal, campaign=campaign, on=TODAY)
    assert silent() == by_year - {town.puskesmas.code}


def test_extension_reaches_one_unit_or_all_and_never_shortens(town: Town, ortal: Person) -> None:
    campaign = make_campaign(ortal, town)
    tree = unit_tree()
    extend_campaign(
        actor=ortal,
        campaign=campaign,
        unit=town.kampung,
        due=date(2026, 12, 20),
        reason="jalan putus",
        on=TODAY,
        tree=tree,
    )
    extend_campaign(
        actor=ortal, campaign=campaign, unit=None, due=date(2026, 12, 5), reason="libur", on=TODAY, tree=tree
    )

    assert of(campaign, town.kampung).due == date(2026, 12, 20)
    assert of(campaign, town.puskesmas).due == date(2026, 12, 5)


def test_branch_counts_what_lies_below_it_on_the_list(town: Town, ortal: Person) -> None:
    NilReport.objects.create(unit=town.kampung, year=2026, on=TODAY, signed_by="Kepala")
    campaign = make_campaign(ortal, town)

    branches = {branch.row.code: branch for branch in branches_of(progress_of(campaign, DUE))}

    assert set(branches) == {"91.71", "91.71.03", "OPD.DINKES"}
    assert (branches["91.71"].units, branches["91.71"].done, branches["91.71"].silent) == (6, 1, 5)
    assert (branches["91.71.03"].units, branches["91.71.03"].done) == (2, 1)


def test_delegation_gives_the_right_to_answer_until_it_ends(
    town: Town, ortal: Person, operator: Person, stranger: Person
) -> None:
    campaign = make_campaign(ortal, town, roots=[town.kampung.pk])
    tree = unit_tree()

    assert units_to_answer_for(operator, campaign, tree) == {town.puskesmas.pk}
    assert list(visible_campaigns(operator, tree)) == []
    delegate_answer(
        actor=stranger,
        campaign=campaign,
        unit=town.kampung,
        to_unit=town.puskesmas,
        reason="tidak ada sinyal",
        on=TODAY,
        tree=tree,
    )
    assert units_to_answer_for(operator, campaign, tree) == {town.puskesmas.pk, town.kampung.pk}
    assert list(visible_campaigns(operator, tree)) == [campaign]
    close_campaign(actor=ortal, campaign=campaign, on=TODAY)
    assert delegated_units(operator, tree) == frozenset()


def test_delegation_opens_no_other_campaign(
    town: Town, ortal: Person, operator: Person, stranger: Person
) -> None:
    one = make_campaign(ortal, town, roots=[town.kampung.pk])
    other = make_campaign(ortal, town, name="Masa lain", roots=[town.kampung.pk])
    tree = unit_tree()
    delegate_answer(
        actor=stranger,
        campaign=one,
        unit=town.kampung,
        to_unit=town.puskesmas,
        reason="",
        on=TODAY,
        tree=tree,
    )

    assert list(visible_campaigns(operator, tree)) == [one]
    assert town.kampung.pk in seen_units(operator, one, tree)
    assert town.kampung.pk not in seen_units(operator, other, tree)
    assert units_to_answer_for(operator, other, tree) == {town.puskesmas.pk}


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_do_not_grow_with_the_rows(
    town: Town, ortal: Person, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        make_innovation(make_unit(f"UNIT.{number}", "Unit", "opd", town.city))
    campaign = make_campaign(ortal, town)

    with django_assert_num_queries(8):
        progress_of(campaign, OPENED)
