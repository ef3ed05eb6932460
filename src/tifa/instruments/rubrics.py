"""Hands out the rubric of a group: what judges score, with weights that are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tifa.instruments.loading import digest
from tifa.instruments.schema import Instrument, Section

DEFAULT_GROUP = "umum"


class NoRubric(ValueError):
    """A group cannot be scored; the message says which value is unknown."""


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
    status_weight: str
    reference: str
    max_words: int | None
    status_words: str


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
        When the instrument has no such group, or a weight of it is unknown: a score would be a guess.
    """
    if instrument.group(group) is None:
        names = ", ".join(one.id for one in instrument.groups)
        raise NoRubric(f"{instrument.id} has no group {group!r}; it has: {names}.")
    weighted = _weighted(instrument, group)
    return Rubric(
        instrument_id=instrument.id,
        title=instrument.title.id,
        edition=instrument.year,
        revision=instrument.revision,
        group=group,
        digest=digest(instrument),
        minimum=instrument.scale.minimum,
        maximum=instrument.scale.maximum,
        sections=tuple(_section(section, weight) for section, weight in weighted),
        total_weight=sum((weight for _, weight in weighted), Decimal(0)),
    )


def _weighted(instrument: Instrument, group: str) -> Sequence[tuple[Section, Decimal]]:
    sections = instrument.sections_of(group)
    known = [(one, one.weight.value) for one in sections if one.weight.value is not None]
    if len(known) < len(sections):
        unknown = ", ".join(f"“{one.label.id}”" for one in sections if one.weight.value is None)
        raise NoRubric(
            f"{instrument.id}, group {group}: nothing can be scored, because these weights are unknown: {unknown}. "
            "Complete the pack when the regulation is at hand."
        )
    if not any(weight for _, weight in known):
        raise NoRubric(
            f"{instrument.id}, group {group}: nothing can be scored, because no section has a weight."
        )
    return known


def _section(section: Section, weight: Decimal) -> RubricSection:
    guidance = section.guidance
    return RubricSection(
        id=section.id,
        number=section.number,
        label_id=section.label.id,
        label_en=section.label.en,
        guidance_id=guidance.id if guidance else "",
        guidance_en=guidance.en if guidance else "",
        weight=weight,
        status_weight=section.weight.status,
        reference=section.weight.reference or "",
        max_words=section.max_words.value,
        status_words=section.max_words.status,
    )
