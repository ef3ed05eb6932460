"""The shape of an instrument: one published standard of one year, as data with its sources.

A value that a regulation fixes carries a status and a reference. A value that no source gives is null and its
status is ``unknown``; it is shown as unknown and never guessed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

PLACED = "placed"
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")


class Status(StrEnum):
    """How well a value is known."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    UNKNOWN = "unknown"


def misfit(place: Sequence[str | int], found: str, expected: str) -> PydanticCustomError:
    """Return an error that knows its place below the part that raises it."""
    context: dict[str, Any] = {"place": tuple(place), "found": found, "expected": expected}
    return PydanticCustomError(PLACED, "found {found}; expected {expected}", context)


def _exact(value: Any) -> Any:
    """Refuse binary fractions: a number of a regulation is written with decimals and stays as written."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(value, Decimal):
        return value
    if not isinstance(text, str) or not NUMBER.fullmatch(text):
        raise misfit((), repr(value), "a decimal number such as 12.5")
    return Decimal(text)


Exact = Annotated[Decimal, BeforeValidator(_exact), PlainSerializer(str)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(, [A-Za-z0-9]+)*$")]


class Part(BaseModel):
    """What all parts of an instrument share: strict types, and no field that the schema does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Label(Part):
    """A text in both languages."""

    id: str = Field(min_length=1, description="the text in Indonesian", examples=["Signifikansi"])
    en: str = Field(min_length=1, description="the text in English", examples=["Significance"])


class Sourced(Part):
    """How well something is known, and where it was read."""

    status: Status = Field(description="how well it is known", examples=["confirmed"])
    reference: Reference | None = Field(
        default=None,
        description="the source where it was read; several with a comma between",
        examples=["S19", "S20, S28"],
    )
    note: Label | None = Field(default=None, description="what a reader should know about it")

    @model_validator(mode="after")
    def _known_has_reference(self) -> Self:
        if self.status != Status.UNKNOWN and self.reference is None:
            raise misfit(
                ("reference",),
                f"none, with the status {self.status}",
                "the source where it was read, such as S19",
            )
        return self


class Known(Sourced):
    """A value of a regulation with how well it is known."""

    @model_validator(mode="after")
    def _status_fits_value(self) -> Self:
        value = getattr(self, "value", None)
        if self.status == Status.UNKNOWN and value is not None:
            raise misfit(
                ("value",), f"{value} with the status unknown", "null, or the status confirmed or likely"
            )
        if self.status == Status.CONFIRMED and value is None:
            raise misfit(("value",), "null with the status confirmed", "a value, or the status unknown")
        return self


class CountReading(Part):
    """What one source says of a number on which sources disagree."""

    value: int = Field(ge=0, description="what this source says", examples=[600])
    reference: Reference = Field(description="the source that says it", examples=["S67"])


class KnownNumber(Known):
    """A number of a regulation, such as a weight."""

    value: Exact | None = Field(ge=0, description="the number, null when unknown", examples=["30"])


class KnownCount(Known):
    """A whole number of a regulation, such as a limit of words."""

    value: int | None = Field(ge=0, description="the number, null when unknown", examples=[600])
    readings: tuple[CountReading, ...] = Field(
        default=(), description="what each source says, when they disagree and the value is therefore unknown"
    )

    @model_validator(mode="after")
    def _readings_disagree(self) -> Self:
        distinct = len({reading.value for reading in self.readings})
        if self.readings and (self.value is not None or distinct < 2):
            raise misfit(
                ("readings",),
                f"{distinct} different reading(s), and {self.value if self.value is not None else 'null'} as value",
                "null as value and at least two readings that differ",
            )
        return self


class KnownDay(Known):
    """A day of a regulation, in the time zone of the calendar."""

    value: date | None = Field(description="the day, null when unknown", examples=["2023-05-02"])


class KnownMoment(Known):
    """A moment of a regulation, with its time zone."""

    value: datetime | None = Field(
        description="day and time with zone, null when unknown", examples=["2023-05-06T23:59:00+07:00"]
    )

    @model_validator(mode="after")
    def _has_zone(self) -> Self:
        if self.value is not None and self.value.tzinfo is None:
            raise misfit(
                ("value",),
                f"{self.value.isoformat()} without a time zone",
                f"the zone behind it, +07:00 for WIB: {self.value.isoformat()}+07:00",
            )
        return self


class LegalBasis(Sourced):
    """A regulation that the instrument rests on."""

    name: str = Field(min_length=1, description="its short name", examples=["PermenPANRB 7/2021"])
    role: Label = Field(description="what it regulates here")


class Source(Part):
    """A document in which values were read."""

    id: Reference = Field(description="short name that references use", examples=["S19"])
    title: str = Field(min_length=1, description="title, with who published it")
    url: str | None = Field(
        default=None, pattern=r"^https?://", description="its address, null when it has none"
    )


class Theme(Sourced):
    """What the edition is about in the organiser's words."""

    label: Label = Field(description="the theme, as far as it could be read")


class Goals(Sourced):
    """How a proposal is linked to the Sustainable Development Goals."""

    required: bool | None = Field(description="whether a proposal must name one, null when unknown")
    several: bool | None = Field(description="whether it may name several, null when unknown")
    count: int | None = Field(ge=1, description="how many goals there are to choose from", examples=[17])


class Group(Sourced):
    """A stream of entrants with a form of its own."""

    id: Id = Field(description="short name", examples=["umum"])
    label: Label = Field(description="name of the group")
    rule: Label = Field(description="who belongs to it")
    total_weight: KnownNumber = Field(description="what the weights of its sections sum to")
    total_words: KnownCount = Field(description="what the limits of words of its sections sum to")
    cap: KnownCount = Field(description="how many proposals an institution may send")


class SectionPart(Part):
    """A question of its own within a section."""

    id: Id = Field(description="short name", examples=["potensi"])
    label: Label = Field(description="the question")
    kind: Literal["text", "yes_no_and_text"] = Field(description="how it is answered", examples=["text"])
    max_words: KnownCount = Field(description="most words of the answer")


class Section(Sourced):
    """A section of the form, with what it asks, its limit of words and its weight."""

    id: Id = Field(description="short name, once in a group", examples=["signifikansi"])
    number: int = Field(ge=1, description="its place in the form", examples=[5])
    group: Id = Field(description="the group whose form it is in", examples=["umum"])
    label: Label = Field(description="its heading")
    guidance: Label | None = Field(default=None, description="what it asks for, null when no source says")
    max_words: KnownCount = Field(description="most words of the answer")
    weight: KnownNumber = Field(description="its weight in the total; 0 when it is not scored")
    parts: tuple[SectionPart, ...] = Field(default=(), description="questions within it")


class Category(Part):
    """A category that an entrant chooses."""

    id: Id = Field(description="short name", examples=["kesehatan"])
    label: Label = Field(description="name of the category")


class Categories(Sourced):
    """The categories of the edition; they are known together."""

    choices: tuple[Category, ...] = Field(description="the categories in their order")


class Condition(Sourced):
    """A rule of admission."""

    id: Id = Field(description="short name", examples=["umur_minimum"])
    label: Label = Field(description="the rule in a sentence")
    limit: KnownCount | None = Field(default=None, description="its number, when it has one")
    unit: Literal["month", "day"] | None = Field(default=None, description="what the number counts")
    counted_from: Literal["registration_close"] | None = Field(
        default=None, description="the day from which it is counted back"
    )


class Attachment(Sourced):
    """Something that comes with a proposal."""

    id: Id = Field(description="short name", examples=["video"])
    label: Label = Field(description="what it is")
    required: bool | None = Field(description="whether it must be there, null when no source says")
    required_when: Label | None = Field(default=None, description="the case in which it must be there")
    format: Literal["pdf", "link"] | None = Field(default=None, description="kind of file, null when unknown")


class Interruption(Sourced):
    """Days inside the window on which nothing could be handed in."""

    first: date = Field(description="its first day", examples=["2023-04-29"])
    last: date = Field(description="its last day", examples=["2023-04-30"])
    label: Label = Field(description="why")


class Calendar(Part):
    """When proposals are taken in."""

    time_zone: str = Field(description="zone of the days that carry none", examples=["Asia/Jakarta"])
    opens: KnownMoment = Field(description="from when")
    announced_close: KnownDay = Field(description="the last day as first announced")
    closes: KnownMoment = Field(description="until when in the end, also when it was moved")
    interruptions: tuple[Interruption, ...] = Field(default=(), description="days of standstill")

    @model_validator(mode="after")
    def _zone_exists(self) -> Self:
        try:
            ZoneInfo(self.time_zone)
        except (LookupError, ValueError, OSError):
            raise misfit(("time_zone",), repr(self.time_zone), "a zone such as Asia/Jakarta") from None
        return self


class Forwarding(Sourced):
    """Who hands proposals to the organiser."""

    role: Id = Field(description="role in the organiser's system", examples=["admin_lokal"])
    unit: Label = Field(description="the unit that holds it")


class Figure(KnownCount):
    """A number that was published about a stage."""

    id: Id = Field(description="short name", examples=["terdaftar"])
    label: Label = Field(description="what it counts")


class Stage(Sourced):
    """A step of the competition."""

    id: Id = Field(description="short name", examples=["administrasi"])
    label: Label = Field(description="name of the step")
    actor: Label | None = Field(default=None, description="who does it")
    on: date | None = Field(default=None, description="its day, when one was published")
    figures: tuple[Figure, ...] = Field(default=(), description="what was published about it")


class Scale(Sourced):
    """The numbers that a judge may give to a section."""

    minimum: Exact = Field(description="the lowest", examples=["0"])
    maximum: Exact = Field(description="the highest", examples=["100"])
    aggregation: Label = Field(description="how the sections become a total")
    passing_grade: KnownNumber = Field(description="the total from which a proposal goes on")


class Instrument(Part):
    """One published standard in one edition."""

    id: str = Field(pattern=r"^[a-z]+-[0-9]{4}$", description="pack and year", examples=["kipp-2023"])
    kind: Literal["proposal_form"] = Field(description="what sort of standard it is")
    title: Label = Field(description="its name")
    year: int = Field(ge=2000, le=2100, description="the year of the edition", examples=[2023])
    ordinal: int | None = Field(
        ge=1, description="which edition it is, counted from the first; null when unknown"
    )
    revision: int = Field(ge=1, description="grows with every correction of the data", examples=[1])
    about: Label = Field(description="what it is, in a sentence or two")
    theme: Theme | None = Field(default=None, description="the theme of the edition")
    goals: Goals | None = Field(default=None, description="the link to the Sustainable Development Goals")
    legal_basis: tuple[LegalBasis, ...] = Field(description="the regulations it rests on")
    sources: tuple[Source, ...] = Field(description="where its values were read")
    groups: tuple[Group, ...] = Field(min_length=1, description="streams of entrants")
    categories: Categories | None = Field(default=None, description="categories to choose from")
    conditions: tuple[Condition, ...] = Field(default=(), description="rules of admission")
    attachments: tuple[Attachment, ...] = Field(default=(), description="what comes with a proposal")
    forwarded_by: Forwarding | None = Field(default=None, description="who hands proposals to the organiser")
    calendar: Calendar = Field(description="when proposals are taken in")
    scale: Scale = Field(description="how sections are scored")
    sections: tuple[Section, ...] = Field(min_length=1, description="sections of the forms of all groups")
    stages: tuple[Stage, ...] = Field(default=(), description="steps of the competition in their order")
    gaps: tuple[Label, ...] = Field(default=(), description="what nobody has found yet")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for fault in (*self._doubles(), *self._strays(), *self._unbalanced(), *self._unsourced()):
            raise fault
        return self

    def sections_of(self, group: str) -> tuple[Section, ...]:
        """Return the sections of a group in their order."""
        return tuple(sorted((one for one in self.sections if one.group == group), key=lambda one: one.number))

    def group(self, group: str) -> Group | None:
        """Return the group of that short name, None when there is none."""
        return next((one for one in self.groups if one.id == group), None)

    def _doubles(self) -> Iterator[PydanticCustomError]:
        for name in ("sources", "groups", "conditions", "attachments", "stages"):
            yield from _doubles((name,), "id", [part.id for part in getattr(self, name)])
        if self.categories is not None:
            yield from _doubles(("categories", "choices"), "id", [one.id for one in self.categories.choices])
        yield from _doubles(("sections",), "id", [(one.group, one.id) for one in self.sections])
        yield from _doubles(("sections",), "number", [(one.group, one.number) for one in self.sections])

    def _strays(self) -> Iterator[PydanticCustomError]:
        groups = [group.id for group in self.groups]
        for position, section in enumerate(self.sections):
            if section.group not in groups:
                yield misfit(
                    ("sections", position, "group"), repr(section.group), f"one of {', '.join(groups)}"
                )
        if self.scale.minimum >= self.scale.maximum:
            yield misfit(
                ("scale", "maximum"), str(self.scale.maximum), f"a number above {self.scale.minimum}"
            )

    def _unbalanced(self) -> Iterator[PydanticCustomError]:
        for position, group in enumerate(self.groups):
            weights = [section.weight.value for section in self.sections_of(group.id)]
            known = [weight for weight in weights if weight is not None]
            whole, total, complete = group.total_weight.value, sum(known), len(known) == len(weights)
            if weights and whole is not None and (total != whole if complete else total > whole):
                yield misfit(
                    ("groups", position, "total_weight", "value"),
                    f"{whole}, while the {'' if complete else 'known '}weights of its sections sum to {total}",
                    "the same sum" if complete else "no less than that sum",
                )

    def _unsourced(self) -> Iterator[PydanticCustomError]:
        ids = {source.id for source in self.sources}
        for place, reference in _references(self, ()):
            for one in reference.split(", "):
                if one not in ids:
                    yield misfit(place, repr(one), "the id of one of the sources")


def _doubles(place: tuple[str, ...], field: str, keys: Sequence[object]) -> Iterator[PydanticCustomError]:
    for position, key in enumerate(keys):
        if key in keys[:position]:
            name = key[-1] if isinstance(key, tuple) else key
            yield misfit((*place, position, field), f"{name!r} a second time", f"every {field} once")


def _references(part: Part, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Walk through a part and all parts in it, and give each reference with its place."""
    for name, value in part:
        if name == "reference" and isinstance(value, str):
            yield (*place, name), value
        for inner, below in _parts(value):
            yield from _references(inner, (*place, name, *below))


def _parts(value: object) -> Iterable[tuple[Part, tuple[int, ...]]]:
    if isinstance(value, Part):
        return [(value, ())]
    if isinstance(value, tuple):
        return [(one, (position,)) for position, one in enumerate(value) if isinstance(one, Part)]
    return []
