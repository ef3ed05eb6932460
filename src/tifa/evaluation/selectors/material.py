"""What a result is computed from: rubric, entries, and who said what; judges are keys here, never names."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tifa.evaluation.choices import AssessmentState, BandRule
from tifa.evaluation.models import Assessment, Conflict, Entry, PanelMember, Round, ScoreSheet
from tifa.evaluation.selectors.ranking import scores_of
from tifa.evaluation.selectors.rubrics import rubric_of
from tifa.instruments import Rubric
from tifa.stats.ranking import EntryScores

CENT = Decimal("0.01")
Said = dict[str, Decimal | None]


@dataclass(frozen=True)
class Material:
    """A round as it goes into a result; withdrawn entries do not.

    ``reviews`` are the sheets with at least one score, by entry and judge; a section without one is None, for
    whatever reason. ``conflicts`` are the entries that each judge may not judge.
    """

    rubric: Rubric
    instrument: Mapping[str, Any]
    entries: tuple[dict[str, str], ...]
    scores: tuple[EntryScores, ...]
    reviews: dict[tuple[str, str], Said]
    conflicts: dict[str, set[str]]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of all of it: it tells whether something changed."""
        told = [
            self.rubric.digest,
            list(self.entries),
            [
                [*key, {name: str(value) for name, value in said.items()}]
                for key, said in self.reviews.items()
            ],
            sorted([judge, *sorted(entries)] for judge, entries in self.conflicts.items()),
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def material_of(round_: Round) -> Material:
    """Return what the result of a round is computed from, in four statements."""
    scores = scores_of(round_)
    rubric = rubric_of(round_)
    entries = tuple(
        {"code": code, "title": title, "unit": unit, "unit_code": unit_code}
        for code, title, unit, unit_code in Entry.objects.filter(round=round_, withdrawn_at=None)
        .order_by("innovation__code")
        .values_list(
            "innovation__code", "innovation__title", "innovation__unit__name", "innovation__unit__code"
        )
    )
    said: dict[tuple[str, str], Said] = {}
    conflicts = _declared(round_)
    for entry in scores:
        for score in entry.scores:
            value = None if score.value is None else score.value.quantize(CENT)
            said.setdefault((entry.entry, score.judge), {})[score.section] = value
            if score.state == "conflict":
                conflicts.setdefault(score.judge, set()).add(entry.entry)
    reviews = {
        key: values for key, values in sorted(said.items()) if any(v is not None for v in values.values())
    }
    return Material(rubric, round_.instrument_copy or {}, entries, scores, reviews, conflicts)


def assessment_of(round_: Round) -> Assessment | None:
    """Return the result of a round as it was computed last, without the long part that only a bundle needs."""
    return Assessment.objects.filter(round=round_).defer("content").first()


def band_choices(round_: Round) -> list[tuple[str, str]]:
    """Return the entries of a computed result on which the panel has to decide, with their titles."""
    if round_.band != BandRule.PANEL:
        return []
    done = Assessment.objects.filter(round=round_, state=AssessmentState.DONE)
    found = done.values_list("results", flat=True).first()
    band = open_band(round_, found) if found else ()
    titles = dict(
        Entry.objects.filter(round=round_, innovation__code__in=band).values_list(
            "innovation__code", "innovation__title"
        )
    )
    return [(code, titles.get(code, code)) for code in band]


def open_band(round_: Round, results: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the entries on which the panel has to decide: those in doubt, where the round leaves them to the panel."""
    fair = results.get("fair")
    return tuple(fair["band"]) if fair and round_.band == BandRule.PANEL else ()


def is_assessed(round_: Round) -> bool:
    """Return whether a result was computed for these scores and not published yet."""
    digests = Assessment.objects.filter(round=round_, state=AssessmentState.DONE, used=False)
    stored = digests.values_list("digest", flat=True).first()
    return stored is not None and stored == material_of(round_).digest


def review_count(round_: Round) -> int:
    """Return how many sheets may count, which tells how long a computation takes."""
    return Entry.objects.filter(round=round_, withdrawn_at=None, sheets__submitted_at__isnull=False).count()


def moments_of(round_: Round) -> dict[tuple[str, str], float]:
    """Return when each sheet was submitted, in seconds, by the code of the entry and the key of the judge."""
    rows = ScoreSheet.objects.filter(entry__round=round_, submitted_at__isnull=False)
    return {
        (code, str(member)): moment.timestamp()
        for code, member, moment in rows.order_by().values_list(
            "entry__innovation__code", "member", "submitted_at"
        )
        if moment
    }


def names_of_judges(round_: Round) -> dict[str, str]:
    """Return the names of the judges of a round by key."""
    return {
        str(key): name for key, name in PanelMember.objects.filter(round=round_).values_list("pk", "name")
    }


def _declared(round_: Round) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for member, code in (
        Conflict.objects.filter(entry__round=round_, entry__withdrawn_at=None)
        .order_by("member_id", "entry_id")
        .values_list("member_id", "entry__innovation__code")
    ):
        found.setdefault(str(member), set()).add(code)
    return found
