"""Ortal opens a campaign, gives more time, closes it; units delegate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tifa.chain.models import Campaign, CampaignUnit, Delegation, Extension
from tifa.chain.selectors.campaigns import due_of, due_of_all, units_to_ask
from tifa.chain.services.telling import (
    tell_delegation,
    tell_end_of_delegation,
    tell_extension,
    tell_invitation,
)
from tifa.core import audit
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import UnitTree


@dataclass(frozen=True)
class CampaignContent:
    """What a campaign asks, of whom, until when."""

    name: str
    kind: str
    starts_on: date
    ends_on: date
    due: date
    invitation: str
    asked: str
    roots: Sequence[int]
    unit_kinds: Sequence[str] = field(default_factory=list)
    edition: str = ""
    letter_number: str = ""
    days_before: int = 7
    days_to_list: int = 7


class WrongState(ValueError):
    """The campaign is not in the state that this needs; the message says in which it is."""


class NobodyAsked(ValueError):
    """The list of units would be empty."""


class NoLater(ValueError):
    """An extension would not give more time."""


@transaction.atomic
def create_campaign(*, actor: Person, content: CampaignContent) -> Campaign:
    """Prepare a campaign; nobody is asked before it is opened."""
    campaign = Campaign(created_by=actor, created_at=timezone.now(), **_values(content))
    campaign.full_clean()
    campaign.save()
    _record(actor, "campaign.created", campaign, after=_plain(content))
    return campaign


@transaction.atomic
def change_campaign(*, actor: Person, campaign: Campaign, content: CampaignContent) -> Campaign:
    """Change a campaign that is still being prepared.

    Raises
    ------
    WrongState
        When it was opened meanwhile.
    """
    locked = _locked(campaign)
    if not locked.is_draft:
        raise WrongState(_("This campaign is open already, so what it asks stays as it was sent."))
    for name, value in _values(content).items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    _record(actor, "campaign.changed", locked, after=_plain(content))
    return locked


@transaction.atomic
def open_campaign(*, actor: Person, campaign: Campaign, on: date, tree: UnitTree) -> Campaign:
    """Open a campaign: freeze its list of units with their parents of that day, and invite the units.

    Raises
    ------
    WrongState
        When it is open already.
    NobodyAsked
        When no unit of the choice exists on that day.
    """
    locked = _locked(campaign)
    if not locked.is_draft:
        raise WrongState(_("This campaign was opened already."))
    units = units_to_ask(locked, tree, on=on)
    if not units:
        raise NobodyAsked(_("No unit of your choice exists today. Choose other units first."))
    locked.opened_on = on
    locked.save(update_fields=["opened_on"])
    rows = [
        CampaignUnit(
            campaign=locked,
            unit=unit,
            parent_id=unit.parent_id,
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            place=place,
        )
        for place, (_depth, unit) in enumerate(units)
    ]
    CampaignUnit.objects.bulk_create(rows, batch_size=500)
    _record(actor, "campaign.opened", locked, opened_on=on.isoformat(), units=len(rows))
    tell_invitation(campaign=locked, units=[row.unit_id for row in rows], tree=tree)
    return locked


@transaction.atomic
def close_campaign(*, actor: Person, campaign: Campaign, on: date) -> Campaign:
    """Close a campaign: no unit answers any more, and silence is counted by year again.

    Raises
    ------
    WrongState
        When it does not run.
    """
    locked = _locked(campaign)
    _check_running(locked)
    locked.closed_on = on
    locked.save(update_fields=["closed_on"])
    _record(actor, "campaign.closed", locked, closed_on=on.isoformat())
    return locked


@transaction.atomic
def extend_campaign(
    *, actor: Person, campaign: Campaign, unit: Unit | None, due: date, reason: str, on: date, tree: UnitTree
) -> Extension:
    """Give one unit, or all when ``unit`` is None, more time.

    Raises
    ------
    WrongState
        When the campaign does not run.
    NoLater
        When the new date is not later than the one that holds.
    """
    locked = _locked(campaign)
    _check_running(locked)
    holds = due_of(locked, unit.pk) if unit else due_of_all(locked)
    if due <= holds:
        raise NoLater(
            _("It is due on %(due)s already; give a later day.") % {"due": date_format(holds, "j F Y")}
        )
    extension = Extension(campaign=locked, unit=unit, due=due, reason=reason, granted_by=actor, granted_on=on)
    extension.full_clean()
    extension.save()
    _record(
        actor,
        "campaign.extended",
        locked,
        unit=unit.code if unit else "*",
        due=due.isoformat(),
        reason=reason,
    )
    tell_extension(extension=extension, tree=tree)
    return extension


@transaction.atomic
def delegate_answer(
    *,
    actor: Person,
    campaign: Campaign,
    unit: Unit,
    to_unit: Unit,
    reason: str,
    on: date,
    tree: UnitTree,
) -> Delegation:
    """Let another unit answer for a unit; who reports for that other unit may do it from now on.

    Raises
    ------
    WrongState
        When the campaign does not run.
    """
    locked = _locked(campaign)
    _check_running(locked)
    delegation = Delegation(
        campaign=locked, unit=unit, to_unit=to_unit, reason=reason, made_by=actor, made_on=on
    )
    delegation.full_clean()
    delegation.save()
    _record(actor, "delegation.made", locked, unit=unit.code, to=to_unit.code, reason=reason)
    tell_delegation(delegation=delegation, tree=tree)
    return delegation


@transaction.atomic
def end_delegation(*, actor: Person, delegation: Delegation, on: date, tree: UnitTree) -> None:
    """Let a unit answer for itself again, and tell both units."""
    if Delegation.objects.filter(pk=delegation.pk, ended_on=None).update(ended_on=on):
        _record(
            actor,
            "delegation.ended",
            delegation.campaign,
            unit=delegation.unit.code,
            to=delegation.to_unit.code,
        )
        tell_end_of_delegation(delegation=delegation, tree=tree)


def _locked(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update().get(pk=campaign.pk)


def _check_running(campaign: Campaign) -> None:
    if campaign.is_draft:
        raise WrongState(_("This campaign is not open yet."))
    if not campaign.is_running:
        raise WrongState(_("This campaign is closed."))


def _values(content: CampaignContent) -> dict[str, Any]:
    return vars(content) | {"roots": list(content.roots), "unit_kinds": list(content.unit_kinds)}


def _plain(content: CampaignContent) -> Mapping[str, Any]:
    named = ("name", "kind", "edition", "starts_on", "ends_on", "due", "letter_number", "asked")
    return {name: str(getattr(content, name)) for name in named}


def _record(actor: Person, action: str, campaign: Campaign, **detail: Any) -> None:
    audit.record(actor=actor, action=action, object_type="campaign", object_key=campaign.name, **detail)
