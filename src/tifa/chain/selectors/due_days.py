"""The due dates of a person, for their calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tifa.chain.choices import AnswerState, Holder
from tifa.chain.models import Campaign, MessageSettings
from tifa.chain.selectors.campaigns import due_of_all, may_manage, progress_of, running_campaigns
from tifa.chain.selectors.ledgers import Scope, reporting_gap
from tifa.organisation.choices import DECIDING_ROLES, REPORTING_ROLES
from tifa.organisation.models import Person
from tifa.organisation.rules import roles_of
from tifa.organisation.selectors import UnitTree, units_of


@dataclass(frozen=True)
class DueDay:
    """A day on which a unit of the person owes an answer, or all units of a campaign when ``code`` is empty."""

    campaign: Campaign
    code: str
    unit: str
    due: date
    done: bool


@dataclass(frozen=True)
class ActingDay:
    """A day on which innovations are due that lie with the units of a person, or with the organisation section."""

    on: date
    holder: Holder
    titles: tuple[str, ...]


def person_of_calendar(token: str) -> Person | None:
    """Return whose calendar has a secret address; nobody's when the person may not sign in any more."""
    found = MessageSettings.objects.filter(calendar_token=token, person__is_active=True)
    wishes = found.select_related("person").first()
    return wishes.person if wishes else None


def acting_days(person: Person, as_of: date, tree: UnitTree) -> list[ActingDay]:
    """Return the days on which a person has to act on innovations, day by day; what is held back has none."""
    own = {unit for role, unit in roles_of(person) if role in REPORTING_ROLES}
    reach = units_of(person, DECIDING_ROLES, tree)
    if not own and not reach:
        return []
    days: dict[tuple[date, Holder], list[str]] = {}
    for gap in reporting_gap(Scope(as_of, reach | own), tree=tree).gaps:
        theirs = {Holder.UNIT: own, Holder.ORTAL: reach}.get(gap.holder, ())
        if gap.due is not None and gap.unit.pk in theirs and not (gap.deliberate and not gap.is_back):
            days.setdefault((gap.due, gap.holder), []).append(gap.title)
    return [ActingDay(on, holder, tuple(titles)) for (on, holder), titles in sorted(days.items())]


def due_days(person: Person, as_of: date, tree: UnitTree) -> Iterator[DueDay]:
    """Yield the due dates of the units in which a person reports, and of those for which these answer.

    Units further down are left out: they have people of their own, and a hundred entries hide the one that counts.
    """
    own = {unit for role, unit in roles_of(person) if role in REPORTING_ROLES}
    for campaign in running_campaigns(as_of):
        if may_manage(person, campaign, tree):
            yield DueDay(campaign, "", "", due_of_all(campaign), done=False)
        if not own:
            continue
        for unit in progress_of(campaign, as_of):
            if unit.row.unit_id in own or (unit.delegate is not None and unit.delegate.pk in own):
                done = unit.state == AnswerState.DONE
                yield DueDay(campaign, unit.row.code, unit.row.name, unit.due, done)
