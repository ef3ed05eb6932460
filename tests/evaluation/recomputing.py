"""Computes a published copy again from what stands in it, as anybody can."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tifa.evaluation.selectors.copies import weights_in
from tifa.stats.ranking import EntryScores, Ranking, SectionScore, rank

# The first format told conflicts and "not assessable" apart.
NO_NUMBER = frozenset({"no_score", "conflict", "not_assessable"})


def recompute(payload: Mapping[str, Any]) -> Ranking:
    """Compute the ranking of a published copy again, from the values and weights in it."""
    entries = [
        EntryScores(
            entry["code"],
            tuple(_said(sheet, section) for sheet in entry["scores"] for section in sheet["values"]),
        )
        for entry in payload["entries"]
    ]
    return rank(entries, weights_in(payload), places=payload["method"]["places"])


def _said(sheet: Mapping[str, Any], section: str) -> SectionScore:
    value = sheet["values"][section]
    if value in NO_NUMBER:
        return SectionScore(
            sheet["judge"], section, None, "conflict" if value == "conflict" else "not_assessable"
        )
    return SectionScore(sheet["judge"], section, Decimal(value))
