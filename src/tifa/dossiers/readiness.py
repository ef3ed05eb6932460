"""How far a dossier is: what is filled, what its claims would bring, and what only its proof would bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tifa.dossiers.draft import Answer, Draft
from tifa.instruments import Instrument, score
from tifa.instruments.schema import AnyItem, TextItem


@dataclass(frozen=True)
class Gain:
    """An answer without proof, and the points that its proof would add to the verified score."""

    item: AnyItem
    points: Fraction


@dataclass(frozen=True)
class Readiness:
    """How far a dossier is.

    ``weight`` is the sum of the known weights of the form, ``weight_filled`` that of the items that are answered;
    None when no weight is known. ``claimed`` and ``verified`` are scores as the edition rounds them: with every claim,
    and with those alone that have proof; None where nothing is scored before judges read it.
    """

    items: int
    filled: int
    weight: Fraction | None
    weight_filled: Fraction | None
    claimed: Decimal | None
    verified: Decimal | None


def readiness(instrument: Instrument, draft: Draft, on: date) -> Readiness:
    """Return how far a dossier is, with the values that hold on a day."""
    answers = list(draft.answers.values())
    weights = [(answer, _weight(answer.item)) for answer in answers]
    known = [weight for _answer, weight in weights if weight is not None]
    filled = [weight for answer, weight in weights if weight is not None and is_filled(answer)]
    scorer = _Scorer(instrument, draft, on)
    return Readiness(
        items=len(answers),
        filled=sum(is_filled(answer) for answer in answers),
        weight=sum(known, Fraction(0)) if known else None,
        weight_filled=sum(filled, Fraction(0)) if known else None,
        claimed=scorer.shown(
            {answer.item.id: answer.value for answer in answers if answer.value is not None}
        ),
        verified=scorer.shown(_proven(draft)),
    )


def proven_score(instrument: Instrument, draft: Draft, on: date) -> Decimal | None:
    """Return the score of the claims that have proof, None where nothing is scored before judges read it."""
    return _Scorer(instrument, draft, on).shown(_proven(draft))


def gains(instrument: Instrument, draft: Draft, on: date) -> tuple[Gain, ...]:
    """Return what the proofs that are missing would add to the verified score, the largest gain first."""
    scorer, proven = _Scorer(instrument, draft, on), _proven(draft)
    verified = scorer.exact(proven)
    found = [
        Gain(answer.item, gain)
        for answer in draft.answers.values()
        if answer.value is not None and not _is_proven(answer)
        if (gain := scorer.exact(proven | {answer.item.id: answer.value}) - verified) > 0
    ]
    return tuple(sorted(found, key=lambda one: (-one.points, one.item.id)))


def is_filled(answer: Answer) -> bool:
    """Return whether an item is answered: a text with words, or a level that is claimed."""
    return answer.words > 0 if isinstance(answer.item, TextItem) else answer.value is not None


def _is_proven(answer: Answer) -> bool:
    """Return whether an answer counts as verified: it has proof, or the edition asks for none."""
    return answer.value is not None and bool(answer.proof or not answer.item.evidence)


def _proven(draft: Draft) -> dict[str, Any]:
    return {answer.item.id: answer.value for answer in draft.answers.values() if _is_proven(answer)}


def _weight(item: AnyItem) -> Fraction | None:
    return None if item.weight is None or item.weight.value is None else Fraction(item.weight.value)


class _Scorer:
    """Scores parts of one dossier."""

    def __init__(self, instrument: Instrument, draft: Draft, on: date) -> None:
        # Other ways to compute are not looked at here, and would be computed each time.
        self._instrument = instrument.model_copy(update={"alternatives": ()})
        self._group, self._on = draft.group, on
        self._claims = any(
            not isinstance(answer.item, TextItem) and answer.value is not None
            for answer in draft.answers.values()
        )

    def exact(self, values: Mapping[str, Any]) -> Fraction:
        """Return the exact score, 0 when there is none."""
        node = self._result(values)
        return Fraction(0) if node is None or node.value is None else node.value

    def shown(self, values: Mapping[str, Any]) -> Decimal | None:
        """Return the score as the edition rounds it, None when the edition gives none for such answers."""
        node = self._result(values)
        return None if node is None else node.shown

    def _result(self, values: Mapping[str, Any]) -> Any:
        if not self._claims:
            return None
        answers = {"items": dict(values)} | ({"group": self._group} if self._group else {})
        return score(self._instrument, answers, on=self._on).result
