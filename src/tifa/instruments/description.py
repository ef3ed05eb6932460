"""Describes an instrument in lines of text, with a form of answers to fill in."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from tifa.instruments.formulas import formula_of
from tifa.instruments.language import spoken
from tifa.instruments.loading import digest
from tifa.instruments.schema import (
    AnyItem,
    AnyResult,
    CheckItem,
    ChoiceItem,
    Instrument,
    Known,
    NumberItem,
    RatioItem,
    ScaleItem,
    Status,
    TextItem,
)

INDENT = "  "


def described(instrument: Instrument) -> Iterator[str]:
    """Return what an instrument is, asks and computes, each value with how well it is known."""
    yield f"{spoken(instrument.title)} ({instrument.id}, " + _("revision %d") % instrument.revision + ")"
    yield spoken(instrument.about)
    yield _("Digest: %s") % digest(instrument)
    if instrument.base is not None:
        yield _("It varies %s.") % instrument.base
    if instrument.cancelled is not None:
        yield spoken(instrument.cancelled.label)
        if instrument.cancelled.replaced_by is not None:
            yield _("Replaced by: %s") % spoken(instrument.cancelled.replaced_by)
    yield from _chapter(
        _("Legal basis"), [f"{one.name}: {spoken(one.role)} ({one.status})" for one in instrument.legal_basis]
    )
    yield from _chapter(_("Groups"), [f"{group.id}: {spoken(group.label)}" for group in instrument.groups])
    yield from _chapter(_("Items"), [line for item in instrument.items for line in _item(item)])
    yield from _chapter(_("Results"), [_result(instrument, result) for result in instrument.results])
    for table in instrument.bands:
        rows = [f"{band.lower}-{band.upper}: {band.code}, {spoken(band.label)}" for band in table.bands]
        yield from _chapter(f"{spoken(table.label)} ({table.status})", rows)
    yield from _chapter(
        _("Other ways to compute"), [f"{one.id}: {spoken(one.label)}" for one in instrument.alternatives]
    )
    yield from _chapter(_("What nobody found yet"), [spoken(gap) for gap in instrument.gaps])
    if instrument.items or instrument.results:
        yield from _chapter(_("How to answer (YAML; JSON works too)"), [*answers_form(instrument)])


def answers_form(instrument: Instrument) -> Iterator[str]:
    """Return a form of answers in YAML, with what fits beside each item."""
    group = instrument.groups[0].id if instrument.groups else None
    if group is not None:
        names = ", ".join(one.id for one in instrument.groups)
        yield f"group: {group} # " + _("one of: %s") % names
    own = instrument.items_of(group)
    if own:
        yield "items:"
        yield from (INDENT + line for line in _answers(own))
    for collection in instrument.collections:
        yield f"{collection.id}: # " + spoken(collection.label)
        yield INDENT + "- name: " + _("a name")
        for field in collection.fields:
            choices = ", ".join(choice.id for choice in field.choices)
            yield f"{INDENT * 2}{field.id}: {field.choices[0].id} # {choices}"
        yield f"{INDENT * 2}items:"
        yield from (INDENT * 3 + line for line in _answers(instrument.items_of(group, collection.id)))
        alone = _("One of them alone: its answers under “items”, without “%s”.") % collection.id
        yield f"# {alone}"
    if any(isinstance(item, ScaleItem) for item in instrument.items):
        yield "# " + _(
            "Instead of means under “items”: “responses”, a list with one block of answers for each person."
        )
    if instrument.results:
        names = ", ".join(result.id for result in instrument.results)
        yield "# " + _("A result that is known already may stand under “items” too: %s.") % names


def _answers(items: tuple[AnyItem, ...]) -> Iterator[str]:
    for item in items:
        value, comment = _answer(item)
        yield f"{item.id}: {value} # {item.number}. {spoken(item.label)}; {comment}"


def _answer(item: AnyItem) -> tuple[str, str]:
    if isinstance(item, TextItem):
        return "…", _("text, or {text: …, score: 80}")
    if isinstance(item, ChoiceItem):
        levels = ", ".join(str(level.value) for level in item.levels)
        bases = ", ".join(basis.id for basis in item.bases)
        more = "; {level: 1, basis: " + bases + "}" if bases else ""
        return str(item.levels[-1].value), _("a level of %s") % levels + more
    if isinstance(item, ScaleItem):
        return str(item.maximum), f"{item.minimum}-{item.maximum}"
    if isinstance(item, RatioItem):
        return f"{{{item.reached.id}: 0, {item.target.id}: 0}}", _("two numbers")
    if isinstance(item, CheckItem):
        return "true", _("true or false")
    return "0", _number_range(item)


def _number_range(item: NumberItem) -> str:
    ends = ["" if end is None else str(end) for end in (item.minimum, item.maximum)]
    return _("a number") + (f" {ends[0]}-{ends[1]}" if any(ends) else "")


def _chapter(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (INDENT + line for line in lines)


def _item(item: AnyItem) -> Iterator[str]:
    facts = [f"{item.id}: {spoken(item.label)}"]
    if item.weight is not None:
        facts.append(_("weight %s") % _told(item.weight))
    if isinstance(item, TextItem):
        facts.append(_("at most %s words") % _told(item.max_words))
        if item.min_words is not None:
            facts.append(_("at least %s words") % _told(item.min_words))
    yield f"{item.number}. " + ", ".join(facts)
    levels = (
        item.levels if isinstance(item, ChoiceItem) else item.answers if isinstance(item, ScaleItem) else ()
    )
    for level in levels:
        yield f"{INDENT * 2}{level.value}: {spoken(level.label)}" + (
            f" ({level.range})" if level.range else ""
        )


def _told(known: Known) -> str:
    value = getattr(known, "value", None)
    shown = _("unknown") if value is None else str(value)
    return shown if known.status in {Status.CONFIRMED, Status.UNKNOWN} else f"{shown} ({known.status})"


def _result(instrument: Instrument, result: AnyResult) -> str:
    return f"{result.id}: {spoken(result.label)} = {formula_of(instrument, result)} ({result.status})"
