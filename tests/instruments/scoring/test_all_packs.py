"""What must hold for every edition that can be scored."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tifa.instruments import Instrument, Outcome, list_instruments, load_instrument, score
from tifa.instruments.description import answers_form, described
from tifa.instruments.reading import read_yaml
from tifa.instruments.schema import (
    AnyItem,
    CheckItem,
    ChoiceItem,
    NumberItem,
    RatioItem,
    Result,
    ScaleItem,
    TextItem,
)

DAY = date(2026, 1, 1)
EDITIONS = [one.id for one in list_instruments()]
SCORED = [one for one in EDITIONS if load_instrument(one).results]
TRIALS = 12


def scopes(instrument: Instrument) -> Iterator[tuple[str | None, str | None]]:
    """Return each group with the top of the instrument and with each collection."""
    groups: list[str | None] = [group.id for group in instrument.groups]
    for group in groups or [None]:
        for collection in [None, *(one.id for one in instrument.collections)]:
            if instrument.items_of(group, collection) and instrument.results_of(group, collection):
                yield group, collection


SCOPES = [(one, *scope) for one in SCORED for scope in scopes(load_instrument(one))]


def drawn(item: AnyItem, instrument: Instrument, luck: random.Random) -> Any:
    if isinstance(item, ChoiceItem):
        return luck.choice(item.levels).value
    if isinstance(item, ScaleItem):
        return luck.randint(int(item.minimum), int(item.maximum))
    if isinstance(item, CheckItem):
        return luck.choice([True, False])
    if isinstance(item, RatioItem):
        return {item.reached.id: luck.randint(0, 50), item.target.id: 100}
    if isinstance(item, NumberItem):
        return luck.randint(int(item.minimum or 0), int(item.maximum or 100))
    return {"score": luck.randint(0, 100)} if instrument.scale else "kata"


def raised(item: AnyItem, value: Any) -> Any:
    if isinstance(item, ChoiceItem):
        return min(item.levels[-1].value, value + 1)
    if isinstance(item, ScaleItem):
        return min(int(item.maximum), value + 1)
    if isinstance(item, CheckItem):
        return True
    if isinstance(item, RatioItem):
        return value | {item.reached.id: value[item.reached.id] + 1}
    if isinstance(item, NumberItem):
        return min(int(item.maximum or 100), value + 1)
    return {"score": min(100, value["score"] + 1)} if isinstance(value, dict) else value


def answered(instrument: Instrument, group: str | None, items: dict[str, Any]) -> Outcome:
    values: dict[str, Any] = {"items": items}
    if group is not None:
        values["group"] = group
    return score(instrument, values, on=DAY)


def items_drawn(
    instrument: Instrument, group: str | None, collection: str | None, luck: random.Random
) -> tuple[list[AnyItem], dict[str, Any]]:
    items = [
        item
        for item in instrument.items_of(group, collection)
        if not isinstance(item, TextItem) or instrument.scale
    ]
    return items, {item.id: drawn(item, instrument, luck) for item in items}


@pytest.mark.parametrize(("name", "group", "collection"), SCOPES)
def test_order_of_answers_does_not_matter(name: str, group: str | None, collection: str | None) -> None:
    instrument, luck = load_instrument(name), random.Random(name)
    for _ in range(TRIALS):
        _items, values = items_drawn(instrument, group, collection, luck)
        turned = dict(luck.sample([*values.items()], len(values)))

        one, other = (answered(instrument, group, given) for given in (values, turned))

        assert one.results == other.results


@pytest.mark.parametrize(("name", "group", "collection"), SCOPES)
def test_more_never_lowers_a_result(name: str, group: str | None, collection: str | None) -> None:
    instrument, luck = load_instrument(name), random.Random(name)
    for _ in range(TRIALS):
        items, values = items_drawn(instrument, group, collection, luck)
        item = luck.choice(items)
        higher = values | {item.id: raised(item, values[item.id])}

        low, high = (answered(instrument, group, given) for given in (values, higher))

        for result, node in low.results.items():
            after = high.results[result]
            assert (node.value is None) == (after.value is None)
            if node.value is not None and after.value is not None:
                assert node.value <= after.value


def banded(instrument: Instrument) -> Iterator[tuple[Result, str]]:
    for result in instrument.results:
        table = instrument.table(result.bands)
        if table is not None:
            for band in table.bands:
                yield result, band.code


THRESHOLDS = [(name, result.id, code) for name in SCORED for result, code in banded(load_instrument(name))]


@pytest.mark.parametrize(("name", "result", "code"), THRESHOLDS)
def test_every_threshold_holds_from_both_sides(name: str, result: str, code: str) -> None:
    instrument = load_instrument(name)
    own = next(one for one in instrument.results if one.id == result)
    table = instrument.table(own.bands)
    assert table is not None
    band = next(one for one in table.bands if one.code == code)
    step = Decimal(1).scaleb(-table.places)

    for value in (band.lower - step, band.lower, band.upper, band.upper + step):
        values: dict[str, Any] = {"items": {result: str(value)}}
        if own.collection is None:
            values |= {collection.id: [] for collection in instrument.collections}
        node = score(instrument, values, on=DAY).results[result]
        matching = table.matching(value.quantize(step))
        assert (node.band is not None and node.band.code == code) == (matching == (band,))


@pytest.mark.parametrize("name", EDITIONS)
def test_edition_describes_itself_and_its_form_can_be_scored(name: str) -> None:
    instrument = load_instrument(name)
    assert all(isinstance(line, str) for line in described(instrument))
    if not instrument.items:
        return

    values = read_yaml("\n".join(answers_form(instrument))).values

    assert score(instrument, values, on=DAY).instrument.id == name


@pytest.mark.parametrize("name", EDITIONS)
def test_declared_sum_of_weights_holds(name: str) -> None:
    instrument = load_instrument(name)
    for group in instrument.groups:
        weights = [item.weight.value for item in instrument.items_of(group.id) if item.weight]
        if group.total_weight and group.total_weight.value is not None and None not in weights and weights:
            assert sum(weight for weight in weights if weight is not None) == group.total_weight.value
