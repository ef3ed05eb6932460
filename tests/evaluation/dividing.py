"""Plain makers of divided rounds."""

from tests.evaluation.makers import NOW
from tifa.evaluation.models import Assignment, AssignmentPlan, Round
from tifa.evaluation.selectors.plans import Wish
from tifa.evaluation.services.assigning import accept_plan, compute_plan, start_plan
from tifa.organisation.models import Person


def plan(
    ortal: Person, round_: Round, each: int = 1, *, most: int | None = None, keep: bool = False
) -> AssignmentPlan:
    """Compute a plan."""
    started = start_plan(actor=ortal, round_=round_, wish=Wish(each, most, keep), now=NOW)
    compute_plan(plan_id=started.pk)
    return AssignmentPlan.objects.select_related("round").get(pk=started.pk)


def divide(ortal: Person, round_: Round, each: int = 1, *, keep: bool = False) -> Round:
    """Divide a round by a plan."""
    accept_plan(actor=ortal, plan=plan(ortal, round_, each, keep=keep), now=NOW)
    return Round.objects.get(pk=round_.pk)


def pairs_of(round_: Round) -> set[tuple[str, str]]:
    """Return who judges what: code and name of the judge."""
    rows = Assignment.objects.filter(entry__round=round_)
    return set(rows.values_list("entry__innovation__code", "member__name"))
