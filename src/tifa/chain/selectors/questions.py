"""The questions that wait for units, and how they were answered."""

from collections.abc import Collection, Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tifa.chain.choices import Step
from tifa.chain.models import HandOff, Question
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, units_of
from tifa.registry.models import Innovation

OPEN = "open"
ANSWERED = "answered"


def unanswered() -> Q:
    """Return what makes a question an open one: no answer, and no report since, for a workbook answers too."""
    reported = HandOff.objects.filter(
        innovation=OuterRef("innovation"), step=Step.REPORTED, on__gte=OuterRef("asked_on")
    )
    return Q(~Exists(reported), answer="")


def open_questions(units: Collection[int]) -> QuerySet[Question]:
    """Return what waits for units to answer, the oldest first."""
    return (
        Question.objects.filter(unanswered(), innovation__unit__in=units)
        .select_related("innovation__unit", "unit", "asked_by", "candidate__document")
        .defer("candidate__document__text")
        .order_by("asked_on", "pk")
    )


def questions_for(person: Person, tree: UnitTree) -> QuerySet[Question]:
    """Return the questions that a person answers for their units."""
    return open_questions(units_of(person, REPORTING_ROLES, tree))


def asked_by_ortal(person: Person, tree: UnitTree) -> QuerySet[Question]:
    """Return the questions to the units on which a person decides, the newest answers first."""
    reach = units_of(person, DECIDING_ROLES, tree)
    return (
        Question.objects.filter(unit__in=reach)
        .annotate(waits=unanswered())
        .select_related("innovation__unit", "unit", "answered_by", "candidate")
        .order_by(F("answered_on").desc(nulls_last=True), "-asked_on", "-pk")
    )


def may_decline(innovation: Innovation) -> bool:
    """Return whether a unit may say that there is nothing to report."""
    return is_unanswered(list(innovation.handoffs.order_by("on", "pk").values_list("step", flat=True)))


def is_unanswered(steps: Sequence[str]) -> bool:
    """Return whether an innovation was never reported, and its unit has not answered the last question."""
    return Step.REPORTED not in steps and (not steps or steps[-1] == Step.RETURNED)


def may_ask_again(last: HandOff) -> bool:
    """Return whether a unit declined last, so that Ortal may ask another one or the same one once more."""
    return last.step == Step.DECLINED


def last_question(innovation: Innovation) -> Question | None:
    """Return the newest question about an innovation with the text that led to it."""
    return (
        innovation.questions.select_related("candidate__document", "asked_by")
        .defer("candidate__document__text")
        .order_by("-asked_on", "-pk")
        .first()
    )


def answered(rows: QuerySet[Question], state: str) -> QuerySet[Question]:
    """Narrow Ortal's questions to those that wait, or to those that were answered."""
    if state == OPEN:
        return rows.filter(unanswered())
    return rows.filter(~unanswered()) if state == ANSWERED else rows
