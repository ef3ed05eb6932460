"""Publishes the ranking of a round as a frozen copy that anyone can compute again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import Entry, PanelMember, RankingPublication, Round
from tifa.evaluation.selectors.ranking import PLACES, RankedRow, scores_of, weights_of
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.evaluation.services.rounds import RoundRefused, lock_round
from tifa.instruments import Rubric
from tifa.organisation.models import Person
from tifa.stats.ranking import (
    METHOD,
    EntryScores,
    RankedEntry,
    Ranking,
    SectionMean,
    SectionScore,
    SectionWeight,
    rank,
)

FORMAT = "tifa-ranking/1"
CENT = Decimal("0.01")


@transaction.atomic
def publish_ranking(*, actor: Person | None, round_: Round, on: date, now: datetime) -> RankingPublication:
    """Freeze the ranking of a closed round.

    The copy holds names, weights, every value and the method, so it can be recomputed from itself alone. Judges
    stand in it without names, numbered anew for every entry by what they said: a number tells nothing of a person.

    Raises
    ------
    RoundRefused
        When the round is not closed, or when an entry is not public: the ranking would show it.
    """
    locked = lock_round(round_, {RoundState.CLOSED})
    entries = {entry.innovation.code: entry for entry in _entries(locked)}
    _refuse_unverified(entries.values(), on)
    payload = _payload(locked, rubric_of(locked), entries, on)
    publication = RankingPublication.objects.create(
        round=locked,
        method=METHOD,
        instrument_digest=locked.instrument_digest,
        digest=digest_of(payload),
        payload=payload,
        published_at=now,
        published_by=actor,
    )
    locked.state = RoundState.PUBLISHED
    locked.save(update_fields=["state"])
    audit.record(
        actor=actor,
        action="ranking.published",
        object_type="round",
        object_key=locked.code,
        method=METHOD,
        instrument_digest=locked.instrument_digest,
        digest=publication.digest,
    )
    return publication


def recompute(payload: Mapping[str, Any]) -> Ranking:
    """Compute the ranking of a published copy again, from the values and weights in it."""
    entries = [
        EntryScores(
            entry["code"],
            tuple(_said(sheet, section) for sheet in entry["scores"] for section in sheet["values"]),
        )
        for entry in payload["entries"]
    ]
    return rank(entries, _weights(payload), places=payload["method"]["places"])


def ranking_in(payload: Mapping[str, Any]) -> Ranking:
    """Return the ranking that a published copy states."""
    weights = _weights(payload)
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


def digest_of(payload: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the inputs of a published copy: instrument, method, weights and values.

    It is taken over their JSON with sorted keys, no spaces, and UTF-8.
    """
    inputs = {
        "instrument": payload["instrument"]["digest"],
        "method": {name: payload["method"][name] for name in ("id", "places")},
        "sections": [{name: section[name] for name in ("id", "weight")} for section in payload["sections"]],
        "entries": [{name: entry[name] for name in ("code", "scores")} for entry in payload["entries"]],
    }
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _entries(round_: Round) -> Any:
    return (
        Entry.objects.filter(round=round_, withdrawn_at=None)
        .select_related("innovation__unit")
        .annotate(conflict_count=Count("conflicts"))
        .order_by("innovation__code")
    )


def _refuse_unverified(entries: Any, on: date) -> None:
    unverified = [
        entry.innovation.code
        for entry in entries
        if entry.innovation.verified_on is None or entry.innovation.verified_on > on
    ]
    if unverified:
        raise RoundRefused(
            _("Ortal has not verified these entries: %(codes)s. Verify them first, then publish.")
            % {"codes": ", ".join(unverified)}
        )


def _payload(round_: Round, rubric: Rubric, entries: Mapping[str, Any], on: date) -> dict[str, Any]:
    scores = scores_of(round_)
    ranking = rank(scores, weights_of(rubric), places=PLACES)
    said = {entry.entry: entry for entry in scores}
    order = [section.id for section in rubric.sections]
    return {
        "format": FORMAT,
        "published_on": on.isoformat(),
        "round": {
            "code": round_.code,
            "name": round_.name,
            "opened_on": _day(round_.opened_on),
            "closed_on": _day(round_.closed_on),
            "judges": PanelMember.objects.filter(round=round_).count(),
        },
        "instrument": {
            "id": rubric.instrument_id,
            "title": rubric.title,
            "edition": rubric.edition,
            "group": rubric.group,
            "digest": round_.instrument_digest,
            "minimum": str(rubric.minimum),
            "maximum": str(rubric.maximum),
        },
        "method": {"id": ranking.method, "places": ranking.places, "description": _in_all_languages(_method)},
        "recompute": _in_all_languages(_recompute),
        "sections": [
            {
                "id": section.id,
                "number": section.number,
                "label_id": section.label_id,
                "label_en": section.label_en,
                "weight": str(section.weight),
            }
            for section in rubric.sections
        ],
        "entries": [
            _entry(row, entries[row.entry], _anonymous(said[row.entry], order)) for row in ranking.entries
        ],
    }


def _entry(row: RankedEntry, entry: Any, scores: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "code": row.entry,
        "title": entry.innovation.title,
        "unit": entry.innovation.unit.name,
        "unit_code": entry.innovation.unit.code,
        "total": _text(row.total),
        "judges": row.judges,
        "conflicts": entry.conflict_count,
        "missing": list(row.missing),
        "sections": [
            {
                "section": section.section,
                "mean": _text(section.mean),
                "contribution": _text(section.contribution),
                "n": section.n,
                "conflicts": section.conflicts,
                "not_assessable": section.not_assessable,
            }
            for section in row.sections
        ],
        "scores": scores,
    }


def _anonymous(entry: EntryScores, order: Sequence[str]) -> list[dict[str, Any]]:
    """Return the sheets of an entry ordered by their values and numbered, so that neither tells who wrote them."""
    sheets: dict[str, dict[str, str]] = {}
    for score in entry.scores:
        value = score.state if score.value is None else str(score.value.quantize(CENT))
        sheets.setdefault(score.judge, {})[score.section] = value
    values = [{name: sheet[name] for name in order if name in sheet} for sheet in sheets.values()]
    values.sort(key=lambda sheet: [(sheet.get(name, "").zfill(6)) for name in order], reverse=True)
    return [{"judge": f"Penilai {number}", "values": sheet} for number, sheet in enumerate(values, start=1)]


def _said(sheet: Mapping[str, Any], section: str) -> SectionScore:
    value = sheet["values"][section]
    if value in {"conflict", "not_assessable"}:
        return SectionScore(sheet["judge"], section, None, value)
    return SectionScore(sheet["judge"], section, Decimal(value))


def _weights(payload: Mapping[str, Any]) -> tuple[SectionWeight, ...]:
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
                conflicts=by_section[one.section]["conflicts"],
                not_assessable=by_section[one.section]["not_assessable"],
                contribution=_decimal(by_section[one.section]["contribution"]),
            )
            for one in weights
        ),
        missing=tuple(entry["missing"]),
    )


def _method() -> str:
    return _(
        "For each section the mean of the judges who scored it; the sum of weight times mean, divided by the sum "
        "of the weights. “Conflict of interest” and “not assessable” are no numbers and are left out. An entry "
        "without any score in a section with a weight has no rank. Exact fractions; only what is shown is rounded, "
        "half up. Equal totals share a rank."
    )


def _recompute() -> str:
    return _(
        "Take “weight” of “sections” and “values” of each entry's “scores”, and apply the method: the results are "
        "“rank”, “total” and “sections” of each entry. The digest is the SHA-256 of instrument digest, method, "
        "weights and values as JSON with sorted keys and no spaces. The number of a judge holds within one entry "
        "only: “Penilai 1” of two entries need not be one person."
    )


def _in_all_languages(text: Any) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = text()
    return found


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
