"""Tables of the chain."""

from tifa.chain.models.campaigns import (
    Campaign,
    CampaignNil,
    CampaignUnit,
    Delegation,
    Extension,
    VitalCheck,
)
from tifa.chain.models.discovery import Candidate, Document, Feed, Host, LocalTerm, Question, Reading
from tifa.chain.models.holders import BatchRow, DecisionBatch, HoldReason, Holiday, Reversal
from tifa.chain.models.ledgers import HandOff, LedgerPublication, NilReport, ReportDraft, ServiceLevel
from tifa.chain.models.messages import Message, MessageSettings, Reminder

__all__ = [
    "BatchRow",
    "Campaign",
    "CampaignNil",
    "CampaignUnit",
    "Candidate",
    "DecisionBatch",
    "Delegation",
    "Document",
    "Extension",
    "Feed",
    "HandOff",
    "HoldReason",
    "Holiday",
    "Host",
    "LedgerPublication",
    "LocalTerm",
    "Message",
    "MessageSettings",
    "NilReport",
    "Question",
    "Reading",
    "Reminder",
    "ReportDraft",
    "Reversal",
    "ServiceLevel",
    "VitalCheck",
]
