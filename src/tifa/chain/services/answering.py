"""A unit answers a campaign: the state of each known innovation, and whether there is anything new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tifa.chain.choices import Vital
from tifa.chain.models import Campaign, CampaignNil, CampaignUnit, VitalCheck
from tifa.chain.selectors.campaigns import head_of, known_of, reported_in
from tifa.core import audit
from tifa.core.audit import Action
from tifa.organisation.models import Person
from tifa.organisation.selectors import UnitTree
from tifa.registry.models import Innovation


@dataclass(frozen=True)
class VitalSaid:
    """What is said of one innovation."""

    innovation: Innovation
    state: str
    on: date
    note: str = ""


@dataclass(frozen=True)
class NilSaid:
    """Who signs that there is nothing new."""

    signed_by: str
    note: str = ""


class NotOpen(ValueError):
    """The campaign does not take answers; the message says why."""


class NothingNewRefused(ValueError):
    """The unit reported something in the period, so it cannot say that there is nothing new."""


@transaction.atomic
def answer_campaign(
    *,
    author: Person,
    row: CampaignUnit,
    said: Sequence[VitalSaid],
    nil: NilSaid | None,
    on: date,
    tree: UnitTree,
) -> int:
    """Record what a unit says in a campaign, all of it or nothing; what is said again unchanged is not stored twice.

    Returns
    -------
    int
        How many innovations got a new state.

    Raises
    ------
    NotOpen
        When the campaign was closed meanwhile.
    NothingNewRefused
        When the unit reported an innovation in the period.
    """
    campaign = Campaign.objects.select_for_update().get(pk=row.campaign_id)
    if not campaign.is_running:
        raise NotOpen(
            _("This campaign is closed; nothing was stored. Ask Ortal if you still have to say something.")
        )
    checks = _new_checks(author, campaign, row, said, on)
    for check in checks:
        check.full_clean(validate_constraints=False)
    VitalCheck.objects.bulk_create(checks)
    audit.record_many(
        actor=author,
        actions=[
            Action(
                "innovation.checked",
                "innovation",
                check.innovation.code,
                {
                    "campaign": campaign.name,
                    "state": check.state,
                    "on": check.on.isoformat(),
                    "reason": check.note,
                },
            )
            for check in checks
        ],
    )
    if nil is not None:
        _sign_nil(author, campaign, row, nil, on, tree)
    return len(checks)


def _new_checks(
    author: Person, campaign: Campaign, row: CampaignUnit, said: Sequence[VitalSaid], on: date
) -> list[VitalCheck]:
    asked = {one.innovation.pk: one for one in known_of(campaign, row.unit_id, on)}
    checks = []
    for one in said:
        known = asked.get(one.innovation.pk)
        if known is None:
            continue
        if known.check is not None and _same(known.check, one):
            continue
        checks.append(
            VitalCheck(
                campaign=campaign,
                innovation=known.innovation,
                unit_id=row.unit_id,
                state=one.state,
                on=one.on,
                note=one.note,
                recorded_on=on,
                recorded_by=author,
            )
        )
    return checks


def _same(last: VitalCheck, said: VitalSaid) -> bool:
    # Of one that still runs, the day is only that of the check; saying it again tells nothing new.
    on = last.state == Vital.RUNNING or last.on == said.on
    return (last.state, last.note) == (said.state, said.note) and on


def _sign_nil(
    author: Person, campaign: Campaign, row: CampaignUnit, nil: NilSaid, on: date, tree: UnitTree
) -> None:
    reported = reported_in(campaign, row.unit_id, on).first()
    if reported is not None:
        raise NothingNewRefused(
            _(
                "%(unit)s reported “%(title)s” (%(code)s) in this period, so there is something new. Nothing to sign."
            )
            % {"unit": row.name, "title": reported.title, "code": reported.code}
        )
    head = head_of(row.unit_id, tree)
    report = CampaignNil(
        campaign=campaign,
        unit_id=row.unit_id,
        on=on,
        note=nil.note,
        signed_by=nil.signed_by,
        signed_in_person=head is not None and head.pk == author.pk,
        recorded_by=author,
    )
    report.full_clean()
    report.save()
    audit.record(
        actor=author,
        action="nil.signed",
        object_type="unit",
        object_key=row.code,
        campaign=campaign.name,
        signed_by=nil.signed_by,
    )
