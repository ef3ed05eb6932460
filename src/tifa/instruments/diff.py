"""Tells in sentences what changed from one edition to another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tifa.instruments.changes import (
    by_id,
    changed,
    come_and_gone,
    fields_changed,
    lists_changed,
    renamed,
    value_told,
    values_changed,
)
from tifa.instruments.language import spoken
from tifa.instruments.schema import (
    AnyItem,
    AnyResult,
    Band,
    BandTable,
    ChoiceItem,
    Group,
    Instrument,
    Label,
    Level,
    MemberField,
    Question,
    RatioItem,
    ScaleItem,
    TextItem,
)
from tifa.instruments.schema.values import Part

# What is told of each kind of item in words of its own.
_TOLD = {
    "text": ("max_words", "min_words", "questions"),
    "choice": ("levels", "bases"),
    "scale": ("minimum", "maximum", "answers"),
}


@dataclass(frozen=True)
class Difference:
    """One change: the chapter it belongs to, and a sentence."""

    chapter: str
    sentence: str


def differences_between(old: Instrument, new: Instrument) -> tuple[Difference, ...]:
    """Return what changed from ``old`` to ``new``, in the language of the reader.

    Items are compared by id, so a question that kept its name and moved is not called a new one. Notes, sources and
    statuses are not compared: they say how a value is known, not what it is; nor are title, year and description, by
    which editions are told apart, and the figures that were published about a year.
    """
    chapters: Sequence[tuple[str, Callable[[Instrument, Instrument], Iterator[str]]]] = (
        (_("Edition"), _edition),
        (_("Legal basis"), _legal_basis),
        (_("Groups"), _groups),
        (_("Members"), _collections),
        (_("Items"), _items),
        (_("Scale of the judges"), _scale),
        (_("Results"), _results),
        (_("Tables"), _tables),
        (_("Other ways to compute"), _alternatives),
        (_("Sample size"), _samples),
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
    elif old.cancelled is not None and new.cancelled is not None:
        yield from fields_changed(_("The cancellation"), old.cancelled, new.cancelled)
    elif old.cancelled is not None:
        yield _("%s takes place.") % spoken(new.title)
    if (old.theme and old.theme.label) != (new.theme and new.theme.label):
        if new.theme is None:
            yield _("No theme is known.")
        else:
            yield _("The theme is now “%s”.") % spoken(new.theme.label)
    for label, field in (
        (_("The sort of standard"), "kind"),
        (_("The rule of rounding"), "rounding"),
        (_("The first day of validity"), "valid_from"),
        (_("The last day of validity"), "valid_to"),
        (_("Who hands proposals to the organiser"), "forwarded_by"),
    ):
        yield from values_changed(label, getattr(old, field), getattr(new, field))
    yield from _single(_("The link to the Sustainable Development Goals"), old.goals, new.goals)
    yield from _listed(old.parts, new.parts, _("The part “%s” is new."), _("The part “%s” is gone."))


def _single(label: str, old: Part | None, new: Part | None, *told: str) -> Iterator[str]:
    """Tell of a part of which there is one or none."""
    if old is None or new is None:
        yield from values_changed(label, old, new)
    else:
        yield from fields_changed(label, old, new, *told)


def _listed(old: Sequence[Any], new: Sequence[Any], come: str, gone: str, *told: str) -> Iterator[str]:
    """Tell of parts that come, that go, and that change in a field."""
    before, after = by_id(old), by_id(new)
    yield from come_and_gone(before, after, come, gone)
    for name, part in after.items():
        if name in before:
            yield from fields_changed(f"“{spoken(part.label)}”", before[name], part, *told)


def _legal_basis(old: Instrument, new: Instrument) -> Iterator[str]:
    yield from lists_changed(
        [one.name for one in old.legal_basis],
        [one.name for one in new.legal_basis],
        _("It now rests on"),
        _("It no longer rests on"),
    )
    before = {one.name: one for one in old.legal_basis}
    for one in new.legal_basis:
        if one.name in before:
            yield from fields_changed(one.name, before[one.name], one, "name")


def _groups(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = by_id(old.groups), by_id(new.groups)
    yield from come_and_gone(before, after, _("The group “%s” is new."), _("The group “%s” is gone."))
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
        yield from values_changed(label % spoken(new.label), getattr(old, name), getattr(new, name))
    yield from fields_changed(f"“{spoken(new.label)}”", old, new, "rule", "total_words", "cap")


def _collections(old: Instrument, new: Instrument) -> Iterator[str]:
    come, gone = _("“%s” are new."), _("“%s” are gone.")
    yield from _listed(old.collections, new.collections, come, gone, "fields")
    before = by_id(old.collections)
    for one in new.collections:
        if one.id in before:
            yield from _fields(one.label, before[one.id].fields, one.fields)


def _fields(label: Label, old: Sequence[MemberField], new: Sequence[MemberField]) -> Iterator[str]:
    name = f"“{spoken(label)}”: "
    come, gone = name + _("“%s” is asked now."), name + _("“%s” is not asked any more.")
    yield from _listed(old, new, come, gone, "choices")
    before = by_id(old)
    for one in new:
        if one.id in before:
            choice = f"“{spoken(one.label)}”: "
            come, gone = choice + _("“%s” is a choice now."), choice + _("“%s” is no choice any more.")
            yield from _listed(before[one.id].choices, one.choices, come, gone)


def _scale(old: Instrument, new: Instrument) -> Iterator[str]:
    yield from _single(_("The scale"), old.scale, new.scale)


def _items(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = by_id(old.items), by_id(new.items)
    if not after:
        if before and new.cancelled is None:
            yield _("What %s asks is not known.") % spoken(new.title)
        return
    yield from come_and_gone(before, after, _("“%s” is new."), _("“%s” is gone."), _weight_told)
    for name in (item.id for item in new.items if item.id in before):
        yield from _item(before[name], after[name])


def _item(old: AnyItem, new: AnyItem) -> Iterator[str]:
    name = f"“{spoken(new.label)}”"
    yield from renamed(old.label, new.label)
    if old.kind != new.kind:
        yield changed(_("How %s is answered") % name, old.kind, new.kind)
        return
    yield from values_changed(_("The weight of %s") % name, old.weight, new.weight)
    if old.required != new.required:
        yield _required(new.required) % name
    if isinstance(old, TextItem) and isinstance(new, TextItem):
        yield from values_changed(_("The limit of words of %s") % name, old.max_words, new.max_words)
        yield from values_changed(_("The fewest words of %s") % name, old.min_words, new.min_words)
        yield from _questions(name, old.questions, new.questions)
    elif isinstance(old, ChoiceItem) and isinstance(new, ChoiceItem):
        yield from _levels(name, old.levels, new.levels)
        yield from _bases(name, old, new)
    elif isinstance(old, ScaleItem) and isinstance(new, ScaleItem):
        ends = [f"{one.minimum}-{one.maximum}" for one in (old, new)]
        if ends[0] != ends[1]:
            yield changed(_("The scale of %s") % name, *ends)
        yield from _levels(name, old.answers, new.answers)
    yield from _evidence(name, old, new)
    yield from fields_changed(
        name, old, new, "label", "weight", "required", "evidence", *_TOLD.get(new.kind, ())
    )


def _required(required: bool | None) -> str:
    if required is None:
        return _("Whether %s must be answered is not known any more.")
    return _("%s must now be answered.") if required else _("%s need not be answered any more.")


def _questions(name: str, old: Sequence[Question], new: Sequence[Question]) -> Iterator[str]:
    come, gone = name + ": " + _("the question “%s” is new."), name + ": " + _("the question “%s” is gone.")
    yield from _listed(old, new, come, gone)


def _evidence(name: str, old: AnyItem, new: AnyItem) -> Iterator[str]:
    if value_told(old.evidence) == value_told(new.evidence):
        return
    asked = [
        f"{spoken(one.label)} ({', '.join(one.formats)})" if one.formats else spoken(one.label)
        for one in new.evidence
    ]
    if asked:
        yield _("The evidence for %(item)s is now: %(evidence)s.") % {
            "item": name,
            "evidence": "; ".join(asked),
        }
    else:
        yield _("No evidence for %s is asked any more.") % name


def _bases(name: str, old: ChoiceItem, new: ChoiceItem) -> Iterator[str]:
    before, after = by_id(old.bases), by_id(new.bases)
    yield from come_and_gone(
        before, after, name + ": " + _("the basis “%s” is new."), name + ": " + _("the basis “%s” is gone.")
    )
    for basis in (one.id for one in new.bases if one.id in before):
        yield from fields_changed(
            f"{name}, {spoken(after[basis].label)}", before[basis], after[basis], "levels"
        )
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
    yield from _ways(old.results, new.results)


def _ways(old: Sequence[AnyResult], new: Sequence[AnyResult]) -> Iterator[str]:
    before, after = by_id(old), by_id(new)
    yield from come_and_gone(before, after, _("The result “%s” is new."), _("The result “%s” is gone."))
    for name in (result.id for result in new if result.id in before):
        was, now = before[name], after[name]
        label = spoken(now.label)
        if was.kind != now.kind:
            yield changed(_("The way “%s” is computed") % label, was.kind, now.kind)
            continue
        yield from fields_changed(f"“{label}”", was, now, "terms")
        yield from _terms(label, was, now)


def _terms(label: str, old: Any, new: Any) -> Iterator[str]:
    before = {term.of: term.times for term in getattr(old, "terms", ())}
    after = {term.of: term.times for term in getattr(new, "terms", ())}
    for name in dict.fromkeys([*before, *after]):
        yield from values_changed(
            f"“{label}”, " + _("the factor of “%s”") % name, before.get(name), after.get(name)
        )


def _tables(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = by_id(old.bands), by_id(new.bands)
    yield from come_and_gone(before, after, _("The table “%s” is new."), _("The table “%s” is gone."))
    for name in (table.id for table in new.bands if table.id in before):
        yield from fields_changed(f"“{spoken(after[name].label)}”", before[name], after[name], "bands")
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
    if band is None:
        return _("not there")
    names = ", ".join(spoken(name) for name in (band.label, band.also) if name is not None)
    return f"{band.lower}-{band.upper} ({names})"


def _alternatives(old: Instrument, new: Instrument) -> Iterator[str]:
    come, gone = _("The other way “%s” is new."), _("The other way “%s” is gone.")
    yield from _listed(old.alternatives, new.alternatives, come, gone, "results")
    before = by_id(old.alternatives)
    for one in new.alternatives:
        if one.id in before:
            yield from (
                f"“{spoken(one.label)}”: {sentence}"
                for sentence in _ways(before[one.id].results, one.results)
            )


def _samples(old: Instrument, new: Instrument) -> Iterator[str]:
    before = by_id(old.samples)
    same = [one for one in new.samples if one.id not in before or one.kind == before[one.id].kind]
    come, gone = _("The rule of sample size “%s” is new."), _("The rule of sample size “%s” is gone.")
    yield from _listed(old.samples, same, come, gone)


def _categories(old: Instrument, new: Instrument) -> Iterator[str]:
    before = by_id(old.categories.choices) if old.categories else {}
    after = by_id(new.categories.choices) if new.categories else {}
    if before and not after:
        yield _("The categories are not known any more.")
        return
    come, gone = _("The category “%s” is new."), _("The category “%s” is gone.")
    yield from _listed([*before.values()], [*after.values()], come, gone)


def _conditions(old: Instrument, new: Instrument) -> Iterator[str]:
    before, after = by_id(old.conditions), by_id(new.conditions)
    yield from come_and_gone(before, after, _("New condition: %s"), _("No condition any more: %s"))
    for name in (one.id for one in new.conditions if one.id in before):
        label = f"“{spoken(after[name].label)}”"
        yield from values_changed(label, before[name].limit, after[name].limit)
        yield from fields_changed(label, before[name], after[name], "limit", "label")
        was, now = spoken(before[name].label), spoken(after[name].label)
        if was != now:
            yield _("The condition “%(old)s” now reads: %(new)s") % {"old": was, "new": now}


def _attachments(old: Instrument, new: Instrument) -> Iterator[str]:
    come, gone = _("New attachment: %s"), _("No attachment any more: %s")
    yield from _listed(old.attachments, new.attachments, come, gone)


def _calendar(old: Instrument, new: Instrument) -> Iterator[str]:
    if old.calendar is None or new.calendar is None:
        if old.calendar != new.calendar:
            yield (
                _("The calendar is not known any more.")
                if new.calendar is None
                else _("A calendar is known now.")
            )
        return
    for name, label in (
        ("opens", _("The opening")),
        ("announced_close", _("The last day as first announced")),
        ("closes", _("The closing")),
    ):
        yield from values_changed(label, getattr(old.calendar, name), getattr(new.calendar, name))
    yield from fields_changed(
        _("The calendar"), old.calendar, new.calendar, "opens", "announced_close", "closes"
    )


def _stages(old: Instrument, new: Instrument) -> Iterator[str]:
    yield from _listed(old.stages, new.stages, _("The stage “%s” is new."), _("The stage “%s” is gone."))


def _weight_told(item: AnyItem) -> str:
    if item.weight is None or isinstance(item, RatioItem):
        return ""
    return " " + _("Its weight is %s.") % value_told(item.weight)
