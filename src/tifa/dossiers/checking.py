"""Checks a dossier before it is sent: who may enter, what is too long or missing, what is careless, what would be scored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tifa.dossiers.draft import Answer, Draft
from tifa.dossiers.eligibility import Verdict, closing_day, verdicts
from tifa.dossiers.lint import Finding, findings
from tifa.dossiers.readiness import Gain, Readiness, gains, is_filled, readiness
from tifa.instruments import Instrument, digest, spoken
from tifa.instruments.schema import KnownCount, TextItem
from tifa.instruments.scoring.words import count_words


@dataclass(frozen=True)
class Length:
    """How long an answer is against its limit; ``limit`` and ``over`` are None when no source tells the limit.

    ``words`` is None where no text is asked for; ``required`` is None when no source says whether it must be answered.
    """

    id: str
    label: str
    required: bool | None
    words: int | None
    limit: int | None
    status: str
    over: int | None
    missing: bool


@dataclass(frozen=True)
class Check:
    """What is to be known of a dossier under one edition, with the closing day that it was held against.

    ``gains`` are the missing proofs with what each would bring, the largest gain first.
    """

    instrument: Instrument
    group: str | None
    closing: date | None
    verdicts: tuple[Verdict, ...]
    lengths: tuple[Length, ...]
    lint: tuple[Finding, ...]
    readiness: Readiness
    gains: tuple[Gain, ...]

    @property
    def eligible(self) -> bool:
        """Return whether no rule is broken; what is unknown or must be judged stands beside it."""
        return not any(verdict.state == "failed" for verdict in self.verdicts)


def check_dossier(instrument: Instrument, draft: Draft, *, on: date, closing: date | None = None) -> Check:
    """Check a dossier under an edition.

    Parameters
    ----------
    instrument, draft
        The edition and the dossier.
    on
        The day whose values hold.
    closing
        The closing day, when it differs from that of the edition or the edition does not tell it.
    """
    closes = closing or closing_day(instrument)
    return Check(
        instrument=instrument,
        group=draft.group,
        closing=closes,
        verdicts=verdicts(instrument, draft, closes),
        lengths=tuple(length for answer in draft.answers.values() for length in _lengths(answer, on)),
        lint=findings(instrument, draft),
        readiness=readiness(instrument, draft, on),
        gains=gains(instrument, draft, on),
    )


def check_to_json(check: Check) -> dict[str, Any]:
    """Return a check as JSON values."""
    return {
        "instrument": check.instrument.id,
        "digest": digest(check.instrument),
        "group": check.group,
        "closing": check.closing.isoformat() if check.closing else None,
        "eligible": check.eligible,
        "reasons": [_verdict(one) for one in check.verdicts if one.state == "failed"],
        "open": [
            _verdict(one) | {"state": one.state}
            for one in check.verdicts
            if one.state in {"unknown", "judged"}
        ],
        "items": [
            {
                "id": one.id,
                "label": one.label,
                "required": one.required,
                "words": one.words,
                "limit": one.limit,
                "limit_status": one.status or None,
                "over": one.over,
                "missing": one.missing,
            }
            for one in check.lengths
        ],
        "readiness": _readiness(check.readiness, check.gains),
        "lint": [
            {"kind": one.kind, "item": one.item, "sentence": one.sentence, **one.found} for one in check.lint
        ],
    }


def _lengths(answer: Answer, on: date) -> Iterator[Length]:
    item, label, missing = answer.item, spoken(answer.item.label), not is_filled(answer)
    if not isinstance(item, TextItem):
        yield Length(item.id, label, item.required, None, None, "", None, missing)
        return
    yield _length(item.id, label, item.required, answer.words, item.max_words.at(on), missing)
    for question in item.questions:
        text = answer.texts.get(question.id)
        if text is not None:
            words, most = count_words(text), question.max_words.at(on)
            yield _length(f"{item.id}.{question.id}", spoken(question.label), None, words, most, words == 0)


def _length(
    name: str, label: str, required: bool | None, words: int, most: KnownCount, missing: bool
) -> Length:
    over = None if most.value is None else max(words - most.value, 0)
    return Length(name, label, required, words, most.value, most.status.value, over, missing)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "sentence": verdict.sentence,
        "status": verdict.status.value,
        "reference": verdict.reference or None,
        "eligible_from": verdict.eligible_from.isoformat() if verdict.eligible_from else None,
    }


def _readiness(found: Readiness, gains: tuple[Gain, ...]) -> dict[str, Any]:
    return {
        "items": found.items,
        "filled": found.filled,
        "weight": _plain(found.weight),
        "weight_filled": _plain(found.weight_filled),
        "claimed": None if found.claimed is None else float(found.claimed),
        "verified": None if found.verified is None else float(found.verified),
        "gains": [{"item": one.item.id, "points": _plain(one.points)} for one in gains],
    }


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
