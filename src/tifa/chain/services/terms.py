"""Words that the city teaches the reading."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tifa.chain.choices import TermKind
from tifa.chain.models import Candidate, LocalTerm
from tifa.chain.selectors.terms import term_key
from tifa.core import audit
from tifa.organisation.models import Person, Unit

LENGTH = 200


@transaction.atomic
def add_term(
    *,
    actor: Person,
    kind: TermKind,
    text: str,
    now: datetime,
    unit: Unit | None = None,
    candidate: Candidate | None = None,
) -> LocalTerm:
    """Add a word to the lists of the city.

    Raises
    ------
    ValidationError
        When it stands there already, or has neither letters nor digits.
    """
    words = " ".join(text.split())[:LENGTH]
    if not term_key(words):
        raise ValidationError(_("Write a word or a name."))
    term = LocalTerm(
        kind=kind,
        text=words,
        key=term_key(words),
        unit=unit,
        candidate=candidate,
        added_by=actor,
        added_at=now,
    )
    term.full_clean()
    term.save()
    _record(actor, "term.added", term)
    return term


@transaction.atomic
def learn(
    *,
    actor: Person,
    kind: TermKind,
    text: str,
    now: datetime,
    unit: Unit | None = None,
    candidate: Candidate | None = None,
) -> None:
    """Add a word that a decision teaches; one that is known already stays as it is."""
    key = term_key(text)
    if key and not LocalTerm.objects.filter(kind=kind, key=key).exists():
        add_term(actor=actor, kind=kind, text=text, now=now, unit=unit, candidate=candidate)


@transaction.atomic
def remove_term(*, actor: Person, term: LocalTerm) -> None:
    """Take a word out of the lists of the city; the next reading does not know it any more."""
    _record(actor, "term.removed", term)
    term.delete()


@transaction.atomic
def forget_terms(*, actor: Person, candidate: Candidate) -> None:
    """Take out what the decision on a candidate taught, because it was taken back."""
    for term in LocalTerm.objects.filter(candidate=candidate).select_related("unit"):
        remove_term(actor=actor, term=term)


def _record(actor: Person, action: str, term: LocalTerm) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="term",
        object_key=term.text[:120],
        kind=term.kind,
        unit=term.unit.code if term.unit else "",
    )
