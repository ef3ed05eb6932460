"""A unit answers whether something that was found is its innovation; Ortal may ask again."""

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tifa.chain.choices import DECLINING, Answer, Step
from tifa.chain.models import HandOff, Question
from tifa.chain.selectors.handoffs import last_handoff
from tifa.chain.selectors.questions import may_ask_again, may_decline
from tifa.chain.services.telling import tell_question
from tifa.core import audit
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation
from tifa.registry.services import content_digest, content_of, revise_innovation

ORTAL = "Bagian Organisasi"


class NotDeclinable(ValueError):
    """The innovation was reported or declined already; the message says so."""


@transaction.atomic
def decline_finding(
    *, actor: Person, innovation: Innovation, answer: Answer, reason: str, on: date
) -> HandOff:
    """Record that a unit has nothing to report, and why; the finding leaves the gaps and stays known.

    Raises
    ------
    NotDeclinable
        When the innovation was reported, or declined already.
    """
    locked = Innovation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=innovation.pk)
    last = last_handoff(locked)
    if answer not in DECLINING or not may_decline(locked):
        raise NotDeclinable(_("This innovation was reported or answered already. Look at its steps."))
    handoff = HandOff(
        innovation=locked,
        step=Step.DECLINED,
        # A later step never stands before an earlier one, whatever day it is here.
        on=max(on, last.on) if last else on,
        from_party=locked.unit.name,
        to_party=ORTAL,
        reason=_told(answer, reason),
        content_digest=content_digest(content_of(locked)),
        recorded_by=actor,
        recorded_at=timezone.now(),
    )
    handoff.full_clean()
    handoff.save()
    Question.objects.filter(innovation=locked, answer="").update(
        answer=answer, reason=reason[:500], answered_by=actor, answered_on=on
    )
    audit.record(
        actor=actor,
        action=f"handoff.{Step.DECLINED}",
        object_type="innovation",
        object_key=locked.code,
        unit=locked.unit.code,
        answer=answer.value,
        reason=reason,
        on=handoff.on.isoformat(),
    )
    return handoff


@transaction.atomic
def ask_again(
    *, actor: Person, innovation: Innovation, unit: Unit, note: str, on: date, tree: UnitTree
) -> Question:
    """Ask another unit, or the same one once more, after a unit declined; it must report or decline anew.

    Raises
    ------
    NotDeclinable
        When the last step is not that a unit declined.
    """
    locked = Innovation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=innovation.pk)
    last = last_handoff(locked)
    if last is None or not may_ask_again(last):
        raise NotDeclinable(_("This innovation was reported or answered already. Look at its steps."))
    if unit.pk != locked.unit_id:
        locked = revise_innovation(
            actor=actor,
            innovation=locked,
            content=replace(content_of(locked), unit=unit),
            version=locked.version,
        )
    handoff = HandOff(
        innovation=locked,
        step=Step.RETURNED,
        on=max(on, last.on),
        from_party=ORTAL,
        to_party=unit.name,
        reason=note,
        content_digest=content_digest(content_of(locked)),
        recorded_by=actor,
        recorded_at=timezone.now(),
    )
    handoff.full_clean()
    handoff.save()
    question = Question.objects.create(
        innovation=locked, unit=unit, note=note[:500], asked_by=actor, asked_on=on
    )
    audit.record(
        actor=actor,
        action="question.asked",
        object_type="innovation",
        object_key=locked.code,
        unit=unit.code,
        note=note,
    )
    tell_question(question=question, tree=tree)
    return question


def answer_by_report(*, actor: Person, innovation: Innovation, on: date) -> None:
    """Close the open question about an innovation that its unit has just reported."""
    Question.objects.filter(innovation=innovation, answer="").update(
        answer=Answer.REPORTED, answered_by=actor, answered_on=on
    )


def _told(answer: Answer, reason: str) -> str:
    """Return the reason in the language of the city: everybody who looks at the steps reads it."""
    with translation.override(settings.LANGUAGE_CODE):
        word = str(answer.label)
    return f"{word}: {reason}" if reason else word
