"""Mean and spread of entries while a round runs, summed by the database in whole hundredths.

Whole numbers make both databases add up the same: SQLite keeps decimals as binary fractions.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Round

from tifa.evaluation.choices import ScoreState
from tifa.evaluation.models import Round as EvaluationRound
from tifa.evaluation.models import Score
from tifa.evaluation.selectors.ranking import PLACES
from tifa.evaluation.selectors.rounds import without_conflict
from tifa.instruments import Rubric
from tifa.stats.rounding import rounded

HUNDREDTHS = Cast(Round(F("value") * 100), BigIntegerField())


@dataclass(frozen=True)
class EntryFigures:
    """The weighted mean of an entry, None while a section lacks a score, and the judges' own lowest and highest.

    A judge's own figure is the weighted mean of their sheet; one with an open section has none.
    """

    mean: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None

    @property
    def spread(self) -> Decimal | None:
        """Return how far the judges are apart."""
        return None if self.lowest is None or self.highest is None else self.highest - self.lowest


NO_FIGURES = EntryFigures()


def figures_of(
    round_: EvaluationRound, rubric: Rubric, entries: Collection[int] | None = None
) -> dict[int, EntryFigures]:
    """Return the figures of entries by primary key, of all of the round by default, in two statements.

    The mean is the one that the ranking gives; a test compares them.
    """
    weights = {section.id: Fraction(section.weight) for section in rubric.sections if section.weight}
    scores = _counted_scores(round_, weights, entries)
    means = _means(scores, weights)
    extremes = _extremes(scores, weights)
    return {
        key: EntryFigures(means.get(key), *extremes.get(key, (None, None)))
        for key in means.keys() | extremes.keys()
    }


def _counted_scores(
    round_: EvaluationRound, weights: Collection[str], entries: Collection[int] | None
) -> QuerySet[Score]:
    scores = Score.objects.filter(
        without_conflict("sheet__"),
        sheet__entry__round=round_,
        sheet__submitted_at__isnull=False,
        state=ScoreState.SCORED,
        section__in=list(weights),
    ).order_by()
    return scores if entries is None else scores.filter(sheet__entry__in=entries)


def _means(scores: QuerySet[Score], weights: dict[str, Fraction]) -> dict[int, Decimal | None]:
    rows = scores.values_list("sheet__entry", "section").annotate(n=Count("pk"), total=Sum(HUNDREDTHS))
    sums: dict[int, Fraction] = {}
    seen: dict[int, int] = {}
    for entry, section, n, total in rows:
        sums[entry] = sums.get(entry, Fraction(0)) + weights[section] * Fraction(int(total), n)
        seen[entry] = seen.get(entry, 0) + 1
    whole = 100 * sum(weights.values())
    return {
        entry: rounded(total / whole, PLACES) if seen[entry] == len(weights) else None
        for entry, total in sums.items()
    }


def _extremes(scores: QuerySet[Score], weights: dict[str, Fraction]) -> dict[int, tuple[Decimal, Decimal]]:
    scale = _common_denominator(weights)
    weight = Case(
        *(When(section=section, then=Value(int(value * scale))) for section, value in weights.items()),
        default=Value(0),
        output_field=BigIntegerField(),
    )
    rows: Any = scores.values_list("sheet__entry", "sheet").annotate(
        n=Count("pk"), total=Sum(HUNDREDTHS * weight)
    )
    whole = 100 * scale * sum(weights.values())
    own: dict[int, list[Fraction]] = {}
    for entry, _sheet, n, total in rows:
        if n == len(weights):
            own.setdefault(entry, []).append(Fraction(int(total)) / whole)
    return {
        entry: (rounded(min(values), PLACES), rounded(max(values), PLACES)) for entry, values in own.items()
    }


def _common_denominator(weights: dict[str, Fraction]) -> int:
    scale = 1
    for weight in weights.values():
        scale *= (weight * scale).denominator
    return scale
