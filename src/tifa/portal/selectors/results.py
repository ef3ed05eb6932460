"""Published rankings: the newest of each round, and what one says about an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tifa.evaluation.models import RankingPublication
from tifa.evaluation.selectors.publications import published_results


@dataclass(frozen=True)
class SectionResult:
    """What one section gave an entry; missing numbers stay None."""

    number: int
    label: str
    weight: Decimal
    mean: Decimal | None
    contribution: Decimal | None
    judges: int
    conflicts: int
    not_assessable: int


@dataclass(frozen=True)
class EntryResult:
    """One line of a published ranking; an entry without a rank says what is missing."""

    rank: int | None
    code: str
    title: str
    unit: str
    total: Decimal | None
    judges: int
    conflicts: int
    missing: tuple[str, ...]
    sections: tuple[SectionResult, ...]

    @property
    def rounding_gap(self) -> Decimal | None:
        """Return what the shown contributions add up to, where their rounding makes it differ from the total."""
        shown = sum((one.contribution for one in self.sections if one.contribution is not None), Decimal())
        return None if self.total is None or shown == self.total else shown


def current_results() -> list[RankingPublication]:
    """Return the newest publication of each round without its long content, in one statement."""
    newest: dict[int, RankingPublication] = {}
    for publication in published_results():
        newest.setdefault(publication.round_id, publication)
    return list(newest.values())


def entry_results(
    payload: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], language: str
) -> list[EntryResult]:
    """Return entries of a frozen copy with the sections named in a language; nothing is computed."""
    label = "label_en" if language == "en" else "label_id"
    sections = {section["id"]: {**section, "label": section[label]} for section in payload["sections"]}
    return [_entry(entry, sections) for entry in entries]


def _entry(entry: Mapping[str, Any], sections: Mapping[str, Mapping[str, Any]]) -> EntryResult:
    return EntryResult(
        rank=entry["rank"],
        code=entry["code"],
        title=entry["title"],
        unit=entry["unit"],
        total=_decimal(entry["total"]),
        judges=entry["judges"],
        conflicts=entry["conflicts"],
        missing=tuple(sections[one]["label"] for one in entry["missing"]),
        sections=tuple(_section(one, sections[one["section"]]) for one in entry["sections"]),
    )


def _section(result: Mapping[str, Any], section: Mapping[str, Any]) -> SectionResult:
    return SectionResult(
        number=section["number"],
        label=section["label"],
        weight=Decimal(section["weight"]),
        mean=_decimal(result["mean"]),
        contribution=_decimal(result["contribution"]),
        judges=result["n"],
        conflicts=result["conflicts"],
        not_assessable=result["not_assessable"],
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
