"""The demo city as frozen facts, read from YAML; knows nothing of the database."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any, Literal

import yaml

from tifa.instruments import Rubric, load_instrument, rubric

Marking = Literal["nyata", "contoh"]
ScoreState = Literal["scored", "not_assessable"]
Row = Mapping[str, Any]

DATA = files("tifa.demo").joinpath("data")
# Entries of the demo lie in this part of the scale, before severity and whim of the judges.
LEVELS = (62, 84)
STRENGTH = 7


@dataclass(frozen=True)
class UnitFacts:
    """A unit; ``external`` ones own innovations quoted from elsewhere and lie outside the tree of the city.

    ``status`` is confirmed or likely, ``note`` says on what that rests.
    """

    code: str
    name: str
    kind: str
    parent: str | None
    aliases: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    status: str
    note: str
    external: bool


@dataclass(frozen=True)
class InnovationFacts:
    """An innovation: ``nyata`` with published facts and their source, or ``contoh``, composed for the demo."""

    code: str
    title: str
    unit: str
    function: str
    stage: str
    trial_started: date | None
    use_started: date | None
    summary: str
    affairs: str
    service: str
    initiator: str | None
    source: str
    source_note: str
    source_url: str | None
    marking: Marking


@dataclass(frozen=True)
class HandOffFacts:
    """One step of an innovation through the chain."""

    innovation: str
    step: str
    on: date
    from_party: str
    to_party: str
    letter: str | None
    due: date | None
    reason: str | None


@dataclass(frozen=True)
class NilReportFacts:
    """A unit said that it has no innovation in a year."""

    unit: str
    year: int
    on: date
    signed_by: str
    note: str


@dataclass(frozen=True)
class ServiceLevelFacts:
    """In how many days a kind of gap must be closed, for a unit and all below it."""

    unit: str
    kind: str
    days: int


@dataclass(frozen=True)
class JudgeFacts:
    """A judge of a round by role; ``account`` is an e-mail address, or None for one without an account."""

    name: str
    account: str | None


@dataclass(frozen=True)
class ConflictFacts:
    """A judge does not see this entry, and has no sheet for it."""

    entry: str
    judge: str
    reason: str


@dataclass(frozen=True)
class ScoreFacts:
    """What a judge says of one section; ``value`` is None unless the state is scored."""

    section: str
    state: ScoreState
    value: Decimal | None
    note: str


@dataclass(frozen=True)
class SheetFacts:
    """The sheet of one judge for one entry, submitted or still a draft."""

    entry: str
    judge: str
    submitted: bool
    scores: tuple[ScoreFacts, ...]


@dataclass(frozen=True)
class RoundFacts:
    """A composed round with its panel; entries are codes of innovations."""

    code: str
    name: str
    instrument: str
    opened: date
    closed: date | None
    published: bool
    marking: Marking
    judges: tuple[JudgeFacts, ...]
    entries: tuple[str, ...]
    conflicts: tuple[ConflictFacts, ...]
    sheets: tuple[SheetFacts, ...]


@dataclass(frozen=True)
class CommentFacts:
    """A comment on an item of a dossier; ``by`` is an e-mail address."""

    item: str
    by: str
    text: str


@dataclass(frozen=True)
class StoryFacts:
    """The composed story of an innovation by part, and the dossier that was begun with it."""

    innovation: str
    story: dict[str, str]
    by: str
    edition: str
    group: str
    started: date
    comments: tuple[CommentFacts, ...]


@dataclass(frozen=True)
class StepFacts:
    """A step of a composed service standard."""

    step: str
    on: date
    number: str = ""
    circles: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServiceFacts:
    """A composed service with its standard; ``copy`` is the unit whose standard of that name it began with."""

    unit: str
    name: str
    function: str
    users: str
    channels: str
    by: str
    components: dict[str, str]
    steps: tuple[StepFacts, ...]
    copy: str = ""


@dataclass(frozen=True)
class ExampleFacts:
    """A composed example for the training of the judges of a round."""

    round: str
    title: str
    text: str


@dataclass(frozen=True)
class AccountFacts:
    """A sign-in of the demo, named by role."""

    email: str
    name: str
    role: str
    unit: str


@dataclass(frozen=True)
class City:
    """Everything that the demo city consists of; parents stand before their children, steps in order of date."""

    units: tuple[UnitFacts, ...]
    innovations: tuple[InnovationFacts, ...]
    handoffs: tuple[HandOffFacts, ...]
    nil_reports: tuple[NilReportFacts, ...]
    service_levels: tuple[ServiceLevelFacts, ...]
    rounds: tuple[RoundFacts, ...]
    stories: tuple[StoryFacts, ...]
    services: tuple[ServiceFacts, ...]
    examples: tuple[ExampleFacts, ...]
    accounts: tuple[AccountFacts, ...]

    @property
    def own_innovations(self) -> tuple[InnovationFacts, ...]:
        """Return the innovations of the city's own units."""
        external = {unit.code for unit in self.units if unit.external}
        return tuple(row for row in self.innovations if row.unit not in external)


def load_city() -> City:
    """Read the demo city; two calls return equal facts."""
    return City(
        units=tuple(_unit(row) for row in _rows("units")),
        innovations=tuple(InnovationFacts(**row) for row in _rows("innovations")),
        handoffs=tuple(_handoff(row) for row in _rows("handoffs")),
        nil_reports=tuple(NilReportFacts(**row) for row in _rows("nil_reports")),
        service_levels=tuple(ServiceLevelFacts(**row) for row in _rows("service_levels")),
        rounds=tuple(_round(row) for row in _rows("round")),
        stories=tuple(
            StoryFacts(**{**row, "comments": tuple(CommentFacts(**one) for one in row["comments"])})
            for row in _rows("stories")
        ),
        services=tuple(
            ServiceFacts(**{**row, "steps": tuple(_step(one) for one in row["steps"])})
            for row in _rows("services")
        ),
        examples=tuple(
            ExampleFacts(row["round"], one["title"], one["text"])
            for row in _rows("training")
            for one in row["examples"]
        ),
        accounts=tuple(AccountFacts(**row) for row in _rows("accounts")),
    )


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(DATA.joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    return rows


def _step(row: Row) -> StepFacts:
    return StepFacts(**{**row, "circles": tuple(row.get("circles", ()))})


def _unit(row: Row) -> UnitFacts:
    return UnitFacts(**{"external": False, **row, "aliases": tuple(row["aliases"])})


def _handoff(row: Row) -> HandOffFacts:
    return HandOffFacts(
        innovation=row["innovation"],
        step=row["step"],
        on=row["on"],
        from_party=row["from"],
        to_party=row["to"],
        letter=row.get("letter"),
        due=row.get("due"),
        reason=row.get("reason"),
    )


def _round(row: Row) -> RoundFacts:
    return RoundFacts(
        code=row["code"],
        name=row["name"],
        instrument=row["instrument"],
        opened=row["opened"],
        closed=row["closed"],
        published=row["published"],
        marking=row["marking"],
        judges=tuple(JudgeFacts(judge["name"], judge["account"]) for judge in row["judges"]),
        entries=tuple(row["entries"]),
        conflicts=tuple(ConflictFacts(**conflict) for conflict in row["conflicts"]),
        sheets=tuple(_sheets(row)),
    )


def _sheets(row: Row) -> Iterable[SheetFacts]:
    standard = rubric(load_instrument(row["instrument"]), row["group"])
    conflicts = {(conflict["entry"], conflict["judge"]) for conflict in row["conflicts"]}
    progress = {part["judge"]: part for part in row["progress"] or ()}
    for judge in row["judges"]:
        for entry in row["entries"]:
            filled, submitted = _progress(progress, row["progress"] is None, judge["name"], entry)
            if (entry, judge["name"]) not in conflicts and (filled is None or filled):
                scores = tuple(_scores(row, standard, entry, judge))[:filled]
                yield SheetFacts(entry, judge["name"], submitted, scores)


def _progress(parts: Mapping[str, Row], complete: bool, judge: str, entry: str) -> tuple[int | None, bool]:
    """Return how many sections are filled, None for all of them, and whether the sheet is submitted."""
    if complete or entry in parts[judge]["submitted"]:
        return None, True
    drafts = {draft["entry"]: int(draft["sections"]) for draft in parts[judge]["drafts"]}
    return drafts.get(entry, 0), False


def _scores(row: Row, standard: Rubric, entry: str, judge: Row) -> Iterable[ScoreFacts]:
    """Draw the scores of one sheet: level of the entry, its strengths, severity of the judge, and whim.

    Each draw is seeded by what it is about, so another entry or judge in the file changes no score.
    """
    place = (entry, judge["name"])
    notes = {part["section"]: part["note"] for part in row["notes"] if _place(part) == place}
    blank = {part["section"]: part["note"] for part in row["not_assessable"] if _place(part) == place}
    of_entry = _dice(row["seed"], entry)
    whim = _dice(row["seed"], *place)
    level = of_entry.uniform(*LEVELS)
    for section in standard.sections:
        drawn = level + of_entry.uniform(-STRENGTH, STRENGTH) + judge["leniency"]
        drawn += whim.uniform(-judge["spread"], judge["spread"])
        if section.id in blank:
            yield ScoreFacts(section.id, "not_assessable", None, blank[section.id])
        else:
            value = min(max(Decimal(round(drawn)), standard.minimum), standard.maximum)
            yield ScoreFacts(section.id, "scored", value, notes.get(section.id, ""))


def _place(part: Row) -> tuple[str, str]:
    return part["entry"], part["judge"]


def _dice(*about: str) -> random.Random:
    return random.Random("/".join(about))  # noqa: S311  # composed scores, nothing to keep secret
