"""Reads a dossier as people write it, and says of each part that does not fit what was expected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tifa.instruments import BadAnswers, Instrument
from tifa.instruments.schema import AnyItem, TextItem
from tifa.instruments.scoring.answers import read_answers
from tifa.instruments.scoring.kinds import shown
from tifa.instruments.scoring.words import count_words

KEYS = (
    "title",
    "group",
    "category",
    "goals",
    "use_started",
    "awards",
    "attachments",
    "other_titles",
    "items",
)
FIRST_YEAR, LAST_YEAR = 1945, 2200


class BadDossier(ValueError):
    """A dossier does not fit the edition; each line says where, what was found, and what was expected."""


@dataclass(frozen=True)
class Award:
    """An award that the innovation was given before."""

    award: str
    year: int | None


@dataclass(frozen=True)
class Answer:
    """What is written or claimed for one item, and what proves it."""

    item: AnyItem
    value: Any
    texts: Mapping[str, str]
    proof: tuple[str, ...]

    @property
    def words(self) -> int:
        """Return how many words stand in it."""
        return count_words("\n".join(self.texts.values()))

    @property
    def text(self) -> str:
        """Return all that is written, in the order of the questions."""
        return "\n\n".join(text for text in self.texts.values() if text.strip())


@dataclass(frozen=True)
class Draft:
    """A dossier: the innovation, and its answers in the order of the form; None and empty mean that nothing is said."""

    title: str
    group: str | None
    category: str | None
    goals: tuple[str, ...]
    use_started: date | None
    awards: tuple[Award, ...] | None
    attachments: frozenset[str]
    other_titles: tuple[str, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)


def read_draft(instrument: Instrument, values: Any) -> Draft:
    """Check a dossier against an edition.

    Parameters
    ----------
    instrument
        The edition that it answers.
    values
        ``title``, ``use_started`` (YYYY-MM-DD), ``awards`` as a list of ``{award, year}``, ``attachments`` and
        ``goals`` as lists, ``group``, ``category``, ``other_titles``, and ``items`` by id or number. An item is a text, a
        level, or a block that also names its ``proof``.

    Raises
    ------
    BadDossier
        With a sentence for each part that does not fit.
    """
    reader = _Reader(instrument)
    draft = reader.read(values)
    if reader.faults:
        raise BadDossier("\n".join(reader.faults))
    return draft


class _Reader:
    """Reads one dossier and gathers what does not fit."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self.faults: list[str] = []

    def read(self, values: Any) -> Draft:
        if not isinstance(values, Mapping):
            self._refuse("", shown(values), _("a block of fields such as title and items"))
            values = {}
        for key in values:
            if str(key) not in KEYS:
                self._refuse(str(key), str(key), _("one of: %s") % ", ".join(KEYS))
        group = self._choice("group", values.get("group"), [one.id for one in self._instrument.groups])
        group = group or next((one.id for one in self._instrument.groups), None)
        categories = self._instrument.categories
        return Draft(
            title=str(values.get("title") or "").strip(),
            group=group,
            category=self._choice(
                "category",
                values.get("category"),
                [one.id for one in categories.choices] if categories else None,
            ),
            goals=tuple(self._words("goals", values.get("goals"))),
            use_started=self._day("use_started", values.get("use_started")),
            awards=self._awards(values.get("awards")),
            attachments=frozenset(self._attachments(values.get("attachments"))),
            other_titles=tuple(self._words("other_titles", values.get("other_titles"))),
            answers={answer.item.id: answer for answer in self._answers(group, values.get("items"))},
        )

    def _answers(self, group: str | None, values: Any) -> Iterator[Answer]:
        if values is None:
            return
        if not isinstance(values, Mapping):
            self._refuse("items", shown(values), _("a block of answers by id or number"))
            return
        found = {str(key): _parted(value) for key, value in values.items()}
        self._check_values(group, {key: value for key, (value, _proof) in found.items()})
        if self.faults:
            return
        for item in items_of(self._instrument, group):
            value, proof = found.get(item.id) or found.get(item.number) or (None, ())
            yield Answer(item, value, _texts(item, value), proof)

    def _check_values(self, group: str | None, values: Mapping[str, Any]) -> None:
        try:
            read_answers(self._instrument, {"group": group, "items": values} if group else {"items": values})
        except BadAnswers as faults:
            self.faults += str(faults).splitlines()

    def _awards(self, rows: Any) -> tuple[Award, ...] | None:
        if rows is None:
            return None
        if not isinstance(rows, list):
            self._refuse(
                "awards", shown(rows), _("a list of blocks with “award” and “year”; [] when there is none")
            )
            return None
        return tuple(award for number, row in enumerate(rows, start=1) if (award := self._award(number, row)))

    def _award(self, number: int, row: Any) -> Award | None:
        place = f"awards[{number}]"
        if (
            not isinstance(row, Mapping)
            or not row.get("award")
            or not {str(key) for key in row} <= {"award", "year"}
        ):
            self._refuse(place, shown(row), _("a block with “award” and “year”"))
            return None
        year = row.get("year")
        if year is not None and not (str(year).isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR):
            self._refuse(f"{place}.year", shown(year), _("a year such as 2021"))
            return None
        return Award(str(row["award"]), None if year is None else int(year))

    def _attachments(self, values: Any) -> Iterator[str]:
        known = [one.id for one in self._instrument.attachments]
        for number, name in enumerate(self._words("attachments", values), start=1):
            if name in known:
                yield name
            else:
                self._refuse(f"attachments[{number}]", name, _("one of: %s") % (", ".join(known) or "–"))

    def _words(self, place: str, values: Any) -> Iterator[str]:
        if values is None:
            return
        if not isinstance(values, list) or any(isinstance(one, list | Mapping) for one in values):
            self._refuse(place, shown(values), _("a list of words"))
            return
        yield from (str(one).strip() for one in values if one is not None and str(one).strip())

    def _choice(self, place: str, value: Any, known: Sequence[str] | None) -> str | None:
        if value is None or value == "":
            return None
        if known is not None and str(value) not in known:
            self._refuse(place, shown(value), _("one of: %s") % (", ".join(known) or "–"))
            return None
        return str(value)

    def _day(self, place: str, value: Any) -> date | None:
        if value is None or value == "":
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self._refuse(place, shown(value), _("a day such as 2021-03-01"))
            return None

    def _refuse(self, place: str, found: str, expected: str) -> None:
        self.faults.append(
            _("%(place)s: found “%(found)s”; expected %(expected)s.")
            % {"place": place or _("the whole file"), "found": found, "expected": expected}
        )


def items_of(instrument: Instrument, group: str | None) -> Sequence[AnyItem]:
    """Return what one innovation answers: the items of its group, or those of the members where regions are measured."""
    single = next((one.id for one in instrument.collections), None)
    return tuple(instrument.items_of(group, single))


def _parted(value: Any) -> tuple[Any, tuple[str, ...]]:
    """Return an answer and what proves it apart."""
    if not isinstance(value, Mapping) or "proof" not in value:
        return value, ()
    proof = value["proof"]
    names = proof if isinstance(proof, list) else [proof]
    rest = {key: inner for key, inner in value.items() if key != "proof"}
    return rest or None, tuple(str(name).strip() for name in names if name is not None and str(name).strip())


def _texts(item: AnyItem, value: Any) -> dict[str, str]:
    if not isinstance(item, TextItem) or value is None:
        return {}
    if not isinstance(value, Mapping):
        return {item.id: str(value)}
    parts = {item.id: value.get("text"), **(value.get("questions") or {})}
    return {str(key): str(text) for key, text in parts.items() if text is not None}
