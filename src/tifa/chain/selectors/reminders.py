"""Which reminders are due on a day, computed from the answers; nothing is stored here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tifa.chain.choices import AnswerState, ReminderStage
from tifa.chain.models import Campaign, Reminder
from tifa.chain.selectors.campaigns import Progress, progress_of, running_campaigns
from tifa.chain.selectors.recipients import Recipients
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree


@dataclass(frozen=True)
class Planned:
    """A reminder that is due: of which campaign and unit, at which stage, to whom, until when."""

    campaign: Campaign
    unit: Progress
    stage: ReminderStage
    person: Person

    @property
    def key(self) -> tuple[int, int, str, int, date]:
        """Return what makes it the same reminder."""
        return (
            self.campaign.pk,
            self.unit.row.unit_id,
            self.stage.value,
            self.person.pk,
            self.unit.due,
        )


def planned_reminders(as_of: date, tree: UnitTree) -> list[Planned]:
    """Return the reminders of a day that were not given yet, ordered by person, campaign, stage and unit.

    The statements depend on the number of running campaigns only.
    """
    campaigns = list(running_campaigns(as_of))
    if not campaigns:
        return []
    recipients = Recipients(tree)
    due = [
        planned
        for campaign in campaigns
        for unit in progress_of(campaign, as_of)
        for planned in _of_unit(campaign, unit, recipients)
    ]
    given = given_keys(campaigns)
    order = list(ReminderStage)
    return sorted(
        (one for one in due if one.key not in given),
        key=lambda one: (one.person.pk, one.campaign.pk, order.index(one.stage), one.unit.row.place),
    )


def given_keys(
    campaigns: Iterable[Campaign], person: Person | None = None
) -> set[tuple[int, int, str, int, date]]:
    """Return the keys of the reminders that were given, to everybody or to one person."""
    rows = Reminder.objects.filter(campaign__in=list(campaigns))
    if person is not None:
        rows = rows.filter(person=person)
    return set(rows.order_by().values_list("campaign", "unit", "stage", "person", "due"))


def stages_of(campaign: Campaign, unit: Progress) -> list[ReminderStage]:
    """Return the stages that a unit has come to; none when it has answered all or is not due for long."""
    if unit.state == AnswerState.DONE or unit.days_left > campaign.days_before:
        return []
    if unit.days_left > 0:
        return [ReminderStage.BEFORE]
    if unit.days_left == 0:
        return [ReminderStage.DUE]
    if -unit.days_left >= campaign.days_to_list:
        return [ReminderStage.OVERDUE, ReminderStage.LISTED]
    return [ReminderStage.OVERDUE]


def people_of(unit: Progress, stage: ReminderStage, recipients: Recipients) -> list[Person]:
    """Return who is told at a stage: first the operators, from the due date on the head too, then the leader.

    Where another unit answers, its people are told in place of the unit's own.
    """
    answering = unit.delegate.pk if unit.delegate else unit.row.unit_id
    if stage == ReminderStage.LISTED:
        return recipients.leaders(unit.row.unit_id)
    if stage == ReminderStage.BEFORE:
        return recipients.reporters(answering)
    return recipients.both(answering)


def _of_unit(campaign: Campaign, unit: Progress, recipients: Recipients) -> Iterable[Planned]:
    for stage in stages_of(campaign, unit):
        for person in people_of(unit, stage, recipients):
            yield Planned(campaign, unit, stage, person)
