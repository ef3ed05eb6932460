"""Tables of the chain."""

from tifa.chain.models.campaigns import (
    Campaign,
    CampaignNil,
    CampaignUnit,
    Delegation,
    Extension,
    VitalCheck,
)
from tifa.chain.models.ledgers import HandOff, LedgerPublication, NilReport, ReportDraft, ServiceLevel
from tifa.chain.models.messages import Message, MessageSettings, Reminder

__all__ = [
    "Campaign",
    "CampaignNil",
    "CampaignUnit",
    "Delegation",
    "Extension",
    "HandOff",
    "LedgerPublication",
    "Message",
    "MessageSettings",
    "NilReport",
    "Reminder",
    "ReportDraft",
    "ServiceLevel",
    "VitalCheck",
]
