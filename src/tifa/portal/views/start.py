"""The first page after signing in: what waits for this person, and what they can do."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tifa.chain.selectors.agenda import Agenda, agenda
from tifa.core.clock import today
from tifa.core.permissions import permission
from tifa.evaluation.models import Round
from tifa.evaluation.selectors.judging import judging_rounds
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.rules import has_role, roles_of
from tifa.portal.selectors.funnels import bars


@permission("organisation.use_room")
def start(request: HttpRequest) -> HttpResponse:
    """Show what the person owes and by when, each of their roles in a part of its own."""
    person = request.user
    if not isinstance(person, Person):
        raise PermissionDenied
    on = today()
    waiting = agenda(person, on)
    judging = _judging(person)
    context = {
        "today": on,
        "agenda": waiting,
        "judging": judging,
        "bars": bars(waiting.leader.funnel) if waiting.leader else [],
        "is_judge": has_role(person, {Role.JUDGE}),
        "is_auditor": has_role(person, {Role.AUDITOR}),
        "is_administrator": has_role(person, {Role.ADMINISTRATOR}),
        "has_role": bool(roles_of(person)),
        "nothing": _nothing_waits(waiting, judging),
    }
    return render(request, "portal/start.html", context)


def _judging(person: Person) -> list[Round]:
    return list(judging_rounds(person)) if has_role(person, {Role.JUDGE}) else []


def _nothing_waits(waiting: Agenda, judging: list[Round]) -> bool:
    reporter, ortal = waiting.reporter, waiting.ortal
    return not (
        (
            reporter
            and (
                reporter.drafts
                or reporter.questions
                or reporter.returned
                or reporter.unreported
                or reporter.is_silent
            )
        )
        or (ortal and (ortal.total or ortal.unreceipted or ortal.candidates))
        or judging
    )
