"""Tables of the chain."""

from tifa.chain.models.ledgers import HandOff, LedgerPublication, NilReport, ReportDraft, ServiceLevel

__all__ = ["HandOff", "LedgerPublication", "NilReport", "ReportDraft", "ServiceLevel"]
