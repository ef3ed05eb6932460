"""Ortal chooses under the cap of an edition: those that are sent, and the others with a reason and a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tifa.chain.choices import Step
from tifa.chain.selectors.choosing import Candidate
from tifa.chain.services.handoffs import Decision, decide_handoff
from tifa.core import audit
from tifa.dossiers.models import Dossier, Selection
from tifa.dossiers.selectors.choosing import selections_that_hold
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation


class ChosenMeanwhile(ValueError):
    """Somebody else chose meanwhile; the message says so."""


@dataclass(frozen=True)
class Choice:
    """Which dossiers go out, by key, and why; why the others do not, and when they are looked at again.

    ``seen`` is the key of the newest choice that the person saw, None when there was none.
    """

    picked: Collection[int]
    reason: str
    rest_reason: str
    due: date | None
    seen: int | None


@transaction.atomic
def choose(
    *,
    actor: Person,
    candidates: Sequence[Candidate],
    choice: Choice,
    tree: UnitTree,
    today: date,
    now: datetime,
) -> list[Selection]:
    """Record for every dossier that is not sent whether it goes out, and take the step of the chain that follows.

    A chosen innovation becomes “selected”. One that is not chosen is held back until the day, unless the dossier of
    another edition is chosen: then it stays selected for that one.

    Raises
    ------
    ChosenMeanwhile
        When another choice was recorded since the person looked.
    WrongStep
        When an innovation was decided on since then.
    """
    open_ones = sorted((one for one in candidates if not one.weighed.sent), key=lambda one: one.innovation.pk)
    keys = [one.key for one in open_ones]
    # The innovations are locked in one order, as every decision on many does; no two can wait for each other.
    innovations = [one.innovation.pk for one in open_ones]
    list(Innovation.objects.select_for_update(of=("self",)).filter(pk__in=innovations).order_by("pk"))
    if max((one.pk for one in selections_that_hold(keys).values()), default=None) != choice.seen:
        raise ChosenMeanwhile(
            _("Somebody recorded another choice meanwhile. It is shown below; choose anew.")
        )
    elsewhere = _chosen_elsewhere(innovations, keys)
    made = []
    for one in open_ones:
        chosen = one.key in choice.picked
        selection = Selection.objects.create(
            dossier=one.weighed.dossier,
            chosen=chosen,
            reason=choice.reason if chosen else _why_not(one, choice.rest_reason),
            due=None if chosen else choice.due,
            decided_by=actor,
            decided_at=now,
        )
        made.append(selection)
        audit.record(
            actor=actor,
            action="dossier.chosen" if chosen else "dossier.held",
            object_type="dossier",
            object_key=f"{one.innovation.code} {one.weighed.dossier.instrument_id}"[:120],
            reason=selection.reason,
            due=selection.due.isoformat() if selection.due else None,
        )
        if chosen or one.innovation.pk not in elsewhere:
            _step(actor, one, selection, tree, today)
    return made


def _step(actor: Person, one: Candidate, selection: Selection, tree: UnitTree, today: date) -> None:
    """Take the step of the chain that the choice means, where it may follow; what is unverified stays as it is."""
    step = Step.SELECTED if selection.chosen else Step.HELD
    if not one.may_become(step):
        return
    decide_handoff(
        actor=actor,
        innovation=one.innovation,
        decision=Decision(
            step=step, on=today, reason="" if selection.chosen else selection.reason, due=selection.due
        ),
        seen=one.last.pk if one.last else None,
        tree=tree,
    )


def _why_not(one: Candidate, reason: str) -> str:
    """Return why it is held back: the rules that it breaks, and what was typed."""
    return "\n".join(part for part in (*(rule.sentence for rule in one.weighed.broken), reason) if part)


def _chosen_elsewhere(innovations: Sequence[int], dossiers: Sequence[int]) -> set[int]:
    """Return the innovations of which the dossier of another edition is chosen."""
    others = Dossier.objects.filter(innovation__in=innovations).exclude(pk__in=dossiers)
    owners = dict(others.values_list("pk", "innovation"))
    return {owners[key] for key, held in selections_that_hold(list(owners)).items() if held.chosen}
