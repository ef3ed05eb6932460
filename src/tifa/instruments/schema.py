"""The shape of an instrument: one published standard of one year, as data with its sources.

A value that a regulation fixes carries a status and a reference. A value that no source gives is null and its
status is ``unknown``; it is shown as unknown and never guessed.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator


class Status(StrEnum):
    """How well a value is known."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    UNKNOWN = "unknown"


def _exact(value: Any) -> Any:
    """Refuse binary fractions: a weight of a regulation is written with decimals."""
    return str(value) if isinstance(value, float | int) and not isinstance(value, bool) else value


Exact = Annotated[Decimal, BeforeValidator(_exact), PlainSerializer(str)]


class Part(BaseModel):
    """What all parts of an instrument share: no field that the schema does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Part):
    """A text in both languages; ``en`` is null where nobody translated it yet."""

    id: str = Field(min_length=1, description="Indonesian", examples=["Signifikansi"])
    en: str | None = Field(default=None, description="English", examples=["Significance"])


class Known(Part):
    """A value of a regulation with how well it is known."""

    status: Status = Field(description="confirmed, likely or unknown", examples=["confirmed"])
    reference: str | None = Field(default=None, description="where the value stands", examples=["S19"])
    note: str | None = Field(default=None, description="what a reader should know about the value")

    @model_validator(mode="after")
    def _unknown_has_no_value(self) -> Self:
        value = getattr(self, "value", None)
        if self.status == Status.UNKNOWN and value is not None:
            raise ValueError(f"the status is unknown, yet a value stands there ({value}); expected null")
        if self.status == Status.CONFIRMED and value is None:
            raise ValueError(
                "the status is confirmed, yet no value stands there; expected a value, or unknown"
            )
        return self


class KnownNumber(Known):
    """A number of a regulation, such as a weight."""

    value: Exact | None = Field(ge=0, description="the number, null when unknown", examples=["30"])


class KnownCount(Known):
    """A whole number of a regulation, such as a limit of words."""

    value: int | None = Field(ge=0, description="the number, null when unknown", examples=[600])


class KnownMoment(Known):
    """A moment of a regulation, with its time zone."""

    value: datetime | None = Field(description="with zone", examples=["2023-05-06T23:59:00+07:00"])

    @model_validator(mode="after")
    def _has_zone(self) -> Self:
        if self.value is not None and self.value.tzinfo is None:
            raise ValueError(
                f"{self.value.isoformat()} has no time zone; expected +07:00 for WIB, as in 23:59:00+07:00"
            )
        return self


class LegalBasis(Part):
    """A regulation that the instrument rests on."""

    name: str = Field(min_length=1, examples=["PermenPANRB 7/2021"])
    role: Label
    status: Status


class Source(Part):
    """A document in which values were read."""

    id: str = Field(min_length=1, description="short name that references use", examples=["S19"])
    title: str = Field(min_length=1)
    url: str | None = Field(default=None, pattern=r"^https?://")


class Group(Part):
    """A stream of entrants with a form of its own."""

    id: str = Field(pattern=r"^[a-z0-9_]+$", examples=["umum"])
    label: Label
    rule: Label
    status: Status


class Section(Part):
    """A section of the form, with what it asks, its limit of words and its weight."""

    id: str = Field(pattern=r"^[a-z0-9_]+$", examples=["signifikansi"])
    number: int = Field(ge=1)
    group: str = Field(examples=["umum"])
    label: Label
    guidance: Label | None = None
    max_words: KnownCount
    weight: KnownNumber


class Category(Part):
    """A category that an entrant chooses."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Label


class Requirement(Part):
    """Something that must come with a proposal."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Label
    required: bool | None = Field(default=None, description="null when the source does not say")
    status: Status


class Stage(Part):
    """A step of the competition."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Label
    on: date | None = None
    status: Status


class Scale(Part):
    """The numbers that a judge may give to a section."""

    minimum: Exact = Field(examples=["0"])
    maximum: Exact = Field(examples=["100"])
    status: Status


class Calendar(Part):
    """When proposals are taken in."""

    opens: KnownMoment
    closes: KnownMoment


class Instrument(Part):
    """One published standard in one edition."""

    id: str = Field(pattern=r"^[a-z]+-[0-9]{4}$", examples=["kipp-2023"])
    title: Label
    year: int = Field(ge=2000, le=2100)
    revision: int = Field(default=1, ge=1, description="grows with every correction of the data")
    about: Label
    legal_basis: list[LegalBasis]
    sources: list[Source]
    groups: list[Group] = Field(min_length=1)
    categories: list[Category] = Field(default_factory=list)
    categories_status: Status
    requirements: list[Requirement] = Field(default_factory=list)
    calendar: Calendar
    scale: Scale
    total_weight: Exact = Field(gt=0, description="what the weights of a group sum to", examples=["100"])
    sections: list[Section] = Field(min_length=1)
    stages: list[Stage] = Field(default_factory=list)
    gaps: list[Label] = Field(default_factory=list, description="what nobody has found yet")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        _unique("section", [section.id for section in self.sections])
        _unique("group", [group.id for group in self.groups])
        groups = {group.id for group in self.groups}
        for section in self.sections:
            if section.group not in groups:
                raise ValueError(
                    f"section {section.id} belongs to group {section.group!r}; expected one of {sorted(groups)}"
                )
        if self.scale.minimum >= self.scale.maximum:
            raise ValueError("the scale ends before it begins")
        for group in groups:
            self._check_weights(group)
        self._check_references()
        return self

    def sections_of(self, group: str) -> tuple[Section, ...]:
        """Return the sections of a group in their order."""
        return tuple(sorted((one for one in self.sections if one.group == group), key=lambda one: one.number))

    def _check_weights(self, group: str) -> None:
        weights = [section.weight.value for section in self.sections_of(group)]
        known = [weight for weight in weights if weight is not None]
        if len(known) == len(weights) and sum(known) != self.total_weight:
            raise ValueError(
                f"the weights of group {group} sum to {sum(known)}; expected {self.total_weight}"
            )

    def _check_references(self) -> None:
        ids = {source.id for source in self.sources}
        used = {
            reference
            for section in self.sections
            for reference in (section.weight.reference, section.max_words.reference)
            if reference
        }
        if used - ids:
            raise ValueError(f"reference {min(used - ids)} is not among the sources")


def _unique(what: str, ids: list[str]) -> None:
    for one in ids:
        if ids.count(one) > 1:
            raise ValueError(f"{what} {one} stands twice")
