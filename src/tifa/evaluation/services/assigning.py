"""Divides the work of a round: plans in the background, one accepted plan, and single pairs by hand."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.evaluation.choices import PlanState
from tifa.evaluation.models import (
    Assignment,
    AssignmentPlan,
    Conflict,
    Entry,
    PanelMember,
    Round,
    ScoreSheet,
)
from tifa.evaluation.selectors.plans import PlanResult, Wish
from tifa.evaluation.services.conflicts import BATCH, CHANGEABLE, find_conflicts
from tifa.evaluation.services.locking import RoundRefused, lock_round, lock_round_of
from tifa.evaluation.services.trail import trail
from tifa.organisation.models import Person

logger = logging.getLogger(__name__)

Pair = tuple[int, int]


@transaction.atomic
def start_plan(*, actor: Person, round_: Round, wish: Wish, now: datetime) -> AssignmentPlan:
    """Ask for a plan, to be computed by `compute_plan`; plans of the round that nobody accepted are thrown away.

    Raises
    ------
    RoundRefused
        When the round is closed, or has no entry or no judge.
    """
    locked = lock_round(round_, CHANGEABLE)
    if not Entry.objects.filter(round=locked, withdrawn_at=None).exists():
        raise RoundRefused(_("The round has no entry. Choose at least one innovation, then divide the work."))
    if not PanelMember.objects.filter(round=locked, withdrawn_at=None).exists():
        raise RoundRefused(_("The round has no judge. Name at least one, then divide the work."))
    find_conflicts(actor=actor, round_=locked)
    AssignmentPlan.objects.filter(round=locked).exclude(state=PlanState.ACCEPTED).delete()
    return AssignmentPlan.objects.create(round=locked, started_by=actor, started_at=now, **vars(wish))


def compute_plan(*, plan_id: int) -> None:
    """Compute a plan; one that is computed already, or was thrown away, stays as it is."""
    from tifa.evaluation.selectors.planning import plan_inputs, solve  # noqa: PLC0415  # loads the solver

    plan = AssignmentPlan.objects.select_related("round").filter(pk=plan_id, state=PlanState.WORKING).first()
    if plan is None:
        return
    working = AssignmentPlan.objects.filter(pk=plan_id, state=PlanState.WORKING)
    try:
        inputs = plan_inputs(plan.round, wish_of(plan))
        working.update(done=1)
        result = solve(inputs)
        working.update(done=2)
    except Exception:
        logger.exception("Plan %s of round %s failed", plan_id, plan.round_id)
        working.update(state=PlanState.FAILED)
        raise
    state = PlanState.IMPOSSIBLE if result.reasons else PlanState.READY
    working.update(state=state, basis=inputs.basis, result=result.as_json(), done=plan.total)


@transaction.atomic
def accept_plan(*, actor: Person, plan: AssignmentPlan, now: datetime) -> int:
    """Make a plan the assignment of its round; return how many pairs it has.

    Raises
    ------
    RoundRefused
        When the round is closed, when somebody else has accepted a plan or asked for another one, or when entries, judges,
        conflicts or score sheets have changed since it was computed.
    """
    from tifa.evaluation.selectors.planning import plan_inputs  # noqa: PLC0415  # loads the solver

    locked = lock_round(plan.round, CHANGEABLE)
    current = AssignmentPlan.objects.filter(round=locked, state=PlanState.READY, pk=plan.pk).first()
    if current is None:
        raise RoundRefused(
            _(
                "This plan cannot be accepted: it was accepted already, or replaced by another one. Look at the newest one."
            )
        )
    if plan_inputs(locked, wish_of(current)).basis != current.basis:
        raise RoundRefused(
            _(
                "Entries, judges, conflicts or score sheets have changed since this plan was made. Make a new plan, then accept it."
            )
        )
    pairs = set(PlanResult.from_json(current.result or {}).pairs)
    _replace(locked, pairs, now)
    locked.reviews_each, locked.largest_load = current.reviews_each, current.largest_load
    locked.save(update_fields=["reviews_each", "largest_load"])
    AssignmentPlan.objects.filter(round=locked, state=PlanState.ACCEPTED).delete()
    current.state = PlanState.ACCEPTED
    current.save(update_fields=["state"])
    audit.record(
        actor=actor,
        action="assignment.accepted",
        object_type="round",
        object_key=locked.code,
        reviews_each=locked.reviews_each,
        largest_load=locked.largest_load,
        pairs=len(pairs),
        digest=hashlib.sha256(json.dumps(sorted(pairs)).encode()).hexdigest(),
    )
    return len(pairs)


@transaction.atomic
def judge_everything(*, actor: Person, round_: Round) -> None:
    """Let every judge judge every entry again; score sheets stay as they are.

    Raises
    ------
    RoundRefused
        When the round is closed.
    """
    locked = lock_round(round_, CHANGEABLE)
    pairs, _rows = Assignment.objects.filter(entry__round=locked).delete()
    AssignmentPlan.objects.filter(round=locked).delete()
    locked.reviews_each = locked.largest_load = None
    locked.save(update_fields=["reviews_each", "largest_load"])
    audit.record(
        actor=actor, action="assignment.dissolved", object_type="round", object_key=locked.code, pairs=pairs
    )


@transaction.atomic
def assign_judge(
    *, actor: Person, entry: Entry, member: PanelMember, instead_of: PanelMember | None, now: datetime
) -> None:
    """Give an entry to a judge, in place of another one when there is one.

    Raises
    ------
    RoundRefused
        When the round is closed or not divided, when the judge has a conflict, was withdrawn or has the entry already, when the
        entry was withdrawn, or when the other judge has submitted a sheet.
    """
    locked = _divided(entry)
    _refuse_unfit(entry, member)
    if instead_of is not None:
        _take(entry, instead_of)
    Assignment.objects.create(entry=entry, member=member, assigned_at=now)
    trail(
        actor,
        "assignment.given",
        locked,
        innovation=entry.innovation.code,
        judge=member.name,
        instead_of=instead_of.name if instead_of else "",
    )


@transaction.atomic
def take_assignment(*, actor: Person, entry: Entry, member: PanelMember) -> None:
    """Take an entry from a judge; a draft that they began stays stored.

    Raises
    ------
    RoundRefused
        When the round is closed or not divided, or when the judge has submitted a sheet.
    """
    locked = _divided(entry)
    _take(entry, member)
    trail(actor, "assignment.taken", locked, innovation=entry.innovation.code, judge=member.name)


@transaction.atomic
def set_expertise(*, actor: Person, round_: Round, expertise: Mapping[int, Sequence[str]]) -> int:
    """Say which topics judges know, by the key of their seat; return how many have changed.

    Raises
    ------
    RoundRefused
        When the round is closed.
    """
    locked = lock_round(round_, CHANGEABLE)
    changed = []
    for member in PanelMember.objects.filter(round=locked, pk__in=list(expertise)):
        topics = list(dict.fromkeys(expertise[member.pk]))
        if topics != member.expertise:
            member.expertise = topics
            changed.append(member)
    PanelMember.objects.bulk_update(changed, ["expertise"], batch_size=BATCH)
    if changed:
        said = [f"{member.name}: {'; '.join(member.expertise)}" for member in changed]
        audit.record(
            actor=actor,
            action="round.expertise_set",
            object_type="round",
            object_key=locked.code,
            expertise=said,
        )
    return len(changed)


@transaction.atomic
def set_topics(*, actor: Person, round_: Round, topics: Mapping[int, str]) -> int:
    """Say what entries are about, by key; return how many have changed.

    Raises
    ------
    RoundRefused
        When the round is closed.
    """
    locked = lock_round(round_, CHANGEABLE)
    changed = []
    for entry in Entry.objects.filter(round=locked, pk__in=list(topics)).select_related("innovation"):
        if topics[entry.pk] != entry.topic:
            entry.topic = topics[entry.pk]
            changed.append(entry)
    Entry.objects.bulk_update(changed, ["topic"], batch_size=BATCH)
    if changed:
        said = [f"{entry.innovation.code}: {entry.topic}" for entry in changed]
        audit.record(
            actor=actor, action="round.topics_set", object_type="round", object_key=locked.code, topics=said
        )
    return len(changed)


def wish_of(plan: AssignmentPlan) -> Wish:
    """Return what a plan was asked to be."""
    return Wish(plan.reviews_each, plan.largest_load, plan.keep)


def _replace(round_: Round, pairs: set[Pair], now: datetime) -> None:
    stored = {
        (entry, member): key
        for key, entry, member in Assignment.objects.filter(entry__round=round_).values_list(
            "pk", "entry_id", "member_id"
        )
    }
    # Of a withdrawn entry the plan knows nothing: what was submitted of it stays.
    active = set(Entry.objects.filter(round=round_, withdrawn_at=None).values_list("pk", flat=True))
    going = [key for pair, key in stored.items() if pair not in pairs and pair[0] in active]
    for start in range(0, len(going), BATCH):
        Assignment.objects.filter(pk__in=going[start : start + BATCH]).delete()
    Assignment.objects.bulk_create(
        (
            Assignment(entry_id=entry, member_id=member, assigned_at=now)
            for entry, member in sorted(pairs)
            if (entry, member) not in stored
        ),
        batch_size=BATCH,
    )


def _divided(entry: Entry) -> Round:
    locked = lock_round_of(entry, CHANGEABLE)
    if locked.reviews_each is None:
        raise RoundRefused(
            _(
                "Every judge judges every entry in this round. Accept a plan first, then change single entries."
            )
        )
    return locked


def _refuse_unfit(entry: Entry, member: PanelMember) -> None:
    current = PanelMember.objects.get(pk=member.pk)
    if current.withdrawn_at is not None or current.round_id != entry.round_id:
        raise RoundRefused(_("%(judge)s does not judge in this round any more.") % {"judge": current.name})
    if Entry.objects.filter(pk=entry.pk, withdrawn_at__isnull=False).exists():
        raise RoundRefused(_("This entry was withdrawn from the round. Nobody can be assigned to it."))
    if Conflict.objects.filter(entry=entry, member=member).exists():
        raise RoundRefused(
            _(
                "%(judge)s has a conflict of interest with this entry and cannot judge it. Choose somebody else."
            )
            % {"judge": current.name}
        )
    if Assignment.objects.filter(entry=entry, member=member).exists():
        raise RoundRefused(_("%(judge)s has this entry already.") % {"judge": current.name})


def _take(entry: Entry, member: PanelMember) -> None:
    if ScoreSheet.objects.filter(entry=entry, member=member, submitted_at__isnull=False).exists():
        raise RoundRefused(
            _("%(judge)s has submitted a score sheet for this entry. It stays and counts.")
            % {"judge": member.name}
        )
    count, _rows = Assignment.objects.filter(entry=entry, member=member).delete()
    if not count:
        raise RoundRefused(
            _("%(judge)s does not have this entry any more. Reload the page.") % {"judge": member.name}
        )
