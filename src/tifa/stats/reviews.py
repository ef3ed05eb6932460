"""What a panel said, and what was agreed for judging it; apart from the computing, so that reading it loads no arrays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from tifa.stats.errors import JudgingError
from tifa.stats.ranking import SectionWeight

METHOD: Final = "fair-publication/1"
DRAWS: Final = 2000
SURE: Final = 0.9
OUT: Final = 0.1
FEWEST_JUDGES: Final = 3
_TENTH: Final = 10

Progress: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True)
class Review:
    """What one judge said of one entry; None is no score, for whatever reason.

    ``linked`` is False when the judge's name stands for this one review, so that it ties nothing together.
    """

    entry: str
    judge: str
    values: Mapping[str, Decimal | None]
    linked: bool = True


@dataclass(frozen=True)
class Terms:
    """What was agreed: weights, ends of the scale, how many places count as the top (None: a tenth), seed, places shown."""

    sections: tuple[SectionWeight, ...]
    minimum: Decimal
    maximum: Decimal
    top: int | None = None
    seed: int = 0
    places: int = 2


def top_of(ranked: int, wanted: int | None = None) -> int:
    """Return how many of ``ranked`` entries count as the top: those ``wanted``, else a tenth and at least one.

    Raises
    ------
    JudgingError
        When more are wanted than are ranked, or none.

    Examples
    --------
    >>> top_of(300), top_of(11), top_of(3), top_of(300, 20)
    (30, 2, 1, 20)
    """
    if wanted is None:
        return max(1, -(-ranked // _TENTH))
    if not 1 <= wanted <= max(ranked, 1):
        raise JudgingError(
            f"The top {wanted} was asked for; expected a number from 1 to {max(ranked, 1)}, the entries ranked."
        )
    return wanted
