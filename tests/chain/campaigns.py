"""Makers of campaigns for tests."""

from datetime import date
from typing import Any

from tests.factories import Town
from tifa.chain.choices import CampaignKind
from tifa.chain.models import Campaign, CampaignUnit
from tifa.chain.services.campaigns import CampaignContent, create_campaign, open_campaign
from tifa.organisation.models import Person, Unit
from tifa.organisation.selectors import unit_tree

OPENED = date(2026, 11, 2)
DUE = date(2026, 11, 30)


def content(town: Town, **fields: Any) -> CampaignContent:
    values: dict[str, Any] = {
        "name": "Pelaporan 2026",
        "kind": CampaignKind.YEARLY,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "due": DUE,
        "invitation": "Mohon laporkan inovasi unit Saudara.",
        "asked": "Keadaan tiap inovasi; yang baru, atau nihil.",
        "letter_number": "000/123/ORTAL",
        "roots": [town.city.pk],
    }
    return CampaignContent(**{**values, **fields})


def make_campaign(ortal: Person, town: Town, *, on: date = OPENED, **fields: Any) -> Campaign:
    draft = create_campaign(actor=ortal, content=content(town, **fields))
    return open_campaign(actor=ortal, campaign=draft, on=on, tree=unit_tree())


def row_of(campaign: Campaign, unit: Unit) -> CampaignUnit:
    return campaign.units.select_related("campaign", "unit").get(unit=unit)
