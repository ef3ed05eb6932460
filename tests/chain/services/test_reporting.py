"""Drafts, reports, findings and nil reports."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from tests.conftest import TODAY
from tests.factories import Town, build_town, make_handoff, make_innovation, make_person, walk_chain
from tifa.chain.choices import Step
from tifa.chain.models import HandOff, NilReport, ReportDraft
from tifa.chain.services.reporting import (
    DraftGone,
    NilRefused,
    NotReportable,
    StaleDraft,
    discard_draft,
    report_nil,
    save_draft,
    start_draft,
    submit_report,
)
from tifa.organisation.choices import Role
from tifa.organisation.models import Person, Unit
from tifa.registry.models import Innovation
from tifa.registry.services import InnovationContent, StaleInnovation

DAY = date(2026, 3, 1)


def content(unit: Unit) -> InnovationContent:
    return InnovationContent(
        title="Perahu Sehat", unit=unit, function="pelayanan", stage="inisiatif", summary="Ringkasan."
    )


def test_saving_a_draft_raises_its_version(town: Town, operator: Person) -> None:
    draft = start_draft(person=operator, content={"title": "A"})

    first = save_draft(draft=draft, content={"title": "B"}, version=1)
    again = save_draft(draft=draft, content={"title": "B"}, version=1)

    assert (first.version, again.version, again.content) == (2, 2, {"title": "B"})


def test_a_stale_draft_overwrites_nothing(town: Town, operator: Person) -> None:
    draft = start_draft(person=operator, content={"title": "A"})
    save_draft(draft=draft, content={"title": "B"}, version=1)

    with pytest.raises(StaleDraft) as stale:
        save_draft(draft=draft, content={"title": "C"}, version=1)

    draft.refresh_from_db()
    assert stale.value.stored.content == draft.content == {"title": "B"}


def test_a_draft_that_is_gone_cannot_be_saved(town: Town, operator: Person) -> None:
    draft = start_draft(person=operator, content={})
    ReportDraft.objects.all().delete()

    with pytest.raises(DraftGone):
        save_draft(draft=draft, content={"title": "B"}, version=1)


def test_draft_of_one_innovation_is_taken_up_again(town: Town, operator: Person) -> None:
    innovation = make_innovation(town.puskesmas)
    first = start_draft(person=operator, content={"title": "A"}, innovation=innovation)
    second = start_draft(person=operator, content={"title": "B"}, innovation=innovation)

    assert (first, second.content) == (second, {"title": "A"})

    discard_draft(draft=first)
    assert ReportDraft.objects.count() == 0


def test_report_enters_the_innovation_and_its_first_step(town: Town, operator: Person) -> None:
    draft = start_draft(person=operator, content={})

    handoff = submit_report(
        author=operator, content=content(town.puskesmas), evidence=None, on=TODAY, draft=draft
    )

    assert (handoff.step, handoff.on, handoff.innovation.code) == (Step.REPORTED, TODAY, "INV-2026-001")
    assert ReportDraft.objects.count() == 0


def test_a_second_click_does_not_report_twice(town: Town, operator: Person) -> None:
    draft = start_draft(person=operator, content={})
    stale = ReportDraft.objects.get(pk=draft.pk)
    submit_report(author=operator, content=content(town.puskesmas), evidence=None, on=TODAY, draft=draft)

    with pytest.raises(DraftGone):
        submit_report(author=operator, content=content(town.puskesmas), evidence=None, on=TODAY, draft=stale)

    assert Innovation.objects.count() == 1


def test_returned_innovation_is_reported_again_under_its_code(town: Town, operator: Person) -> None:
    innovation = walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))
    make_handoff(innovation, Step.RETURNED, DAY, reason="bukti")

    handoff = submit_report(
        author=operator,
        content=content(town.puskesmas),
        evidence=None,
        on=TODAY,
        innovation=innovation,
        version=1,
    )

    assert handoff.innovation.pk == innovation.pk
    assert handoff.innovation.version == 2


def test_what_was_reported_already_is_not_reported_again(town: Town, operator: Person) -> None:
    innovation = walk_chain(make_innovation(town.puskesmas), (Step.REPORTED, DAY))

    with pytest.raises(NotReportable, match="was reported already"):
        submit_report(
            author=operator,
            content=content(town.puskesmas),
            evidence=None,
            on=TODAY,
            innovation=innovation,
            version=1,
        )

    assert HandOff.objects.count() == 1


def test_an_innovation_changed_meanwhile_is_not_overwritten(town: Town, operator: Person) -> None:
    innovation = make_innovation(town.puskesmas, title="Lama", version=2)

    with pytest.raises(StaleInnovation):
        submit_report(
            author=operator,
            content=content(town.puskesmas),
            evidence=None,
            on=TODAY,
            innovation=innovation,
            version=1,
        )

    innovation.refresh_from_db()
    assert (innovation.title, HandOff.objects.count()) == ("Lama", 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_reports() -> None:
    town = build_town()
    operator = make_person("operator@example.org", Role.OPERATOR, town.puskesmas)
    draft = start_draft(person=operator, content={})

    def send(_turn: int) -> str:
        try:
            submit_report(
                author=operator,
                content=content(town.puskesmas),
                evidence=None,
                on=TODAY,
                draft=ReportDraft(pk=draft.pk),
            )
        except DraftGone:
            return "gone"
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(send, range(2)))

    assert results == ["gone", "sent"]
    assert Innovation.objects.count() == 1


def test_nil_report_stands_once_a_year(town: Town, operator: Person) -> None:
    report_nil(author=operator, unit=town.puskesmas, year=2026, on=TODAY, signed_by="Kepala")

    with pytest.raises(ValidationError, match="has reported “none” for that year already"):
        report_nil(author=operator, unit=town.puskesmas, year=2026, on=TODAY, signed_by="Kepala")

    assert NilReport.objects.count() == 1


def test_nil_report_is_refused_after_a_report_of_that_year(town: Town, operator: Person) -> None:
    walk_chain(make_innovation(town.puskesmas, title="Perahu Sehat"), (Step.REPORTED, DAY))

    with pytest.raises(NilRefused, match="Puskesmas Abepura reported “Perahu Sehat”"):
        report_nil(author=operator, unit=town.puskesmas, year=2026, on=TODAY, signed_by="Kepala")

    report_nil(author=operator, unit=town.puskesmas, year=2025, on=TODAY, signed_by="Kepala")
    assert NilReport.objects.get().year == 2025
