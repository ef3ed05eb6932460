"""How answers become a result: few ways of adding up, tables of bands, and sizes of samples."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tifa.instruments.schema.values import Exact, Id, KnownCount, KnownNumber, Label, Part, Sourced, misfit


class Band(Part):
    """A row of a table of bands; both ends as published."""

    code: str = Field(min_length=1, description="its letter or short name", examples=["A-"])
    label: Label = Field(description="its meaning")
    lower: Exact = Field(description="the lowest value", examples=["88.31"])
    upper: Exact = Field(description="the highest value", examples=["100.00"])
    also: Label | None = Field(default=None, description="a second name, such as a colour")


class BandTable(Sourced):
    """A table that names values; intervals that leave gaps, touch or overlap stay as published."""

    id: Id = Field(description="short name", examples=["mutu"])
    label: Label = Field(description="what it tells")
    places: int = Field(
        ge=0, le=6, description="decimals to which a value is rounded before it is looked up", examples=[2]
    )
    bands: tuple[Band, ...] = Field(min_length=1, description="its rows, the lowest first")

    @model_validator(mode="after")
    def _bands_rise(self) -> Self:
        for at, band in enumerate(self.bands):
            if band.upper < band.lower:
                raise misfit(("bands", at, "upper"), str(band.upper), f"a number from {band.lower} on")
            if at and band.lower < self.bands[at - 1].lower:
                raise misfit(
                    ("bands", at, "lower"), str(band.lower), f"a number from {self.bands[at - 1].lower} on"
                )
        return self

    def matching(self, value: Decimal) -> tuple[Band, ...]:
        """Return the bands that hold a rounded value: one, or none in a gap, or two at a boundary."""
        return tuple(band for band in self.bands if band.lower <= value <= band.upper)


class Result(Sourced):
    """What all results share."""

    id: Id = Field(description="short name, once in the instrument", examples=["indeks"])
    label: Label = Field(description="its name")
    collection: Id | None = Field(
        default=None, description="set when every member of a collection has it", examples=["innovations"]
    )
    groups: tuple[Id, ...] = Field(
        default=(), description="the groups that have it; none means all", examples=[["umum"]]
    )
    places: int = Field(ge=0, le=6, description="decimal places that are shown", examples=[2])
    bands: Id | None = Field(default=None, description="the table by which it is named", examples=["mutu"])
    least: KnownNumber | None = Field(
        default=None, description="the lowest value, when the scale is not clear from the items"
    )
    most: KnownNumber | None = Field(default=None, description="the highest value, as published")


class OfItems(Result):
    """What the results that add up items share."""

    parts: tuple[Id, ...] = Field(
        default=(), description="the parts whose items count; none means all", examples=[["kebijakan"]]
    )
    missing: Literal["refuse", "zero", "skip"] = Field(
        description="what an unanswered item does: no result, counts as 0, or is left out",
        examples=["refuse"],
    )


class WeightedSum(OfItems):
    """Sum of weight times value."""

    kind: Literal["weighted_sum"] = Field(description="sum of weight times value", examples=["weighted_sum"])
    weight: KnownNumber | None = Field(
        default=None, description="one weight for each item, instead of the weights of the items"
    )


class WeightedMean(OfItems):
    """Sum of weight times value, over the sum of weights."""

    kind: Literal["weighted_mean"] = Field(
        description="the same over the sum of weights", examples=["weighted_mean"]
    )


class Mean(OfItems):
    """Plain mean of the values: every item weighs the same."""

    kind: Literal["mean"] = Field(description="plain mean of items", examples=["mean"])


class Term(Part):
    """One result within a combination."""

    of: Id = Field(description="short name of the result", examples=["f02"])
    times: KnownNumber = Field(description="what it is multiplied with")


class Combination(Result):
    """Sum of results times their factors, over a divisor."""

    kind: Literal["combination"] = Field(
        description="results times their factors, added up", examples=["combination"]
    )
    terms: tuple[Term, ...] = Field(min_length=1, description="what is added up")
    divided_by: KnownNumber | None = Field(default=None, description="what the sum is divided by")


class MemberMean(Result):
    """Sum of a result over the members of a collection, over their number but no less than a floor."""

    kind: Literal["member_mean"] = Field(
        description="mean over members, divisor with a floor", examples=["member_mean"]
    )
    members: Id = Field(description="the collection", examples=["inovasi"])
    of: Id = Field(description="the result of each member", examples=["kematangan"])
    floor: KnownCount | None = Field(default=None, description="the smallest divisor")


class CappedCount(Result):
    """Points for the number of members up to a cap, when a condition is met."""

    kind: Literal["capped_count"] = Field(
        description="points for the number of members, up to a cap", examples=["capped_count"]
    )
    members: Id = Field(description="the collection", examples=["inovasi"])
    each: KnownNumber = Field(description="points for one member")
    cap: KnownCount = Field(description="the number of members that count at most")
    field: Id | None = Field(default=None, description="what the condition looks at", examples=["urusan"])
    at_least: KnownCount | None = Field(
        default=None, description="how many of the marked choices must occur; else the count is 0"
    )


AnyResult = Annotated[
    WeightedSum | WeightedMean | Mean | Combination | MemberMean | CappedCount, Field(discriminator="kind")
]


class Alternative(Sourced):
    """Another way to compute that is in use or announced: shown beside the result, never instead of it."""

    id: Id = Field(description="short name", examples=["bobot_0_11"])
    label: Label = Field(description="what is done differently")
    results: tuple[AnyResult, ...] = Field(min_length=1, description="the results that it puts in place")


class FieldChoice(Part):
    """One of the values of a field of a member."""

    id: Id = Field(description="short name", examples=["pendidikan"])
    label: Label = Field(description="its name")
    counts: bool = Field(
        default=False, description="whether the condition of a count looks for it", examples=[True]
    )


class MemberField(Part):
    """What is said of a member besides its answers."""

    id: Id = Field(description="short name", examples=["urusan"])
    label: Label = Field(description="what is asked")
    choices: tuple[FieldChoice, ...] = Field(min_length=1, description="the values that are known")


class Collection(Part):
    """Things of which there are many, each with answers of its own: innovations of a region, units of a city."""

    id: Id = Field(description="short name, the key in answers", examples=["innovations"])
    label: Label = Field(description="what they are")
    fields: tuple[MemberField, ...] = Field(
        default=(), description="what is said of each besides its answers"
    )
    result: Id = Field(description="the result of one member on its own", examples=["kematangan"])


class Sample(Sourced):
    """What the rules of sample size share."""

    id: Id = Field(description="short name", examples=["krejcie_morgan"])
    label: Label = Field(description="its name")


class KrejcieMorgan(Sample):
    """Krejcie and Morgan (1970): S = X²NP(1-P) / (d²(N-1) + X²P(1-P)), rounded to the nearest."""

    kind: Literal["krejcie_morgan"] = Field(description="the formula", examples=["krejcie_morgan"])
    chi_square: Exact = Field(description="X² for one degree of freedom", examples=["3.841"])
    proportion: Exact = Field(description="P", examples=["0.5"])
    margin: Exact = Field(description="d", examples=["0.05"])


class Slovin(Sample):
    """Slovin: n = N / (1 + N e²), rounded up."""

    kind: Literal["slovin"] = Field(description="the formula", examples=["slovin"])
    margin: Exact = Field(description="e", examples=["0.05"])


class PerItem(Sample):
    """A fixed number that depends on the number of items: (items + extra) times each."""

    kind: Literal["per_item"] = Field(description="the formula", examples=["per_item"])
    extra: int = Field(ge=0, description="added to the number of items", examples=[1])
    each: int = Field(ge=1, description="respondents for each", examples=[10])


AnySample = Annotated[KrejcieMorgan | Slovin | PerItem, Field(discriminator="kind")]


def needs(result: Result) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Return the results that a result is computed from, each with its place."""
    if isinstance(result, Combination):
        for at, term in enumerate(result.terms):
            yield ("terms", at, "of"), term.of
    elif isinstance(result, MemberMean):
        yield ("of",), result.of
