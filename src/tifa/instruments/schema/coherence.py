"""Whether the parts of an instrument fit each other: names that exist, weights that sum up, an order that computes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from tifa.instruments.schema.items import RatioItem
from tifa.instruments.schema.results import (
    CappedCount,
    MemberMean,
    OfItems,
    Result,
    WeightedMean,
    WeightedSum,
    needs,
)
from tifa.instruments.schema.values import Part, misfit

if TYPE_CHECKING:
    from tifa.instruments.schema.instrument import Instrument

Place = tuple[str | int, ...]
NAMED = (
    "sources",
    "groups",
    "parts",
    "collections",
    "items",
    "results",
    "bands",
    "alternatives",
    "samples",
    "conditions",
    "attachments",
    "stages",
)


def faults_of(instrument: "Instrument") -> Iterator[PydanticCustomError]:
    """Return what does not fit, each with its place."""
    yield from _doubles(instrument)
    yield from _empty(instrument)
    yield from _strays(instrument)
    yield from _uncomputable(instrument)
    yield from _unbalanced(instrument)
    yield from _unsourced(instrument)


def _doubles(instrument: "Instrument") -> Iterator[PydanticCustomError]:
    for name in NAMED:
        yield from _twice((name,), "id", [part.id for part in getattr(instrument, name)])
    if instrument.categories is not None:
        yield from _twice(("categories", "choices"), "id", [one.id for one in instrument.categories.choices])
    groups: list[str | None] = [group.id for group in instrument.groups]
    for group in groups or [None]:
        answered = [
            (at, item.collection, item.part, item.number)
            for at, item in enumerate(instrument.items)
            if group is None or not item.groups or group in item.groups
        ]
        keys = [key for _, *key in answered]
        for place, (at, *key) in enumerate(answered):
            if key in keys[:place]:
                yield misfit(("items", at, "number"), f"{key[-1]!r} a second time", "every number once")


def _twice(place: Place, field: str, keys: Sequence[object]) -> Iterator[PydanticCustomError]:
    for position, key in enumerate(keys):
        if key in keys[:position]:
            yield misfit((*place, position, field), f"{key!r} a second time", f"every {field} once")


def _empty(instrument: "Instrument") -> Iterator[PydanticCustomError]:
    if instrument.cancelled is not None and (instrument.items or instrument.results):
        yield misfit(("cancelled",), "an edition that did not take place, with items or results", "neither")
    if instrument.scale is not None and instrument.scale.minimum >= instrument.scale.maximum:
        yield misfit(
            ("scale", "maximum"), str(instrument.scale.maximum), f"a number above {instrument.scale.minimum}"
        )


def _strays(instrument: "Instrument") -> Iterator[PydanticCustomError]:
    groups = [group.id for group in instrument.groups]
    parts = [part.id for part in instrument.parts]
    tables = [table.id for table in instrument.bands]
    collections = [one.id for one in instrument.collections]
    for at, item in enumerate(instrument.items):
        place: Place = ("items", at)
        yield from _unknown((*place, "groups"), item.groups, groups)
        yield from _unknown((*place, "part"), [item.part], parts)
        yield from _unknown((*place, "collection"), [item.collection], collections)
        if isinstance(item, RatioItem):
            yield from _unknown((*place, "bands"), [item.bands], tables)
    for name in ("conditions", "attachments"):
        for at, one in enumerate(getattr(instrument, name)):
            yield from _unknown((name, at, "groups"), one.groups, groups)
    ages = [one.id for one in instrument.conditions if one.limit is not None]
    for at, condition in enumerate(instrument.conditions):
        others = [name for name in ages if name != condition.id]
        yield from _unknown(("conditions", at, "instead_of"), [condition.instead_of], others)
    for place, result in _all_results(instrument):
        yield from _unknown((*place, "groups"), result.groups, groups)
        yield from _unknown((*place, "bands"), [result.bands], tables)
        yield from _unknown((*place, "collection"), [result.collection], collections)
        if isinstance(result, OfItems):
            yield from _unknown((*place, "parts"), result.parts, parts)
        if isinstance(result, MemberMean | CappedCount):
            yield from _unknown((*place, "members"), [result.members], collections)


def _unknown(
    place: Place, names: Iterable[str | None], known: Sequence[str]
) -> Iterator[PydanticCustomError]:
    for name in names:
        if name is not None and name not in known:
            yield misfit(
                place, repr(name), f"one of {', '.join(known)}" if known else "none, as there are none"
            )


def _uncomputable(instrument: "Instrument") -> Iterator[PydanticCustomError]:
    results = {result.id: result for result in instrument.results}
    ids = [item.id for item in instrument.items]
    for at, own in enumerate(instrument.results):
        if own.id in ids:
            yield misfit(("results", at, "id"), f"{own.id!r}, the name of an item", "a name of its own")
    for place, result in _all_results(instrument):
        order = list(results)
        before = order[: order.index(result.id)] if result.id in results else order
        wanted = result.members if isinstance(result, MemberMean) else result.collection
        for below, name in needs(result):
            yield from _unknown((*place, *below), [name], before)
            if name in before and results[name].collection != wanted:
                yield misfit(
                    (*place, *below), f"{name!r} of another collection", "a result of the same collection"
                )
        yield from _weightless(instrument, place, result)
        yield from _blind(instrument, place, result)
    for at, collection in enumerate(instrument.collections):
        theirs = [result.id for result in instrument.results if result.collection == collection.id]
        yield from _unknown(("collections", at, "result"), [collection.result], theirs)
    for at, alternative in enumerate(instrument.alternatives):
        for nth, put in enumerate(alternative.results):
            yield from _unknown(("alternatives", at, "results", nth, "id"), [put.id], list(results))


def _all_results(instrument: "Instrument") -> Iterator[tuple[Place, Result]]:
    for at, result in enumerate(instrument.results):
        yield ("results", at), result
    for at, alternative in enumerate(instrument.alternatives):
        for nth, result in enumerate(alternative.results):
            yield ("alternatives", at, "results", nth), result


def _weightless(instrument: "Instrument", place: Place, result: Result) -> Iterator[PydanticCustomError]:
    if not isinstance(result, WeightedMean | WeightedSum) or getattr(result, "weight", None) is not None:
        return
    for at, item in enumerate(instrument.items):
        if item.weight is None and adds_up(result, item.part, item.collection, item.groups):
            yield misfit(
                ("items", at, "weight"), f"none, while {result.id!r} adds it up", "a weight; 0 is one"
            )


def _blind(instrument: "Instrument", place: Place, result: Result) -> Iterator[PydanticCustomError]:
    if not isinstance(result, CappedCount) or (result.field is None and result.at_least is None):
        return
    fields = [field.id for one in instrument.collections if one.id == result.members for field in one.fields]
    if result.field is None or result.at_least is None:
        missing = "field" if result.field is None else "at_least"
        yield misfit((*place, missing), "a condition without it", "both field and at_least, or neither")
    else:
        yield from _unknown((*place, "field"), [result.field], fields)


def adds_up(result: OfItems, part: str | None, collection: str | None, groups: Sequence[str]) -> bool:
    """Return whether a result adds up an item of that part, collection and groups."""
    return (
        collection == result.collection
        and (not result.parts or part in result.parts)
        and (not result.groups or not groups or bool(set(result.groups) & set(groups)))
    )


def _unbalanced(instrument: "Instrument") -> Iterator[PydanticCustomError]:
    for position, group in enumerate(instrument.groups):
        if group.total_weight is None:
            continue
        given = [item.weight for item in instrument.items_of(group.id) if item.weight is not None]
        known = [weight.value for weight in given if weight.value is not None]
        whole, total, complete = group.total_weight.value, sum(known), len(known) == len(given)
        if given and whole is not None and (total != whole if complete else total > whole):
            yield misfit(
                ("groups", position, "total_weight", "value"),
                f"{whole}, while the {'' if complete else 'known '}weights of its items sum to {total}",
                "the same sum" if complete else "no less than that sum",
            )


def _unsourced(instrument: "Instrument") -> Iterator[PydanticCustomError]:
    ids = {source.id for source in instrument.sources}
    for place, reference in _references(instrument, ()):
        for one in reference.split(", "):
            if one not in ids:
                yield misfit(place, repr(one), "the id of one of the sources")


def _references(part: Part, place: Place) -> Iterator[tuple[Place, str]]:
    """Walk through a part and all parts in it, and give each reference with its place."""
    for name, value in part:
        if name == "reference" and isinstance(value, str):
            yield (*place, name), value
        for inner, below in _parts(value):
            yield from _references(inner, (*place, name, *below))


def _parts(value: object) -> Iterable[tuple[Part, tuple[int, ...]]]:
    if isinstance(value, Part):
        return [(value, ())]
    if isinstance(value, tuple):
        return [(one, (position,)) for position, one in enumerate(value) if isinstance(one, Part)]
    return []
