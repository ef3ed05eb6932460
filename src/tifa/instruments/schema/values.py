"""Values of a regulation, each with how well it is known, where it was read, and from when it holds.

A value that no source gives is null and its status is ``unknown``; it is shown as unknown and never guessed.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

PLACED = "placed"
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")


class Status(StrEnum):
    """How well a value is known; ``local`` is what a city or this project set itself."""

    CONFIRMED = "confirmed"
    LOCAL = "local"
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


def _word(value: Any) -> Any:
    """Take a number without quotes for the word that it is here: 16 and "16" name the same indicator."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Exact = Annotated[Decimal, BeforeValidator(_exact), PlainSerializer(str)]
Id = Annotated[str, BeforeValidator(_word), Field(pattern=r"^[a-z0-9_]+$")]
Number = Annotated[str, BeforeValidator(_word), Field(pattern=r"^[0-9A-Za-z.]+$")]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*(, [A-Za-z0-9]+(-[A-Za-z0-9]+)*)*$")]


class Part(BaseModel):
    """What all parts of an instrument share: strict types, and no field that the schema does not know."""

    # Built at the first instrument that is read: building takes a tenth of a start. Pydantic locks it from 2.14 on.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


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


class Change(Sourced):
    """A day from which a value of the edition is another one."""

    starts: date = Field(description="the first day on which it holds", examples=["2023-05-02"])


class Known(Sourced):
    """A value of a regulation with how well it is known."""

    @model_validator(mode="after")
    def _status_fits_value(self) -> Self:
        value = getattr(self, "value", None)
        if self.status == Status.UNKNOWN and value is not None:
            raise misfit(
                ("value",), f"{value} with the status unknown", "null, or the status confirmed or likely"
            )
        if self.status in {Status.CONFIRMED, Status.LOCAL} and value is None:
            raise misfit(("value",), f"null with the status {self.status}", "a value, or the status unknown")
        return self

    @model_validator(mode="after")
    def _changes_in_order(self) -> Self:
        days = [change.starts for change in _changes(self)]
        for place, day in enumerate(days[1:], start=1):
            if day <= days[place - 1]:
                raise misfit(
                    ("changes", place, "starts"),
                    day.isoformat(),
                    f"a day after {days[place - 1].isoformat()}",
                )
        return self

    def at(self, on: date) -> Self:
        """Return the value as it holds on a day; before the first change it is the one written first."""
        holding = [change for change in _changes(self) if change.starts <= on]
        if not holding:
            return self
        last = holding[-1]
        fields = {name: getattr(last, name) for name in ("value", "status", "reference", "note")}
        return self.model_copy(update=fields)


def _changes(known: Known) -> Sequence[Any]:
    changes: Sequence[Any] = getattr(known, "changes", ())
    return changes


class CountReading(Part):
    """What one source says of a number on which sources disagree."""

    value: int = Field(ge=0, description="what this source says", examples=[600])
    reference: Reference = Field(description="the source that says it", examples=["S67"])


class NumberChange(Change):
    """Another number from a day on."""

    value: Exact = Field(description="the number from then on", examples=["12.5"])


class KnownNumber(Known):
    """A number of a regulation, such as a weight."""

    value: Exact | None = Field(ge=0, description="the number, null when unknown", examples=["30"])
    changes: tuple[NumberChange, ...] = Field(default=(), description="later values within the edition")


class CountChange(Change):
    """Another whole number from a day on."""

    value: int = Field(ge=0, description="the number from then on", examples=[300])


class KnownCount(Known):
    """A whole number of a regulation, such as a limit of words."""

    value: int | None = Field(ge=0, description="the number, null when unknown", examples=[600])
    changes: tuple[CountChange, ...] = Field(default=(), description="later values within the edition")
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


class MomentChange(Change):
    """Another moment from a day on, such as an extended deadline."""

    value: datetime = Field(description="the moment from then on", examples=["2023-05-06T23:59:00+07:00"])


class KnownMoment(Known):
    """A moment of a regulation, with its time zone."""

    value: datetime | None = Field(
        description="day and time with zone, null when unknown", examples=["2023-05-06T23:59:00+07:00"]
    )
    changes: tuple[MomentChange, ...] = Field(default=(), description="later values within the edition")

    @model_validator(mode="after")
    def _has_zone(self) -> Self:
        places: list[tuple[tuple[str | int, ...], datetime | None]] = [(("value",), self.value)]
        places += [(("changes", at, "value"), change.value) for at, change in enumerate(self.changes)]
        for place, value in places:
            if value is not None and value.tzinfo is None:
                raise misfit(
                    place,
                    f"{value.isoformat()} without a time zone",
                    f"the zone behind it, +07:00 for WIB: {value.isoformat()}+07:00",
                )
        return self
