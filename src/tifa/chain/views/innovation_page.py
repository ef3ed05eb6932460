"""The page of one innovation, as several views show it again with their form."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tifa.chain.choices import REPORTABLE_AFTER, GapKind, Step
from tifa.chain.forms.decision import DecisionForm
from tifa.chain.forms.evidence import EvidenceForm
from tifa.chain.models import HandOff
from tifa.chain.selectors.campaigns import last_check
from tifa.chain.selectors.deadlines import offered_reasons
from tifa.chain.selectors.handoffs import (
    history_of,
    may_have_letter,
    next_steps,
    older_sendings,
    standing_of,
)
from tifa.chain.selectors.ledgers import gap_of
from tifa.chain.selectors.lists import age_in_months
from tifa.chain.selectors.questions import is_unanswered, may_ask_again
from tifa.chain.views.words import KIND_RULES
from tifa.dossiers.selectors.dossiers import ready_dossiers
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES, Role
from tifa.organisation.desk import Desk
from tifa.organisation.selectors import units_of
from tifa.registry.models import Innovation
from tifa.registry.selectors import aliases_of, evidence_of, kept_files, visible_innovations


def innovation_or_404(desk: Desk, code: str) -> Innovation:
    """Return an innovation that the person may see."""
    return get_object_or_404(visible_innovations(desk.person, desk.tree), code=code)


def show_innovation(
    request: HttpRequest,
    desk: Desk,
    innovation: Innovation,
    *,
    decision: DecisionForm | None = None,
    evidence: EvidenceForm | None = None,
) -> HttpResponse:
    """Show facts, evidence, steps and what the person may do; a form that was wrong is shown again."""
    history = list(history_of(innovation))
    handoffs = [step for step in history if not hasattr(step, "reversal")]
    gap = gap_of(innovation, as_of=desk.today, tree=desk.tree)
    context = {
        "innovation": innovation,
        "age": age_in_months(innovation, desk.today),
        "check": last_check(innovation),
        "evidence": list(evidence_of(innovation)),
        "history": history,
        "aliases": list(aliases_of(innovation)),
        "may_rename": _reaches(desk, innovation, DECIDING_ROLES),
        "gap": gap,
        "rule": KIND_RULES[gap.kind] if gap else "",
        "decision_form": decision or _decision_form(desk, innovation, handoffs),
        "evidence_form": evidence or _evidence_form(desk, innovation),
        "may_report": _may_report(desk, innovation, handoffs),
        "may_decline": _may_decline(desk, innovation, handoffs),
        "may_ask_again": _may_ask_again(desk, innovation, handoffs),
        "was_returned": bool(gap and gap.kind == GapKind.RETURNED),
        "letter": _reaches(desk, innovation, DECIDING_ROLES) and may_have_letter(handoffs),
        "today": desk.today,
    }
    wrong = any(form is not None and form.errors for form in (decision, evidence))
    return render(request, "chain/innovation_detail.html", context, status=422 if wrong else 200)


def _decision_form(desk: Desk, innovation: Innovation, handoffs: list[HandOff]) -> DecisionForm | None:
    steps = next_steps(handoffs)
    if not steps or not _reaches(desk, innovation, DECIDING_ROLES):
        return None
    return DecisionForm(
        steps=steps,
        last=standing_of(handoffs),
        older=older_sendings(handoffs),
        files=kept_files(desk.person),
        today=desk.today,
        reasons=offered_reasons() if Step.HELD in steps else (),
        dossiers=ready_dossiers(innovation) if Step.FORWARDED in steps else (),
    )


def _evidence_form(desk: Desk, innovation: Innovation) -> EvidenceForm | None:
    if not _reaches(desk, innovation, REPORTING_ROLES | DECIDING_ROLES):
        return None
    return EvidenceForm(files=kept_files(desk.person))


def _may_report(desk: Desk, innovation: Innovation, handoffs: list[HandOff]) -> bool:
    standing = standing_of(handoffs)
    last: Any = standing.step if standing else None
    return last in REPORTABLE_AFTER and _reaches(desk, innovation, REPORTING_ROLES)


def _may_decline(desk: Desk, innovation: Innovation, handoffs: list[HandOff]) -> bool:
    return is_unanswered([one.step for one in handoffs]) and _reaches(desk, innovation, REPORTING_ROLES)


def _may_ask_again(desk: Desk, innovation: Innovation, handoffs: list[HandOff]) -> bool:
    standing = standing_of(handoffs)
    return standing is not None and may_ask_again(standing) and _reaches(desk, innovation, DECIDING_ROLES)


def _reaches(desk: Desk, innovation: Innovation, roles: frozenset[Role]) -> bool:
    return innovation.unit_id in units_of(desk.person, roles, desk.tree)
