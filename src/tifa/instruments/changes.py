"""How the change of one value, one field or one list of an instrument is told."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tifa.instruments.language import spoken
from tifa.instruments.schema import Known, Label
from tifa.instruments.schema.values import Part

# They say how a value is known, name the part itself, or report what happened in the year.
UNCOMPARED = frozenset({"id", "kind", "status", "reference", "note", "figures"})


def fields_changed(label: str, old: Part, new: Part, *told: str) -> Iterator[str]:
    """Tell of every field that differs, except of those that are ``told`` otherwise; a new field is never forgotten."""
    for field in type(new).model_fields:
        if field in UNCOMPARED or field in told:
            continue
        if field == "label":
            yield from renamed(getattr(old, field), getattr(new, field))
        else:
            yield from values_changed(
                f"{label}, {field_told(field)}", getattr(old, field, None), getattr(new, field)
            )


def renamed(old: Label, new: Label) -> Iterator[str]:
    """Tell that a part has another name."""
    if spoken(old) != spoken(new):
        yield _("“%(old)s” is now called “%(new)s”.") % {"old": spoken(old), "new": spoken(new)}


def values_changed(label: str, old: Any, new: Any) -> Iterator[str]:
    """Tell that a value differs."""
    before, after = value_told(old), value_told(new)
    if before != after:
        yield changed(label, before, after)


def value_told(value: Any) -> str:
    """Return a value in words: what is known of it, or the parts that it holds."""
    if value is None:
        return _("not there")
    if isinstance(value, Known):
        return _known_told(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Label):
        return spoken(value)
    if isinstance(value, tuple):
        return "; ".join(value_told(one) for one in value) or _("none")
    if isinstance(value, Part):
        fields = (name for name in type(value).model_fields if name not in UNCOMPARED)
        held = (getattr(value, name) for name in fields)
        return ", ".join(value_told(one) for one in held if one is not None and one != ())
    return _words().get(value, value) if isinstance(value, str) else str(value)


def _words() -> dict[str, str]:
    """Return the values that are no words of a reader."""
    return {
        "refuse": _("no result"),
        "zero": _("counts 0"),
        "skip": _("left out"),
        "half_up": _("half up"),
        "half_even": _("half to the even digit"),
        "down": _("cut off, not rounded"),
        "month": _("months"),
        "day": _("days"),
        "registration_close": _("the close of registration"),
    }


def _known_told(known: Known) -> str:
    value = getattr(known, "value", None)
    later = [
        _("from %(day)s: %(value)s") % {"day": change.starts.isoformat(), "value": change.value}
        for change in getattr(known, "changes", ())
    ]
    told = "; ".join([_("unknown") if value is None else str(value), *later])
    label = getattr(known, "label", None)
    return told if label is None else f"{spoken(label)}: {told}"


def changed(label: str, old: str, new: str) -> str:
    """Return the sentence of a change."""
    return _("%(what)s: was %(old)s, is now %(new)s.") % {"what": label, "old": old, "new": new}


def come_and_gone(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    new: str,
    gone: str,
    more: Callable[[Any], str] = lambda _part: "",
) -> Iterator[str]:
    """Tell of parts that are new and of parts that are gone, by their ids."""
    yield from (gone % spoken(part.label) for name, part in before.items() if name not in after)
    yield from (new % spoken(part.label) + more(part) for name, part in after.items() if name not in before)


def lists_changed(old: Iterable[str], new: Iterable[str], come: str, gone: str) -> Iterator[str]:
    """Tell of names that are new and of names that are gone."""
    yield from (f"{gone} {name}." for name in old if name not in set(new))
    yield from (f"{come} {name}." for name in new if name not in set(old))


def by_id(parts: Iterable[Any]) -> dict[str, Any]:
    """Return parts by their ids."""
    return {part.id: part for part in parts}


def field_told(field: str) -> str:
    """Return the name of a field in words."""
    names = {
        "actor": _("who does it"),
        "aggregation": _("how the scores become a total"),
        "also": _("the second name"),
        "at_least": _("the condition"),
        "bands": _("the table that names it"),
        "cap": _("the cap"),
        "chi_square": _("the value of chi-square"),
        "choices": _("the choices"),
        "collection": _("what it is answered for"),
        "count": _("their number"),
        "counted_from": _("the day from which it is counted"),
        "counts": _("whether the condition of a count looks for it"),
        "divided_by": _("the divisor"),
        "each": _("the points for one member"),
        "extra": _("what is added to the number of items"),
        "field": _("what the condition looks at"),
        "floor": _("the smallest divisor"),
        "format": _("the kind of file"),
        "groups": _("the groups"),
        "guidance": _("what it asks for"),
        "interruptions": _("the days of standstill"),
        "least": _("the lowest value"),
        "limit": _("the number"),
        "lower": _("the lower end"),
        "margin": _("the margin of error"),
        "maximum": _("the highest value"),
        "max_words": _("the limit of words"),
        "members": _("what is counted"),
        "minimum": _("the lowest value"),
        "missing": _("what an unanswered item does"),
        "most": _("the highest value"),
        "number": _("the number"),
        "of": _("what is added up"),
        "on": _("the day"),
        "part": _("the part"),
        "parts": _("the parts"),
        "passing_grade": _("the passing grade"),
        "places": _("the decimals"),
        "proportion": _("the proportion"),
        "reached": _("what was reached"),
        "replaced_by": _("what took its place"),
        "required": _("whether it must be there"),
        "required_when": _("when it must be there"),
        "result": _("the result of one member"),
        "role": _("the role"),
        "several": _("whether several may be named"),
        "target": _("the target"),
        "time_zone": _("the time zone"),
        "total_weight": _("the sum of the weights"),
        "unit": _("the unit"),
        "weight": _("the weight of each item"),
        "whole": _("whether only whole numbers count"),
    }
    return names.get(field, field)
