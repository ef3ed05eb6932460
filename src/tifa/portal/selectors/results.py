"""Published rankings: the newest of each round, and what one says about an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from tifa.evaluation.choices import ReopeningKind
from tifa.evaluation.models import RankingPublication
from tifa.evaluation.pictures import heat_map, interval_plot, severity_plot, top_strip
from tifa.evaluation.selectors.outcomes import TONES, VERDICTS, reason_of, told_of
from tifa.evaluation.selectors.publications import published_results
from tifa.evaluation.selectors.terms import Changed, told_changes, told_terms


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
    no_score: int


@dataclass(frozen=True)
class FairResult:
    """The fair score of an entry with what it is sure of; ``verdict`` is in words, ``tone`` the look of it."""

    fair: float
    low: float
    high: float
    place: int
    place_low: int
    place_high: int
    p_top: float
    verdict: str | Promise
    tone: str


@dataclass(frozen=True)
class EntryResult:
    """One line of a published ranking; an entry without a rank says what is missing."""

    rank: int | None
    place: int | None
    by: str | None
    selected: bool
    code: str
    title: str
    unit: str
    total: Decimal | None
    judges: int
    conflicts: int
    missing: tuple[str, ...]
    sections: tuple[SectionResult, ...]
    fair: FairResult | None
    untied: bool

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


def pictures_of(payload: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a frozen copy says in words and pictures; a copy of the first format has none of it."""
    fair = payload.get("fair")
    if not fair:
        return {"reason": reason_of(payload["reason"]) if payload.get("reason") else None}
    chances = [one["fair"] for one in payload["entries"] if one["fair"]]
    titles = {one["code"]: one["title"] for one in payload["entries"]}
    return {
        "fair": fair,
        "told": told_of(fair, chances, titles),
        "plot": interval_plot(entries),
        "strip": top_strip(chances),
        "heat": heat_map(fair.get("leaders", []), titles),
        "severity": severity_plot(fair["severities"]),
    }


def agreed_in(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was agreed before the scoring and changed later, and what the panel decided; older copies have none."""
    official = payload.get("official")
    if official is None:
        return {}
    titles = {one["code"]: one["title"] for one in payload["entries"]}
    return {
        "official": official,
        "moderation": payload["moderation"],
        "terms": told_terms(payload["terms"]),
        "amendments": [
            Changed(date.fromisoformat(one["on"]), one["reason"], told_changes(one["changes"]))
            for one in payload["amendments"]
        ],
        "decided": [titles[code] for code in official["decided"]],
    }


def reopened_in(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return why entries were taken up again before a correction, with their titles."""
    rows = (*payload["entries"], *({"code": one["entry"], **one} for one in payload.get("changes", ())))
    titles = {one["code"]: one["title"] for one in rows}
    kinds = dict(ReopeningKind.choices)
    return [
        {"title": titles.get(one["entry"], one["entry"]), "kind": kinds[one["kind"]], "reason": one["reason"]}
        for one in payload.get("reopened", ())
    ]


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
        place=entry.get("place"),
        by=entry.get("by"),
        selected=entry.get("selected", False),
        code=entry["code"],
        title=entry["title"],
        unit=entry["unit"],
        total=_decimal(entry["total"]),
        judges=entry["judges"],
        conflicts=entry.get("conflicts", 0),
        missing=tuple(sections[one]["label"] for one in entry["missing"]),
        sections=tuple(_section(one, sections[one["section"]]) for one in entry["sections"]),
        fair=_fair(entry.get("fair")),
        untied=entry.get("untied", False),
    )


def _fair(row: Mapping[str, Any] | None) -> FairResult | None:
    if row is None:
        return None
    numbers = {
        name: row[name] for name in ("fair", "low", "high", "place", "place_low", "place_high", "p_top")
    }
    return FairResult(**numbers, verdict=VERDICTS[row["verdict"]], tone=TONES[row["verdict"]])


def _section(result: Mapping[str, Any], section: Mapping[str, Any]) -> SectionResult:
    return SectionResult(
        number=section["number"],
        label=section["label"],
        weight=Decimal(section["weight"]),
        mean=_decimal(result["mean"]),
        contribution=_decimal(result["contribution"]),
        judges=result["n"],
        conflicts=result.get("conflicts", 0),
        not_assessable=result.get("not_assessable", 0),
        no_score=result.get("no_score", 0),
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
