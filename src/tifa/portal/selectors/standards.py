"""A published standard as a reader sees it: in one language, each value with how well it is known."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from tifa.instruments import (
    Difference,
    Instrument,
    UnknownInstrument,
    differences_between,
    instrument_to_json,
    list_instruments,
    load_instrument,
    sample_sizes,
    spoken,
)
from tifa.instruments.formulas import sample_formula
from tifa.portal.selectors.formulas import (
    Computed,
    computed_results,
    labels_of,
    spoken_values,
)

POPULATIONS = (50, 100, 500, 1000, 10000)


@dataclass(frozen=True)
class Edition:
    """A line of the list of standards."""

    id: str
    title: str
    year: int
    kind: str
    state: str
    tone: str
    checkable: bool


@dataclass(frozen=True)
class Family:
    """The editions of one standard, the newest first."""

    id: str
    title: str
    editions: tuple[Edition, ...]


@dataclass(frozen=True)
class Named:
    """Another standard, as a link needs it."""

    id: str
    title: str


@dataclass(frozen=True)
class Moment:
    """A deadline in the ministry's time and in the city's own; both None when it is unknown."""

    status: str
    note: str
    at_ministry: datetime | None
    at_home: datetime | None
    reference: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemTable:
    """Items that the same entrants answer, by the parts of the standard; weighted when a weight counts."""

    id: str
    heading: str
    weighted: bool
    count: int
    parts: tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]


@dataclass(frozen=True)
class Chapter:
    """What changed in one chapter since an earlier edition."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """What is different from another standard: the edition before, or the one that a city varies."""

    other: Named
    chapters: tuple[Chapter, ...]

    @property
    def count(self) -> int:
        """Return how many sentences there are."""
        return sum(len(chapter.sentences) for chapter in self.chapters)


def families() -> tuple[Family, ...]:
    """Return all standards by family, and the families by their names."""
    loaded = [load_instrument(one.id) for one in list_instruments()]
    by_family = sorted(loaded, key=family_of)
    made = [_family(name, tuple(editions)) for name, editions in groupby(by_family, key=family_of)]
    return tuple(sorted(made, key=lambda one: (one.title.casefold(), one.id)))


def family_of(instrument: Instrument) -> str:
    """Return the name that all editions of a standard share; what a city varies belongs to its base."""
    return re.sub(r"-[0-9]{4}$", "", instrument.base or instrument.id)


def editions_of(instrument: Instrument) -> tuple[Instrument, ...]:
    """Return all editions of the standard that an instrument belongs to, the newest first."""
    loaded = (load_instrument(one.id) for one in list_instruments())
    return tuple(one for one in loaded if family_of(one) == family_of(instrument))


def checkable(instrument: Instrument) -> bool:
    """Return whether somebody can answer the standard: it took place, and its items are known."""
    return instrument.cancelled is None and bool(instrument.items)


def kind_of(instrument: Instrument) -> str:
    """Return what sort of standard it is, in words."""
    kinds = {
        "proposal_form": _("Proposal form"),
        "index": _("Index"),
        "survey": _("Survey"),
        "checklist": _("Checklist"),
    }
    return kinds[instrument.kind]


def standard_text(instrument: Instrument) -> dict[str, Any]:
    """Return the whole instrument as plain values in the language of the reader; references are lists."""
    text: dict[str, Any] = spoken_values(instrument_to_json(instrument))
    return text


def item_tables(instrument: Instrument, text: Mapping[str, Any]) -> tuple[ItemTable, ...]:
    """Return the items of :func:`standard_text`, those together that the same entrants answer."""
    names = labels_of(instrument)
    parts = {one.id: spoken(one.label) for one in instrument.parts}
    rows: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for item in text.get("items", ()):
        key = (*([item["collection"]] if "collection" in item else []), *item.get("groups", ()))
        rows.setdefault(key, []).append(_row(item))
    return tuple(
        ItemTable(
            id=f"butir-{'-'.join(key) or 'semua'}",
            heading=" · ".join(names[one] for one in key),
            weighted=any("weight" in item for item in items),
            count=len(items),
            parts=tuple(_by_part(items, parts)),
        )
        for key, items in rows.items()
    )


def results_of(instrument: Instrument) -> tuple[Computed, ...]:
    """Return how each result is computed, in words."""
    return computed_results(instrument, instrument.results)


def alternatives_of(instrument: Instrument) -> tuple[tuple[Mapping[str, Any], tuple[Computed, ...]], ...]:
    """Return the other ways to compute, each with the results that it puts in place."""
    return tuple(
        (spoken_values(one.model_dump(mode="json")), computed_results(instrument, one.results))
        for one in instrument.alternatives
    )


def sample_rules(instrument: Instrument) -> tuple[tuple[Mapping[str, Any], str], ...]:
    """Return the rules of sample size, each with its formula."""
    return tuple(
        (spoken_values(rule.model_dump(mode="json")), sample_formula(rule)) for rule in instrument.samples
    )


def samples_of(instrument: Instrument) -> tuple[tuple[int, tuple[tuple[str, int], ...]], ...]:
    """Return the size of sample by the name of each rule, for a few sizes of population."""
    if not instrument.samples:
        return ()
    return tuple(
        (
            population,
            tuple((spoken(one.rule.label), one.size) for one in sample_sizes(instrument, population)),
        )
        for population in POPULATIONS
    )


def changes_of(instrument: Instrument) -> Changes | None:
    """Return what is different from the base, or from the edition before that took place; None when unknown."""
    other = installed(instrument.base) if instrument.base else _before(instrument)
    if other is None or instrument.cancelled is not None:
        return None
    found = differences_between(other, instrument)
    return Changes(Named(other.id, spoken(other.title)), tuple(_chapters(found)))


def successors_of(instrument: Instrument) -> tuple[Named, ...]:
    """Return the editions that name an edition as the one before them."""
    after = (one for one in editions_of(instrument) if one.predecessor == instrument.id)
    return tuple(Named(one.id, spoken(one.title)) for one in after)


def named(instrument_id: str | None) -> Named | None:
    """Return a standard by its name, None when it is not held here."""
    found = installed(instrument_id)
    return Named(found.id, spoken(found.title)) if found else None


def installed(instrument_id: str | None) -> Instrument | None:
    """Return an instrument, None when there is none of that name."""
    try:
        return load_instrument(instrument_id) if instrument_id else None
    except UnknownInstrument:
        return None


def moment(known: Mapping[str, Any]) -> Moment:
    """Return a moment of the calendar of :func:`standard_text` in both time zones."""
    value = datetime.fromisoformat(known["value"]) if known["value"] else None
    return Moment(
        status=known["status"],
        note=known.get("note") or "",
        at_ministry=value.astimezone(ZoneInfo(settings.MINISTRY_TIME_ZONE)) if value else None,
        at_home=value.astimezone(ZoneInfo(settings.TIME_ZONE)) if value else None,
        reference=tuple(known.get("reference") or ()),
    )


def moves(known: Mapping[str, Any]) -> list[tuple[date | None, Moment]]:
    """Return the later values of a moment, each with the day from which it holds."""
    return [(day(change["starts"]), moment(change)) for change in known.get("changes", ())]


def day(value: str | None) -> date | None:
    """Return a day of :func:`standard_text`; unknown stays None."""
    return date.fromisoformat(value) if value else None


def _family(name: str, editions: Sequence[Instrument]) -> Family:
    ordered = sorted(editions, key=lambda one: (-one.year, one.base is not None, one.id))
    newest = next((one.id for one in ordered if one.base is None and one.cancelled is None), None)
    title = spoken(next((one for one in ordered if one.base is None), ordered[0]).title)
    return Family(name, _without_year(title), tuple(_edition(one, newest) for one in ordered))


def _edition(instrument: Instrument, newest: str | None) -> Edition:
    state, tone = _("earlier edition"), "neutral"
    if instrument.cancelled is not None:
        state, tone = _("did not take place"), "bad"
    elif instrument.base is not None:
        state, tone = _("varied by the city"), "info"
    elif instrument.id == newest:
        state, tone = _("newest edition"), "ok"
    return Edition(
        id=instrument.id,
        title=spoken(instrument.title),
        year=instrument.year,
        kind=kind_of(instrument),
        state=state,
        tone=tone,
        checkable=checkable(instrument),
    )


def _without_year(title: str) -> str:
    return re.sub(r"\s+(19|20)[0-9]{2}$", "", title)


def _row(item: Mapping[str, Any]) -> Mapping[str, Any]:
    ends = {"lower": item.get("minimum"), "upper": item.get("maximum")}
    return {**item, "ends": ends, "template": f"portal/items/{item['kind']}.html"}


def _by_part(
    items: Sequence[Mapping[str, Any]], parts: Mapping[str, str]
) -> Iterator[tuple[str, tuple[Mapping[str, Any], ...]]]:
    for part, rows in groupby(items, key=lambda item: item.get("part")):
        yield parts.get(part or "", ""), tuple(rows)


def _before(instrument: Instrument) -> Instrument | None:
    """Return the edition before, passing over those that did not take place."""
    other = installed(instrument.predecessor)
    seen = {instrument.id}
    while other is not None and other.cancelled is not None and other.id not in seen:
        seen.add(other.id)
        other = installed(other.predecessor)
    return other


def _chapters(differences: Sequence[Difference]) -> Iterator[Chapter]:
    for title, rows in groupby(differences, key=lambda one: one.chapter):
        yield Chapter(title, tuple(row.sentence for row in rows))
