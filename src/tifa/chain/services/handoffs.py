"""Ortal passes an innovation on, gives it back, holds it, or records what the ministry did."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tifa.chain.choices import ANSWERS, NEXT_STEPS, Step
from tifa.chain.models import HandOff
from tifa.chain.selectors.handoffs import handoffs_of, meanwhile, older_sendings, standing_of, too_early
from tifa.chain.services.telling import tell_returned
from tifa.core import audit
from tifa.core.models import StoredFile
from tifa.dossiers.models import Dossier, SentDossier
from tifa.dossiers.sending import add_award, freeze
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, unit_tree
from tifa.registry.models import Innovation
from tifa.registry.services import content_digest, content_of, verify_innovation

MINISTRY = "Kementerian PANRB"
ORTAL = "Bagian Organisasi"


class WrongStep(ValueError):
    """The step does not follow from where the innovation stands; the message says where that is."""


@dataclass(frozen=True)
class Decision:
    """What is decided about one innovation.

    ``about`` is the key of the older sending to which the ministry answers, 0 for one without a dossier; None when the
    step follows where the innovation stands.
    """

    step: Step
    on: date
    letter_number: str = ""
    due: date | None = None
    reason: str = ""
    receipt: StoredFile | None = None
    dossier: Dossier | None = None
    failed_at: str = ""
    score: Decimal | None = None
    award: str = ""
    about: int | None = None


@transaction.atomic
def decide_handoff(
    *,
    actor: Person,
    innovation: Innovation,
    decision: Decision,
    seen: int | None,
    tree: UnitTree | None = None,
    wait: timedelta = timedelta(),
) -> HandOff:
    """Record the next step of an innovation; tell its unit when its report is given back.

    Parameters
    ----------
    actor
        Who decides.
    innovation
        What is decided about.
    decision
        The step with its date, letter, due date, reason and receipt.
    seen
        Primary key of the last hand-off that the person saw; None when there was none.
    tree
        The units, where they are read already.
    wait
        How long the mail to the unit waits, because the step can still be taken back.

    Raises
    ------
    WrongStep
        When somebody else decided meanwhile, when the step may not follow, or when its date lies before the
        last step.
    DossierRefused
        When the dossier that goes out is not ready any more.
    """
    locked = Innovation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=innovation.pk)
    handoffs = list(handoffs_of(locked))
    last = standing_of(handoffs)
    before = last if decision.about is None else older_sendings(handoffs).get(decision.about)
    _check(last, before, decision, seen)
    handoff = HandOff(
        innovation=locked,
        from_party=MINISTRY if decision.step in ANSWERS else ORTAL,
        to_party=_receiver(decision.step, locked),
        content_digest=content_digest(content_of(locked)),
        recorded_by=actor,
        recorded_at=timezone.now(),
        sent=_sent(actor, before, decision),
        aside=decision.about is not None,
        **{name: value for name, value in vars(decision).items() if name not in {"dossier", "about"}},
    )
    handoff.full_clean()
    handoff.save()
    if decision.award:
        add_award(
            actor=actor, innovation=locked, award=decision.award, on=decision.on, now=handoff.recorded_at
        )
    if decision.step == Step.VERIFIED:
        verify_innovation(actor=actor, innovation=locked, on=decision.on)
    audit.record(
        actor=actor,
        action=f"handoff.{decision.step}",
        object_type="innovation",
        object_key=locked.code,
        on=decision.on.isoformat(),
        letter_number=decision.letter_number,
        due=decision.due.isoformat() if decision.due else None,
        reason=decision.reason,
        receipt=decision.receipt.sha256 if decision.receipt else "",
        content_digest=handoff.content_digest,
        sent=handoff.sent.digest if handoff.sent else "",
        failed_at=decision.failed_at,
        score=None if decision.score is None else str(decision.score),
        award=decision.award,
    )
    if decision.step == Step.RETURNED:
        tell_returned(handoff=handoff, tree=tree or unit_tree(), wait=wait)
    return handoff


def _sent(actor: Person, before: HandOff | None, decision: Decision) -> SentDossier | None:
    """Return what goes out with this step, or what the ministry answers to."""
    if decision.dossier is not None:
        return freeze(actor=actor, dossier=decision.dossier, now=timezone.now())
    return before.sent if before and decision.step in ANSWERS else None


def _check(last: HandOff | None, before: HandOff | None, decision: Decision, seen: int | None) -> None:
    """Refuse what does not follow ``before``, which is the last step, or that of the sending that is answered."""
    if (last.pk if last else None) != seen or (decision.about is not None and before is None):
        raise WrongStep(meanwhile(last))
    answers_only = decision.about is not None and decision.step not in ANSWERS
    if answers_only or decision.step not in NEXT_STEPS[Step(before.step) if before else None]:
        raise WrongStep(
            _("“%(new)s” cannot follow “%(old)s”.")
            % {"new": decision.step.label, "old": before.get_step_display() if before else _("not reported")}
        )
    if before and decision.on < before.on:
        raise WrongStep(too_early(before))


def _receiver(step: Step, innovation: Innovation) -> str:
    receivers = {Step.RETURNED: innovation.unit.name, Step.FORWARDED: MINISTRY}
    return receivers.get(step, ORTAL)
