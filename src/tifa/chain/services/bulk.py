"""One decision on many innovations, and taking it back within a minute."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tifa.chain.choices import LEAVES_THE_HOUSE, Step
from tifa.chain.models import BatchRow, DecisionBatch, HandOff, Reversal
from tifa.chain.selectors.bulk import UNDO_SECONDS, batch_rows, may_be_undone
from tifa.chain.selectors.handoffs import last_handoffs, meanwhile
from tifa.chain.services.handoffs import Decision, WrongStep, decide_handoff
from tifa.chain.services.telling import untell_returned
from tifa.core import audit
from tifa.dossiers.choices import DossierState
from tifa.dossiers.models import Dossier
from tifa.evaluation.models import Entry
from tifa.organisation.models import Person
from tifa.organisation.selectors import unit_tree
from tifa.registry.models import Innovation
from tifa.registry.services import withdraw_verification

# Mail waits a little longer than a decision can be taken back.
UNDO_TIME = timedelta(seconds=UNDO_SECONDS + 10)


class NotUndoable(ValueError):
    """The decision cannot be taken back any more; the message says why."""


@dataclass(frozen=True)
class Chosen:
    """An innovation, and the primary key of the last step that the person saw, None when there was none."""

    innovation: Innovation
    seen: int | None


@dataclass(frozen=True)
class Refused:
    """An innovation that was left as it was, and why."""

    innovation: Innovation
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What became of a decision on many; ``batch`` is None when nothing was recorded."""

    batch: DecisionBatch | None
    done: tuple[HandOff, ...]
    refused: tuple[Refused, ...]


@transaction.atomic
def decide_many(*, actor: Person, chosen: Sequence[Chosen], decision: Decision, now: datetime) -> Outcome:
    """Record the same step of many innovations, each with an audit entry of its own.

    What cannot take the step is left as it was and named; the others are recorded all the same.
    """
    # All rows are locked before the first entry of the audit chain: two batches at once cannot wait for each other.
    locked = {
        one.pk: one
        for one in Innovation.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.innovation.pk for one in chosen])
        .order_by("pk")
    }
    tree = unit_tree()
    ready = _with_ready_dossier(locked) if decision.step == Step.FORWARDED else frozenset()
    done: list[tuple[HandOff, Innovation]] = []
    refused: list[Refused] = []
    for one in chosen:
        before = locked[one.innovation.pk]
        if before.pk in ready:
            refused.append(Refused(one.innovation, _alone()))
            continue
        try:
            handoff = decide_handoff(
                actor=actor, innovation=before, decision=decision, seen=one.seen, tree=tree, wait=UNDO_TIME
            )
        except WrongStep as wrong:
            refused.append(Refused(one.innovation, str(wrong)))
        except ValidationError as error:
            refused.append(Refused(one.innovation, " ".join(error.messages)))
        else:
            done.append((handoff, before))
    batch = _batch(actor, decision.step, done, now) if done else None
    return Outcome(batch, tuple(handoff for handoff, _before in done), tuple(refused))


@transaction.atomic
def undo_batch(*, actor: Person, batch: DecisionBatch, now: datetime) -> Outcome:
    """Take a decision on many back, as far as nothing followed from it.

    Each step gets a reversing step; both stay in the history and count nowhere any more.

    Raises
    ------
    NotUndoable
        When the minute is over, when somebody else decided, or when a letter has left the house.
    """
    if batch.decided_by_id != actor.pk:
        raise NotUndoable(_("Only whoever decided can take it back."))
    if batch.step in LEAVES_THE_HOUSE:
        raise NotUndoable(_("A letter has left the house. Record what follows instead of taking it back."))
    if not may_be_undone(batch, now=now):
        raise NotUndoable(
            _(
                "More than %(seconds)d seconds have passed. Record the next step instead, with a reason where it needs "
                "one."
            )
            % {"seconds": UNDO_SECONDS}
        )
    rows = batch_rows(batch)
    keys = [row.handoff.innovation_id for row in rows]
    list(Innovation.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    last = last_handoffs(keys)
    entered = set(Entry.objects.filter(innovation__in=keys).values_list("innovation", flat=True))
    done: list[HandOff] = []
    refused: list[Refused] = []
    for row in rows:
        innovation = row.handoff.innovation
        newest = last.get(innovation.pk)
        if newest is None or newest.pk != row.handoff_id:
            refused.append(Refused(innovation, meanwhile(newest)))
        elif row.verified and innovation.pk in entered:
            refused.append(Refused(innovation, _("It was put into an evaluation round meanwhile.")))
        else:
            _undo(actor, row, now)
            done.append(row.handoff)
    return Outcome(batch, tuple(done), tuple(refused))


def _with_ready_dossier(innovations: Collection[int]) -> frozenset[int]:
    """Return the innovations of which a dossier waits to be sent."""
    rows = Dossier.objects.filter(innovation__in=innovations, state=DossierState.READY).order_by()
    return frozenset(rows.values_list("innovation", flat=True))


def _alone() -> str:
    return _("A dossier of it is ready. Forward it on its own page, so that what is sent is kept as it is.")


def _batch(
    actor: Person, step: Step, done: Sequence[tuple[HandOff, Innovation]], now: datetime
) -> DecisionBatch:
    batch = DecisionBatch.objects.create(step=step, decided_by=actor, decided_at=now)
    verifies = step == Step.VERIFIED
    BatchRow.objects.bulk_create(
        BatchRow(
            batch=batch,
            handoff=handoff,
            verified=verifies and before.verified_on is None,
            published=verifies and before.published_on is None,
        )
        for handoff, before in done
    )
    return batch


def _undo(actor: Person, row: BatchRow, now: datetime) -> None:
    handoff = row.handoff
    Reversal.objects.create(handoff=handoff, recorded_by=actor, recorded_at=now)
    untell_returned(handoff)
    audit.record(
        actor=actor,
        action="handoff.undone",
        object_type="innovation",
        object_key=handoff.innovation.code,
        step=handoff.step,
        on=handoff.on.isoformat(),
    )
    if row.verified or row.published:
        withdraw_verification(
            actor=actor, innovation=handoff.innovation, verified=row.verified, published=row.published
        )
