"""Decisions on many innovations: what was chosen, where each stands, and until when it can be taken back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from tifa.chain.choices import LEAVES_THE_HOUSE
from tifa.chain.models import BatchRow, DecisionBatch
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation
from tifa.registry.selectors import decidable_innovations

UNDO_SECONDS = 60
MOST_AT_ONCE = 200


def chosen_innovations(person: Person, codes: Collection[str], tree: UnitTree) -> list[Innovation]:
    """Return the innovations with these codes on which the person decides, by code."""
    return list(decidable_innovations(person, tree).filter(code__in=list(codes)).order_by("code"))


def my_batches(person: Person) -> QuerySet[DecisionBatch]:
    """Return the decisions on many that a person made."""
    return DecisionBatch.objects.filter(decided_by=person)


def batch_rows(batch: DecisionBatch) -> Sequence[BatchRow]:
    """Return the steps of a batch that stand, with their innovations, by code."""
    return list(
        batch.rows.filter(handoff__reversal=None)
        .select_related("handoff__innovation__unit")
        .order_by("handoff__innovation__code", "pk")
    )


def may_be_undone(batch: DecisionBatch, *, now: datetime) -> bool:
    """Return whether a batch can be taken back; a clock that was set back does not open it for longer."""
    near = abs(now - batch.decided_at) <= timedelta(seconds=UNDO_SECONDS)
    return near and batch.step not in LEAVES_THE_HOUSE
