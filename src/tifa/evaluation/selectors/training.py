"""Reads the training of a round: an example with the marks of all, and a judge's own standing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tifa.evaluation.choices import TRAINING
from tifa.evaluation.models import PanelMember, Round, TrainingExample, TrainingNote, TrainingSheet
from tifa.evaluation.selectors.letters import letters_for
from tifa.evaluation.selectors.rounds import Viewer, count_of, key_of
from tifa.evaluation.selectors.rubrics import label_of
from tifa.instruments import Rubric
from tifa.stats.rounding import rounded

if TYPE_CHECKING:
    from tifa.stats.training import Standing

_PLACES = 2


@dataclass(frozen=True)
class Compared:
    """One section of an example: the judge's own mark, None for Ortal, beside those of the panel."""

    label: str
    own: Decimal | None
    mean: Decimal
    lowest: Decimal
    highest: Decimal

    @property
    def apart(self) -> Decimal | None:
        """Return how far the own mark lies above the mean."""
        return None if self.own is None else self.own - self.mean


@dataclass(frozen=True)
class TrainingRemark:
    """Something that was said of an example; ``who`` is a letter, or empty for Ortal."""

    who: str
    own: bool
    text: str
    at: datetime


def examples_of(round_: Round) -> QuerySet[Any]:
    """Return the examples of a round with how many judges have scored each."""
    return TrainingExample.objects.filter(round=round_).annotate(
        done=count_of(TrainingSheet.objects.filter(member__withdrawn_at=None), "example")
    )


def training_rounds(person: Viewer) -> QuerySet[Any]:
    """Return the rounds for which a judge can practise now, with how many examples they have and have scored."""
    own = TrainingSheet.objects.filter(member__person_id=key_of(person))
    return (
        Round.objects.defer("instrument_copy")
        .filter(_seat(person, "pk"), state__in=TRAINING)
        .annotate(
            examples_count=Count("examples", distinct=True),
            scored=count_of(own, "example__round"),
        )
        .filter(examples_count__gt=0)
        .order_by("code")
    )


def my_examples(person: Viewer) -> QuerySet[Any]:
    """Return the examples of the rounds in which a person judges, with whether they have scored each."""
    own = TrainingSheet.objects.filter(example=OuterRef("pk"), member__person_id=key_of(person))
    return (
        TrainingExample.objects.filter(_seat(person, "round"))
        .select_related("round")
        .annotate(scored=Exists(own))
        .order_by("pk")
    )


def compared(example: TrainingExample, rubric: Rubric, person: Viewer) -> tuple[Compared, ...]:
    """Return the marks of an example by section, in one statement; sections that nobody scored are left out."""
    sheets = list(_counting(Q(example=example)).select_related("member"))
    own: dict[str, str] = next((one.marks for one in sheets if one.member.person_id == key_of(person)), {})
    rows = []
    for section in rubric.sections:
        marks = [Decimal(one.marks[section.id]) for one in sheets if section.id in one.marks]
        if marks:
            mine = own.get(section.id)
            rows.append(
                Compared(
                    f"{section.number}. {label_of(section)}",
                    None if mine is None else Decimal(mine),
                    rounded(Fraction(sum(marks, Decimal())) / len(marks), _PLACES),
                    min(marks),
                    max(marks),
                )
            )
    return tuple(rows)


def remarks_on(example: TrainingExample, person: Viewer) -> tuple[TrainingRemark, ...]:
    """Return what was said of an example; judges stand with a letter that is theirs in this example alone."""
    members = dict(
        PanelMember.objects.filter(round=example.round_id, person__isnull=False).values_list("person", "pk")
    )
    letters = letters_for(f"training:{example.pk}", list(members.values()))
    return tuple(
        TrainingRemark(
            letters.get(members.get(note.author_id, 0), ""),
            note.author_id == key_of(person),
            note.text,
            note.said_at,
        )
        for note in TrainingNote.objects.filter(example=example)
    )


def own_standing(person: Viewer, round_: Round, rubric: Rubric) -> "Standing | None":
    """Return how strict and how even a judge was in the training; None while too few have scored."""
    sheets: Sequence[TrainingSheet] = list(_counting(Q(example__round=round_)).select_related("member"))
    own = next((str(one.member_id) for one in sheets if one.member.person_id == key_of(person)), None)
    if own is None:
        return None
    from tifa.stats.ratings import Rating  # noqa: PLC0415  # arrays are loaded when something is computed
    from tifa.stats.training import standings  # noqa: PLC0415

    weights = {section.id: float(section.weight) for section in rubric.sections if section.weight}
    ratings = [
        Rating(str(one.example_id), str(one.member_id), section, float(one.marks[section]))
        for one in sheets
        for section in weights
        if section in one.marks
    ]
    return next((one for one in standings(ratings, weights) if one.judge == own), None)


def _counting(of: Q) -> QuerySet[TrainingSheet]:
    return TrainingSheet.objects.filter(of, member__withdrawn_at=None)


def _seat(person: Viewer, round_: str) -> Exists:
    return Exists(
        PanelMember.objects.filter(round=OuterRef(round_), person_id=key_of(person), withdrawn_at=None)
    )
