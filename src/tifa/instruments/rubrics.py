"""Hands out the rubric of a group: what judges score, with weights that are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tifa.instruments.loading import digest
from tifa.instruments.schema import Instrument, TextItem

DEFAULT_GROUP = "umum"


class NoRubric(ValueError):
    """A group cannot be scored; the message says which value is unknown."""


@dataclass(frozen=True)
class RubricQuestion:
    """A question within a section, answered by a text of its own."""

    id: str
    label_id: str
    label_en: str


@dataclass(frozen=True)
class RubricSection:
    """A section to be scored; guidance is empty where the source gives none."""

    id: str
    number: int
    label_id: str
    label_en: str
    guidance_id: str
    guidance_en: str
    weight: Decimal
    reference: str
    max_words: int | None
    questions: tuple[RubricQuestion, ...]


@dataclass(frozen=True)
class Rubric:
    """What judges of a round score, on which scale, from which edition."""

    instrument_id: str
    title: str
    edition: int
    revision: int
    group: str
    digest: str
    minimum: Decimal
    maximum: Decimal
    sections: tuple[RubricSection, ...]
    total_weight: Decimal


def rubric(instrument: Instrument, group: str = DEFAULT_GROUP) -> Rubric:
    """Return the rubric of a group.

    Raises
    ------
    NoRubric
        When the instrument has no such group, judges do not score it, or a weight of it is unknown: a score would
        be a guess.
    """
    scale = instrument.scale
    if instrument.group(group) is None or scale is None:
        names = ", ".join(one.id for one in instrument.groups) or "none"
        raise NoRubric(f"{instrument.id} has no group {group!r} that judges score; it has: {names}.")
    weighted = _weighted(instrument, group)
    return Rubric(
        instrument_id=instrument.id,
        title=instrument.title.id,
        edition=instrument.year,
        revision=instrument.revision,
        group=group,
        digest=digest(instrument),
        minimum=scale.minimum,
        maximum=scale.maximum,
        sections=tuple(
            _section(number, item, weight) for number, (item, weight) in enumerate(weighted, start=1)
        ),
        total_weight=sum((weight for _, weight in weighted), Decimal(0)),
    )


def _weighted(instrument: Instrument, group: str) -> Sequence[tuple[TextItem, Decimal]]:
    items = [item for item in instrument.items_of(group) if isinstance(item, TextItem)]
    known = [
        (item, item.weight.value)
        for item in items
        if item.weight is not None and item.weight.value is not None
    ]
    if len(known) < len(items):
        scored = {item.id for item, _ in known}
        unknown = ", ".join(f"“{item.label.id}”" for item in items if item.id not in scored)
        raise NoRubric(
            f"{instrument.id}, group {group}: nothing can be scored, because these weights are unknown: {unknown}. "
            "Complete the pack when the regulation is at hand."
        )
    if not any(weight for _, weight in known):
        raise NoRubric(
            f"{instrument.id}, group {group}: nothing can be scored, because no section has a weight."
        )
    return known


def _section(number: int, item: TextItem, weight: Decimal) -> RubricSection:
    guidance, known = item.guidance, item.weight
    return RubricSection(
        id=item.id,
        number=number,
        label_id=item.label.id,
        label_en=item.label.en,
        guidance_id=guidance.id if guidance else "",
        guidance_en=guidance.en if guidance else "",
        weight=weight,
        reference=(known.reference if known else None) or "",
        max_words=item.max_words.value,
        questions=tuple(RubricQuestion(one.id, one.label.id, one.label.en) for one in item.questions),
    )
