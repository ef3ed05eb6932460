"""Ortal decides on what was found: ask the unit, merge with what is known, dismiss; each decision teaches."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tifa.chain.choices import OPEN_STATES, TEACHES, CandidateState, Dismissal, TermKind
from tifa.chain.models import Candidate, Question
from tifa.chain.services.reporting import EvidenceContent, record_finding
from tifa.chain.services.telling import tell_question
from tifa.chain.services.terms import forget_terms, learn
from tifa.core import audit
from tifa.discovery.text import words_of
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation
from tifa.registry.services import InnovationContent, add_aliases


class DecidedMeanwhile(ValueError):
    """Somebody else decided on the candidate; the message says how."""


@transaction.atomic
def ask_unit(
    *,
    actor: Person,
    candidate: Candidate,
    content: InnovationContent,
    evidence: EvidenceContent | None,
    note: str,
    twins: Collection[Candidate],
    on: date,
    now: datetime,
    tree: UnitTree,
) -> Question:
    """Record a finding, so that it is known, and ask its unit to report it or to decline.

    Raises
    ------
    DecidedMeanwhile
        When the candidate was decided on already.
    """
    locked = _open(candidate)
    innovation = record_finding(author=actor, content=content, evidence=evidence, on=on, draft=None)
    add_aliases(actor=actor, innovation=innovation, texts=[candidate.name, candidate.expansion])
    question = Question.objects.create(
        innovation=innovation, unit=content.unit, candidate=locked, note=note, asked_by=actor, asked_on=on
    )
    _decide([locked, *twins], CandidateState.ASKED, actor, now, innovation=innovation, note=note)
    audit.record(
        actor=actor,
        action="candidate.asked",
        object_type="candidate",
        object_key=locked.name[:120],
        innovation=innovation.code,
        unit=content.unit.code,
        note=note,
        documents=1 + len(twins),
    )
    if locked.unit_id != content.unit.pk and _names_a_unit(locked.owner):
        learn(
            actor=actor,
            kind=TermKind.UNIT,
            text=locked.owner,
            unit=content.unit,
            candidate=locked,
            now=now,
        )
    tell_question(question=question, tree=tree)
    return question


@transaction.atomic
def merge_candidate(
    *,
    actor: Person,
    candidate: Candidate,
    innovation: Innovation,
    twins: Collection[Candidate],
    now: datetime,
) -> None:
    """Say that a candidate is an innovation of the registry; its names are kept, so the next text matches.

    Raises
    ------
    DecidedMeanwhile
        When the candidate was decided on already.
    """
    locked = _open(candidate)
    add_aliases(actor=actor, innovation=innovation, texts=[locked.name, locked.expansion])
    _decide([locked, *twins], CandidateState.MERGED, actor, now, innovation=innovation)
    audit.record(
        actor=actor,
        action="candidate.merged",
        object_type="candidate",
        object_key=locked.name[:120],
        innovation=innovation.code,
        documents=1 + len(twins),
    )


@transaction.atomic
def dismiss_candidate(
    *,
    actor: Person,
    candidate: Candidate,
    reason: Dismissal,
    note: str,
    remember: bool,
    twins: Collection[Candidate],
    now: datetime,
) -> None:
    """Put a candidate away with a reason; ``remember``: its name is not proposed again.

    Raises
    ------
    DecidedMeanwhile
        When the candidate was decided on already.
    """
    locked = _open(candidate)
    _decide([locked, *twins], CandidateState.DISMISSED, actor, now, reason=reason, note=note)
    audit.record(
        actor=actor,
        action="candidate.dismissed",
        object_type="candidate",
        object_key=locked.name[:120],
        reason=reason.value,
        note=note,
        documents=1 + len(twins),
    )
    if remember and reason in TEACHES:
        learn(actor=actor, kind=TEACHES[reason], text=locked.name, candidate=locked, now=now)


@transaction.atomic
def reopen_candidate(*, actor: Person, candidate: Candidate) -> None:
    """Take a dismissal or a merge back, for all texts that it decided on.

    What it taught is forgotten, names of an innovation stay on its page.

    Raises
    ------
    DecidedMeanwhile
        When the unit was asked already, or nothing was decided yet.
    """
    locked = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if locked.state not in {CandidateState.DISMISSED, CandidateState.MERGED}:
        raise DecidedMeanwhile(_meanwhile(locked))
    together = list(_decided_with(locked))
    for one in together:
        forget_terms(actor=actor, candidate=one)
    Candidate.objects.filter(pk__in=[one.pk for one in together]).update(
        state=CandidateState.WAITING, innovation=None, decided_by=None, decided_at=None, reason="", note=""
    )
    audit.record(
        actor=actor,
        action="candidate.reopened",
        object_type="candidate",
        object_key=locked.name[:120],
        documents=len(together),
    )


def _open(candidate: Candidate) -> Candidate:
    # The row stays locked until the decision is stored, so of two decisions at once the second is refused here.
    locked = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if locked.state not in OPEN_STATES:
        raise DecidedMeanwhile(_meanwhile(locked))
    return locked


def _decided_with(candidate: Candidate) -> QuerySet[Candidate]:
    # One decision gives the candidate and its twins the same person and moment, and nothing else has both.
    return Candidate.objects.filter(
        key=candidate.key,
        state=candidate.state,
        decided_by=candidate.decided_by_id,
        decided_at=candidate.decided_at,
    ).order_by("pk")


def _meanwhile(candidate: Candidate) -> str:
    return _("“%(name)s” was decided on meanwhile: %(state)s.") % {
        "name": candidate.name,
        "state": candidate.get_state_display(),
    }


def _decide(
    candidates: Collection[Candidate],
    state: CandidateState,
    actor: Person,
    now: datetime,
    *,
    innovation: Innovation | None = None,
    reason: str = "",
    note: str = "",
) -> None:
    Candidate.objects.filter(pk__in=[one.pk for one in candidates], state__in=OPEN_STATES).update(
        state=state, decided_by=actor, decided_at=now, innovation=innovation, reason=reason, note=note[:500]
    )


def _names_a_unit(owner: str) -> bool:
    """Return whether a text names one unit, and not only "dinas" or the city."""
    words = words_of(owner)
    return len(words) >= 2 or owner.isupper()
