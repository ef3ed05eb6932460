"""The index of a wave: which answers count, what is withheld, and what the edition makes of the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tifa.instruments import Instrument, Outcome
from tifa.instruments.schema import ScaleItem
from tifa.instruments.scoring.bulk import MISSING, score_survey
from tifa.instruments.scoring.facts import Facts
from tifa.instruments.scoring.outcome import Node
from tifa.instruments.scoring.score import scope_outcome
from tifa.stats.surveys import index_margin
from tifa.stats.withholding import shown_live, withheld_groups
from tifa.surveys.sheets import NOTHING, items_of

ZERO = ord("0")


@dataclass(frozen=True)
class Index:
    """The index of some people; ``node`` is None when it is withheld or nobody counts yet.

    ``count`` is how many answers stand behind it, ``given`` how many there are. ``margin`` is half the width of its
    95 % interval, None when it cannot be said. ``unanswered`` is how many single answers are missing.
    """

    given: int
    count: int
    node: Node | None
    elements: tuple[Node, ...]
    margin: float | None
    unanswered: int
    outcome: Outcome | None
    withheld: bool


@dataclass(frozen=True)
class Group:
    """The answers of one part, in the order in which they came, and how many people could have answered."""

    key: str
    answers: Sequence[str]
    population: int | None


def matrix_of(answers: Iterable[str], items: int) -> NDArray[np.int8]:
    """Return stored answers as whole numbers of shape (respondents, items), -1 where nothing was answered."""
    signs = np.frombuffer("".join(answers).encode("ascii"), dtype=np.uint8).reshape(-1, items)
    return np.where(signs == ord(NOTHING), MISSING, signs.astype(np.int16) - ZERO).astype(np.int8)


def indices(
    instrument: Instrument, groups: Sequence[Group], *, least: int, final: bool, on: date
) -> tuple[Index, dict[str, Index]]:
    """Return the index of all and of each group.

    While answers still come (not ``final``), each group counts whole batches of ``least`` people and holds the last one back,
    and the whole is the sum of what the groups show. Afterwards all count, and what is too small is withheld.
    """
    if final:
        counted = {one.key: one.answers for one in groups}
        hidden = withheld_groups({one.key: len(one.answers) for one in groups}, least)
        whole = [answer for one in groups for answer in one.answers]
        if len(whole) < least:
            hidden, whole = frozenset(counted), []
    else:
        counted = {one.key: one.answers[: shown_live(len(one.answers), least)] for one in groups}
        hidden = frozenset(one.key for one in groups if one.answers and not counted[one.key])
        whole = [answer for answers in counted.values() for answer in answers]
    populations = [one.population for one in groups]
    everybody = None if None in populations else sum(one or 0 for one in populations)
    given = sum(len(one.answers) for one in groups)
    return _index(instrument, whole, given, everybody, on), {
        one.key: _index(
            instrument,
            () if one.key in hidden else counted[one.key],
            len(one.answers),
            one.population,
            on,
        )
        for one in groups
    }


def _index(
    instrument: Instrument, answers: Sequence[str], given: int, population: int | None, on: date
) -> Index:
    if not answers:
        return Index(given, 0, None, (), None, 0, None, withheld=given > 0)
    items = items_of(instrument)
    matrix = matrix_of(answers, len(items))
    outcome = score_survey(instrument, [item.id for item in items], matrix, on=on)
    node = outcome.result
    margin = None
    if node is not None and node.value is not None:
        margin = index_margin(matrix, _weights(instrument, outcome, items), population=population)
    elements = [below for below in (node.walk() if node else ()) if below.id in outcome.facts.items]
    return Index(
        given,
        len(answers),
        node,
        tuple(elements),
        margin,
        int(np.count_nonzero(matrix == MISSING)),
        outcome,
        withheld=False,
    )


def _weights(instrument: Instrument, outcome: Outcome, items: Sequence[ScaleItem]) -> list[float]:
    """Return what a point more in the mean of each element adds to the index, found by adding it."""
    bare: Any = instrument.model_copy(update={"alternatives": ()})
    facts: Facts = outcome.facts
    base = outcome.result.value if outcome.result else None
    weights = []
    for item in items:
        given = facts.items[item.id]
        raised = {**facts.items, item.id: replace(given, value=(given.value or Fraction(0)) + 1)}
        result = scope_outcome(bare, replace(facts, items=raised), outcome.on).result
        both = result is not None and result.value is not None and base is not None
        weights.append(float(result.value - base) if both and result and result.value and base else 0.0)
    return weights
