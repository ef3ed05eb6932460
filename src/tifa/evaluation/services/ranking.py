"""Publishes the ranking of a round as a frozen copy that anyone can compute again."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from tifa.core import audit
from tifa.evaluation.bundle.content import in_official_order
from tifa.evaluation.bundle.layout import sha256_of
from tifa.evaluation.bundle.signing import KeyRefused, city_key
from tifa.evaluation.bundle.writing import Written, written
from tifa.evaluation.choices import RoundState
from tifa.evaluation.models import (
    Amendment,
    Assessment,
    Entry,
    PanelMember,
    RankingPublication,
    Round,
    ScoreSheet,
)
from tifa.evaluation.selectors.material import open_band
from tifa.evaluation.selectors.moderation import revised_in
from tifa.evaluation.selectors.reopening import reopened_in
from tifa.evaluation.selectors.terms import terms_of
from tifa.evaluation.services.assessing import FINISHED, Assessed, assessed_again, assessed_round
from tifa.evaluation.services.locking import RoundRefused, lock_round
from tifa.evaluation.services.reopening import end_published
from tifa.organisation.models import Person
from tifa.stats.errors import JudgingError
from tifa.stats.ranking import (
    METHOD,
    EntryScores,
)

FORMAT = "tifa-ranking/2"
CENT = Decimal("0.01")
NO_SCORE = "no_score"


@dataclass(frozen=True)
class PanelDecision:
    """Whom the panel took of the entries in doubt, by their codes, and how it came to that."""

    chosen: Collection[str]
    reason: str


@transaction.atomic
def publish_ranking(
    *,
    actor: Person | None,
    round_: Round,
    on: date,
    now: datetime,
    reason: str = "",
    panel: PanelDecision | None = None,
) -> RankingPublication:
    """Freeze the result of a finished round: plain means, fair scores, and a signed bundle to compute them again.

    What Ortal had computed is published as it was looked at; when scores have changed since, or nothing was
    computed, it is computed now. Judges stand in the copy without names, numbered anew for every entry by what they
    said; in the bundle they have labels drawn for this publication.

    Parameters
    ----------
    actor, round_, on, now
        Who publishes what, on which day, and when.
    reason
        Why the publication before is corrected; needed exactly when there is one.
    panel
        What the panel decided on the entries of which the scores cannot tell; needed where the round says that it does.

    Raises
    ------
    RoundRefused
        When the round is not closed, when an entry is not public, when a correction has no reason, or when the
        city's key cannot be used.
    """
    locked = lock_round(round_, FINISHED)
    before = RankingPublication.objects.filter(round=locked).defer("bundle").first()
    _refuse_silent_correction(before, reason)
    entries = {entry.innovation.code: entry for entry in _entries(locked)}
    _refuse_unverified(entries.values(), on)
    assessed = _decided(locked, _assessed(locked), panel)
    facts = _facts(locked, assessed, on, before, reason)
    bundle = written(assessed.content, assessed.results, facts, _key())
    payload = _payload(locked, assessed, facts, bundle, panel) | _changes(locked, assessed, before)
    publication = RankingPublication.objects.create(
        round=locked,
        method=METHOD,
        instrument_digest=locked.instrument_digest,
        digest=digest_of(payload),
        payload=payload,
        published_at=now,
        published_by=actor,
        corrects=before,
        reason=reason if before else "",
        bundle=bundle.content,
        labels=_labels(assessed, before),
    )
    end_published(round_=locked, publication=publication, now=now)
    Assessment.objects.filter(round=locked).update(used=True, content=None)
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
        manifest=bundle.manifest_sha256,
        corrects=before.payload.get("bundle", {}).get("manifest", before.digest) if before else None,
        reason=publication.reason,
    )
    return publication


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
        .select_related("innovation")
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


def _refuse_silent_correction(before: RankingPublication | None, reason: str) -> None:
    if before is not None and not reason.strip():
        raise RoundRefused(
            _(
                "The result is published. A correction is a new publication that points to this one: give the reason for it."
            )
        )


def _assessed(round_: Round) -> Assessed:
    waiting = Assessment.objects.filter(round=round_).first()
    found = assessed_again(round_, waiting) if waiting else None
    if found is not None:
        return found
    try:
        return assessed_round(round_, waiting.top if waiting else None)
    except JudgingError as error:
        raise RoundRefused(str(error)) from error


def _decided(round_: Round, assessed: Assessed, panel: PanelDecision | None) -> Assessed:
    """Return the result with what the panel decided on the band, where the rule of the round leaves it to the panel."""
    band = open_band(round_, assessed.results)
    if not band:
        return assessed
    if panel is None or not panel.reason.strip():
        raise RoundRefused(
            _(
                "The scores cannot tell of %(count)d entries whether they belong to the best, and the panel decides on them. "
                "Choose who goes on, and write how it was decided."
            )
            % {"count": len(band)}
        )
    chosen = sorted(set(panel.chosen) & set(band))
    rule = assessed.content.method["official"] | {"decided": chosen}
    content = replace(assessed.content, method=assessed.content.method | {"official": rule})
    return replace(assessed, content=content, results=in_official_order(content, assessed.results))


def _key() -> Ed25519PrivateKey:
    try:
        return city_key(settings.SIGNING_KEY)
    except (KeyRefused, OSError) as refusal:
        raise RoundRefused(str(refusal)) from refusal


def _facts(
    round_: Round, assessed: Assessed, on: date, before: RankingPublication | None, reason: str
) -> dict[str, Any]:
    """Return what names a publication, in its manifest and on its page."""
    return {
        "round": {
            "code": round_.code,
            "name": round_.name,
            "opened_on": _day(round_.opened_on),
            "closed_on": _day(round_.closed_on),
            "judges": _judges(round_),
        },
        "city": str(settings.CITY_NAME),
        "published_on": on.isoformat(),
        "corrects": before
        and {
            "published_on": before.payload["published_on"],
            "digest": before.digest,
            "manifest": before.payload.get("bundle", {}).get("manifest"),
            "reason": reason,
        },
    }


def _labels(assessed: Assessed, before: RankingPublication | None) -> list[list[str]]:
    """Return whose each label is; one that a correction does not hold any more stays known for the next."""
    known = {(entry, judge): label for entry, judge, label in (before.labels or [] if before else [])}
    known |= {(entry, judge): label for entry, judge, label in assessed.judges["labels"]}
    return [[*pair, label] for pair, label in sorted(known.items())]


def _changes(round_: Round, assessed: Assessed, before: RankingPublication | None) -> dict[str, Any]:
    """Return what a correction tells: why entries were taken up again, and their numbers before and after."""
    if before is None:
        return {}
    results = assessed.results
    places = {row["entry"]: row["place"] for row in results["official"]["entries"]}
    fair = {row["entry"]: row["fair"] for row in results["fair"]["entries"]} if results["fair"] else {}
    now = {
        row["entry"]: {"place": places[row["entry"]], "total": row["total"], "fair": fair.get(row["entry"])}
        for row in results["plain"]["entries"]
    }
    was = {
        row["code"]: {
            "place": row.get("place"),
            "total": row["total"],
            "fair": row["fair"]["fair"] if row.get("fair") else None,
        }
        for row in before.payload["entries"]
    }
    titles = {row["code"]: row["title"] for row in before.payload["entries"]}
    return {
        "frozen": assessed.content.published is not None,
        "reopened": [
            {"entry": one.entry.innovation.code, "kind": one.kind, "reason": one.reason}
            for one in reopened_in(round_)
        ],
        "changes": [
            {"entry": code, "title": titles[code], "before": was[code], "after": now.get(code)}
            for code in was
            if _own(was[code]) != _own(now.get(code))
        ],
    }


def _own(numbers: Mapping[str, Any] | None) -> Any:
    """Return the numbers of an entry that others do not move."""
    return numbers and (numbers["total"], numbers["fair"])


def _judges(round_: Round) -> int:
    """Return how many judges there are, with those who were withdrawn after they had submitted a sheet."""
    submitted = ScoreSheet.objects.filter(member=OuterRef("pk"), submitted_at__isnull=False)
    return PanelMember.objects.filter(Q(withdrawn_at=None) | Exists(submitted), round=round_).count()


def _payload(
    round_: Round,
    assessed: Assessed,
    facts: Mapping[str, Any],
    bundle: Written,
    panel: PanelDecision | None,
) -> dict[str, Any]:
    rubric, method, results = assessed.content.rubric, assessed.content.method, assessed.results
    said = {entry.entry: entry for entry in assessed.material.scores}
    named = {entry["code"]: entry for entry in assessed.material.entries}
    order = [section["id"] for section in rubric["sections"]]
    fair = results["fair"]
    corrected = {row["entry"]: row for row in fair["entries"]} if fair else {}
    levels = {row["section"]: row for row in results["plain"]["sections"]}
    official = results["official"]
    plain = {row["entry"]: row for row in results["plain"]["entries"]}
    return {
        "format": FORMAT,
        "published_on": facts["published_on"],
        "round": facts["round"],
        "corrects": facts["corrects"],
        "instrument": {
            "id": rubric["instrument"],
            **{name: rubric[name] for name in ("title", "edition", "group")},
            "digest": round_.instrument_digest,
            **{name: rubric[name] for name in ("minimum", "maximum")},
        },
        "method": {
            "id": results["plain"]["method"],
            "places": method["places"],
            "description": _in_all_languages(_method),
        },
        "recompute": _in_all_languages(_recompute),
        "sections": [{**section, **_level(levels[section["id"]])} for section in rubric["sections"]],
        "entries": [
            {
                **named[row["entry"]],
                "place": row["place"],
                "by": row["by"],
                "selected": row["entry"] in official["selected"],
                **_entry(plain[row["entry"]]),
                "fair": _fair_part(corrected.get(row["entry"])),
                "untied": row["entry"] in assessed.untied,
                "scores": _anonymous(said[row["entry"]], order),
            }
            for row in official["entries"]
        ],
        "terms": terms_of(round_),
        "amendments": [
            {"on": one.amended_at.date().isoformat(), "reason": one.reason, "changes": one.changes}
            for one in Amendment.objects.filter(round=round_)
        ],
        "moderation": revised_in(round_),
        "official": {
            **{name: official[name] for name in ("method", "top", "selected")},
            "decided": assessed.content.method["official"]["decided"],
            "decision": panel.reason if panel else "",
        },
        "fair": fair and _fair_whole(fair, method),
        "reason": results["reason"],
        "bundle": {
            "manifest": bundle.manifest_sha256,
            "sha256": sha256_of(bundle.content),
            "size": len(bundle.content),
            "key": bundle.fingerprint,
        },
    }


def _level(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("mean", "spread")}


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("rank", "total", "judges", "missing", "sections")}


def _fair_part(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {name: value for name, value in row.items() if name != "entry"}


def _fair_whole(fair: Mapping[str, Any], method: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of the correction as a whole; no label of a judge is among it."""
    without = [{"fair": one["fair"], "plain": one["plain"]} for one in fair["without"]]
    without.sort(key=lambda one: json.dumps(one, sort_keys=True))
    kept = {name: value for name, value in fair.items() if name not in {"entries", "without"}}
    return {**kept, "without": without, **{name: method[name] for name in ("seed", "draws", "sure", "out")}}


def _anonymous(entry: EntryScores, order: Sequence[str]) -> list[dict[str, Any]]:
    """Return the sheets of an entry ordered by their values and numbered, so that neither tells who wrote them.

    A section without a score says no more than that, and a sheet without any is left out: what is missing for a
    conflict of interest looks like anything else that is missing.
    """
    sheets: dict[str, dict[str, str]] = {}
    for score in entry.scores:
        if score.value is not None:
            sheets.setdefault(score.judge, {})[score.section] = str(score.value.quantize(CENT))
    values = [{name: sheet.get(name, NO_SCORE) for name in order} for sheet in sheets.values()]
    values.sort(key=lambda sheet: [(sheet.get(name, "").zfill(6)) for name in order], reverse=True)
    return [{"judge": f"Penilai {number}", "values": sheet} for number, sheet in enumerate(values, start=1)]


def _method() -> str:
    return _(
        "For each section the mean of the judges who scored it; the sum of weight times mean, divided by the sum "
        "of the weights. A section without a score is no number and is left out. An entry without any score in a "
        "section with a weight has no rank. Exact fractions; only what is shown is rounded, half up. Equal totals "
        "share a rank."
    )


def _recompute() -> str:
    return _(
        "Take “weight” of “sections” and “values” of each entry's “scores”, and apply the method: the results are "
        "“rank”, “total” and “sections” of each entry. The digest is the SHA-256 of instrument digest, method, "
        "weights and values as JSON with sorted keys and no spaces. The number of a judge holds within one entry "
        "only: “Penilai 1” of two entries need not be one person. Fair scores, places and chances are computed again "
        "from the bundle with the command “tifa verify”."
    )


def _in_all_languages(text: Any) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = text()
    return found


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
