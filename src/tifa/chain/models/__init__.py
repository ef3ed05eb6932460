"""Tables of the chain."""

from tifa.chain.models.discovery import Candidate, Document, Feed, Host, LocalTerm, Question, Reading
from tifa.chain.models.ledgers import HandOff, LedgerPublication, NilReport, ReportDraft, ServiceLevel

__all__ = [
    "Candidate",
    "Document",
    "Feed",
    "HandOff",
    "Host",
    "LedgerPublication",
    "LocalTerm",
    "NilReport",
    "Question",
    "Reading",
    "ReportDraft",
    "ServiceLevel",
]
