"""One published standard of one year, as data with its sources."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from tifa.instruments.schema.coherence import faults_of
from tifa.instruments.schema.frame import (
    Aspect,
    Attachment,
    Calendar,
    Cancellation,
    Categories,
    Condition,
    Forwarding,
    Goals,
    Group,
    LegalBasis,
    Scale,
    Source,
    Stage,
    Theme,
)
from tifa.instruments.schema.items import AnyItem
from tifa.instruments.schema.results import Alternative, AnyResult, AnySample, BandTable, Collection
from tifa.instruments.schema.values import Label, Part

INSTRUMENT_ID = r"^[a-z]+(-[a-z]+)*(-[0-9]{4})?$"


class Instrument(Part):
    """One published standard in one edition."""

    id: str = Field(pattern=INSTRUMENT_ID, description="pack and year", examples=["kipp-2023"])
    kind: Literal["proposal_form", "index", "survey", "checklist"] = Field(
        description="what sort of standard it is", examples=["index"]
    )
    title: Label = Field(description="its name")
    year: int = Field(ge=1990, le=2100, description="the year of the edition", examples=[2023])
    ordinal: int | None = Field(
        ge=1, description="which edition it is, counted from the first; null when unknown", examples=[10]
    )
    revision: int = Field(ge=1, description="grows with every correction of the data", examples=[1])
    predecessor: str | None = Field(
        default=None, pattern=INSTRUMENT_ID, description="the edition before it", examples=["kipp-2022"]
    )
    base: str | None = Field(
        default=None,
        pattern=INSTRUMENT_ID,
        description="the standard that a city varies",
        examples=["kipp-2023"],
    )
    about: Label = Field(description="what it is, in a sentence or two")
    valid_from: date | None = Field(
        default=None, description="its first day, null when unknown", examples=["2017-05-09"]
    )
    valid_to: date | None = Field(
        default=None, description="its last day, null when it holds on or is unknown", examples=["2024-12-31"]
    )
    cancelled: Cancellation | None = Field(
        default=None, description="set when the edition did not take place"
    )
    theme: Theme | None = Field(default=None, description="the theme of the edition")
    goals: Goals | None = Field(default=None, description="the link to the Sustainable Development Goals")
    legal_basis: tuple[LegalBasis, ...] = Field(description="the regulations it rests on")
    sources: tuple[Source, ...] = Field(description="where its values were read")
    groups: tuple[Group, ...] = Field(default=(), description="streams of entrants with forms of their own")
    parts: tuple[Aspect, ...] = Field(default=(), description="parts to which items belong")
    collections: tuple[Collection, ...] = Field(default=(), description="things of which there are many")
    items: tuple[AnyItem, ...] = Field(default=(), description="what is asked")
    scale: Scale | None = Field(default=None, description="how judges score texts")
    results: tuple[AnyResult, ...] = Field(
        default=(), description="what is computed, each from those before it; the last is the result"
    )
    bands: tuple[BandTable, ...] = Field(default=(), description="tables that name values")
    alternatives: tuple[Alternative, ...] = Field(
        default=(), description="other ways to compute, to compare with"
    )
    rounding: Literal["half_up", "half_even", "down"] = Field(
        default="half_up", description="how what is shown is rounded", examples=["half_up"]
    )
    samples: tuple[AnySample, ...] = Field(default=(), description="rules of sample size")
    categories: Categories | None = Field(default=None, description="categories to choose from")
    conditions: tuple[Condition, ...] = Field(default=(), description="rules of admission")
    attachments: tuple[Attachment, ...] = Field(default=(), description="what comes with a proposal")
    forwarded_by: Forwarding | None = Field(default=None, description="who hands proposals to the organiser")
    calendar: Calendar | None = Field(default=None, description="when proposals are taken in")
    stages: tuple[Stage, ...] = Field(default=(), description="steps of the competition in their order")
    gaps: tuple[Label, ...] = Field(default=(), description="what nobody has found yet")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for fault in faults_of(self):
            raise fault
        return self

    def items_of(self, group: str | None, collection: str | None = None) -> tuple[AnyItem, ...]:
        """Return the items that a group answers, in their order: those of one collection, or of none."""
        return tuple(
            item
            for item in self.items
            if item.collection == collection and (group is None or not item.groups or group in item.groups)
        )

    def results_of(self, group: str | None, collection: str | None = None) -> tuple[AnyResult, ...]:
        """Return the results that a group has, in the order of computation."""
        return tuple(
            result
            for result in self.results
            if result.collection == collection
            and (group is None or not result.groups or group in result.groups)
        )

    def group(self, group: str | None) -> Group | None:
        """Return the group of that short name, None when there is none."""
        return next((one for one in self.groups if one.id == group), None)

    def table(self, bands: str | None) -> BandTable | None:
        """Return the table of that short name, None when there is none."""
        return next((one for one in self.bands if one.id == bands), None)
