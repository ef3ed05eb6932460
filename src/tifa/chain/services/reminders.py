"""Gives the reminders of a day; broken off anywhere and started again, it gives none twice."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.urls import reverse

from tifa.chain.choices import MessageKind, ReminderStage
from tifa.chain.models import Campaign, Message, Reminder
from tifa.chain.selectors.reminders import Planned, given_keys, planned_reminders
from tifa.chain.services.telling import Telling, lines_of, short_digest, tell
from tifa.core import audit
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree, unit_tree


def give_reminders(*, as_of: date, now: datetime, campaign: Campaign | None = None) -> list[Message]:
    """Put the reminders of a day that were not given yet into the outbox, of all campaigns or of one.

    Each person is one transaction that stores reminders and messages together, so a run that ends in the middle leaves
    whole people done and whole people to do, and the next run does the rest.
    """
    tree = unit_tree()
    planned = [one for one in planned_reminders(as_of, tree) if campaign in {None, one.campaign}]
    return [
        message
        for _key, rows in groupby(planned, key=lambda one: one.person.pk)
        for message in remind_person(planned=list(rows), as_of=as_of, now=now, tree=tree)
    ]


@transaction.atomic
def remind_person(*, planned: Sequence[Planned], as_of: date, now: datetime, tree: UnitTree) -> list[Message]:
    """Give one person their reminders: one message for each campaign and stage, whatever the number of units."""
    # Two runs at once meet at this row: the second one sees what the first has given.
    person = Person.objects.select_for_update().get(pk=planned[0].person.pk)
    given = given_keys({one.campaign for one in planned}, person)
    left = [one for one in planned if one.key not in given]
    messages = []
    for (_campaign, stage), rows in groupby(left, key=lambda one: (one.campaign.pk, one.stage)):
        group = list(rows)
        messages += tell([_telling(person, ReminderStage(stage), group, as_of, tree)], now=now)
        Reminder.objects.bulk_create(
            Reminder(
                campaign=one.campaign,
                unit_id=one.unit.row.unit_id,
                stage=one.stage,
                person=person,
                due=one.unit.due,
                on=as_of,
                message=messages[-1],
            )
            for one in group
        )
        audit.record(
            actor=None,
            action="reminder.given",
            object_type="campaign",
            object_key=group[0].campaign.name,
            to=person.email,
            stage=stage,
            units=[one.unit.row.code for one in group],
        )
    return messages


def _telling(
    person: Person, stage: ReminderStage, group: Sequence[Planned], as_of: date, tree: UnitTree
) -> Telling:
    campaign = group[0].campaign
    units = [one.unit.row.unit_id for one in group]
    lines = [
        line
        | {
            "days_late": -one.unit.days_left,
            "days_left": one.unit.days_left,
            "open": one.unit.known - one.unit.checked,
            "new": not (one.unit.reported or one.unit.nil),
        }
        for line, one in zip(lines_of(campaign, units, tree), group, strict=True)
    ]
    listed = stage == ReminderStage.LISTED
    one_unit = len(group) == 1 and not listed
    code = tree.units[units[0]].code
    return Telling(
        person=person,
        kind=MessageKind.LIST if listed else MessageKind.REMINDER,
        campaign=campaign,
        units=units,
        key=f"reminder:{campaign.pk}:{stage.value}:{person.pk}:" + short_digest(one.key for one in group),
        facts={"units": lines, "stage": stage.value, "as_of": as_of},
        urgent=stage == ReminderStage.DUE,
        path=reverse("chain:campaign_unit", args=[campaign.pk, code]) if one_unit else "",
    )
