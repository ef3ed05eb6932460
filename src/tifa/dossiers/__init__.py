"""Dossiers: one innovation answered under one edition of an instrument, checked before it is sent."""

from tifa.dossiers.checking import Check, Length, check_dossier, check_to_json
from tifa.dossiers.draft import BadDossier, Draft, read_draft

__all__ = ["BadDossier", "Check", "Draft", "Length", "check_dossier", "check_to_json", "read_draft"]
