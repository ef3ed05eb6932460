"""What stands around the items: legal basis, groups, admission, calendar, stages."""

from datetime import date
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from tifa.instruments.schema.values import (
    Exact,
    Id,
    KnownCount,
    KnownDay,
    KnownMoment,
    KnownNumber,
    Label,
    Part,
    Reference,
    Sourced,
    misfit,
)


class LegalBasis(Sourced):
    """A regulation that the instrument rests on."""

    name: str = Field(min_length=1, description="its short name", examples=["PermenPANRB 7/2021"])
    role: Label = Field(description="what it regulates here")


class Source(Part):
    """A document in which values were read."""

    id: Reference = Field(description="short name that references use", examples=["S19"])
    title: str = Field(
        min_length=1, description="title, with who published it", examples=["Salinan PermenPANRB 14/2017"]
    )
    url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="its address, null when it has none",
        examples=["https://example.go.id/peraturan.pdf"],
    )


class Theme(Sourced):
    """What the edition is about in the organiser's words."""

    label: Label = Field(description="the theme, as far as it could be read")


class Goals(Sourced):
    """How a proposal is linked to the Sustainable Development Goals."""

    required: bool | None = Field(
        description="whether a proposal must name one, null when unknown", examples=[True]
    )
    several: bool | None = Field(
        description="whether it may name several, null when unknown", examples=[True]
    )
    count: int | None = Field(ge=1, description="how many goals there are to choose from", examples=[17])


class Group(Sourced):
    """A stream of entrants with a form of its own."""

    id: Id = Field(description="short name", examples=["umum"])
    label: Label = Field(description="name of the group")
    rule: Label = Field(description="who belongs to it")
    total_weight: KnownNumber | None = Field(default=None, description="what the weights of its items sum to")
    total_words: KnownCount | None = Field(
        default=None, description="what the limits of words of its items sum to"
    )
    cap: KnownCount | None = Field(default=None, description="how many proposals an institution may send")


class Category(Part):
    """A category that an entrant chooses."""

    id: Id = Field(description="short name", examples=["kesehatan"])
    label: Label = Field(description="name of the category")


class Categories(Sourced):
    """The categories of the edition; they are known together."""

    choices: tuple[Category, ...] = Field(description="the categories in their order")


class AwardRule(Part):
    """How often an innovation may, or must, have been given an award before."""

    award: Id = Field(description="short name of the award", examples=["top99"])
    fewer_than: int | None = Field(default=None, ge=1, description="it had it fewer times", examples=[2])
    at_least: int | None = Field(default=None, ge=1, description="it had it so many times", examples=[1])
    first_year: int | None = Field(
        default=None, description="awards of earlier years do not count", examples=[2014]
    )
    last_year: int | None = Field(
        default=None, description="awards of later years do not count", examples=[2021]
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.fewer_than is None and self.at_least is None:
            raise misfit(("fewer_than",), "null, and null as at_least", "at least one of the two numbers")
        return self


class Window(Part):
    """The days between which an innovation was first used."""

    first: date = Field(description="the first of them", examples=["2024-01-01"])
    last: date = Field(description="the last of them", examples=["2025-12-31"])
    older_when: Label | None = Field(default=None, description="the case in which an older one may enter")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise misfit(("last",), self.last.isoformat(), f"{self.first.isoformat()} or a later day")
        return self


class Condition(Sourced):
    """A rule of admission; one that nothing can compute is told to whoever decides."""

    id: Id = Field(description="short name", examples=["umur_minimum"])
    label: Label = Field(description="the rule in a sentence")
    groups: tuple[Id, ...] = Field(
        default=(), description="the groups it holds for; none means all", examples=[["umum"]]
    )
    limit: KnownCount | None = Field(default=None, description="its number, when it has one")
    unit: Literal["month", "day"] | None = Field(
        default=None, description="what the number counts", examples=["month"]
    )
    counted_from: Literal["registration_close"] | None = Field(
        default=None, description="the day from which it is counted back", examples=["registration_close"]
    )
    instead_of: Id | None = Field(
        default=None,
        description="the condition that it takes the place of, in the case that its label tells",
        examples=["umur_minimum"],
    )
    award: AwardRule | None = Field(default=None, description="what earlier awards mean for it")
    first_use: Window | None = Field(default=None, description="when it must have been used first")


class Attachment(Sourced):
    """Something that comes with a proposal."""

    id: Id = Field(description="short name", examples=["video"])
    label: Label = Field(description="what it is")
    groups: tuple[Id, ...] = Field(
        default=(), description="the groups that need it; none means all", examples=[["umum"]]
    )
    required: bool | None = Field(
        description="whether it must be there, null when no source says", examples=[True]
    )
    required_when: Label | None = Field(default=None, description="the case in which it must be there")
    format: Literal["pdf", "link"] | None = Field(
        default=None, description="kind of file, null when unknown", examples=["pdf"]
    )


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


class Figure(KnownNumber):
    """A number that was published about a stage."""

    id: Id = Field(description="short name", examples=["terdaftar"])
    label: Label = Field(description="what it counts")


class Stage(Sourced):
    """A step of the competition."""

    id: Id = Field(description="short name", examples=["administrasi"])
    label: Label = Field(description="name of the step")
    actor: Label | None = Field(default=None, description="who does it")
    on: date | None = Field(
        default=None, description="its day, when one was published", examples=["2024-01-29"]
    )
    figures: tuple[Figure, ...] = Field(default=(), description="what was published about it")


class Scale(Sourced):
    """The numbers that a judge may give to a text."""

    minimum: Exact = Field(description="the lowest", examples=["0"])
    maximum: Exact = Field(description="the highest", examples=["100"])
    aggregation: Label = Field(description="how the texts become a total")
    passing_grade: KnownNumber = Field(description="the total from which a proposal goes on")


class Aspect(Sourced):
    """A part of the instrument to which items belong."""

    id: Id = Field(description="short name", examples=["kebijakan"])
    label: Label = Field(description="its name")


class Cancellation(Sourced):
    """An edition that was announced and did not take place."""

    label: Label = Field(description="what was decided")
    on: date | None = Field(
        default=None, description="the day of the decision, null when unknown", examples=["2024-01-29"]
    )
    replaced_by: Label | None = Field(default=None, description="what took its place")
