"""Who may run rounds, watch them, judge in them, and see scores."""

from typing import Any

import rules

from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import PanelMember, Round
from tifa.organisation.choices import Role
from tifa.organisation.models import Person
from tifa.organisation.rules import is_auditor, is_judge, is_leader, is_ortal, is_reporter

WATCHING_ROLES = frozenset({Role.ORTAL, Role.LEADER, Role.AUDITOR})


@rules.predicate
def is_off_the_panel(person: Person, round_: Round | None) -> bool:
    """Somebody who does not judge in the round, or looks at one whose result is out.

    Judges see their own scores only until the result is published, whatever other roles they have.
    """
    if round_ is None:
        return False
    return (
        round_.state == RoundState.PUBLISHED
        or not PanelMember.objects.filter(round=round_, person=person).exists()
    )


@rules.predicate
def is_finished(person: Any, round_: Round | None) -> bool:
    """Whether no score of the round changes any more, so that those who look on influence nobody."""
    return round_ is not None and round_.state in {RoundState.CLOSED, RoundState.PUBLISHED}


rules.add_perm("evaluation.manage_rounds", is_ortal)
rules.add_perm("evaluation.view_rounds", is_ortal | is_leader | is_auditor)
rules.add_perm("evaluation.judge", is_judge)
rules.add_perm("evaluation.view_feedback", is_reporter)
# Asked with a round: means and single scores are Ortal's while judges work; who looks on waits for the closing.
rules.add_perm(
    "evaluation.view_scores", (is_ortal | (is_leader | is_auditor) & is_finished) & is_off_the_panel
)
# Asked with a round: whoever judges in it would learn from the division what a conflict hides from them.
rules.add_perm("evaluation.divide_work", is_ortal & is_off_the_panel)
