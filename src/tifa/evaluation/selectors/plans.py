"""What is asked of a plan and what a plan is, apart from the search for it, so that showing one loads no solver."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

# How well a judge fits an entry; where either says nothing it is between the two, and counted as unknown.
FITS: Final = 1.0
UNKNOWN: Final = 0.5
ELSEWHERE: Final = 0.0
GOOD_EFFICIENCY: Final = 0.8
FAIR_EFFICIENCY: Final = 0.5
Pair = tuple[int, int]


@dataclass(frozen=True)
class Wish:
    """What Ortal asks for; ``keep`` leaves those who are assigned already where they are."""

    reviews_each: int
    largest_load: int | None
    keep: bool


@dataclass(frozen=True)
class PlanResult:
    """A plan as it is stored: pairs of entry and judge by key, and what it is worth.

    ``fits`` of ``known`` reviews go to a judge with the topic of the entry; of the others nobody said enough. ``reasons``
    are codes with numbers, and stand where there is no plan; ``unsaid`` more were left out.
    """

    pairs: tuple[Pair, ...]
    added: int
    fits: int
    known: int
    components: int
    efficiency: float
    reasons: tuple[dict[str, Any], ...] = ()
    unsaid: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "PlanResult":
        """Read what was stored."""
        pairs = tuple((entry, member) for entry, member in stored["pairs"])
        return cls(**{**stored, "pairs": pairs, "reasons": tuple(stored["reasons"])})

    @property
    def loads(self) -> Counter[int]:
        """Return how many entries each judge has."""
        return Counter(member for _entry, member in self.pairs)


def is_fit(topic: str, expertise: Sequence[str]) -> bool | None:
    """Return whether a judge knows the topic of an entry, None where either says nothing."""
    if not topic.strip() or not expertise:
        return None
    return topic.strip().casefold() in {one.strip().casefold() for one in expertise}
