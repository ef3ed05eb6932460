"""Reads answers as people write them, and says of each that does not fit what was expected."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from tifa.instruments.schema import (
    AnyItem,
    CheckItem,
    ChoiceItem,
    Collection,
    Instrument,
    Item,
    NumberItem,
    RatioItem,
    ScaleItem,
    TextItem,
)
from tifa.instruments.scoring.facts import Facts, Finding, Given
from tifa.instruments.scoring.kinds import (
    Misread,
    Read,
    decimal_of,
    read_check,
    read_choice,
    read_number,
    read_ratio,
    read_scale,
    read_text,
    shown,
)

MOST_FAULTS = 50
KEYS = ("instrument", "group", "items", "responses", "name")


@dataclass(frozen=True)
class AnswerFault:
    """One answer that does not fit: the way to it (empty for the whole), what was found, and what was expected instead."""

    path: str
    found: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path or _('the whole file')}: {self.sentence}"


class BadAnswers(ValueError):
    """Answers do not fit the standard; each line of the message says where, what was found, what was expected."""

    def __init__(self, faults: Sequence[AnswerFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Answers:
    """What was answered, checked: the facts of the whole, and those of each member of a collection."""

    facts: Facts
    members: Mapping[str, tuple["MemberAnswers", ...]]


@dataclass(frozen=True)
class MemberAnswers:
    """One member of a collection: its name, what is said of it, and its facts."""

    name: str
    fields: Mapping[str, str]
    facts: Facts


def read_answers(instrument: Instrument, values: Any) -> Answers:
    """Check answers against an instrument.

    Parameters
    ----------
    instrument
        The edition that is answered.
    values
        ``items`` by id or number; or ``responses``, a list with one mapping a person; a list for each collection.
        Numbers may be text, whole numbers, decimals or floats.

    Raises
    ------
    BadAnswers
        With a sentence for each answer that does not fit.
    """
    reader = _Reader(instrument)
    answers = reader.read(values)
    if reader.faults:
        raise BadAnswers(reader.faults)
    return answers


class _Reader:
    """Reads one set of answers and gathers what does not fit."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self.faults: list[AnswerFault] = []

    def read(self, values: Any) -> Answers:
        if not isinstance(values, Mapping):
            self._refuse("", shown(values), _("a block with “items” or “responses”"))
            return Answers(Facts(None, {}), {})
        collections = {one.id: one for one in self._instrument.collections}
        self._check_keys("", values, [*KEYS, *collections])
        group = self._group(values.get("group"))
        single = self._single(values, collections)
        facts = self._facts("", values, group, single.id if single else None)
        members = {
            name: tuple(self._members(collection, values[name], group))
            for name, collection in collections.items()
            if values.get(name) is not None
        }
        return Answers(facts, members)

    def _single(self, values: Mapping[str, Any], collections: Mapping[str, Collection]) -> Collection | None:
        """Return the collection of which one member is answered by itself, such as one innovation."""
        if any(values.get(name) is not None for name in collections):
            return None
        keys = self._keys(values)
        own = set(self._names(None, None))
        for one in self._instrument.collections:
            if keys and keys <= set(self._names(None, one.id)) and not keys <= own:
                return one
        return None

    def _keys(self, values: Mapping[str, Any]) -> set[str]:
        responses = values.get("responses")
        rows = [values.get("items"), *(responses if isinstance(responses, list) else [])]
        return {str(key) for row in rows if isinstance(row, Mapping) for key in row}

    def _names(self, group: str | None, collection: str | None) -> Iterator[str]:
        for item in self._instrument.items_of(group, collection):
            yield from (item.id, item.number)
        for result in self._instrument.results_of(group, collection):
            yield result.id

    def _group(self, value: Any) -> str | None:
        groups = [group.id for group in self._instrument.groups]
        if value is None:
            return groups[0] if groups else None
        if str(value) not in groups:
            expected = (
                _("one of: %s") % ", ".join(groups) if groups else _("no group; this standard has none")
            )
            self._refuse("group", shown(value), expected)
            return groups[0] if groups else None
        return str(value)

    def _facts(
        self, place: str, values: Mapping[str, Any], group: str | None, collection: str | None
    ) -> Facts:
        items = self._instrument.items_of(group, collection)
        by_name = _by_name(items)
        results = {result.id for result in self._instrument.results_of(group, collection)}
        given: dict[str, Given] = {}
        computed: dict[str, Fraction] = {}
        findings: list[Finding] = []
        for key, value in self._pairs(_below(place, "items"), values.get("items")):
            where = _below(_below(place, "items"), key)
            if key in results:
                number = self._result(where, value)
                if number is not None:
                    computed[key] = number
            elif key not in by_name:
                known = [*dict.fromkeys([*by_name, *results])]
                self._refuse(where, key, _one_of(key, known))
            else:
                self._take(where, by_name[key], value, given, findings)
        responses = values.get("responses")
        if responses is not None:
            given |= self._responses(_below(place, "responses"), responses, items, given)
        return Facts(
            group=group,
            items=given,
            results=computed,
            collection=collection,
            findings=tuple(findings),
            respondents=len(responses) if isinstance(responses, list) else None,
        )

    def _take(
        self, where: str, item: AnyItem, value: Any, given: dict[str, Given], findings: list[Finding]
    ) -> None:
        if value is None or value == "":
            return
        if item.id in given:
            self._refuse(where, item.id, _("every item once; it is answered by its name and by its number"))
            return
        read = self._read(where, item, value)
        if read is not None:
            given[item.id] = read.given
            findings.extend(read.findings)

    def _read(self, where: str, item: AnyItem, value: Any) -> Read | None:
        try:
            return _READERS[type(item)](self._instrument, item, value)
        except Misread as misread:
            self._refuse(where, misread.found, misread.expected)
            return None

    def _responses(
        self, place: str, responses: Any, items: Sequence[AnyItem], given: Mapping[str, Given]
    ) -> dict[str, Given]:
        if not isinstance(responses, list) or not responses:
            self._refuse(place, shown(responses), _("a list with one block for each respondent"))
            return {}
        asked = _by_name([item for item in items if isinstance(item, ScaleItem | TextItem)])
        sums: dict[str, Given] = {}
        for number, response in enumerate(responses, start=1):
            where = f"{place}[{number}]"
            for key, value in self._pairs(where, response):
                if key not in asked:
                    self._refuse(_below(where, key), key, _one_of(key, [*asked]))
                elif value is not None and value != "":
                    item = asked[key]
                    read = self._read(_below(where, key), item, value)
                    if read is not None and read.given.value is not None:
                        self._check_whole(_below(where, key), item, read.given.value)
                        before = sums.get(item.id, Given(Fraction(0)))
                        total = (before.value or Fraction(0)) + read.given.value
                        sums[item.id] = Given(total, before.n + 1)
        for item_id in sums.keys() & given.keys():
            self._refuse(place, item_id, _("an item either under “items” or in the responses"))
        return {
            item_id: replace(one, value=(one.value or Fraction(0)) / one.n) for item_id, one in sums.items()
        }

    def _check_whole(self, where: str, item: AnyItem, value: Fraction) -> None:
        if isinstance(item, ScaleItem) and item.whole and value.denominator != 1:
            expected = _("a whole number from %(lowest)s to %(highest)s")
            self._refuse(
                where, str(float(value)), expected % {"lowest": item.minimum, "highest": item.maximum}
            )

    def _members(self, collection: Collection, rows: Any, group: str | None) -> Iterator[MemberAnswers]:
        if not isinstance(rows, list):
            self._refuse(collection.id, shown(rows), _("a list with one block for each member"))
            return
        fields = {field.id: field for field in collection.fields}
        for number, row in enumerate(rows, start=1):
            place = f"{collection.id}[{number}]"
            if not isinstance(row, Mapping):
                self._refuse(place, shown(row), _("a block with “items”"))
                continue
            self._check_keys(place, row, [*KEYS, *fields])
            own = self._group(row["group"]) if row.get("group") is not None else group
            said = {name: str(value).strip() for name, value in self._said(place, row, fields)}
            facts = self._facts(place, row, own, collection.id)
            yield MemberAnswers(str(row.get("name") or number), said, facts)

    def _said(self, place: str, row: Mapping[str, Any], fields: Iterable[str]) -> Iterator[tuple[str, Any]]:
        """Yield what a member says of itself; a field holds one text, and no list or block."""
        for name in fields:
            value = row.get(name)
            if isinstance(value, list | Mapping):
                self._refuse(_below(place, name), shown(value), _("a single text or number"))
            elif value is not None and value != "":
                yield name, value

    def _result(self, where: str, value: Any) -> Fraction | None:
        try:
            return Fraction(decimal_of(value))
        except Misread as misread:
            self._refuse(where, misread.found, misread.expected)
            return None

    def _pairs(self, place: str, values: Any) -> Iterator[tuple[str, Any]]:
        if values is None:
            return
        if not isinstance(values, Mapping):
            self._refuse(place, shown(values), _("a block of answers by id or number"))
            return
        for key, value in values.items():
            yield str(key), value

    def _check_keys(self, place: str, values: Mapping[str, Any], known: Sequence[str]) -> None:
        for key in values:
            if str(key) not in known:
                self._refuse(_below(place, str(key)), str(key), _one_of(str(key), known))

    def _refuse(self, place: str, found: str, expected: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            sentence = _("found “%(found)s”; expected %(expected)s.") % {"found": found, "expected": expected}
            self.faults.append(AnswerFault(place, found, sentence))


def _by_name(items: Sequence[AnyItem]) -> dict[str, AnyItem]:
    """Return items by id, and by the numbers that stand only once."""
    numbers = [item.number for item in items]
    named = {item.number: item for item in items if numbers.count(item.number) == 1}
    return named | {item.id: item for item in items}


def _below(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _one_of(found: str, known: Sequence[str]) -> str:
    if not known:
        return _("no answer here, because what this standard asks is not known; choose another edition")
    near = difflib.get_close_matches(found, known, n=1)
    names = ", ".join(known)
    if near:
        return _("one of: %(names)s; did you mean “%(near)s”?") % {"names": names, "near": near[0]}
    return _("one of: %s") % names


_READERS: Mapping[type[Item], Callable[[Instrument, Any, Any], Read]] = {
    TextItem: read_text,
    ChoiceItem: read_choice,
    ScaleItem: read_scale,
    NumberItem: read_number,
    RatioItem: read_ratio,
    CheckItem: read_check,
}
