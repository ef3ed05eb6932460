"""Tables of the chain."""

from tifa.chain.models.discovery import Candidate, Document, Feed, Host, LocalTerm, Question, Reading
from tifa.chain.models.holders import BatchRow, DecisionBatch, HoldReason, Holiday, Reversal
from tifa.chain.models.ledgers import HandOff, LedgerPublication, NilReport, ReportDraft, ServiceLevel

__all__ = [
    "BatchRow",
    "Candidate",
    "DecisionBatch",
    "Document",
    "Feed",
    "HandOff",
    "HoldReason",
    "Holiday",
    "Host",
    "LedgerPublication",
    "LocalTerm",
    "NilReport",
    "Question",
    "Reading",
    "ReportDraft",
    "Reversal",
    "ServiceLevel",
]
