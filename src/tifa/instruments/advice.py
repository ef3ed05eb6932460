"""What is missing to reach the next level: which answer, raised by one step, lifts the result by how much."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tifa.instruments.schema import (
    AnyItem,
    Band,
    CheckItem,
    ChoiceItem,
    Evidence,
    Instrument,
    Label,
    Level,
    ScaleItem,
)
from tifa.instruments.scoring.evaluate import evaluate
from tifa.instruments.scoring.facts import Given
from tifa.instruments.scoring.outcome import Node, Outcome


@dataclass(frozen=True)
class Step:
    """One item raised to its next level: what has to be there, what proves it, and what it adds to the result."""

    item: AnyItem
    now: Fraction | None
    level: Level | None
    gain: Fraction
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class NextBand:
    """The band above the present one, and how much the result lacks for it."""

    band: Band
    lacking: Fraction


def next_steps(instrument: Instrument, outcome: Outcome) -> tuple[Step, ...]:
    """Return every item that can still be raised, the largest gain first.

    Each is tried by itself: the gain is the difference of the two results, exactly as they are computed.
    """
    if outcome.result is None or outcome.result.value is None:
        return ()
    steps = [step for step in _tried(instrument, outcome, outcome.result) if step.gain > 0]
    return tuple(sorted(steps, key=lambda step: (-step.gain, step.item.id)))


def next_band(instrument: Instrument, result: Node) -> NextBand | None:
    """Return the band above the present one; None at the top, or when the result has no band."""
    own = next((one for one in instrument.results if one.id == result.id), None)
    table = instrument.table(own.bands) if own else None
    if table is None or result.value is None or result.band is None:
        return None
    above = [band for band in table.bands if band.lower > result.band.lower]
    if not above:
        return None
    return NextBand(above[0], Fraction(above[0].lower) - result.value)


def _tried(instrument: Instrument, outcome: Outcome, result: Node) -> Iterator[Step]:
    facts = outcome.facts
    for item in instrument.items_of(facts.group, facts.collection):
        given = facts.items.get(item.id, Given())
        higher = _raised(item, given)
        if higher is None:
            continue
        value, level = higher
        items = {**facts.items, item.id: replace(given, value=value, doubt="")}
        after = evaluate(instrument, replace(facts, items=items), outcome.on)[result.id].value
        if after is not None and result.value is not None:
            yield Step(item, given.value, level, after - result.value, item.evidence)


def _raised(item: AnyItem, given: Given) -> tuple[Fraction, Level | None] | None:
    value = given.value
    if isinstance(item, ChoiceItem):
        return _next_of(item.ladder(given.basis), value)
    if isinstance(item, CheckItem):
        return None if value else (Fraction(1), None)
    if isinstance(item, ScaleItem) and value is not None and value < item.maximum:
        higher = min(Fraction(item.maximum), Fraction(value.__floor__() + 1))
        return higher, next((level for level in item.answers if level.value == higher), None)
    return None


def _next_of(levels: Sequence[Level], value: Fraction | None) -> tuple[Fraction, Level] | None:
    above = [level for level in levels if level.value > (0 if value is None else value)]
    return (Fraction(above[0].value), above[0]) if above else None


def label_of_step(step: Step) -> Label:
    """Return what has to be there for the step: the text of its level, else the item itself."""
    return step.level.label if step.level else step.item.label
