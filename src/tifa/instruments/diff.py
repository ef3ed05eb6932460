"""Tells in sentences what changed from one edition to another."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tifa.instruments.language import spoken
from tifa.instruments.schema import (
    AnyItem,
    Band,
    BandTable,
    ChoiceItem,
    Group,
    Instrument,
    Known,
    Level,
    RatioItem,
    ScaleItem,
    TextItem,
)


@dataclass(frozen=True)
class Difference:
    """One change: the chapter it belongs to, and a sentence."""

    chapter: str
    sentence: str


def differences_between(old: Instrument, new: Instrument) -> tuple[Difference, ...]:
    """Return what changed from ``old`` to ``new``, in the language of the reader.

    Items are compared by id, so a question that kept its name and moved is not called a new one. Notes, sources and
    statuses are not compared: they say how a value is known, not what it is.
    """
    chapters: Sequence[tuple[str, Callable[[Instrument, Instrument], Iterator[str]]]] = (
        (_("Edition"), _edition),
        (_("Legal basis"), _legal_basis),
        (_("Groups"), _groups),
        (_("Items"), _items),
        (_("Results"), _results),
        (_("Tables"), _tables),
        (_("Categories"), _categories),
        (_("Who may enter"), _conditions),
        (_("Attachments"), _attachments),
        (_("Calendar"), _calendar),
        (_("Stages"), _stages),
    )
    return tuple(
        Difference(chapter, sentence) for chapter, compare in chapters for sentence in compare(old, new)
    )


def _edition(old: Instrument, new: Instrument) -> Iterator[str]:
    if old.cancelled is None and new.cancelled is not None:
        yield _("%(title)s did not take place: %(reason)s") % {
            "title": spoken(new.title),
            "reason": spoken(new.cancelled.label),
        }
    if (old.theme and old.theme.label) != (new.theme and new.theme.label) and new.theme is not None:
        yield _("The theme is now “%s”.") % spoken(new.theme.label)
    if old.rounding != new.rounding:
        yield _changed(_("The rule of rounding"), old.rounding, new.rounding)


def _legal_basis(old: Instrument, new: Instrument) -> Iterator[str]:
    yield from _lists(
        [one.name for one in old.legal_basis],
        [one.name for one in new.legal_basis],
        _("It now rests on"),
        _("It no longer rests on"),
    )


def _groups(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = _by_id(old.groups), _by_id(new.groups)
    yield from _come_and_gone(before, after, _("The group “%s” is new."), _("The group “%s” is gone."))
    for name in (group.id for group in new.groups if group.id in before):
        yield from _group(before[name], after[name])


def _group(old: Group, new: Group) -> Iterator[str]:
    if old.rule != new.rule:
        yield _("Who belongs to the group “%(group)s” is now: %(rule)s") % {
            "group": spoken(new.label),
            "rule": spoken(new.rule),
        }
    for name, label in (
        ("total_words", _("The limit of words of all items of “%s”")),
        ("cap", _("The number of proposals an institution may send in “%s”")),
    ):
        yield from _values(label % spoken(new.label), getattr(old, name), getattr(new, name))


def _items(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = _by_id(old.items), _by_id(new.items)
    if not after:
        if before and new.cancelled is None:
            yield _("What %s asks is not known.") % spoken(new.title)
        return
    yield from _come_and_gone(before, after, _("“%s” is new."), _("“%s” is gone."), _weight_told)
    for name in (item.id for item in new.items if item.id in before):
        yield from _item(before[name], after[name])


def _item(old: AnyItem, new: AnyItem) -> Iterator[str]:
    name = f"“{spoken(new.label)}”"
    if old.label != new.label:
        yield _("“%(old)s” is now called “%(new)s”.") % {"old": spoken(old.label), "new": spoken(new.label)}
    if old.kind != new.kind:
        yield _changed(_("How %s is answered") % name, old.kind, new.kind)
        return
    yield from _values(_("The weight of %s") % name, old.weight, new.weight)
    if old.required != new.required and new.required is not None:
        yield (
            _("%s must now be answered.") if new.required else _("%s need not be answered any more.")
        ) % name
    if isinstance(old, TextItem) and isinstance(new, TextItem):
        yield from _values(_("The limit of words of %s") % name, old.max_words, new.max_words)
        yield from _values(_("The fewest words of %s") % name, old.min_words, new.min_words)
    elif isinstance(old, ChoiceItem) and isinstance(new, ChoiceItem):
        yield from _levels(name, old.levels, new.levels)
        yield from _bases(name, old, new)
    elif isinstance(old, ScaleItem) and isinstance(new, ScaleItem):
        ends = [f"{one.minimum}-{one.maximum}" for one in (old, new)]
        if ends[0] != ends[1]:
            yield _changed(_("The scale of %s") % name, *ends)
        yield from _levels(name, old.answers, new.answers)
    if _asked(old) != _asked(new) and new.evidence:
        yield _("The evidence for %(item)s is now: %(evidence)s.") % {
            "item": name,
            "evidence": "; ".join(spoken(one.label) for one in new.evidence),
        }


def _asked(item: AnyItem) -> Sequence[object]:
    return [(one.label, one.kinds, one.formats) for one in item.evidence]


def _bases(name: str, old: ChoiceItem, new: ChoiceItem) -> Iterator[str]:
    before, after = _by_id(old.bases), _by_id(new.bases)
    yield from _come_and_gone(
        before, after, name + ": " + _("the basis “%s” is new."), name + ": " + _("the basis “%s” is gone.")
    )
    for basis in (one.id for one in new.bases if one.id in before):
        yield from _levels(f"{name}, {spoken(after[basis].label)}", before[basis].levels, after[basis].levels)


def _levels(name: str, old: Sequence[Level], new: Sequence[Level]) -> Iterator[str]:
    before, after = {level.value: level for level in old}, {level.value: level for level in new}
    for value in sorted(before.keys() | after.keys()):
        was, now = before.get(value), after.get(value)
        if was is None or now is None:
            there = _("%(item)s has a level %(level)d now: %(text)s.")
            gone = _("%(item)s has no level %(level)d any more; it was: %(text)s.")
            level = now or was
            text = spoken(level.label) if level else ""
            yield (there if was is None else gone) % {"item": name, "level": value, "text": text}
        elif (was.label, was.lower, was.upper) != (now.label, now.lower, now.upper):
            yield _("%(item)s, level %(level)d: was “%(old)s”, is now “%(new)s”.") % {
                "item": name,
                "level": value,
                "old": _level_told(was),
                "new": _level_told(now),
            }


def _level_told(level: Level) -> str:
    return f"{spoken(level.label)} ({level.range})" if level.range else spoken(level.label)


def _results(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = _by_id(old.results), _by_id(new.results)
    yield from _come_and_gone(before, after, _("The result “%s” is new."), _("The result “%s” is gone."))
    for name in (result.id for result in new.results if result.id in before):
        was, now = before[name], after[name]
        label = spoken(now.label)
        if was.kind != now.kind:
            yield _changed(_("The way “%s” is computed") % label, was.kind, now.kind)
            continue
        for field in type(now).model_fields:
            pair = getattr(was, field), getattr(now, field)
            if isinstance(pair[0], Known) or isinstance(pair[1], Known):
                yield from _values(f"“{label}”, {_field_told(field)}", *pair)
        yield from _terms(label, was, now)


def _terms(label: str, old: Any, new: Any) -> Iterator[str]:
    before = {term.of: term.times for term in getattr(old, "terms", ())}
    after = {term.of: term.times for term in getattr(new, "terms", ())}
    for name in dict.fromkeys([*before, *after]):
        yield from _values(f"“{label}”, " + _("the factor of “%s”") % name, before.get(name), after.get(name))


def _tables(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = _by_id(old.bands), _by_id(new.bands)
    yield from _come_and_gone(before, after, _("The table “%s” is new."), _("The table “%s” is gone."))
    for name in (table.id for table in new.bands if table.id in before):
        yield from _bands(before[name], after[name])


def _bands(old: BandTable, new: BandTable) -> Iterator[str]:
    before, after = {band.code: band for band in old.bands}, {band.code: band for band in new.bands}
    for code in dict.fromkeys([*before, *after]):
        pair = [_band_told(band) for band in (before.get(code), after.get(code))]
        if pair[0] != pair[1]:
            yield _("“%(table)s”, band %(code)s: was %(old)s, is now %(new)s.") % {
                "table": spoken(new.label),
                "code": code,
                "old": pair[0],
                "new": pair[1],
            }


def _band_told(band: Band | None) -> str:
    return _("not there") if band is None else f"{band.lower}-{band.upper}"


def _categories(old: Instrument, new: Instrument) -> Iterator[str]:
    before = _by_id(old.categories.choices) if old.categories else {}
    after = _by_id(new.categories.choices) if new.categories else {}
    if before and not after:
        yield _("The categories are not known any more.")
        return
    yield from _come_and_gone(before, after, _("The category “%s” is new."), _("The category “%s” is gone."))


def _conditions(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = _by_id(old.conditions), _by_id(new.conditions)
    yield from _come_and_gone(before, after, _("New condition: %s"), _("No condition any more: %s"))
    for name in (one.id for one in new.conditions if one.id in before):
        label = f"“{spoken(after[name].label)}”"
        yield from _values(label, before[name].limit, after[name].limit)


def _attachments(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = _by_id(old.attachments), _by_id(new.attachments)
    yield from _come_and_gone(before, after, _("New attachment: %s"), _("No attachment any more: %s"))


def _calendar(old: Instrument, new: Instrument) -> Iterator[str]:
    if old.calendar is None or new.calendar is None:
        return
    for name, label in (
        ("opens", _("The opening")),
        ("announced_close", _("The last day as first announced")),
        ("closes", _("The closing")),
    ):
        yield from _values(label, getattr(old.calendar, name), getattr(new.calendar, name))


def _stages(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = _by_id(old.stages), _by_id(new.stages)
    yield from _come_and_gone(before, after, _("The stage “%s” is new."), _("The stage “%s” is gone."))


def _values(label: str, old: Any, new: Any) -> Iterator[str]:
    before, after = _value_told(old), _value_told(new)
    if before != after:
        yield _changed(label, before, after)


def _value_told(known: Any) -> str:
    value = getattr(known, "value", None)
    if known is None:
        return _("not there")
    return _("unknown") if value is None else str(value)


def _changed(label: str, old: str, new: str) -> str:
    return _("%(what)s: was %(old)s, is now %(new)s.") % {"what": label, "old": old, "new": new}


def _come_and_gone(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    new: str,
    gone: str,
    more: Callable[[Any], str] = lambda _part: "",
) -> Iterator[str]:
    yield from (gone % spoken(part.label) for name, part in before.items() if name not in after)
    yield from (new % spoken(part.label) + more(part) for name, part in after.items() if name not in before)


def _weight_told(item: AnyItem) -> str:
    if item.weight is None or isinstance(item, RatioItem):
        return ""
    return " " + _("Its weight is %s.") % _value_told(item.weight)


def _lists(old: Iterable[str], new: Iterable[str], come: str, gone: str) -> Iterator[str]:
    yield from (f"{gone} {name}." for name in old if name not in set(new))
    yield from (f"{come} {name}." for name in new if name not in set(old))


def _by_id(parts: Iterable[Any]) -> dict[str, Any]:
    return {part.id: part for part in parts}


def _field_told(field: str) -> str:
    names = {
        "floor": _("the smallest divisor"),
        "each": _("the points for one member"),
        "cap": _("the cap"),
        "at_least": _("the condition"),
        "divided_by": _("the divisor"),
        "weight": _("the weight of each item"),
        "least": _("the lowest value"),
        "most": _("the highest value"),
    }
    return names.get(field, field)
