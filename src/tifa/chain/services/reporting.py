"""A unit reports an innovation, or that it has none; drafts on the way."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.chain.choices import REPORTABLE_AFTER, Step
from tifa.chain.models import HandOff, NilReport, ReportDraft
from tifa.chain.selectors.handoffs import last_handoff
from tifa.chain.selectors.reporting import first_report
from tifa.chain.services.questions import answer_by_report
from tifa.core import audit
from tifa.core.models import StoredFile
from tifa.organisation.models import Person, Unit
from tifa.registry.choices import Confidentiality, Source
from tifa.registry.models import Innovation
from tifa.registry.services import (
    EvidenceFacts,
    InnovationContent,
    SameEvidence,
    add_evidence,
    content_digest,
    record_innovation,
    revise_innovation,
)


@dataclass(frozen=True)
class EvidenceContent:
    """One piece of evidence that comes with a report: a link or a stored file."""

    kind: str
    title: str
    url: str = ""
    stored: StoredFile | None = None
    personal: bool = False


class StaleDraft(Exception):
    """A draft was saved elsewhere since it was read; ``stored`` is what lies there now."""

    def __init__(self, stored: ReportDraft) -> None:
        super().__init__(_("This draft was changed in another window or on another device."))
        self.stored = stored


class DraftGone(Exception):
    """A draft was sent or thrown away in another window."""

    def __init__(self) -> None:
        super().__init__(_("This draft was sent or thrown away in another window."))


class NotReportable(ValueError):
    """The innovation waits for somebody else; the message says where it stands."""


class NilRefused(ValueError):
    """A unit that reported an innovation cannot say that it has none; the message names the report."""


@transaction.atomic
def start_draft(
    *, person: Person, content: Mapping[str, Any], innovation: Innovation | None = None
) -> ReportDraft:
    """Begin a report; a draft of the same innovation by the same person is taken up again."""
    if innovation is None:
        return ReportDraft.objects.create(person=person, content=dict(content), saved_at=timezone.now())
    draft, _created = ReportDraft.objects.get_or_create(
        person=person,
        innovation=innovation,
        defaults={"content": dict(content), "saved_at": timezone.now()},
    )
    return draft


@transaction.atomic
def save_draft(*, draft: ReportDraft, content: Mapping[str, Any], version: int) -> ReportDraft:
    """Keep what is typed so far.

    Raises
    ------
    StaleDraft
        When the stored draft is not the one of ``version``; nothing is overwritten.
    DraftGone
        When it was sent or thrown away meanwhile.
    """
    locked = _locked(draft)
    if locked.content == dict(content):
        return locked
    if locked.version != version:
        raise StaleDraft(locked)
    locked.content = dict(content)
    locked.version += 1
    locked.saved_at = timezone.now()
    locked.save()
    return locked


@transaction.atomic
def discard_draft(*, draft: ReportDraft) -> None:
    """Throw a draft away."""
    draft.delete()


@transaction.atomic
def submit_report(
    *,
    author: Person,
    content: InnovationContent,
    evidence: EvidenceContent | None,
    on: date,
    draft: ReportDraft | None = None,
    innovation: Innovation | None = None,
    version: int | None = None,
) -> HandOff:
    """Hand an innovation to Ortal: a new one, a finding that its unit now reports, or a returned one.

    Raises
    ------
    DraftGone
        When the draft was sent meanwhile, for instance by a second click.
    NotReportable
        When the innovation is reported already and was not returned.
    StaleInnovation
        When the innovation is no longer the one of ``version``.
    """
    if draft is not None:
        _locked(draft)
    if innovation is None:
        innovation = record_innovation(actor=author, content=content, source=Source.REPORT, on=on)
    else:
        last = _check_reportable(innovation)
        # A clock that was set back must not put the report behind the step that it answers.
        on = max(on, last.on) if last else on
        innovation = revise_innovation(
            actor=author, innovation=innovation, content=content, version=version or innovation.version
        )
    _attach(author, innovation, evidence)
    handoff = HandOff.objects.create(
        innovation=innovation,
        step=Step.REPORTED,
        on=on,
        from_party=content.unit.name,
        to_party="Bagian Organisasi",
        content_digest=content_digest(content),
        recorded_by=author,
        recorded_at=timezone.now(),
    )
    audit.record(
        actor=author,
        action="innovation.reported",
        object_type="innovation",
        object_key=innovation.code,
        unit=content.unit.code,
        content_digest=handoff.content_digest,
    )
    answer_by_report(actor=author, innovation=innovation, on=on)
    if draft is not None:
        draft.delete()
    return handoff


@transaction.atomic
def record_finding(
    *,
    author: Person,
    content: InnovationContent,
    evidence: EvidenceContent | None,
    on: date,
    draft: ReportDraft | None,
) -> Innovation:
    """Enter an innovation that Ortal noticed and no unit reported; it is known, and its unit must report it."""
    innovation = record_innovation(actor=author, content=content, source=Source.FINDING, on=on)
    _attach(author, innovation, evidence)
    if draft is not None:
        draft.delete()
    return innovation


@transaction.atomic
def report_nil(
    *, author: Person, unit: Unit, year: int, on: date, signed_by: str, note: str = ""
) -> NilReport:
    """Record that a unit has no innovation in a year.

    Raises
    ------
    NilRefused
        When the unit reported an innovation in that year.
    """
    reported = first_report(unit, year)
    if reported is not None:
        raise NilRefused(
            _("%(unit)s reported “%(title)s” (%(code)s) on %(on)s, so it cannot report “none” for %(year)d.")
            % {
                "unit": unit.name,
                "title": reported.innovation.title,
                "code": reported.innovation.code,
                "on": date_format(reported.on, "j F Y"),
                "year": year,
            }
        )
    report = NilReport(unit=unit, year=year, on=on, signed_by=signed_by, note=note, recorded_by=author)
    report.full_clean()
    report.save()
    audit.record(
        actor=author,
        action="nil.reported",
        object_type="unit",
        object_key=unit.code,
        year=year,
        signed_by=signed_by,
    )
    return report


def _locked(draft: ReportDraft) -> ReportDraft:
    locked = ReportDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        raise DraftGone
    return locked


def _check_reportable(innovation: Innovation) -> HandOff | None:
    # The row stays locked until the report is stored, so of two reports at once the second is refused here.
    locked = Innovation.objects.select_for_update().get(pk=innovation.pk)
    last = last_handoff(locked)
    if last is not None and last.step not in REPORTABLE_AFTER:
        raise NotReportable(
            _("“%(title)s” was reported already; its last step is “%(step)s” on %(on)s.")
            % {
                "title": locked.title,
                "step": last.get_step_display(),
                "on": date_format(last.on, "j F Y"),
            }
        )
    return last


def _attach(author: Person, innovation: Innovation, evidence: EvidenceContent | None) -> None:
    if evidence is None:
        return
    with suppress(SameEvidence):  # a report that is made anew may name again what is there already
        add_evidence(
            actor=author,
            innovation=innovation,
            facts=EvidenceFacts(
                evidence.kind, evidence.title, confidentiality=Confidentiality.of(personal=evidence.personal)
            ),
            url=evidence.url,
            stored=evidence.stored,
        )
