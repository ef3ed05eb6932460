"""What is said of a service, and of a step that its standard took."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tifa.core.models import StoredFile
from tifa.organisation.choices import Function
from tifa.standards.choices import Circle, Progress


@dataclass(frozen=True)
class ServiceFacts:
    """What is said of a service."""

    name: str
    function: Function
    users: str = ""
    channels: str = ""
    closed_on: date | None = None


@dataclass(frozen=True)
class Taken:
    """A step that a standard took."""

    step: Progress
    on: date
    number: str = ""
    circles: Collection[Circle] = ()
    note: str = ""
    file: StoredFile | None = None
