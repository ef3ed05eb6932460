"""Reads what a frozen copy of a result states; nothing is computed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tifa.evaluation.selectors.ranking import RankedRow
from tifa.stats.ranking import RankedEntry, Ranking, SectionMean, SectionWeight


def ranking_in(payload: Mapping[str, Any]) -> Ranking:
    """Return the ranking that a published copy states."""
    weights = weights_in(payload)
    return Ranking(
        payload["method"]["id"],
        payload["method"]["places"],
        tuple(_stated(entry, weights) for entry in payload["entries"]),
    )


def published_rows(payload: Mapping[str, Any]) -> list[RankedRow]:
    """Return the lines of a published copy, with the titles and units of its day."""
    return [
        RankedRow(entry["code"], entry["title"], entry["unit"], entry["rank"], _decimal(entry["total"]))
        for entry in payload["entries"]
    ]


def weights_in(payload: Mapping[str, Any]) -> tuple[SectionWeight, ...]:
    """Return the sections of a published copy with their weights."""
    return tuple(SectionWeight(section["id"], Decimal(section["weight"])) for section in payload["sections"])


def _stated(entry: Mapping[str, Any], weights: Sequence[SectionWeight]) -> RankedEntry:
    by_section = {section["section"]: section for section in entry["sections"]}
    return RankedEntry(
        entry=entry["code"],
        rank=entry["rank"],
        total=_decimal(entry["total"]),
        judges=entry["judges"],
        sections=tuple(
            SectionMean(
                section=one.section,
                weight=one.weight,
                mean=_decimal(by_section[one.section]["mean"]),
                n=by_section[one.section]["n"],
                conflicts=by_section[one.section].get("conflicts", 0),
                not_assessable=by_section[one.section].get("not_assessable", 0)
                + by_section[one.section].get("no_score", 0),
                contribution=_decimal(by_section[one.section]["contribution"]),
            )
            for one in weights
        ),
        missing=tuple(entry["missing"]),
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
