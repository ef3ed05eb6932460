"""What an instrument asks: texts, levels, scales, numbers, shares and marks."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tifa.instruments.schema.values import (
    Exact,
    Id,
    KnownCount,
    KnownNumber,
    Label,
    Number,
    Part,
    Sourced,
    misfit,
)


class Evidence(Sourced):
    """What proves an answer."""

    label: Label = Field(description="what is asked for")
    kinds: tuple[Id, ...] = Field(default=(), description="kinds of evidence that count", examples=["decree"])
    formats: tuple[Id, ...] = Field(default=(), description="kinds of file that are taken", examples=["pdf"])


class Level(Part):
    """A level that an answer reaches, with the range of numbers that the publication gives for it."""

    value: int = Field(ge=0, description="the level", examples=[2])
    label: Label = Field(description="what has to be there for it")
    lower: Exact | None = Field(
        default=None, description="lowest number of this level, as published", examples=["1"]
    )
    upper: Exact | None = Field(
        default=None, description="highest number of this level, as published", examples=["200"]
    )

    @property
    def range(self) -> str:
        """Return the published range as it is written: 1-200, up to 5.23, from 501 on; empty when there is none."""
        if self.lower is None or self.upper is None:
            return (
                f"≤ {self.upper}"
                if self.upper is not None
                else f"≥ {self.lower}"
                if self.lower is not None
                else ""
            )
        return str(self.lower) if self.lower == self.upper else f"{self.lower}–{self.upper}"

    def holds(self, number: Decimal) -> bool:
        """Return whether a number lies in the published range; without a range none does."""
        if self.lower is None and self.upper is None:
            return False
        return (self.lower is None or self.lower <= number) and (self.upper is None or number <= self.upper)


class Basis(Part):
    """One of several ways to reach a level; whoever answers chooses one."""

    id: Id = Field(description="short name", examples=["a"])
    label: Label = Field(description="what is counted")
    levels: tuple[Level, ...] = Field(min_length=1, description="its levels")


class Question(Part):
    """A question of its own within a text."""

    id: Id = Field(description="short name", examples=["potensi"])
    label: Label = Field(description="the question")
    kind: Literal["text", "yes_no_and_text"] = Field(description="how it is answered", examples=["text"])
    max_words: KnownCount = Field(description="most words of the answer")


class Item(Sourced):
    """What all items share."""

    id: Id = Field(description="short name, once in the instrument", examples=["signifikansi"])
    number: Number = Field(description="its number in the publication", examples=["5", "2a"])
    label: Label = Field(description="its heading")
    guidance: Label | None = Field(default=None, description="what it asks for, null when no source says")
    groups: tuple[Id, ...] = Field(
        default=(), description="the groups that answer it; none means all", examples=[["umum"]]
    )
    part: Id | None = Field(
        default=None, description="the part of the instrument it belongs to", examples=["kebijakan"]
    )
    collection: Id | None = Field(
        default=None,
        description="set when every member of a collection answers it, such as every innovation",
        examples=["innovations"],
    )
    required: bool | None = Field(
        default=None, description="whether it must be answered, null when unknown", examples=[True]
    )
    weight: KnownNumber | None = Field(default=None, description="its weight; 0 when it is not scored")
    evidence: tuple[Evidence, ...] = Field(default=(), description="what proves the answer")


class TextItem(Item):
    """A text with limits, which judges score on the scale of the instrument."""

    kind: Literal["text"] = Field(description="a text", examples=["text"])
    max_words: KnownCount = Field(description="most words of the answer")
    min_words: KnownCount | None = Field(default=None, description="fewest words of the answer")
    questions: tuple[Question, ...] = Field(default=(), description="questions within it")


class ChoiceItem(Item):
    """A choice of one level."""

    kind: Literal["choice"] = Field(description="a choice with levels", examples=["choice"])
    levels: tuple[Level, ...] = Field(min_length=1, description="the levels in their order")
    bases: tuple[Basis, ...] = Field(default=(), description="ways to reach a level, of which one is chosen")
    unit: Label | None = Field(default=None, description="what the published ranges count")

    @model_validator(mode="after")
    def _levels_rise(self) -> Self:
        for place, levels in self._ladders():
            values = [level.value for level in levels]
            for at, value in enumerate(values[1:], start=1):
                if value <= values[at - 1]:
                    raise misfit((*place, at, "value"), str(value), f"a level above {values[at - 1]}")
        return self

    def _ladders(self) -> Iterator[tuple[tuple[str | int, ...], tuple[Level, ...]]]:
        yield ("levels",), self.levels
        for at, basis in enumerate(self.bases):
            yield ("bases", at, "levels"), basis.levels

    def ladder(self, basis: str | None) -> tuple[Level, ...]:
        """Return the levels of a basis, or those of the item itself."""
        return next((one.levels for one in self.bases if one.id == basis), self.levels)


class ScaleItem(Item):
    """An answer on a scale, by one person or as the mean of several."""

    kind: Literal["scale"] = Field(description="an answer on a scale", examples=["scale"])
    minimum: Exact = Field(description="the lowest", examples=["1"])
    maximum: Exact = Field(description="the highest", examples=["4"])
    whole: bool = Field(description="whether one person answers with whole numbers only", examples=[True])
    answers: tuple[Level, ...] = Field(default=(), description="the words of the answers")


class NumberItem(Item):
    """A number that is put in as it is, such as a percentage that was computed elsewhere."""

    kind: Literal["number"] = Field(description="a number", examples=["number"])
    minimum: Exact | None = Field(default=None, description="the lowest that is possible", examples=["0"])
    maximum: Exact | None = Field(default=None, description="the highest that is possible", examples=["100"])


class Counted(Part):
    """One of the two numbers of a share."""

    id: Id = Field(description="its key in answers", examples=["terlayani"])
    label: Label = Field(description="what is counted")


class RatioItem(Item):
    """How much of a target was reached, in percent: answered with the two numbers."""

    kind: Literal["ratio"] = Field(description="a share in percent", examples=["ratio"])
    reached: Counted = Field(description="what was reached")
    target: Counted = Field(description="what it is held against")
    places: int = Field(ge=0, le=6, description="decimal places of the percentage", examples=[2])
    bands: Id | None = Field(
        default=None, description="the table by which the percentage is named", examples=["kategori"]
    )


class CheckItem(Item):
    """A mark: there, or not there."""

    kind: Literal["check"] = Field(description="a mark", examples=["check"])


AnyItem = Annotated[
    TextItem | ChoiceItem | ScaleItem | NumberItem | RatioItem | CheckItem, Field(discriminator="kind")
]
