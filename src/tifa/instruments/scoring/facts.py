"""What is known before anything is computed: the value of each item, and what the members of a collection add."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, Protocol

FindingKind = Literal[
    "over_limit",
    "under_limit",
    "limit_unknown",
    "boundary",
    "outside",
    "missing",
    "not_required",
    "provisional",
]


@dataclass(frozen=True)
class Finding:
    """Something a reader should know of one answer: where, a sentence, and the figures of it."""

    kind: FindingKind
    item: str
    message: str
    figures: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """What was answered to one item.

    ``value`` is what counts, None when there is no number for it; ``n`` is how many people it comes from; ``basis`` is
    the way that was chosen, where there are several. ``doubt`` says why the value cannot be final, empty when it can.
    """

    value: Fraction | None = None
    n: int = 0
    words: int | None = None
    basis: str | None = None
    doubt: str = ""


class Members(Protocol):
    """The members of a collection, as far as results over them need to know."""

    @property
    def count(self) -> int:
        """Return how many there are."""

    def total(self, result: str) -> Fraction | None:
        """Return the sum of a result over all members; None when one of them lacks it."""

    def distinct(self, field: str) -> int:
        """Return how many of the choices that count occur in a field."""

    def doubts(self, result: str) -> tuple[str, ...]:
        """Return why the sum cannot be final."""


@dataclass(frozen=True)
class Facts:
    """Everything that one scope answers: a form, an index, a region, or one member of a collection."""

    group: str | None
    items: Mapping[str, Given]
    results: Mapping[str, Fraction] = field(default_factory=dict)
    members: Mapping[str, Members] = field(default_factory=dict)
    collection: str | None = None
    findings: tuple[Finding, ...] = ()
    respondents: int | None = None
