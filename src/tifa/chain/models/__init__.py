"""Tables of the chain."""

from tifa.chain.models.holders import BatchRow, DecisionBatch, HoldReason, Holiday, Reversal
from tifa.chain.models.ledgers import HandOff, LedgerPublication, NilReport, ReportDraft, ServiceLevel

__all__ = [
    "BatchRow",
    "DecisionBatch",
    "HandOff",
    "HoldReason",
    "Holiday",
    "LedgerPublication",
    "NilReport",
    "ReportDraft",
    "Reversal",
    "ServiceLevel",
]
